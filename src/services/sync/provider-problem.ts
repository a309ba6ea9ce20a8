/** What went wrong with a provider or a run, by what was thrown and by what a plan holds. */
import { isRemoval, type Plan } from '../../core/plan/plan.js'
import { causeOf, type Cause } from '../../core/records/problem.js'
import { CancelledError, DatabaseError, HookError, MalformedAnswerError } from '../../errors.js'
import { shortened } from './in-words.js'

export function problemOf(error: Error): Cause {
  const cause = causeOf(error) ?? causeByClass(error)
  if (!('said' in cause.facts) || cause.facts.said == null) return cause
  return { ...cause, facts: { ...cause.facts, said: shortened(cause.facts.said) } } as Cause
}

/** Of errors that say no more than what they are. */
function causeByClass(error: Error): Cause {
  const { message: said } = error
  if (error instanceof CancelledError) return { code: 'cancelled', facts: { by: 'person', said } }
  if (error instanceof MalformedAnswerError)
    return { code: 'malformed-answer', facts: { found: 'shape', expected: { said } } }
  if (error instanceof HookError) return { code: 'on-apply', facts: { tookTooLong: false, said } }
  if (error instanceof DatabaseError) return { code: 'database', facts: { sqlState: null, step: 'apply', said } }
  return { code: 'internal', facts: { said } }
}

/** Whether the provider refused the key. */
export function isKeyRefusal({ code, facts }: Cause): boolean {
  return (
    code === 'upstream-authorization' || (code === 'upstream-status' && (facts.status === 401 || facts.status === 403))
  )
}

/** `null`: nothing is held. */
export function heldBy({ held }: Plan): Cause | null {
  const [first] = held
  if (first === undefined) return null
  return {
    code: first.reason,
    facts: {
      reasons: [...new Set(held.map(({ reason }) => reason))],
      removals: held.filter((change) => isRemoval(change) && change.reason !== 'undone').length,
      jumps: held.filter(({ reason }) => reason === 'price-jump').length,
      undone: held.filter(({ reason }) => reason === 'undone').length,
    },
  }
}
