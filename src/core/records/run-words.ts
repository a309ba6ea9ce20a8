/** The vocabulary of runs: what starts one, and what becomes of a provider in it. */

export const TRIGGERS = ['startup', 'interval', 'manual', 'cron', 'cli', 'reactive', 'login', 'undo'] as const
/** What started a run. */
export type Trigger = (typeof TRIGGERS)[number]

export const PROVIDER_STATUSES = ['ok', 'not-modified', 'failed', 'incomplete', 'held', 'skipped', 'disabled'] as const
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number]

/** The provider's models are in step with its answer. */
export function isInStep({ status }: { status: ProviderStatus }): boolean {
  return status === 'ok' || status === 'not-modified'
}

/** HTTP statuses that may stand for a sync that failed. */
export const FAILED_SYNC_STATUSES: readonly number[] = [200, 409, 422, 424, 500, 502, 503, 504]
