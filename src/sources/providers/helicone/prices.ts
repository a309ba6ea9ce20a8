/** Helicone's prices: each endpoint has its own, USD per million tokens, with tiers by the length of the prompt. */
import { toCostPerToken } from '../../../core/model/price.js'
import { tierPrices } from '../../kit/price-tiers.js'
import { readPrices, type PriceFields, type RawPrice } from '../../kit/prices.js'
import { membersOf, recordsOf, textOf, type Members } from '../../kit/entry.js'

const MEDIA = ['image', 'audio', 'video', 'file'] as const

/**
 * The prices of the endpoint that is cheapest for one token in and one out, since the gateway goes there first; all of one endpoint, never the
 * best of each. What `web_search` counts is not documented, so it is not kept.
 */
export function cheapestPrices(endpoints: readonly Members[]): { fields: PriceFields; warnings: string[] } {
  const [cheapest] = [...endpoints].sort((a, b) => totalOf(a) - totalOf(b) || (providerOf(a) < providerOf(b) ? -1 : 1))
  const endpoint = cheapest ?? {}
  const pricing = membersOf(endpoint['pricing'])
  return readPrices('usd-per-million', {
    input: pricing['prompt'],
    output: pricing['completion'],
    cacheRead: pricing['cacheRead'],
    cacheWrite: pricing['cacheWrite'],
    other: [
      { kind: 'output_reasoning', unit: 'token', raw: pricing['thinking'] },
      ...MEDIA.flatMap((medium) => mediumOf(pricing[medium], medium)),
      ...tiersOf(endpoint['pricingTiers']),
    ],
  })
}

// Only for the order; an endpoint without a price comes last.
function totalOf(endpoint: Members): number {
  const pricing = membersOf(endpoint['pricing'])
  const [input, output] = [pricing['prompt'], pricing['completion']].map((raw) =>
    toCostPerToken(raw, 'usd-per-million'),
  )
  return input == null && output == null ? Number.MAX_VALUE : Number(input ?? 0) + Number(output ?? 0)
}

function providerOf(endpoint: Members): string {
  return textOf(endpoint['provider']) ?? ''
}

function mediumOf(value: unknown, medium: string): RawPrice[] {
  const pricing = membersOf(value)
  return [
    { kind: `input_${medium}`, unit: 'token', raw: pricing['input'] },
    { kind: `output_${medium}`, unit: 'token', raw: pricing['output'] },
    { kind: `cache_read_${medium}`, unit: 'token', raw: pricing['cachedInput'] },
  ]
}

function tiersOf(value: unknown): RawPrice[] {
  return recordsOf(value).flatMap(({ threshold, prompt, completion, cacheRead, cacheWrite }) =>
    tierPrices(threshold, null, { input: prompt, output: completion, cache_read: cacheRead, cache_write: cacheWrite }),
  )
}
