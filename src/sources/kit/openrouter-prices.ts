/** Prices in OpenRouter's shape: USD per token as strings, other units by name, and tiers by the length of the prompt. */
import { imagePrice } from './image-price.js'
import { isHourly } from './openrouter-hours.js'
import { tierPrices } from './price-tiers.js'
import { readPrices, type PriceFields, type RawPrice, type RawPrices } from './prices.js'
import { firstSaid, recordsOf, type Members } from './entry.js'

/** What each member is paid for. `discount` is a factor that the prices have in them already; a member that is not here has no unit that we know. */
const OTHER: readonly (readonly [member: string, kind: string, unit: string])[] = [
  ['request', 'request', 'request'],
  ['image_token', 'input_image', 'token'],
  ['audio', 'input_audio', 'token'],
  ['audio_output', 'output_audio', 'token'],
  ['input_audio_cache', 'cache_read_audio', 'token'],
  ['internal_reasoning', 'output_reasoning', 'token'],
  ['input_cache_write_1h', 'cache_write_1h', 'token'],
  ['web_search', 'web_search', 'request'],
  ['duration_per_hour', 'input_audio', 'hour'],
]

/**
 * The prices of a model. A zero key may be left out (2026) or written (2025): absent is unknown, except that `:free` says it in the id. `-1`, the
 * price of a router that picks among others, is unknown. A tier of `overrides` holds by the prompt's length; those by the hour are windows.
 * @see https://openrouter.ai/docs/client-sdks/python/components/pricing (units; read 2026-11)
 */
export function readOpenrouterPrices(
  id: string,
  pricing: Members,
  zeroPair: RawPrices['zeroPair'] = 'free',
): { fields: PriceFields; warnings: string[] } {
  const absent = id.endsWith(':free') ? '0' : undefined
  return readPrices('usd-per-token', {
    zeroPair,
    input: firstSaid(pricing['prompt'], absent),
    output: firstSaid(pricing['completion'], absent),
    cacheRead: firstSaid(pricing['input_cache_read'], pricing['input_cache_reads']),
    cacheWrite: firstSaid(pricing['input_cache_write'], pricing['input_cache_writes']),
    other: [
      imagePrice('input_image', pricing['image']),
      imagePrice('output_image', pricing['image_output']),
      ...OTHER.map(([member, kind, unit]) => ({ kind, unit, raw: pricing[member] })),
      ...tiersOf(pricing),
    ],
  })
}

function tiersOf({ overrides }: Members): RawPrice[] {
  const byLength = recordsOf(overrides).filter((rule) => !isHourly(rule))
  return byLength.flatMap((tier) =>
    tierPrices(tier['min_prompt_tokens'], null, {
      input: tier['prompt'],
      output: tier['completion'],
      cache_read: tier['input_cache_read'],
      cache_write: tier['input_cache_write'],
      cache_write_1h: tier['input_cache_write_1h'],
      input_audio: tier['audio'],
    }),
  )
}
