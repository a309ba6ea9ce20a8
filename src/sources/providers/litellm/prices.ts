/** The prices of a LiteLLM deployment: which of its members are prices, where it may declare them, and when a 0 is unknown. */
import type { DesiredFields, OtherPrice } from '../../../core/model/model-fields.js'
import { toDecimal, type Decimal } from '../../../core/model/price.js'
import { LITELLM_TOKEN_PRICES } from '../../../core/model/litellm-members.js'
import { readLitellmPrice, type LitellmPriceName } from '../../../core/prices/litellm-price-name.js'
import { quoteValue } from '../../../core/input/quote-value.js'
import { isRecord, type Members } from '../../kit/entry.js'

type TokenPrices = Pick<
  DesiredFields,
  'inputCostPerToken' | 'outputCostPerToken' | 'cacheReadCostPerToken' | 'cacheWriteCostPerToken'
>

const TOKEN_PRICES: Readonly<Record<string, keyof TokenPrices>> = Object.fromEntries(
  Object.entries(LITELLM_TOKEN_PRICES).map(([field, member]) => [member, field as keyof TokenPrices]),
)

const LIMITS = ['max_tokens', 'max_input_tokens', 'max_output_tokens'] as const
// A price list in the field has at most a handful of tiers.
const MOST_TIERS = 32

interface Stated extends LitellmPriceName {
  price: Decimal
  /** By the operator, for this deployment; not by LiteLLM's price map. */
  declared: boolean
}

/** The prices that were found, and what was found in the place of one. */
class PriceList extends Map<string, Stated> {
  constructor(private readonly warnings: string[]) {
    super()
  }

  warn(warning: string): void {
    if (!this.warnings.includes(warning)) this.warnings.push(warning)
  }
}

/**
 * All prices of one deployment, USD. A price that the operator declares in `litellm_params`, or in a `model_info` inside it (which comes back as
 * a string beside a 0), wins over `model_info`. A 0 that nobody declared is unknown where all limits are unknown too, because LiteLLM writes 0
 * for models that it does not know (BerriAI/litellm issue 5549); so is a pair of token prices of 0 beside a price per image, second or character.
 * Throws nothing.
 */
export function readPrices(
  info: Members,
  params: Members,
  warnings: string[],
): TokenPrices & { otherPrices: OtherPrice[] } {
  const stated = new PriceList(warnings)
  const nested = isRecord(params['model_info']) ? params['model_info'] : {}
  const overrides = info['pricing_overrides']
  // Without a key of the price map and without limits, be they null, LiteLLM has added nothing: all of it is the operator's.
  const own = info['key'] === undefined && LIMITS.every((limit) => info[limit] === undefined)
  collect(stated, info, own ? true : Array.isArray(overrides) ? overrides : false)
  collect(stated, params, true)
  collect(stated, nested, true)

  const unknownModel = LIMITS.every((limit) => typeof info[limit] !== 'number' && typeof info[limit] !== 'string')
  if (unknownModel) forgetZeros(stated, stated.keys())
  const tokens = [stated.get('input_cost_per_token'), stated.get('output_cost_per_token')]
  if (tokens.every((price) => price === undefined || price.price === '0') && [...stated.values()].some(isPaidByUnit)) {
    forgetZeros(stated, ['input_cost_per_token', 'output_cost_per_token'])
  }

  const prices: TokenPrices & { otherPrices: OtherPrice[] } = {
    inputCostPerToken: null,
    outputCostPerToken: null,
    cacheReadCostPerToken: null,
    cacheWriteCostPerToken: null,
    otherPrices: [],
  }
  const beginsAtEdge = info['litellm_provider'] === 'xai'
  for (const [member, { kind, unit, price }] of stated) {
    const field = Object.hasOwn(TOKEN_PRICES, member) ? TOKEN_PRICES[member] : undefined
    if (field !== undefined) prices[field] = price
    else prices.otherPrices.push({ kind: beginsAtEdge ? fromEdge(kind) : kind, unit, currency: 'USD', price })
  }
  return prices
}

/** xAI's tiers hold for a prompt of exactly that many tokens too, although LiteLLM has one name for all: `input_above_200k`. */
function fromEdge(kind: string): string {
  return kind.replace(/_above_(\d+)k$/, (_, thousands: string) => `_tier_${thousands}000_up`)
}

function collect(stated: PriceList, members: Members, declared: boolean | readonly unknown[]): void {
  for (const member in members) {
    const value = members[member]
    if (value === null || value === undefined) continue
    if (member === 'tiered_pricing') {
      collectTiers(stated, value, isDeclared(declared, member))
      continue
    }
    const name = readLitellmPrice(member)
    if (name === null) continue
    if (isRecord(value)) collectSizes(stated, name, value, isDeclared(declared, member))
    else add(stated, member, name, value, isDeclared(declared, member))
  }
}

// `search_context_cost_per_query: {search_context_size_low: 0.03, …}`
function collectSizes(stated: PriceList, name: LitellmPriceName, sizes: Members, declared: boolean): void {
  for (const size of ['low', 'medium', 'high']) {
    const kind = `${name.kind}_${size}`
    add(stated, kind, { kind, unit: name.unit }, sizes[`search_context_size_${size}`], declared)
  }
}

// `tiered_pricing: [{range: [0, 256000], input_cost_per_token: 5e-8, …}, …]`: by the tokens of the prompt.
function collectTiers(stated: PriceList, tiers: unknown, declared: boolean): void {
  const listed: unknown[] = Array.isArray(tiers) ? tiers : [tiers]
  if (listed.length > MOST_TIERS) stated.warn(`tiered_pricing: more than ${MOST_TIERS} tiers; the rest is left out`)
  for (const tier of listed.slice(0, MOST_TIERS)) {
    const [from, to] = isRecord(tier) && Array.isArray(tier['range']) ? (tier['range'] as unknown[]) : []
    if (!isRecord(tier) || !isCount(from) || !(isCount(to) || to === null || to === undefined)) {
      stated.warn('tiered_pricing: a tier without a range of tokens is left out')
      continue
    }
    for (const member in tier) {
      const name = readLitellmPrice(member)
      if (name === null) continue
      const kind = `${name.kind}_tier_${from}_${to ?? 'up'}`
      add(stated, kind, { kind, unit: name.unit }, tier[member], declared)
    }
  }
}

function add(stated: PriceList, key: string, name: LitellmPriceName, raw: unknown, declared: boolean): void {
  if (raw === null || raw === undefined || raw === '') return
  const price = toDecimal(raw)
  if (price !== null) stated.set(key, { kind: name.kind, unit: name.unit, price, declared })
  else stated.warn(`price of ${name.kind}: ${quoteValue(raw)} is not a price of 0 or more; kept as unknown`)
}

function isDeclared(declared: boolean | readonly unknown[], member: string): boolean {
  return typeof declared === 'boolean' ? declared : declared.includes(member)
}

function forgetZeros(stated: PriceList, members: Iterable<string>): void {
  for (const member of [...members]) {
    const price = stated.get(member)
    if (price?.price === '0' && !price.declared) stated.delete(member)
  }
}

// What the model itself is paid by; a fee for a tool (a search, a session) beside free tokens leaves them free.
function isPaidByUnit({ kind, unit, price }: Stated): boolean {
  return unit !== 'token' && price !== '0' && /^(input|output|usage|ocr)(_|$)/.test(kind)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
