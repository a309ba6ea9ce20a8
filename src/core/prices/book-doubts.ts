/** Doubts that price books raise: a value of ours that is not what a book says of the very seller, with the likely cause. Pure. */
import { Big } from '../model/big.js'
import type { Doubt } from '../model/doubt.js'
import type { Offer } from '../model/offer.js'
import type { BookWord } from './book-word.js'
import { PRICE_FIELDS, type Facts } from './facts.js'

const LIMITS = ['contextLength', 'maxOutputTokens'] as const
const FIELDS = [...PRICE_FIELDS, ...LIMITS, 'deprecationDate'] as const

/** The values that are compared. Unknown ones are never doubted. */
export type Compared = Pick<Facts, 'priceWindows' | (typeof PRICE_FIELDS)[number] | (typeof LIMITS)[number]> & {
  deprecationDate?: string | null
}

type Value = string | number
type Cause = Extract<Doubt['reason'], 'unit' | 'stale-book' | 'regional-price' | 'disagreement'>

/** A smaller difference is rounding; in percent of the book's value, or of ours where the book says 0. */
const MIN_PERCENT = 1
/** Upstreams state prices for 1, 1,000 and 1,000,000 tokens, in dollars, dimes and cents. */
const UNITS = [10, 100, 1_000, 1_000_000]
/** How far a price may be from a multiple of another: 1 %. */
const TOLERANCE = 0.01
/** What clouds ask more for a region of their own than for the whole world, and the sellers that do. */
const REGIONAL_FACTORS = [1.1, 1.2]
const REGIONAL_SELLERS: ReadonlySet<string> = new Set(['azure', 'bedrock', 'google-vertex', 'openai'])
/** A book that has not changed for so long is behind. */
const STALE_MS = 180 * 24 * 3_600_000

/**
 * A doubt for each field in which at least one of the books is apart from us: prices by more than 1 %, another limit (128,000 and 131,072 are one),
 * another end. Throws nothing.
 * @param now ISO 8601
 */
export function findBookDoubts(ours: Compared, words: readonly BookWord[], { provider }: Offer, now: string): Doubt[] {
  return FIELDS.flatMap((field): Doubt[] => {
    const value = ours[field] ?? null
    if (value === null) return []
    const said = words
      .filter(({ facts }) => !(isPrice(field) && dependsOnHours(ours, facts)))
      .flatMap((word) => {
        const theirs = (field === 'deprecationDate' ? word.deprecationDate : word.facts[field]) ?? null
        return theirs === null ? [] : [{ word, theirs }]
      })
    const against = said
      .filter(({ word, theirs }) => !isSame(field, value, theirs, word))
      .map(({ word: { book, date }, theirs }) => ({ book, value: theirs, date }))
    if (against.length === 0) return []
    const reason = causeOf(field, value, against, { provider, now, agrees: said.length > against.length })
    const expected = against.map((one) => `${one.value} by ${one.book}${one.date === null ? '' : ` (${one.date})`}`)
    return [{ field, value, against, reason, expected: expected.join(', ') }]
  })
}

/** Which of a day's prices stands for all is each one's own choice. */
function dependsOnHours(...facts: readonly Pick<Facts, 'priceWindows'>[]): boolean {
  return facts.some(({ priceWindows = [] }) => priceWindows.length > 0)
}

function isPrice(field: string): boolean {
  return field.endsWith('PerToken')
}

/** How far our value is from the book's, in percent of the book's; `null` for dates. Throws nothing. */
export function percentApart(ours: Value, theirs: Value): Big | null {
  if (!isNumber(ours) || !isNumber(theirs)) return null
  const [our, their] = [new Big(ours), new Big(theirs)]
  const base = their.eq(0) ? our : their
  return base.eq(0) ? new Big(0) : our.minus(their).abs().times(100).div(base)
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || !value.includes('-')
}

function isSame(field: (typeof FIELDS)[number], ours: Value, theirs: Value, { facts }: BookWord): boolean {
  if (ours === theirs) return true
  const percent = percentApart(ours, theirs)
  if (percent === null) return false
  if (percent.lte(MIN_PERCENT)) return true
  if (typeof ours !== 'number' || typeof theirs !== 'number') return false
  // LiteLLM counts the longest prompt alone.
  const whole = field === 'contextLength' ? theirs + (facts.maxOutputTokens ?? 0) : theirs
  return isRounded(ours, theirs) || ours === whole || isRounded(ours, whole)
}

/** 131,072 is what others call 128,000, and 1,048,576 a million. */
function isRounded(a: number, b: number): boolean {
  const [small, large] = a < b ? [a, b] : [b, a]
  return large * 1000 === small * 1024 || large * 1_000_000 === small * 1_048_576
}

function causeOf(
  field: string,
  ours: Value,
  against: readonly { value: Value; date: string | null }[],
  { provider, now, agrees }: { provider: string; now: string; agrees: boolean },
): Cause {
  const ratios = against.map(({ value }) => (isPrice(field) ? Number(ours) / Number(value) : NaN))
  if (ratios.some((ratio) => UNITS.some((factor) => isAbout(ratio, factor)))) return 'unit'
  if (agrees) return 'stale-book'
  if (
    REGIONAL_SELLERS.has(provider) &&
    ratios.some((ratio) => REGIONAL_FACTORS.some((factor) => isAbout(ratio, factor)))
  )
    return 'regional-price'
  const behind = Date.parse(now) - STALE_MS
  return against.every(({ date }) => date !== null && Date.parse(date) < behind) ? 'stale-book' : 'disagreement'
}

function isAbout(ratio: number, factor: number): boolean {
  return [ratio, 1 / ratio].some((one) => Math.abs(one / factor - 1) <= TOLERANCE)
}
