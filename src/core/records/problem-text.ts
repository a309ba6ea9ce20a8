/** describeProblem: the one sentence for a code and its facts. What is decided is decided by these, so that nobody has to read it again. Pure. */
import type { Cause, HeldFacts, ProblemCode, ProblemFacts } from './problem.js'
import { UPSTREAM_TEXTS } from './upstream-problem-text.js'
import { describeRemedy } from './remedy-text.js'

type Texts<Codes extends ProblemCode> = { [Code in Codes]: (facts: ProblemFacts[Code]) => string }

const CLOSING = 'the server is closing; ask again when it is back'

const TEXTS: Texts<ProblemCode> = {
  ...UPSTREAM_TEXTS,
  'malformed-entries': ({ rejected, entries, maxPercent, first }) =>
    `${rejected} of ${entries} entries are malformed, more than ${maxPercent} % (the first because ${first}), so nothing was applied`,
  'incomplete-listing': (facts) =>
    facts.cause === null
      ? `${facts.request} is not whole: ${facts.missing}`
      : `the listing is incomplete, so nothing was applied: ${describeProblem(facts.cause)}`,
  'empty-answer': describeHeld,
  'mass-removal': describeHeld,
  'price-jump': describeHeld,
  undone: describeHeld,
  held: () => 'changes wait until a person approves',
  cancelled: (facts) => endedAt(facts, describeCancelled(facts)),
  'run-too-long': (facts) => {
    const { maxRunMs: ms } = facts
    const limit = ms < 60_000 ? `${ms / 1000} seconds` : `${ms / 60_000} minutes`
    return endedAt(facts, `the run took longer than ${limit}, the most that it may (MODEL_SYNC_MAX_RUN_MINUTES)`)
  },
  'run-died': ({ replica }) =>
    `the process that ran this sync${replica === null ? '' : ` (${replica})`} ended before the sync did; what it had applied by then is in the catalogue`,
  'lease-lost': () =>
    'this replica was paused, or without its database, for longer than its lease, so that another may have taken the run over; from then on nothing of it was applied here',
  database: ({ step, said, refused }) => {
    if (step === 'start') return `the run could not be started: ${said}`
    if (step === 'record') return `the run could not be recorded: ${said}`
    return refused === true ? `the database refused: ${said}` : said
  },
  'on-apply': (facts) =>
    facts.tookTooLong
      ? `onApply took longer than ${facts.maxMs / 1000} s, so nothing was applied`
      : `onApply refused, so nothing was applied: ${facts.said}`,
  moved: ({ during }) =>
    during === 'undo'
      ? 'its models changed while they were taken back, so nothing was; try again'
      : 'its models changed while the plan was carried out, so nothing was applied; try again',
  internal: ({ said }) => `an unexpected error, see the log: ${said}`,
  'no-key': ({ variables }) => `it has no API key: set ${variables.join(' or ')}`,
  'no-address': ({ variable }) => `it has no address: set ${variable}`,
  'not-due': ({ until, reason, failures }) =>
    `it is not due before ${until} (${reason ?? `${failures} failures in a row`}); a manual sync tries at once`,
  unusable: ({ said }) => said,
}

/** One line, without the provider's slug. */
export function describeProblem({ code, facts }: Cause): string {
  const { attempts = 1, remedy = null } = facts as { attempts?: number; remedy?: Parameters<typeof describeRemedy>[0] }
  const text = (TEXTS[code] as (facts: Cause['facts']) => string)(facts)
  return `${text}${attempts > 1 ? `; tried ${attempts} times` : ''}${describeRemedy(remedy)}`
}

function describeHeld({ reasons, removals, jumps, undone }: HeldFacts): string {
  const parts: string[] = []
  if (reasons.includes('empty-answer'))
    parts.push(`the answer has no models, so that ${removals} would become unavailable`)
  if (reasons.includes('mass-removal')) parts.push(`${removals} models would become unavailable at once`)
  if (jumps > 0) parts.push(jumps === 1 ? 'a price jumps' : `${jumps} prices jump`)
  if (undone > 0)
    parts.push(`${undone} ${undone === 1 ? 'change that was' : 'changes that were'} taken back would come again`)
  return `${parts.join('; ')}: held until a person approves (${reasons.join(', ')})`
}

function describeCancelled({ by, said, before, reading }: ProblemFacts['cancelled']): string {
  if (by === 'closing') return CLOSING
  if (reading !== undefined) return `reading ${reading} was cancelled`
  if (before === undefined) return said ?? 'the run was cancelled'
  return `the run was cancelled before ${before === 'plan' ? 'the plan was carried out' : 'this provider was applied'}`
}

function endedAt({ step }: Pick<ProblemFacts['run-too-long'], 'step'>, text: string): string {
  if (step === 'start') return `the run was not started: ${text}`
  return step === 'hook' ? `${text}; it still waited for a hook of the host` : text
}
