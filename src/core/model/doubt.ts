/** Doubt: a value that is kept and shown although it is hard to believe. Pure. */
import { Type, type Static } from 'typebox'
import type { ModelFields, OtherPrice } from './model-fields.js'
import { FIELD_NAMES, FIELDS } from './model.js'
import { Nullable } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'

const REASONS = [
  'implausible-price',
  'implausible-context',
  'future-date',
  // A price book disagrees about the same seller; each reason is the likely cause.
  'unit',
  'stale-book',
  'regional-price',
  'disagreement',
] as const

/** A price book's word. */
export const AgainstSchema = Type.Object({
  book: Type.String({ description: 'genai-prices, litellm or models-dev' }),
  value: Type.Unsafe<string | number>({ description: 'as the field would have it' }),
  date: Nullable(Type.String({ description: 'ISO date of the book; null: it does not say' })),
})

export const DoubtSchema = Type.Object({
  field: Type.String(),
  value: Type.Unsafe<string | number>({ description: 'as the field has it' }),
  against: Type.Array(AgainstSchema, { description: 'price books that say something else of this seller' }),
  reason: OneOf(REASONS),
  /** For a reader. */
  expected: Type.String({ description: 'what is plausible' }),
})
export type Doubt = Static<typeof DoubtSchema>

/** Models and what a source says of one. */
type DoubtedFields = Partial<Omit<ModelFields, 'capabilities'>>

const PRICES = FIELD_NAMES.filter((field) => FIELDS[field] === 'decimal')

/** USD per token. The dearest models cost a thousandth, the cheapest a billionth; beyond that the unit is another one. */
const LEAST_PRICE = 1e-10
const MOST_PRICE = 1e-2
const TOKEN_PRICES = '0.0000000001 to 0.01 USD per token'
/** Where a tier begins, in tokens of the prompt: `input_tier_200000_up`. */
const TIER = /_tier_(\d+)_/
/** Tokens of the prompt: no seller asks more for a page. */
const LEAST_TIER = 1_000
/** Times the context at which no tier begins. */
const FAR_BEYOND = 10
/** Tokens, of a model that answers chats. */
const LEAST_CONTEXT = 256
const MOST_CONTEXT = 100_000_000
const CHATS: ReadonlySet<unknown> = new Set(['chat', 'completion', 'responses'])
/** Clocks and time zones differ. */
const DAY_MS = 86_400_000

/**
 * The stated values that are hard to believe. A price of 0 means free and is believed.
 * @param now ISO 8601; `null`: dates are not looked at
 */
export function findDoubts(fields: DoubtedFields, now: string | null): Doubt[] {
  const doubts: Doubt[] = []
  for (const field of PRICES) {
    const price = (fields as Record<string, string | null | undefined>)[field] ?? null
    if (price === null) continue
    if (isFarOff(price))
      doubts.push({ field, value: price, against: [], reason: 'implausible-price', expected: TOKEN_PRICES })
  }
  const { contextLength = null, createdAt = null, otherPrices = [], priceWindows = [] } = fields
  for (const { prices } of priceWindows)
    for (const value of Object.values(prices))
      if (isFarOff(value))
        doubts.push({ field: 'priceWindows', value, against: [], reason: 'implausible-price', expected: TOKEN_PRICES })
  for (const price of otherPrices) {
    const expected = expectedOf(price, contextLength)
    if (expected === null) continue
    const value = `${price.kind} ${price.price}`
    doubts.push({ field: 'otherPrices', value, against: [], reason: 'implausible-price', expected })
  }
  if (
    contextLength !== null &&
    CHATS.has(fields.mode) &&
    (contextLength < LEAST_CONTEXT || contextLength > MOST_CONTEXT)
  )
    doubts.push({
      field: 'contextLength',
      value: contextLength,
      against: [],
      reason: 'implausible-context',
      expected: '256 to 100000000 tokens for a chat model',
    })
  if (now !== null && createdAt !== null && Date.parse(createdAt) - Date.parse(now) > DAY_MS)
    doubts.push({
      field: 'createdAt',
      value: createdAt,
      against: [],
      reason: 'future-date',
      expected: 'a day that is past',
    })
  return doubts
}

/** `null`: the price may be right. */
function expectedOf({ kind, unit, currency, price }: OtherPrice, contextLength: number | null): string | null {
  if (unit === 'token' && currency === 'USD' && isFarOff(price)) return TOKEN_PRICES
  const from = Number(TIER.exec(kind)?.[1] ?? 0)
  // A host that has cut the context may repeat the tiers of a longer one: only another unit is so far beyond.
  const most = contextLength === null ? MOST_CONTEXT : Math.min(contextLength * FAR_BEYOND, MOST_CONTEXT)
  if (from > 0 && from < LEAST_TIER) return `a tier of prices that begins at ${LEAST_TIER} tokens or later`
  return from > most ? `a tier of prices that begins within ${most} tokens` : null
}

function isFarOff(price: string): boolean {
  const usd = Number(price)
  return usd !== 0 && (usd < LEAST_PRICE || usd > MOST_PRICE)
}
