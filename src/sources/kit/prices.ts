/** The prices of an entry, from upstream's unit to decimals: what is no price becomes `null` with a warning, and a zero is free only where it says so. */
import type { DesiredFields, OtherPrice } from '../../core/model/model-fields.js'
import { toCostPerToken, toDecimal, type Decimal, type PriceUnit } from '../../core/model/price.js'
import { quoteValue } from '../../core/input/quote-value.js'

export type PriceFields = Pick<
  DesiredFields,
  'inputCostPerToken' | 'outputCostPerToken' | 'cacheReadCostPerToken' | 'cacheWriteCostPerToken' | 'otherPrices'
>

/** A price that is none of the four: of another medium, a tier, a request. */
export interface RawPrice {
  /** `input_image`, `input_above_200k`, `web_search`. */
  kind: string
  /** `token` is converted from the source's unit, anything else (`image`, `second`, `request`) taken as it is. */
  unit: string
  raw: unknown
  /** Where it differs from that of the four. */
  currency?: string
}

/** Raw values as they stand in the entry. A member that is left out is one that this listing never states. */
export interface RawPrices {
  input?: unknown
  output?: unknown
  cacheRead?: unknown
  cacheWrite?: unknown
  other?: readonly RawPrice[]
  /** ISO 4217, default USD. Token prices in another currency stand in `otherPrices`, the four are unknown. */
  currency?: string
  /** What 0 for both input and output says: `free` (default), or `unknown` where upstream writes 0 for prices that it does not state. */
  zeroPair?: 'free' | 'unknown'
}

const TOKEN_PRICES = [
  ['input', 'inputCostPerToken', 'input'],
  ['output', 'outputCostPerToken', 'output'],
  ['cacheRead', 'cacheReadCostPerToken', 'cache_read'],
  ['cacheWrite', 'cacheWriteCostPerToken', 'cache_write'],
] as const

/**
 * Converts raw prices in `unit` to USD per token.
 *
 * Zero token prices beside a price per image, second or request are unknown, not free; fees for a tool (a search) leave free tokens free. A zero
 * in `other` is left out: some upstreams write it and some do not, and it charges nothing either way.
 * @returns fields for the members that were given, and a warning for each value that is no price (-1, "dynamic", NaN). Throws nothing.
 */
export function readPrices(unit: PriceUnit, raw: RawPrices): { fields: PriceFields; warnings: string[] } {
  const { other = [], currency = 'USD', zeroPair = 'free' } = raw
  const fields: PriceFields = {}
  const otherPrices: OtherPrice[] = []
  const warnings: string[] = []
  const read = (kind: string, value: unknown, of: string): Decimal | null => {
    if (value === undefined || value === null || value === '') return null
    const price = of === 'token' ? toCostPerToken(value, unit) : toDecimal(value)
    if (price === null)
      warnings.push(`price of ${kind}: ${quoteValue(value)} is not a price of 0 or more; kept as unknown`)
    return price
  }

  for (const [member, field, kind] of TOKEN_PRICES) {
    if (!(member in raw)) continue
    const price = read(kind, raw[member], 'token')
    fields[field] = currency === 'USD' ? price : null
    if (currency !== 'USD' && price !== null) otherPrices.push({ kind, unit: 'token', currency, price })
  }
  for (const { kind, unit: of, raw: value, currency: its = currency } of other) {
    const price = read(kind, value, of)
    if (price !== null && price !== '0') otherPrices.push({ kind, unit: of, currency: its, price })
  }
  if (isZeroPair(fields) && (zeroPair === 'unknown' || otherPrices.some(isPaidByUnit))) {
    for (const [, field] of TOKEN_PRICES) if (fields[field] === '0') fields[field] = null
  }
  if ('other' in raw || otherPrices.length > 0) fields.otherPrices = otherPrices
  return { fields, warnings }
}

// At least one zero, and nothing to pay.
function isZeroPair({ inputCostPerToken: input, outputCostPerToken: output }: PriceFields): boolean {
  return (input === '0' || output === '0') && [input, output].every((price) => (price ?? '0') === '0')
}

// What the model itself is paid by.
function isPaidByUnit({ kind, unit }: OtherPrice): boolean {
  return unit !== 'token' && !/search|tool|session/.test(kind)
}
