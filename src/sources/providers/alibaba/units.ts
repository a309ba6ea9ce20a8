/** Alibaba's units, which stand in words beside each price: `Per 1M tokens`, `per image`, `Per 10,000 characters`. */
import { Big } from '../../../core/model/big.js'
import { toDecimal, type Decimal } from '../../../core/model/price.js'
import { textOf } from '../../kit/entry.js'

const UNIT =
  /^per\s+(?:([\d,]+[km]?|(?:one |ten )?(?:thousand|million))\s+)?(token|image|second|minute|hour|request|character|word|page|video|call)s?$/i
const WORDS: Readonly<Record<string, number>> = {
  thousand: 1000,
  'one thousand': 1000,
  'ten thousand': 10_000,
  million: 1_000_000,
  'one million': 1_000_000,
}

/**
 * What one token, image or character costs. Throws nothing.
 * @returns why it cannot be told, where it cannot
 */
export function priceOfOne(price: unknown, unit: unknown): { unit: string; price: Decimal } | string {
  const [, count = '1', one] = UNIT.exec(textOf(unit)?.trim() ?? '') ?? []
  const units = one === undefined ? null : countOf(count.toLowerCase())
  if (one === undefined || units === null) return 'its unit is not known'
  const decimal = toDecimal(price)
  if (decimal === null) return 'it is no price of 0 or more'
  // A thousand times a thousand: the quotient has an end.
  const each = units === 1 ? decimal : toDecimal(new Big(decimal).times(new Big(1).div(units)).toFixed())
  return each === null ? 'it is no price of 0 or more' : { unit: one.toLowerCase(), price: each }
}

function countOf(text: string): number | null {
  if (Object.hasOwn(WORDS, text)) return WORDS[text]!
  const [, digits = '', letter] = /^(\d[\d,]*)([km])?$/.exec(text) ?? []
  const count = Number(digits.replaceAll(',', '')) * (letter === 'm' ? 1_000_000 : letter === 'k' ? 1000 : 1)
  // Only a power of ten divides a decimal without a rest.
  return /^10*$/.test(String(count)) ? count : null
}
