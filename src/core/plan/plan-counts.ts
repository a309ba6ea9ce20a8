/** What a plan comes to in numbers of models, each of which counts once. Pure. */
import { isRemoval, movesTo, type Plan } from './plan.js'

export interface PlanCounts {
  /** New, updated, restored, renamed and unchanged ones together. */
  totalModels: number
  newModels: number
  updatedModels: number
  restoredModels: number
  renamedModels: number
  unchangedModels: number
  /** Not among the total: the answer does not have them, or no longer offers them. */
  unavailableModels: number
  heldChanges: number
  /** Models of the answer of which something is held, so that they do not agree with it. */
  heldModels?: number
}

/**
 * A model that changes in several ways counts as renamed, else as restored, else as updated; one of which all changes are held is unchanged.
 * @param listed models in the answer, duplicates merged
 */
export function countPlan(plan: Plan, listed: number): PlanCounts {
  const counted = new Set<number>()
  const once = (models: readonly { id: number }[]): number => {
    const others = counted.size === 0 ? models : models.filter(({ id }) => !counted.has(id))
    // The last list is the longest.
    if (models !== plan.updated) for (const { id } of others) counted.add(id)
    return others.length
  }
  const newModels = plan.added.length
  const renamedModels = once(plan.renamed)
  const restoredModels = once(plan.restored)
  const updatedModels = once(plan.updated)
  // A model that is local again changes although the answer lacks it.
  const returned = [...plan.updated, ...plan.restored].filter((change) => movesTo(change) === 'local').length
  const totalModels = listed + returned
  const held = new Set(plan.held.filter((change) => !isRemoval(change)).map(({ providerModelId }) => providerModelId))
  return {
    totalModels,
    newModels,
    updatedModels,
    restoredModels,
    renamedModels,
    unchangedModels: totalModels - newModels - renamedModels - restoredModels - updatedModels,
    unavailableModels: plan.unavailable.length,
    heldChanges: plan.held.length,
    ...(held.size === 0 ? {} : { heldModels: held.size }),
  }
}
