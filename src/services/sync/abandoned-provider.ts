/** A provider that does not end although its run was ended: the run goes on without it. */
import { waitWithin } from '../../wait-within.js'
import type { Cause } from '../../core/records/problem.js'
import { problemOf } from './provider-problem.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import { noCounts, told } from './sync-result.js'
import type { ProviderResult } from '../../core/records/sync-result.js'

// Requests and statements end at once; whatever of a host's goes on after that is not waited for.
const GRACE_MS = 1500

/** The result of `work`, or of `instead` when the work goes on long after the signal. */
export async function untilAbandoned<T>(work: Promise<T>, signal: AbortSignal, instead: () => T): Promise<T> {
  await waitWithin(work, { signals: [signal] }).catch(() => undefined)
  return waitWithin(work, { timeoutMs: GRACE_MS, overdue: instead })
}

/** The result for a provider whose part of a run was given up. */
export function abandoned({ source }: ProviderSetup, { reason }: AbortSignal): ProviderResult {
  const cause = problemOf(reason as Error)
  return {
    provider: source.slug,
    status: 'failed',
    ...told({ ...cause, facts: { ...cause.facts, step: 'hook' } } as Cause),
    ...noCounts(),
    warnings: [],
    fetchMs: 0,
    applyMs: 0,
  }
}
