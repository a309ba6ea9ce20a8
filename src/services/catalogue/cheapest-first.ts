/** The order in which the offers of one model are compared. */
import { Big } from '../../core/model/big.js'
import type { ModelRecord } from '../../core/model/model-record.js'

/**
 * What can be had before what cannot; then by the price of input, of output, and by id. An unknown price stands behind every known one: it may be anything.
 * Filled prices count as known, which is why this is no ORDER BY. Throws nothing.
 */
export function cheapestFirst(models: readonly ModelRecord[]): ModelRecord[] {
  return [...models].sort(
    (a, b) =>
      Number(a.availability !== 'available') - Number(b.availability !== 'available') ||
      comparePrices(a.inputCostPerToken, b.inputCostPerToken) ||
      comparePrices(a.outputCostPerToken, b.outputCostPerToken) ||
      (a.id < b.id ? -1 : 1),
  )
}

function comparePrices(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return new Big(a).cmp(b)
}
