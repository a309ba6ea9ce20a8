/** Prices as decimal strings: parsed once, exact, never a binary float, never an exponent. */
import { Big } from './big.js'
import { plainAmount } from '../input/plain-number.js'

/** USD per token (or per another stated unit) as a plain decimal string: `"0.00000125"`. */
export type Decimal = string

/** How a source states its raw price: the number of tokens that one raw unit of money pays for, and that unit in USD. */
export type PriceUnit =
  'usd-per-token' | 'usd-per-million' | 'usd-per-thousand' | 'cents-per-token' | 'usd-per-10000-million'

const FACTORS: Record<PriceUnit, Big> = {
  'usd-per-token': new Big(1),
  'usd-per-thousand': new Big('0.001'),
  'usd-per-million': new Big('0.000001'),
  'cents-per-token': new Big('0.01'),
  // 1/10,000 USD per million tokens (Novita), the same as US cents per 100 million tokens (xAI).
  'usd-per-10000-million': new Big('0.0000000001'),
}

// A JSON number is a double: 15 significant digits are what it holds for sure; the rest is float noise (0.18000000000000002).
const SIGNIFICANT_DIGITS = 15
// Significant digits of the product of two of them that hold for sure.
const PRODUCT_DIGITS = 12
// The column is NUMERIC; a bound on magnitude and scale keeps one odd entry from storing a kilobyte of digits.
const LARGEST = new Big('1e12')
const MOST_DECIMALS = 30

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

// Thousands of models share a few hundred prices, and reading one takes longer than finding it.
const READ = new Map<unknown, Decimal | null>()
const MOST_READ = 4_096

/**
 * Reads a raw amount as a decimal.
 * @param raw a JSON number or a numeric string; exponents, a dollar sign and commas between thousands are allowed, a decimal comma never
 * @returns the canonical decimal; `null` when absent, negative (-1 means "dynamic" in this field), not a number or absurd. Throws nothing.
 */
export function toDecimal(raw: unknown): Decimal | null {
  const read = READ.get(raw)
  if (read !== undefined) return read
  const big = toBig(raw)
  const decimal = big === null ? null : known(big)
  if (typeof raw === 'number' && READ.size < MOST_READ) READ.set(raw, decimal)
  return decimal
}

/** As {@link toDecimal}, converted from the unit in which the source states it to USD per token. */
export function toCostPerToken(raw: unknown, unit: PriceUnit): Decimal | null {
  const big = toBig(raw)
  return big === null ? null : known(big.times(FACTORS[unit]))
}

/**
 * A price times a factor that upstream states as a double (a share, a discount's rest): exact but for the noise of the two doubles, so that a price of
 * 0.000026 times 0.1923076923076923 is 0.000005. Throws nothing.
 * @returns `null` where either is no number of 0 or more
 */
export function timesFactor(price: unknown, factor: unknown): Decimal | null {
  const [one, other] = [toBig(price), toBig(factor)]
  return one === null || other === null ? null : known(one.times(other).prec(PRODUCT_DIGITS))
}

/** The same decimal in its one spelling: `"0.10"` and `"1e-1"` are `"0.1"`. */
export function normalizeDecimal(text: string): Decimal {
  return canonical(new Big(text))
}

/** The larger of two decimals; `null` is unknown and loses to any known value. */
export function largerDecimal(a: Decimal | null, b: Decimal | null): Decimal | null {
  if (a === null) return b
  if (b === null) return a
  return new Big(a).gte(b) ? a : b
}

function toBig(raw: unknown): Big | null {
  let big: Big
  if (typeof raw === 'number') {
    if (!Number.isFinite(raw)) return null
    big = new Big(raw).prec(SIGNIFICANT_DIGITS)
  } else if (typeof raw === 'string' && raw.length <= 64) {
    const text = plainAmount(raw)
    if (text === null || !NUMBER.test(text)) return null
    big = new Big(text.replace(/^\+/, ''))
  } else return null
  return big.lt(0) || big.gt(LARGEST) ? null : big
}

// A price that is too small to be written is absurd, not free.
function known(big: Big): Decimal | null {
  const decimal = canonical(big)
  return decimal === '0' && !big.eq(0) ? null : decimal
}

function canonical(big: Big): Decimal {
  const fixed = big.round(MOST_DECIMALS, Big.roundHalfUp).toFixed()
  const trimmed = fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
  return trimmed === '-0' ? '0' : trimmed
}
