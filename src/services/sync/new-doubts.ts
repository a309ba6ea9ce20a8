/** newDoubts: which of a plan's values price books say otherwise, where they did not stand in the catalogue before. Pure. */
import { modelId } from '../../core/model/model.js'
import type { Plan } from '../../core/plan/plan.js'
import type { NewDoubt, ProviderResult } from '../../core/records/sync-result.js'
import type { Collected } from './collected.js'

// Enough to see what is wrong: GET /models/discrepancies has all of them.
const MOST_SHOWN = 100

/** For the result; empty: there are none. */
export function newDoubts(
  provider: string,
  { added, updated, restored }: Plan,
  { doubted }: Pick<Collected, 'doubted'>,
): Pick<ProviderResult, 'newDoubts' | 'doubts'> {
  if (doubted.size === 0) return {}
  const found: NewDoubt[] = []
  // Asked for its changes only where there is a doubt: those of a large answer take their time.
  for (const model of [...added, ...updated, ...restored])
    for (const { field, value, expected, reason } of doubted.get(model.providerModelId) ?? [])
      if (!('changes' in model) || Object.hasOwn(model.changes, field))
        found.push({ modelId: modelId(provider, model.providerModelId), field, value, expected, reason })
  return found.length === 0 ? {} : { newDoubts: found.length, doubts: found.slice(0, MOST_SHOWN) }
}

/** A warning of it; `null`: there are none. */
export function doubtWarning({ newDoubts: count, doubts }: ReturnType<typeof newDoubts>): string | null {
  const [first] = doubts ?? []
  if (count === undefined || first === undefined) return null
  const { modelId: id, field, value, expected } = first
  const values = count === 1 ? '1 new value is' : `${count} new values are`
  return `${values} not what price books say: ${id} ${field} ${value}, expected ${expected}${count > 1 ? ', and others' : ''}; GET /models/discrepancies lists them`
}
