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
 * another end. Which of a day's prices stands for all is each one's own choice, so that of a book is compared which comes nearest. Throws nothing.
 * @param now ISO 8601
 */
export function findBookDoubts(ours: Compared, words: readonly BookWord[], { provider }: Offer, now: string): Doubt[] {
  const asked = { provider, now }
  const doubts = FIELDS.flatMap((field): Doubt | Doubt[] => {
    const value = ours[field] ?? null
    if (value === null) return []
    const said = words.flatMap((word) => {
      const theirs = wordOf(word, field, value)
      return theirs === null ? [] : [{ word, theirs }]
    })
    return doubtOf(field, field, value, said, asked) ?? []
  })
  const [ofHours] = (ours.priceWindows ?? []).flatMap(({ prices, from, to, timeZone }) =>
    PRICE_FIELDS.flatMap((field) => {
      const value = prices[field]
      // A book without hours says nothing of them.
      const said = words.flatMap((word) => {
        const theirs = hasHours(word.facts) && value !== undefined ? nearestOf(field, word.facts, value) : null
        return theirs === null ? [] : [{ word, theirs }]
      })
      const doubt = value === undefined ? null : doubtOf('priceWindows', field, value, said, asked)
      return doubt === null ? [] : [{ ...doubt, expected: `${doubt.expected}, ${from}-${to} ${timeZone}` }]
    }),
  )
  return ofHours === undefined ? doubts : [...doubts, ofHours]
}

/** @param as what the value is compared as, where it stands in another field */
function doubtOf(
  field: string,
  as: (typeof FIELDS)[number],
  value: Value,
  said: readonly { word: BookWord; theirs: Value }[],
  { provider, now }: { provider: string; now: string },
): Doubt | null {
  const against = said
    .filter(({ word, theirs }) => !isSame(as, value, theirs, word))
    .map(({ word: { book, date }, theirs }) => ({ book, value: theirs, date }))
  if (against.length === 0) return null
  const reason = causeOf(as, value, against, { provider, now, agrees: said.length > against.length })
  const expected = against.map((one) => `${one.value} by ${one.book}${one.date === null ? '' : ` (${one.date})`}`)
  return { field, value, against, reason, expected: expected.join(', ') }
}

/** `null`: the book says nothing of the field. */
function wordOf({ facts, deprecationDate }: BookWord, field: (typeof FIELDS)[number], ours: Value): Value | null {
  if (field === 'deprecationDate') return deprecationDate ?? null
  return isPriceField(field) && hasHours(facts) ? nearestOf(field, facts, ours) : (facts[field] ?? null)
}

/** Of all prices that the field has at one hour or another. */
function nearestOf(field: (typeof PRICE_FIELDS)[number], facts: Facts, ours: Value): string | null {
  const stated = [facts[field] ?? [], ...(facts.priceWindows ?? []).map(({ prices }) => prices[field] ?? [])].flat()
  const distance = (price: string): number => Math.abs(Number(price) - Number(ours))
  return stated.sort((a, b) => distance(a) - distance(b))[0] ?? null
}

function hasHours({ priceWindows = [] }: Facts): boolean {
  return priceWindows.length > 0
}

function isPriceField(field: string): field is (typeof PRICE_FIELDS)[number] {
  return (PRICE_FIELDS as readonly string[]).includes(field)
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
  const ratios = against.map(({ value }) => (isPriceField(field) ? Number(ours) / Number(value) : NaN))
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
