/** rowsToRead: the rows whose fields a plan looks at. Pure. */
import type { PlanInput } from '../../core/plan/plan.js'
import type { IndexedModel } from '../../store/models/read-current.js'

/**
 * Those with another entry than before, in the answer's order, and of those that are gone the ones that were renamed, or local once. A model at each
 * step.
 */
export function* rowsToRead(
  index: ReadonlyMap<string, IndexedModel>,
  desired: PlanInput['desired'],
): Generator<undefined, { compared: IndexedModel[]; gone: IndexedModel[] }> {
  if (index.size === 0) return { compared: [], gone: [] }
  const compared: IndexedModel[] = []
  const fresh = new Set<string>()
  for (const [id, said] of desired) {
    yield
    const model = index.get(id)
    if (model === undefined) fresh.add(id.toLowerCase())
    else if (said !== 'same') compared.push(model)
  }
  const gone: IndexedModel[] = []
  for (const model of index.values()) {
    yield
    const { providerModelId: id, wasLocal } = model
    if (!desired.has(id) && (wasLocal || fresh.has(id.toLowerCase()))) gone.push(model)
  }
  return { compared, gone }
}
