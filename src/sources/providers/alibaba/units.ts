/** Alibaba's units, which stand in words beside each price: `Per 1M tokens`, `per image`, `Per 10,000 characters`. */
import { Big } from '../../../core/model/big.js'
import { toDecimal, type Decimal } from '../../../core/model/price.js'
import { textOf } from '../../kit/entry.js'

const UNIT =
  /^(?:(usd|us\$|\$)\s*)?(?:per\s+|\/\s*)(?:([\d,]+|one|ten)?\s*(k|m|thousand|million)?\s+)?(token|image|second|minute|hour|request|character|word|page|video|call)s?$/i
const SCALES: Readonly<Record<string, number>> = { k: 1000, thousand: 1000, m: 1_000_000, million: 1_000_000 }
const WORDS: Readonly<Record<string, number>> = { one: 1, ten: 10 }

/**
 * What one token, image or character costs. Throws nothing.
 * @param currency of the region; a unit that names another one is not known
 * @returns why it cannot be told, where it cannot
 */
export function priceOfOne(
  price: unknown,
  unit: unknown,
  currency: string | null = 'USD',
): { unit: string; price: Decimal } | string {
  const [, dollars, count = '1', scale = '', one] = UNIT.exec(textOf(unit)?.trim() ?? '') ?? []
  const units = one === undefined ? null : countOf(count.toLowerCase(), scale.toLowerCase())
  if (one === undefined || units === null || (dollars !== undefined && currency !== 'USD'))
    return 'its unit is not known'
  const decimal = toDecimal(price)
  if (decimal === null) return 'it is no price of 0 or more'
  // A thousand times a thousand: the quotient has an end.
  const each = units === 1 ? decimal : toDecimal(new Big(decimal).times(new Big(1).div(units)).toFixed())
  return each === null ? 'it is no price of 0 or more' : { unit: one.toLowerCase(), price: each }
}

function countOf(number: string, scale: string): number | null {
  const count = (WORDS[number] ?? Number(number.replaceAll(',', ''))) * (SCALES[scale] ?? 1)
  // Only a power of ten divides a decimal without a rest.
  return /^10*$/.test(String(count)) ? count : null
}
