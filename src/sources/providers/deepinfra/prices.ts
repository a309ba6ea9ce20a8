/** DeepInfra's prices: US cents, of tokens, seconds, characters or units of an image; shares of them for the cache, service tiers and a discount. */
import { Big } from '../../../core/model/big.js'
import type { Mode } from '../../../core/model/model.js'
import { quoteValue } from '../../../core/input/quote-value.js'
import { timesFactor, toCostPerToken, toDecimal } from '../../../core/model/price.js'
import { readPrices, type PriceFields, type RawPrice } from '../../kit/prices.js'
import { firstSaid, isUnsaid, membersOf, textOf, type Members } from '../../kit/entry.js'
import { readLengthTiers, type LengthTier } from './length-tiers.js'

const OTHER = [
  ['cents_per_sec', 'usage', 'second'],
  ['cents_per_input_sec', 'input_audio', 'second'],
  ['cents_per_output_sec', 'output', 'second'],
  ['cents_per_input_chars', 'input', 'character'],
  ['cents_per_image_unit', 'output_image', 'image_unit'],
] as const
const SERVICE_TIERS = ['priority', 'flex'] as const

/** US cents per token; a kind that is not stated is `null`. */
type Cents = Record<'input' | 'output' | 'cache_read' | 'cache_write' | 'cache_write_1h', unknown>

/**
 * The prices of a model of this mode. Models that are not paid by tokens have `cents_per_input_token` too, where it means something else: the
 * type of the price decides, and only without one the mode. A frame is not kept, since nothing says how many of them a second has.
 *
 * `discount` is the share that is off for now: the prices are those that are paid, the ones without it stand beside them (`input_undiscounted`).
 * `full` says in words what prompts of other lengths cost, its discount taken off.
 */
export function readDeepinfraPrices(value: unknown, mode: Mode | null): { fields: PriceFields; warnings: string[] } {
  const pricing = membersOf(value)
  const type = textOf(pricing['type'])
  const isByToken = type === null ? mode === 'chat' || mode === 'embedding' : /^(?:(?:in|out)put_)?tokens$/.test(type)
  const rest = restOf(pricing['discount'])
  const paid = (cents: unknown): unknown => ((rest ?? null) === null ? cents : (timesFactor(cents, rest) ?? cents))
  const [tiers, unread] = isByToken ? readLengthTiers(pricing['full']) : [[], null]
  const listed = isByToken ? centsOf(pricing) : null
  const cents = listed === null ? null : (mapCents(listed, paid) as Cents)
  const { fields, warnings } = readPrices('cents-per-token', {
    input: cents?.input,
    output: cents?.output,
    cacheRead: cents?.cache_read,
    cacheWrite: cents?.cache_write,
    other: [
      ...OTHER.map(([member, kind, unit]) => ({ kind, unit, raw: inDollars(paid(pricing[member])) })),
      { kind: 'cache_write_1h', unit: 'token', raw: cents?.cache_write_1h },
      ...(cents === null ? [] : serviceTiers(pricing, cents)),
      ...(listed === null || (rest ?? null) === null ? [] : undiscounted(listed)),
      ...tiers.flatMap(pricesOfTier),
    ],
  })
  const unreadTable =
    !isUnsaid(pricing['table']) && Object.keys(membersOf(pricing['table'])).length > 0 && tiers.length === 0
  return {
    fields,
    warnings: [
      ...warnings,
      ...(rest === undefined
        ? [`discount: ${quoteValue(pricing['discount'])} is no share; the prices stand as they are listed`]
        : []),
      ...(unread === null ? [] : [`what prompts of other lengths cost cannot be read: ${unread}`]),
      ...(unreadTable ? ['a table of prices by the length of the prompt is not kept, those of short prompts are'] : []),
    ],
  }
}

/** What is left of each price; `null`: nothing is off; `undefined`: what is stated is no share. */
function restOf(discount: unknown): string | null | undefined {
  const share = toDecimal(discount)
  if (isUnsaid(discount) || share === '0') return null
  return share === null || new Big(share).gt(1) ? undefined : new Big(1).minus(share).toFixed()
}

function centsOf(pricing: Members): Cents {
  const [input, output, cached] = ['input', 'output', 'cached_input'].map((kind) => pricing[`cents_per_${kind}_token`])
  const explicit = membersOf(pricing['rate_per_explicit_cache_write_token'])
  return {
    input,
    output,
    cache_read: firstSaid(cached, shareOf(input, pricing['rate_per_input_token_cached'])),
    cache_write: shareOf(input, firstSaid(explicit['5m'], pricing['rate_per_input_token_cache_write'])),
    cache_write_1h: shareOf(input, explicit['1h']),
  }
}

function mapCents(cents: Cents, change: (cents: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(cents).map(([kind, value]) => [kind, isUnsaid(value) ? value : change(value)]),
  )
}

function serviceTiers(pricing: Members, cents: Cents): RawPrice[] {
  return SERVICE_TIERS.flatMap((tier) => {
    const factor = pricing[`rate_per_service_tier_${tier}`]
    if (isUnsaid(factor)) return []
    return Object.entries(mapCents(cents, (value) => timesFactor(value, factor) ?? factor)).map(([kind, raw]) => ({
      kind: `${kind}_${tier}`,
      unit: 'token',
      raw,
    }))
  })
}

function undiscounted({ input, output }: Cents): RawPrice[] {
  return Object.entries({ input, output }).map(([kind, raw]) => ({ kind: `${kind}_undiscounted`, unit: 'token', raw }))
}

function pricesOfTier({ from, to, prices }: LengthTier): RawPrice[] {
  const range = `${from}_${to ?? 'up'}`
  return Object.entries(prices).map(([kind, raw]) => ({ kind: `${kind}_tier_${range}`, unit: 'token', raw }))
}

/** A price as a share of the input's; a share of 0 says that there is none. */
function shareOf(cents: unknown, rate: unknown): unknown {
  const [price, factor] = [toDecimal(cents), toDecimal(rate)]
  if (factor === null) return rate
  return price === null || factor === '0' ? null : timesFactor(cents, rate)
}

// What is no price stays as it is, so that the warning shows it.
function inDollars(cents: unknown): unknown {
  return toCostPerToken(cents, 'cents-per-token') ?? cents
}
