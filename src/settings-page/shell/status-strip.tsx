/** Below the header of every view: how things stand, when it last went well and was last tried, and what waits for a look. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { postSeen } from '../api/further-routes.js'
import { STATUS } from '../api/query-keys.js'
import type { SyncStatus } from '../../client/contract.js'
import { formatPlural } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { wordsOf, type Standing } from '../sync/sync-state.js'
import { StandingIcon } from '../sync/sync-state-icon.js'
import { attemptOf, endOf } from '../sync/run-words.js'
import { Link } from './link.js'

interface Props {
  /** `undefined` until the server has answered once. */
  status: SyncStatus | undefined
  standing: Standing
  /** The server does not answer just now. */
  away: boolean
}

export function StatusStrip({ status, standing, away }: Props) {
  return (
    <section className="strip" aria-label="State of the sync">
      <div className="strip-inner">
        <span className={`strip-standing ${standing.tone}`}>
          <StandingIcon standing={standing} />
          {standing.title}
        </span>
        {status !== undefined && (
          <dl className="strip-facts">
            <div>
              <dt>Last success</dt>
              <dd>{status.lastSuccess === null ? 'never' : <Moment iso={endOf(status.lastSuccess)} />}</dd>
            </div>
            <div>
              <dt>Last attempt</dt>
              <dd>
                {status.lastSync === null ? (
                  'never'
                ) : (
                  <>
                    <Moment iso={endOf(status.lastSync)} />, {attemptOf(status.lastSync)}
                  </>
                )}
              </dd>
            </div>
            <div>
              <dt>Next sync</dt>
              <dd>{status.nextSyncAt === null ? 'not scheduled' : <Moment iso={status.nextSyncAt} ahead />}</dd>
            </div>
          </dl>
        )}
        {status !== undefined && !away && <Badges status={status} />}
      </div>
    </section>
  )
}

function Badges({ status }: { status: SyncStatus }) {
  const { needsSync, lastSuccess, held, newModels } = status
  const client = useQueryClient()
  const seen = useMutation({
    mutationFn: postSeen,
    onSettled: () => client.invalidateQueries({ queryKey: STATUS }),
  })
  return (
    <div className="strip-badges">
      {needsSync && lastSuccess !== null && (
        <span className="badge warn" title={staleReason(status)}>
          stale
          <span className="visually-hidden">: {staleReason(status)}</span>
        </span>
      )}
      {held > 0 && (
        <Link view="preview" className="badge warn">
          {formatPlural(held, 'change')} held
        </Link>
      )}
      {newModels > 0 && (
        // Without the token nothing is marked as seen, and nothing is asked for: it is a link all the same.
        <Link
          view="models"
          query={{ sort: '-firstSeenAt' }}
          className="badge busy"
          title="Available models that came since you last looked here"
          onClick={() => seen.mutate()}
        >
          {formatPlural(newModels, 'new model')}
        </Link>
      )}
    </div>
  )
}

function staleReason({ standing: { reasons } }: SyncStatus): string {
  const why = reasons.filter(({ code }) => code === 'provider-failing' || code === 'stale')
  return why.map((reason) => wordsOf(reason).text).join(' ')
}
