/** What a request costs, out of a model's prices: exact decimals, the tier of its prompt's length. Pure. */
import type { CostPart, PriceSheet } from './price-records.js'
import { Big } from '../model/big.js'
import type { OtherPrice } from '../model/model-fields.js'
import { normalizeDecimal, type Decimal } from '../model/price.js'

/** Tokens. */
export interface Usage {
  /** Of the whole prompt, those that were read from the cache included. */
  inputTokens: number
  outputTokens: number
  /** Those of the prompt that were read from the cache. */
  cacheReadTokens: number
}

/** A part that cannot be told, and what is known instead. */
export interface UnknownPart {
  kind: CostPart['kind']
  /** Currencies in which upstream does state it. */
  currencies: string[]
}

const FIELDS = {
  input: 'inputCostPerToken',
  output: 'outputCostPerToken',
  cache_read: 'cacheReadCostPerToken',
} as const

/**
 * Of a kind of which there are no tokens no price is needed.
 * @returns the parts and their sum in USD, or the parts whose price is unknown; nothing is ever taken for 0. Throws nothing.
 */
export function costOf(
  sheet: PriceSheet,
  usage: Usage,
): { parts: CostPart[]; total: Decimal } | { unknown: UnknownPart[] } {
  const { inputTokens, outputTokens, cacheReadTokens } = usage
  const counts = { input: inputTokens - cacheReadTokens, cache_read: cacheReadTokens, output: outputTokens }
  const parts: CostPart[] = []
  const unknown: UnknownPart[] = []
  for (const [kind, tokens] of Object.entries(counts) as [CostPart['kind'], number][]) {
    if (tokens === 0) continue
    const tier = findTier(sheet.otherPrices, kind, inputTokens)
    const price = tier?.price ?? sheet[FIELDS[kind]]
    if (price === null)
      unknown.push({
        kind,
        currencies: sheet.otherPrices.flatMap((other) => (other.kind === kind ? other.currency : [])),
      })
    else parts.push({ kind, tokens, price, tier: tier?.kind ?? null, cost: decimal(new Big(price).times(tokens)) })
  }
  if (unknown.length > 0) return { unknown }
  return { parts, total: decimal(parts.reduce((sum, { cost }) => sum.plus(cost), new Big(0))) }
}

/**
 * The tier for a prompt of that length, which holds for all its tokens. Upstreams spell tiers `input_above_200k` (more than) and
 * `input_tier_32000_128000` or `input_tier_32000_up` (from on, to and with the end); where two meet, the lower one has the tokens on the edge, and
 * beyond the last one it holds on: the price without a tier is that of the shortest prompts.
 */
function findTier(prices: readonly OtherPrice[], kind: string, promptTokens: number): OtherPrice | null {
  const matching = prices.flatMap((price) => {
    const from = price.unit === 'token' && price.currency === 'USD' ? beginOf(price.kind, kind, promptTokens) : null
    return from === null ? [] : [{ price, from }]
  })
  const above = matching.filter(({ price }) => !isBounded(price.kind)).sort((a, b) => b.from - a.from)
  const bounded = matching.filter(({ price }) => isBounded(price.kind)).sort((a, b) => a.from - b.from)
  return (bounded[0] ?? above[0])?.price ?? lastTier(prices, kind, promptTokens)
}

function lastTier(prices: readonly OtherPrice[], kind: string, promptTokens: number): OtherPrice | null {
  const ends = new RegExp(`^${kind}_tier_\\d+[km]?_(\\d+[km]?)$`)
  const ended = prices.flatMap((price) => {
    const [, to] = price.unit === 'token' && price.currency === 'USD' ? (ends.exec(price.kind) ?? []) : []
    return to === undefined || count(to) >= promptTokens ? [] : [{ price, to: count(to) }]
  })
  return ended.sort((a, b) => b.to - a.to)[0]?.price ?? null
}

/** Where the tier begins; `null`: it is none of this kind, or not for such a prompt. */
function beginOf(name: string, kind: string, promptTokens: number): number | null {
  const [, above] = new RegExp(`^${kind}_above_(\\d+[km]?)$`).exec(name) ?? []
  if (above !== undefined) return promptTokens > count(above) ? count(above) : null
  const [, from, to] = new RegExp(`^${kind}_tier_(\\d+[km]?)_(\\d+[km]?|up)$`).exec(name) ?? []
  if (from === undefined || to === undefined) return null
  return promptTokens >= count(from) && (to === 'up' || promptTokens <= count(to)) ? count(from) : null
}

function isBounded(name: string): boolean {
  return /_tier_\w+_\d+[km]?$/.test(name)
}

function count(text: string): number {
  const thousands = text.endsWith('k') ? 1000 : text.endsWith('m') ? 1_000_000 : 1
  return Number.parseInt(text, 10) * thousands
}

function decimal(big: Big): Decimal {
  return normalizeDecimal(big.toFixed())
}
