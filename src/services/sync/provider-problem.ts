/** What went wrong with a provider or a run: a code with facts, and the sentence for it. */
import { isRemoval, type Plan } from '../../core/plan/plan.js'
import { causeOf, type Cause, type HeldFacts, type Problem } from '../../core/records/problem.js'
import { CancelledError, DatabaseError, HookError, MalformedAnswerError } from '../../errors.js'
import type { RejectedEntry } from './collect-listing.js'
import { shortened } from './sync-result.js'

export function describeFailure(error: Error): Problem {
  const { message, ...cause } = describeError(error)
  return { ...cause, message: shortened(message) }
}

function describeError(error: Error): Problem {
  const cause = causeOf(error) ?? causeByClass(error)
  if (cause === null)
    return { code: 'internal', facts: {}, message: `an unexpected error, see the log: ${error.message}` }
  const isPostgres = cause.code === 'database' && !(error instanceof DatabaseError)
  return { ...cause, message: isPostgres ? `the database refused: ${error.message}` : error.message }
}

/** Of errors that say no more than what they are; `null`: of none that we expect. */
function causeByClass(error: Error): Cause | null {
  if (error instanceof CancelledError) return { code: 'cancelled', facts: { by: 'person' } }
  if (error instanceof MalformedAnswerError) return { code: 'malformed-answer', facts: { found: 'shape' } }
  if (error instanceof HookError) return { code: 'on-apply', facts: { tookTooLong: false } }
  if (error instanceof DatabaseError) return { code: 'database', facts: { sqlState: null, step: 'apply' } }
  return null
}

/** Whether the provider refused the key. */
export function isKeyRefusal({ code, facts }: Cause): boolean {
  return (
    code === 'upstream-authorization' || (code === 'upstream-status' && (facts.status === 401 || facts.status === 403))
  )
}

/** `null`: nothing is held. */
export function describeHeld({ held }: Plan): Problem | null {
  const [first] = held
  if (first === undefined) return null
  const reasons = [...new Set(held.map(({ reason }) => reason))]
  const facts: HeldFacts = {
    reasons,
    removals: held.filter((change) => isRemoval(change) && change.reason !== 'undone').length,
    jumps: held.filter(({ reason }) => reason === 'price-jump').length,
    undone: held.filter(({ reason }) => reason === 'undone').length,
  }
  return { code: first.reason, facts, message: heldMessage(facts) }
}

function heldMessage({ reasons, removals, jumps, undone }: HeldFacts): string {
  const parts: string[] = []
  if (reasons.includes('empty-answer'))
    parts.push(`the answer has no models, so that ${removals} would become unavailable`)
  if (reasons.includes('mass-removal')) parts.push(`${removals} models would become unavailable at once`)
  if (jumps > 0) parts.push(jumps === 1 ? 'a price jumps' : `${jumps} prices jump`)
  if (undone > 0)
    parts.push(`${undone} ${undone === 1 ? 'change that was' : 'changes that were'} taken back would come again`)
  return `${parts.join('; ')}: held until a person approves (${reasons.join(', ')})`
}

export function describeRejected(rejected: readonly RejectedEntry[], entries: number, maxPercent: number): Problem {
  const reason = shortened(rejected[0]?.reason ?? '')
  return {
    code: 'malformed-entries',
    facts: { rejected: rejected.length, entries, maxPercent },
    message: `${rejected.length} of ${entries} entries are malformed, more than ${maxPercent} % (the first because ${reason}), so nothing was applied`,
  }
}
