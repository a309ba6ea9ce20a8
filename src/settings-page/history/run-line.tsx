/** One run in a line. */
import type { Run, SyncResult } from '../../client/contract.js'
import { formatDuration } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { Link } from '../shell/link.js'
import { adviceFor, withoutSlug } from '../sync/advice.js'
import { outcomeOf, sentenceOfCounts } from '../sync/outcome.js'
import { stateOf } from '../sync/provider-state.js'
import { endingOf, triggerOf } from '../sync/run-words.js'
import { LOOKS } from '../sync/standing.js'
import { StandingIcon } from '../sync/standing-icon.js'

export function RunLine({ run }: { run: Run }) {
  const look = lookOf(run)
  return (
    <li className="run-line">
      <span className={`run-icon ${look.tone}`}>
        <StandingIcon standing={look} />
      </span>
      <Link view="history" query={{ run: run.runId }} className="run-when">
        <Moment iso={run.startedAt} />
      </Link>
      <span className={`badge ${look.tone}`}>{endingOf(run)}</span>
      <span className="run-counts muted">
        {run.result === null
          ? ''
          : run.result.errors.length > 0 && run.result.totalModels === 0
            ? whyOf(run.result)
            : sentenceOfCounts(run.result)}
      </span>
      <span className="muted run-trigger">
        {triggerOf(run)}
        {run.userId !== null && ` (${run.userId})`}
      </span>
      <span className="number muted">{run.durationMs === null ? '' : formatDuration(run.durationMs)}</span>
    </li>
  )
}

// In the words of the run's own view, without what to do: that stands there.
function whyOf({ errors, providers }: SyncResult): string {
  const [line = ''] = errors
  const failed = providers.find(({ provider }) => line.startsWith(`${provider}: `))
  if (failed === undefined) return line
  return stateOf(failed).cancelled ? '' : adviceFor(failed, withoutSlug(line, failed.provider), undefined).what
}

function lookOf(run: Run) {
  if (run.result !== null) return LOOKS[outcomeOf(run.result)]
  return run.finishedAt === null ? ({ tone: 'busy', icon: 'turning' } as const) : LOOKS.failed
}
