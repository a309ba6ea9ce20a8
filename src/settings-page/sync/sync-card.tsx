/** How things stand, and what the last run did; while one runs, how far it is. */
import type { SyncResult, SyncStatus } from '../../client/contract.js'
import { useProgress, useStats } from '../api/queries.js'
import { Moment } from '../parts/moment.js'
import { LiveProgress } from './live-progress.js'
import { RunResult } from './run-result.js'
import { standingOf } from './standing.js'
import { StandingIcon } from './standing-icon.js'
import { SyncFacts } from './sync-facts.js'
import { useBehind } from './use-behind.js'

interface Props {
  /** `undefined` until the server has answered once. */
  status: SyncStatus | undefined
  result: SyncResult | null
  running: boolean
  /** The server does not answer just now; what is shown is the last that it said. */
  away: boolean
}

export function SyncCard({ status, result, running, away }: Props) {
  const { data: stats } = useStats()
  const progress = useProgress(status)
  const standing = standingOf(status, result, running, away, useBehind())
  return (
    <section className="card sync" aria-labelledby="sync-title" aria-busy={running}>
      <div className={`headline ${standing.tone}`}>
        <span className="headline-icon">
          <StandingIcon standing={standing} />
        </span>
        <div>
          <h2 id="sync-title">{standing.title}</h2>
          {standing.text !== null && <p>{standing.text}</p>}
        </div>
      </div>
      {status !== undefined && <SyncFacts status={status} stats={stats} />}
      {running && progress !== null && <LiveProgress run={progress} />}
      {result !== null && (
        <div className="sync-result">
          <h3>
            {running ? 'The sync before' : result.trigger === 'undo' ? 'The undo' : 'The last sync'},{' '}
            <Moment iso={result.syncedAt} />
          </h3>
          <RunResult result={result} />
        </div>
      )}
    </section>
  )
}
