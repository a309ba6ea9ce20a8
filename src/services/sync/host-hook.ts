/** The host's hook inside a provider's transaction, with its time limit. */
import type { PoolClient } from 'pg'
import { because } from '../../core/records/problem.js'
import { HookError } from '../../errors.js'
import { AbandonedTransaction } from '../../store/database.js'
import { waitWithin } from '../../wait-within.js'
import type { HostHooks } from './sync-context.js'
import type { AppliedChange } from '../applied-changes.js'

// A host's hook that waits for something which waits for us must not hold the provider's row for ever.
const TIMEOUT_MS = 30_000

/** @throws HookError when the hook throws; AbandonedTransaction when it takes too long */
export async function callOnApply(
  { onApply, timeoutMs = TIMEOUT_MS }: HostHooks,
  client: PoolClient,
  changes: readonly AppliedChange[],
  provider: string,
): Promise<void> {
  if (onApply === undefined) return
  try {
    await waitWithin(Promise.resolve(onApply(client, changes, provider)), { timeoutMs, overdue: tookTooLong })
  } catch (error) {
    if (error instanceof AbandonedTransaction) throw error
    throw new HookError(`onApply refused, so nothing was applied: ${(error as Error)?.message ?? String(error)}`, {
      cause: error,
    })
  }
}

function tookTooLong(timeoutMs: number): never {
  const error = new AbandonedTransaction(`onApply took longer than ${timeoutMs / 1000} s, so nothing was applied`)
  throw because(error, { code: 'on-apply', facts: { tookTooLong: true } })
}
