/** One run in a line. */
import type { Run, SyncResult } from '../../client/contract.js'
import { useProviders } from '../api/queries.js'
import { formatDuration } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { Link } from '../shell/link.js'
import { adviceFor, wrongWith, type Settable } from '../sync/advice.js'
import { outcomeOf, sentenceOfCounts } from '../sync/outcome.js'
import { stateOf } from '../sync/provider-state.js'
import { endingOf, triggerOf } from '../sync/run-words.js'
import { LOOKS } from '../sync/sync-state.js'
import { StandingIcon } from '../sync/sync-state-icon.js'

export function RunLine({ run }: { run: Run }) {
  const { data: providers } = useProviders()
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
      <span className="run-counts muted">{run.result !== null && wordsOf(run.result, providers ?? [])}</span>
      <span className="muted run-trigger">
        {triggerOf(run)}
        {run.folded !== null && `, ${run.folded.runs} runs in that hour`}
        {run.userId !== null && ` (${run.userId})`}
      </span>
      <span className="number muted">{run.durationMs === null ? '' : formatDuration(run.durationMs)}</span>
    </li>
  )
}

/** What was changed, and why not more. */
function wordsOf(result: SyncResult, providers: readonly (Settable & { slug: string })[]): string {
  const why = whyOf(result, providers)
  const counts = sentenceOfCounts(result, '')
  if (why === '') return counts === '' ? 'no models' : counts
  return counts === '' ? why : `${counts}. ${why}`
}

// In the words of the run's own view, without what to do: that stands there. Of several, the first.
function whyOf({ problems, providers }: SyncResult, known: readonly (Settable & { slug: string })[]): string {
  const failed = providers.find(({ status }) => status === 'failed' || status === 'incomplete')
  if (failed === undefined)
    return problems.find(({ provider }) => !providers.some((one) => one.provider === provider))?.message ?? ''
  const wrong = stateOf(failed).cancelled ? null : wrongWith(failed)
  const settable = known.find(({ slug }) => slug === failed.provider)
  return wrong === null ? '' : adviceFor(wrong, settable).what
}

function lookOf(run: Run) {
  if (run.result !== null) return LOOKS[outcomeOf(run.result)]
  return run.finishedAt === null ? ({ tone: 'busy', icon: 'turning' } as const) : LOOKS.failed
}
