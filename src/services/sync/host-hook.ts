/** The host's hook inside a provider's transaction, with its time limit. */
import type { PoolClient } from 'pg'
import { because, type Cause } from '../../core/records/problem.js'
import { describeProblem } from '../../core/records/problem-text.js'
import { HookError } from '../../errors.js'
import { AbandonedTransaction } from '../../store/database.js'
import { waitWithin } from '../../wait-within.js'
import type { HostHooks } from './sync-context.js'
import type { AppliedChange } from '../applied-changes.js'

// A host's hook that waits for something which waits for us must not hold the provider's row for ever.
export const HOOK_TIMEOUT_MS = 30_000

/** @throws HookError when the hook throws; AbandonedTransaction when it takes too long */
export async function callOnApply(
  { onApply, timeoutMs = HOOK_TIMEOUT_MS }: HostHooks,
  client: PoolClient,
  changes: readonly AppliedChange[],
  provider: string,
): Promise<void> {
  if (onApply === undefined) return
  try {
    await waitWithin(Promise.resolve(onApply(client, changes, provider)), { timeoutMs, overdue: tookTooLong })
  } catch (error) {
    if (error instanceof AbandonedTransaction) throw error
    const said = (error as Error)?.message ?? String(error)
    const cause: Cause = { code: 'on-apply', facts: { tookTooLong: false, said } }
    throw because(new HookError(describeProblem(cause), { cause: error }), cause)
  }
}

function tookTooLong(timeoutMs: number): never {
  const cause: Cause = { code: 'on-apply', facts: { tookTooLong: true, maxMs: timeoutMs } }
  throw because(new AbandonedTransaction(describeProblem(cause)), cause)
}
