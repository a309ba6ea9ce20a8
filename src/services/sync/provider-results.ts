/** What became of a provider's part of a run, as its result tells it. */
import { countPlan } from '../../core/plan/plan-counts.js'
import type { Plan } from '../../core/plan/plan.js'
import type { Cause } from '../../core/records/problem.js'
import type { ProviderStatus } from '../../core/records/run-words.js'
import type { ProviderResult } from '../../core/records/sync-result.js'
import type { ProviderRow } from '../../store/providers/provider-rows.js'
import type { Collected } from './collected.js'
import { summarize } from './listing-summary.js'
import { doubtWarning, newDoubts } from './new-doubts.js'
import { heldBy } from './provider-problem.js'
import { noCounts, told } from './sync-result.js'

/** What a result says beside what became of the provider. */
export type SoFar = Pick<ProviderResult, 'provider' | 'warnings' | 'fetchMs'>

const KEY_IS_GONE =
  'the key was replaced or taken away while this sync ran, so that nothing of what it shows was kept; sync again with the key of now'

/** Of a plan that is carried out, or shown. */
export function finished(soFar: SoFar, plan: Plan, collected: Collected): ProviderResult {
  const held = heldBy(plan)
  const summary = summarize(collected, soFar.warnings)
  const doubts = newDoubts(soFar.provider, plan, collected)
  const warning = doubtWarning(doubts)
  return result(soFar, held === null ? 'ok' : 'held', {
    ...(held === null ? {} : told(held)),
    ...countPlan(plan, collected.desired.size),
    ...summary,
    ...doubts,
    warnings: warning === null ? summary.warnings : [...summary.warnings, warning],
  })
}

/** Of the listing that stands in the catalogue. */
export function notModified(
  soFar: SoFar,
  { listedModels, listing, heldChanges, lastError, lastProblem }: ProviderRow,
): ProviderResult {
  const held = heldChanges > 0 && lastError !== null
  return result(soFar, held ? 'held' : 'not-modified', {
    // Its sentence stands as it was stored: an older version may have known less of it.
    ...(held ? { error: lastError, reason: lastProblem?.code ?? 'held', facts: lastProblem?.facts ?? {} } : {}),
    ...listing,
    warnings: [...new Set([...(listing?.warnings ?? []), ...soFar.warnings])],
    totalModels: listedModels,
    unchangedModels: listedModels,
    heldChanges,
  })
}

export function failed(soFar: SoFar, status: 'failed' | 'incomplete', problem: Cause): ProviderResult {
  return result(soFar, status, told(problem))
}

export function disabled(soFar: SoFar, keyIsGone = false): ProviderResult {
  return result(soFar, 'disabled', keyIsGone ? { warnings: [...soFar.warnings, KEY_IS_GONE] } : {})
}

function result(soFar: SoFar, status: ProviderStatus, rest: Partial<ProviderResult>): ProviderResult {
  return { ...soFar, status, ...noCounts(), applyMs: 0, ...rest }
}
