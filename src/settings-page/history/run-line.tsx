/** One run in a line. */
import type { Run } from '../../client/contract.js'
import { formatDuration } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { Link } from '../shell/link.js'
import { outcomeOf, sentenceOfCounts } from '../sync/outcome.js'
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
            ? run.result.errors[0]
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

function lookOf(run: Run) {
  if (run.result !== null) return LOOKS[outcomeOf(run.result)]
  return run.finishedAt === null ? ({ tone: 'busy', icon: 'turning' } as const) : LOOKS.failed
}
