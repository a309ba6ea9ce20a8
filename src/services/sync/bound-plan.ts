/** boundPlan: a plan as an answer carries it, of 4 MiB at most. */
import type { PlanDocument, ProviderPlanDocument } from '../../core/plan/plan-document.js'
import type { ProviderResult } from '../../core/records/sync-result.js'
import { fittingSteps } from '../answer-size.js'
import type { Steps } from '../slices.js'

// What a person has to decide on first, and what is largest and least dangerous last.
const LISTS = [
  'impact',
  'held',
  'unavailable',
  'restored',
  'renamed',
  'updated',
  'added',
  'rejected',
] as const satisfies readonly (keyof ProviderPlanDocument)[]

/**
 * The plan with as many of its changes as fit beside the providers' results; `leftOut` counts the others, which its hash covers all the same.
 * @returns a warning for the result where some were left out. Throws nothing
 */
export function* boundPlan(
  plan: PlanDocument,
  results: readonly ProviderResult[],
): Steps<{ plan: PlanDocument; warnings: string[] }> {
  // Twice, since the result repeats their errors and warnings.
  let { left } = yield* fittingSteps([results, results])
  let leftOut = 0
  const providers = plan.providers.map((provider) => ({ ...provider }))
  for (const list of LISTS) {
    for (const provider of providers) {
      const rows: readonly unknown[] = provider[list]
      const fitting = yield* fittingSteps(rows, left)
      left = fitting.left
      if (fitting.count === rows.length) continue
      Object.assign(provider, { [list]: rows.slice(0, fitting.count) })
      leftOut += rows.length - fitting.count
    }
  }
  if (leftOut === 0) return { plan, warnings: [] }
  const warning = `the plan has ${leftOut} more change${leftOut === 1 ? '' : 's'} than this answer of 4 MiB can show; its hash covers them too, and a plan of fewer providers shows more`
  return { plan: { ...plan, leftOut, providers }, warnings: [warning] }
}
