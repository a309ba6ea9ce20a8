/** The host's hook inside a provider's transaction, with its time limit, and the changes as a host is told them. */
import type { PoolClient } from 'pg'
import { modelId } from '../../core/model/model.js'
import type { AddedModel } from '../../core/plan/plan.js'
import { HookError } from '../../errors.js'
import type { Change } from '../../store/changes/write-changes.js'
import { AbandonedTransaction } from '../../store/database.js'
import type { AppliedChange, HostHooks } from './sync-context.js'

// A host's hook that waits for something which waits for us must not hold the provider's row for ever.
const TIMEOUT_MS = 30_000

/** Added models, whose rows of the changelog the database makes, and the rows of everything else. */
export function describeApplied(
  provider: string,
  added: readonly AddedModel[],
  changes: readonly Change[],
): AppliedChange[] {
  return [
    ...added.map(({ providerModelId, fields }): AppliedChange => ({
      modelId: modelId(provider, providerModelId),
      kind: 'added',
      field: null,
      from: null,
      to: fields,
    })),
    ...changes.map(({ providerModelId, kind, field, from, to }) => ({
      modelId: modelId(provider, providerModelId),
      kind,
      field,
      from,
      to,
    })),
  ]
}

/** @throws HookError when the hook throws; AbandonedTransaction when it takes too long */
export async function callOnApply(
  { onApply, timeoutMs = TIMEOUT_MS }: HostHooks,
  client: PoolClient,
  changes: readonly AppliedChange[],
  provider: string,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new AbandonedTransaction(`onApply took longer than ${timeoutMs / 1000} s, so nothing was applied`)),
      timeoutMs,
    )
  })
  try {
    await Promise.race([Promise.resolve(onApply?.(client, changes, provider)), timeout])
  } catch (error) {
    if (error instanceof AbandonedTransaction) throw error
    throw new HookError(`onApply refused, so nothing was applied: ${(error as Error)?.message ?? String(error)}`, {
      cause: error,
    })
  } finally {
    clearTimeout(timer)
  }
}
