/** How things stand, and what the last run did; while one runs, how far it is. */
import type { SyncResult, SyncStatus } from '../../client/contract.js'
import { useProgress, useStats } from '../api/queries.js'
import { Moment } from '../parts/moment.js'
import { providerNames } from '../parts/labels.js'
import { LiveProgress } from './live-progress.js'
import { RunResult } from './run-result.js'
import type { Standing } from './sync-state.js'
import { StandingIcon } from './sync-state-icon.js'
import { SyncFacts } from './sync-facts.js'
import { useSync } from './use-sync-actions.js'

interface Props {
  /** `undefined` until the server has answered once. */
  status: SyncStatus | undefined
  standing: Standing
  result: SyncResult | null
  running: boolean
}

export function SyncCard({ status, standing, result, running }: Props) {
  const { data: stats } = useStats()
  const progress = useProgress(status)
  const { refresh } = useSync()
  return (
    <section className="card sync" aria-labelledby="sync-title" aria-busy={running}>
      <div className={`headline ${standing.tone}`}>
        <span className="headline-icon">
          <StandingIcon standing={standing} />
        </span>
        <div>
          <h2 id="sync-title">{standing.title}</h2>
          {standing.text !== null && <p>{standing.text}</p>}
          {standing.more.map((text) => (
            <p key={text}>{text}</p>
          ))}
          {standing.again.length > 0 && (
            <button type="button" className="button" onClick={() => refresh({ providers: standing.again })}>
              Refresh {providerNames(standing.again)} again
            </button>
          )}
        </div>
      </div>
      {status !== undefined && <SyncFacts status={status} stats={stats} />}
      {running && progress !== null && <LiveProgress run={progress} />}
      {result !== null && (
        <div className="sync-result">
          <h3>
            {running ? 'The sync before' : 'The last sync'}, <Moment iso={result.syncedAt} />
          </h3>
          <RunResult result={result} />
        </div>
      )}
    </section>
  )
}
