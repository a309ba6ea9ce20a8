/** What went wrong with a provider, in one line and a code. */
import { isRemoval, type Plan } from '../../core/plan/plan.js'
import { CancelledError, DatabaseError, HookError, MalformedAnswerError, UpstreamError } from '../../errors.js'
import { AbandonedTransaction } from '../../store/database.js'
import type { RejectedEntry } from './collect-listing.js'
import { TOOK_TOO_LONG } from './run-queue.js'

export interface Problem {
  /** One line, without the provider's slug, without secrets. */
  line: string
  /** `empty-answer`, `mass-removal`, `price-jump`, `undone`, `incomplete-listing`, `malformed-entries`, `malformed-answer`, `repeated-page`, `too-many-pages`, `body-too-large`, `too-many-values`, `too-many-entries`, `entry-too-large`, `listing-too-large`, `upstream`, `cancelled`, `run-too-long`, `database`, `on-apply`, `moved`; of what is skipped `no-key`, `no-address`, `not-due`, `unusable`. */
  reason: string
  /** The provider refused the key (401, 403). */
  refusedKey?: true
}

export function describeFailure(error: Error): Problem {
  const { message } = error
  if (error instanceof CancelledError) return { line: message, reason: reasonOfEnd(error) }
  if (error instanceof MalformedAnswerError) return { line: message, reason: 'malformed-answer' }
  if (error instanceof UpstreamError)
    return {
      line: message,
      reason: limitIn(error) ?? limitOf(message),
      ...(isKeyRefusal(error) ? { refusedKey: true } : {}),
    }
  if (error instanceof HookError || error instanceof AbandonedTransaction) return { line: message, reason: 'on-apply' }
  if (error instanceof DatabaseError) return { line: message, reason: 'database' }
  return { line: `the database refused: ${message}`, reason: 'database' }
}

/** Why a run was ended early: by a person or a server that closes, or because it took too long, which is a failure like any other. */
export function reasonOfEnd({ message }: Error): 'cancelled' | 'run-too-long' {
  return message.startsWith(TOOK_TOO_LONG) ? 'run-too-long' : 'cancelled'
}

function isKeyRefusal({ upstreamStatus }: Error & { upstreamStatus?: number }): boolean {
  return upstreamStatus === 401 || upstreamStatus === 403
}

function limitIn({ limit }: Error & { limit?: string }): string | null {
  return limit ?? null
}

function limitOf(message: string): string {
  if (message.includes('a page repeats')) return 'repeated-page'
  if (/more than \d+ pages/.test(message)) return 'too-many-pages'
  return message.includes('the most that is read') ? 'body-too-large' : 'upstream'
}

/** `null`: nothing is held. */
export function describeHeld({ held }: Plan): Problem | null {
  const [first] = held
  if (first === undefined) return null
  const removals = held.filter((change) => isRemoval(change) && change.reason !== 'undone')
  const reasons = [...new Set(held.map(({ reason }) => reason))]
  const parts: string[] = []
  if (reasons.includes('empty-answer'))
    parts.push(`the answer has no models, so that ${removals.length} would become unavailable`)
  if (reasons.includes('mass-removal')) parts.push(`${removals.length} models would become unavailable at once`)
  const jumps = held.filter(({ reason }) => reason === 'price-jump').length
  if (jumps > 0) parts.push(jumps === 1 ? 'a price jumps' : `${jumps} prices jump`)
  const undone = held.filter(({ reason }) => reason === 'undone').length
  if (undone > 0)
    parts.push(`${undone} ${undone === 1 ? 'change that was' : 'changes that were'} taken back would come again`)
  return {
    line: `${parts.join('; ')}: held until a person approves (${reasons.join(', ')})`,
    reason: reasons[0] ?? 'held',
  }
}

export function describeRejected(rejected: readonly RejectedEntry[], entries: number, maxPercent: number): Problem {
  const reason = rejected[0]?.reason ?? ''
  return {
    line: `${rejected.length} of ${entries} entries are malformed, more than ${maxPercent} % (the first because ${reason}), so nothing was applied`,
    reason: 'malformed-entries',
  }
}
