/** Every unit in which an upstream states a price: a raw value in an entry, and what it is in USD per million tokens, or by its own unit. */
import t from 'tap'
import { Big } from '../../../src/core/model/big.js'
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { toCostPerToken, type PriceUnit } from '../../../src/core/model/price.js'
import { sources } from '../../../src/sources/all-sources.js'
import type { Source } from '../../../src/sources/kit/source.js'
import { PRICE_ROWS } from './price-rows.js'
import { PRICE_ROWS_2026 } from './price-rows-2026.js'
import { PRICE_ROWS_OF_SELLERS } from './price-rows-sellers.js'

t.test('raw values in an entry', async (t) => {
  for (const [place, entry, input, output, further] of [...PRICE_ROWS, ...PRICE_ROWS_2026, ...PRICE_ROWS_OF_SELLERS]) {
    const [slug = '', path] = place.split(' ')
    const source = sourceOf(slug)
    const fields = fieldsOf(source, entry, path)
    t.equal(perMillion(fields.inputCostPerToken), input, `${place}: input of ${JSON.stringify(entry)}`)
    if (output !== undefined) t.equal(perMillion(fields.outputCostPerToken), output, `${place}: output`)
    if (further !== undefined)
      t.strictSame(furtherOf(fields), further, `${place}: what else ${JSON.stringify(entry)} costs`)
  }
})

t.test('what is no price is unknown, with a warning that shows it', async (t) => {
  const odd = ['-1', -1, 'dynamic', 'NaN', Number.NaN, Number.POSITIVE_INFINITY, '1e400', true, { usd: 1 }]
  for (const value of odd) {
    for (const [slug, entry] of [
      ['nebius', { id: 'a', pricing: { prompt: value, completion: '0.000001' } }],
      ['together', { id: 'a', type: 'chat', pricing: { input: value, output: 1 } }],
      ['novita', { id: 'a', input_token_price_per_m: value, output_token_price_per_m: 10_000 }],
      ['xai', { id: 'a', prompt_text_token_price: value, completion_text_token_price: 10_000 }],
    ] as const) {
      const source = sourceOf(slug)
      const parsed = source.listings[0]?.parse(entry)
      if (parsed?.kind !== 'model') throw new Error(`${slug} reads no model`)
      t.equal(parsed.fields.inputCostPerToken, null, `${slug}: ${String(value)}`)
      t.equal(perMillion(parsed.fields.outputCostPerToken), '1', `${slug}: the other price stands`)
      t.match(parsed.warnings?.join(), /^price of input: .* is not a price of 0 or more/)
    }
  }
})

t.test('the units of listings that no source reads', async (t) => {
  const rows: readonly (readonly [raw: unknown, unit: PriceUnit, perMillion: string])[] = [
    // Nebius' models_info, DeepInfra's and NEAR's /v1/models.
    [0.14, 'usd-per-million', '0.14'],
    ['0.00000085', 'usd-per-token', '0.85'],
    [0.0005, 'usd-per-thousand', '0.5'],
  ]
  for (const [raw, unit, expected] of rows) t.equal(perMillion(toCostPerToken(raw, unit)), expected, unit)
})

function sourceOf(slug: string): Source {
  const source = sources.find((one) => one.slug === slug)
  if (source === undefined) throw new Error(`there is no source ${slug}`)
  return source
}

function fieldsOf(source: Source, entry: unknown, path = source.listings[0]?.path): DesiredFields {
  const parsed = source.listings.find((listing) => listing.path === path)?.parse(entry)
  if (parsed?.kind !== 'model') throw new Error(`${source.slug} reads no model from ${JSON.stringify(entry)}`)
  return cleanFields(parsed.fields).fields
}

function furtherOf(fields: DesiredFields): Record<string, string> {
  const cache = { cache_read: fields.cacheReadCostPerToken, cache_write: fields.cacheWriteCostPerToken }
  return Object.fromEntries([
    ...Object.entries(cache).flatMap(([kind, price]) => ((price ?? null) === null ? [] : [[kind, perMillion(price)]])),
    ...(fields.otherPrices ?? []).map(({ kind, unit, currency, price }) => [
      `${kind}${unit === 'token' ? '' : ` per ${unit}`}${currency === 'USD' ? '' : ` in ${currency}`}`,
      unit === 'token' ? perMillion(price) : price,
    ]),
  ]) as Record<string, string>
}

function perMillion(price: string | null | undefined): string | null {
  return (price ?? null) === null
    ? null
    : Big(price as string)
        .times(1_000_000)
        .toFixed()
}
