/** boundPlan: a plan as an answer carries it, of 4 MiB at most. */
import type { PlanDocument, ProviderPlanDocument } from '../../core/plan/plan-document.js'
import type { ProviderResult } from '../../core/records/sync-result.js'
import { fittingSteps } from '../answer-size.js'
import type { Steps } from '../slices.js'
import type { DescribedPlan, PlanRow } from './plan-document.js'

// What a person has to decide on first, and what is largest and least dangerous last.
const LISTS = ['held', 'unavailable', 'restored', 'renamed', 'updated', 'added'] as const

/**
 * The plan with as many of its changes as fit beside the providers' results; `leftOut` counts the others, which its hash covers all the same.
 * @returns a warning for the result where some were left out. Throws nothing
 */
export function* boundPlan(
  {
    planHash,
    revision,
    providers: described,
  }: Omit<PlanDocument, 'providers'> & { providers: readonly DescribedPlan[] },
  results: readonly ProviderResult[],
): Steps<{ plan: PlanDocument; warnings: string[] }> {
  // Twice, since the result repeats their errors and warnings.
  let { left } = yield* fittingSteps([results, results])
  let leftOut = 0
  const providers = described.map((provider): ProviderPlanDocument => ({ ...provider, ...NO_ROWS }))
  const cut = function* (list: 'impact' | 'rejected'): Steps<void> {
    for (const provider of providers) {
      const rows: readonly unknown[] = provider[list]
      const fitting = yield* fittingSteps(rows, left)
      left = fitting.left
      if (fitting.count < rows.length) Object.assign(provider, { [list]: rows.slice(0, fitting.count) })
      leftOut += rows.length - fitting.count
    }
  }
  yield* cut('impact')
  for (const list of LISTS)
    for (const [index, provider] of described.entries()) {
      const rows: readonly PlanRow[] = provider[list]
      const fitting = fittingRows(rows, left)
      left = fitting.left
      Object.assign(providers[index]!, { [list]: yield* showRows(rows.slice(0, fitting.count)) })
      leftOut += rows.length - fitting.count
    }
  yield* cut('rejected')
  const plan = { planHash, revision, ...(leftOut === 0 ? {} : { leftOut }), providers }
  if (leftOut === 0) return { plan, warnings: [] }
  const warning = `the plan has ${leftOut} more change${leftOut === 1 ? '' : 's'} than this answer of 4 MiB can show; its hash covers them too, and a plan of fewer providers shows more`
  return { plan, warnings: [warning] }
}

const NO_ROWS = { added: [], updated: [], unavailable: [], restored: [], renamed: [], held: [] }

/** As {@link fittingSteps}. */
function fittingRows(rows: readonly PlanRow[], left: number): { count: number; left: number } {
  let rest = left
  for (const [count, { bytes }] of rows.entries()) {
    // Later lists may have smaller rows, but what is shown should not depend on that.
    if (bytes + 1 > rest) return { count, left: 0 }
    rest -= bytes + 1
  }
  return { count: rows.length, left: rest }
}

/** In the order of the rows, but read in the plan's, where neighbours lie together. */
function* showRows(rows: readonly PlanRow[]): Steps<unknown[]> {
  const shown: unknown[] = rows.map(() => null)
  const order = [...rows.keys()].sort((a, b) => rows[a]!.place - rows[b]!.place)
  for (const index of order) {
    shown[index] = rows[index]!.show()
    yield
  }
  return shown
}
