/** NEAR's prices: `{amount: 850, scale: 9, currency: "USD"}` is 850 / 10^9 USD. */
import { isRecord, membersOf, textOf, type Members } from './entry-reader.js'
import { readPrices, type PriceFields } from './entry-prices.js'

/** The prices of one entry, each of which may be missing. Throws nothing. */
export function readNearPrices(entry: Members): { fields: PriceFields; warnings: string[] } {
  const { inputCostPerToken, outputCostPerToken, cacheReadCostPerToken, costPerImage } = entry
  return readPrices('usd-per-token', {
    input: amountOf(inputCostPerToken),
    output: amountOf(outputCostPerToken),
    cacheRead: amountOf(cacheReadCostPerToken),
    other: [{ kind: 'image', unit: 'image', raw: amountOf(costPerImage) }],
    currency: textOf(membersOf(inputCostPerToken ?? outputCostPerToken)['currency'])?.toUpperCase() ?? 'USD',
  })
}

// 850 at scale 9 is 850e-9; exact as a text.
function amountOf(cost: unknown): unknown {
  if (!isRecord(cost)) return cost
  const { amount, scale } = cost
  return Number.isSafeInteger(amount) && Number.isSafeInteger(scale)
    ? `${String(amount)}e${String(-(scale as number))}`
    : cost
}
