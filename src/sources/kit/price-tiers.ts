/** Prices that hold by the length of the prompt, under the names that all sources share: `input_tier_200000_up`. */
import type { RawPrice } from './prices.js'
import { countOf } from './entry.js'

/**
 * @param from tokens of the prompt from which on they hold; 0 and what is no count is the base price once more, so nothing
 * @param to tokens from which on they hold no longer; absent: no end
 * @param raw the prices by their kind, per token
 */
export function tierPrices(from: unknown, to: unknown, raw: Readonly<Record<string, unknown>>): RawPrice[] {
  const start = countOf(from)
  if (start === null) return []
  const range = `${start}_${countOf(to) ?? 'up'}`
  return Object.entries(raw).map(([kind, price]) => ({ kind: `${kind}_tier_${range}`, unit: 'token', raw: price }))
}
