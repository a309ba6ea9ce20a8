/** NEAR's prices: `{amount: 850, scale: 9, currency: "USD"}` is 850 / 10^9 USD. */
import { isRecord, membersOf, textOf, type Members } from '../../kit/entry.js'
import { readPrices, type PriceFields, type RawPrice } from '../../kit/prices.js'

/** The prices of one entry, each of which may be missing and has a currency of its own. Throws nothing. */
export function readNearPrices(entry: Members): { fields: PriceFields; warnings: string[] } {
  const [input, output, cacheRead] = ['input', 'output', 'cacheRead'].map((kind) => entry[`${kind}CostPerToken`])
  return readPrices('usd-per-token', {
    input: amountIn('USD', input),
    output: amountIn('USD', output),
    cacheRead: amountIn('USD', cacheRead),
    other: [
      ...foreign('input', input),
      ...foreign('output', output),
      ...foreign('cache_read', cacheRead),
      {
        kind: 'image',
        unit: 'image',
        raw: amountOf(entry['costPerImage']),
        currency: currencyOf(entry['costPerImage']),
      },
    ],
  })
}

function foreign(kind: string, cost: unknown): RawPrice[] {
  const currency = currencyOf(cost)
  return currency === 'USD' ? [] : [{ kind, unit: 'token', raw: amountOf(cost), currency }]
}

function amountIn(currency: string, cost: unknown): unknown {
  return currencyOf(cost) === currency ? amountOf(cost) : null
}

function currencyOf(cost: unknown): string {
  return textOf(membersOf(cost)['currency'])?.toUpperCase() ?? 'USD'
}

function isWhole(value: unknown): value is number | string {
  return typeof value === 'string' ? /^-?\d{1,15}$/.test(value) : Number.isSafeInteger(value)
}

// 850 at scale 9 is 850e-9; exact as a text.
function amountOf(cost: unknown): unknown {
  if (!isRecord(cost)) return cost
  const { amount, scale } = cost
  return isWhole(amount) && isWhole(scale) ? `${amount}e${-Number(scale)}` : cost
}
