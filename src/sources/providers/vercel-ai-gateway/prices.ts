/** The prices of Vercel's AI Gateway: USD per token, other units by name, and tiers for each of the four token prices. */
import { tierPrices } from '../../kit/price-tiers.js'
import { readPrices, type PriceFields } from '../../kit/prices.js'
import { membersOf, recordsOf } from '../../kit/entry.js'

const TIERED = [
  ['input', 'input'],
  ['output', 'output'],
  ['input_cache_read', 'cache_read'],
  ['input_cache_write', 'cache_write'],
] as const

/** A price is that of the cheapest route where it varies by provider. What `web_search` counts is not documented, so it is not kept. */
export function readVercelPrices(value: unknown): { fields: PriceFields; warnings: string[] } {
  const pricing = membersOf(value)
  return readPrices('usd-per-token', {
    input: pricing['input'],
    output: pricing['output'],
    cacheRead: pricing['input_cache_read'],
    cacheWrite: pricing['input_cache_write'],
    other: [
      { kind: 'output_image', unit: 'image', raw: pricing['image'] },
      { kind: 'input_audio', unit: 'second', raw: pricing['transcription_duration_cost_per_second'] },
      // From `min` tokens of the prompt on, below `max`; the first tier is the base price once more.
      ...TIERED.flatMap(([member, kind]) =>
        recordsOf(pricing[`${member}_tiers`]).flatMap(({ min, max, cost }) => tierPrices(min, max, { [kind]: cost })),
      ),
    ],
  })
}
