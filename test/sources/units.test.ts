/** Every unit in which an upstream states a price: a raw value in an entry, and what it is in USD per million tokens. */
import Big from 'big.js'
import t from 'tap'
import { cleanFields } from '../../src/catalog/clean.js'
import type { DesiredFields } from '../../src/catalog/model.js'
import { toCostPerToken, type PriceUnit } from '../../src/catalog/price.js'
import type { Source } from '../../src/sources/source.js'

type Row = readonly [slug: string, entry: unknown, input: string | null, output?: string | null]

const perScale = (amount: number): object => ({ amount, scale: 9, currency: 'USD' })
const deepinfra = (pricing: object, type = 'text-generation'): object => ({
  ...{ model_name: 'a/b', type, reported_type: type, tags: [], max_tokens: 8_192, deprecated: null },
  pricing: { type: 'tokens', ...pricing },
})
const alibaba = (price_unit: string): object => ({
  ...{ model: 'a-max', name: 'A', capabilities: ['TG'] },
  inference_metadata: { request_modality: ['Text'], response_modality: ['Text'] },
  prices: [
    {
      range_name: 'Default',
      prices: [
        { type: 'input_token', price: '0.15', price_unit },
        { type: 'output_token', price: '1.5', price_unit },
      ],
    },
  ],
})
const helicone = (prompt: number, completion: number): object => ({
  ...{
    id: 'a',
    name: 'A',
    author: 'acme',
    contextLength: 8_192,
    inputModalities: ['text'],
    outputModalities: ['text'],
  },
  endpoints: [{ provider: 'Acme', providerSlug: 'acme', pricing: { prompt, completion } }],
})
const huggingface = (offer: object): object => ({ id: 'a/b', providers: [{ provider: 'p', status: 'live', ...offer }] })
const vercel = (pricing: object): object => ({ id: 'a/b', object: 'model', type: 'language', pricing })
const openrouter = (pricing: object): object => ({
  id: 'a/b',
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing,
})

const ROWS: readonly Row[] = [
  ['litellm', { model_name: 'a', model_info: { max_tokens: 1, input_cost_per_token: 0.00000125 } }, '1.25'],
  ['litellm', { model_name: 'a', model_info: { max_tokens: 1, input_cost_per_token: 1.25e-6 } }, '1.25'],
  [
    'litellm',
    {
      model_name: 'a',
      litellm_params: { model_info: { input_cost_per_token: '6e-06' } },
      model_info: { max_tokens: 1, input_cost_per_token: 0 },
    },
    '6',
  ],
  ['litellm', { model_name: 'a', model_info: { max_tokens: null, input_cost_per_token: 0 } }, null],
  ['openrouter', openrouter({ prompt: '0.000003', completion: '0.000015' }), '3', '15'],
  ['openrouter', openrouter({ prompt: '0', completion: '0' }), '0', '0'],
  ['openrouter', openrouter({ prompt: '-1', completion: '-1' }), null, null],
  ['vercel-ai-gateway', vercel({ input: '0.000002', output: '0.000008' }), '2', '8'],
  ['vercel-ai-gateway', vercel({ input: 0.000002, output: 0.000008 }), '2', '8'],
  ['nebius', { id: 'a/b', pricing: { prompt: '0.0000003', completion: '0.00000045' } }, '0.3', '0.45'],
  ['cerebras', { id: 'a', pricing: { prompt: '0.00000035', completion: '0.00000075' } }, '0.35', '0.75'],
  ['deepinfra', deepinfra({ cents_per_input_token: 3.5e-5, cents_per_output_token: 5.9e-5 }), '0.35', '0.59'],
  ['deepinfra', deepinfra({ cents_per_input_token: '0.000035', cents_per_output_token: null }), '0.35', null],
  ['deepinfra', deepinfra({ type: 'image_units', cents_per_input_token: 1 }, 'text-to-image'), null],
  ['featherless', { id: 'a/b', pricing: { prompt: '0.0000001', completion: '0.0000002' } }, '0.1', '0.2'],
  ['featherless', { id: 'a/b', pricing: { prompt: '0.0000001', input: 0.1 } }, '0.1'],
  ['together', { id: 'a', type: 'chat', pricing: { input: 0.18000000000000002, output: 0.59 } }, '0.18', '0.59'],
  ['together', { id: 'a', type: 'image', pricing: { input: 0, output: 0 } }, null, null],
  ['huggingface', huggingface({ pricing: { input: 1.69, output: 3.38 } }), '1.69', '3.38'],
  ['huggingface', huggingface({ pricing: { input: 0.9299999999999999, output: 1 } }), '0.93', '1'],
  ['chutes', { id: 'a/b', pricing: { prompt: 0.104, completion: 0.416 } }, '0.104', '0.416'],
  ['helicone', helicone(15, 75), '15', '75'],
  ['aihubmix', { model_id: 'a', types: 'llm', pricing: { input: 1.25, output: 10 } }, '1.25', '10'],
  ['near', { modelId: 'a', inputCostPerToken: perScale(850), outputCostPerToken: perScale(3_300) }, '0.85', '3.3'],
  ['near', { modelId: 'a', inputCostPerToken: { amount: 85, scale: 8, currency: 'USD' } }, '0.85', null],
  ['xai', { id: 'a', prompt_text_token_price: 12_500, completion_text_token_price: 30_000 }, '1.25', '3'],
  ['novita', { id: 'a', input_token_price_per_m: 2_690, output_token_price_per_m: 7_000 }, '0.269', '0.7'],
  ['alibaba', alibaba('Per 1M tokens'), '0.15', '1.5'],
  ['alibaba', alibaba('per million tokens'), '0.15', '1.5'],
  ['alibaba', alibaba('per furlong'), null, null],
  ['aimo', { name: 'a', providers: [{ id: 'p', name: 'P', pricing: { prompt: 1, completion: 2 } }] }, null, null],
  ['anannas', { id: 'a', pricing: { input: 1.25, output: 10 } }, null, null],
  ['anannas', { id: 'a', pricing: { input: 0, output: 0 } }, '0', '0'],
  ['fal', { endpoint_id: 'fal-ai/a', metadata: { category: 'text-to-image', status: 'active' } }, null, null],
  ['morpheus', { Id: '0xa1', Name: 'a', ModelType: 'LLM', Fee: 4_000_000, Stake: 10, CreatedAt: 1 }, null, null],
  ...['openai', 'groq', 'deepseek', 'mistral', 'fireworks', 'moonshot', 'zai', 'vllm', 'lmstudio'].map((slug): Row => [
    slug,
    { id: 'a', created: 1, pricing: { prompt: '1', input: 1 } },
    null,
    null,
  ]),
]

t.test('raw values in an entry', async (t) => {
  for (const [slug, entry, input, output] of ROWS) {
    const source = await sourceOf(slug)
    const fields = fieldsOf(source, entry)
    t.equal(perMillion(fields.inputCostPerToken), input, `${slug}: input of ${JSON.stringify(entry)}`)
    if (output !== undefined) t.equal(perMillion(fields.outputCostPerToken), output, `${slug}: output`)
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
      const source = await sourceOf(slug)
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

async function sourceOf(slug: string): Promise<Source> {
  const exported = Object.values((await import(`../../src/sources/${slug}.js`)) as Record<string, unknown>)
  const source = (exported as Source[]).find((one) => one.slug === slug)
  if (source === undefined) throw new Error(`${slug}.ts exports no source of that slug`)
  return source
}

function fieldsOf(source: Source, entry: unknown): DesiredFields {
  const parsed = source.listings[0]?.parse(entry)
  if (parsed?.kind !== 'model') throw new Error(`${source.slug} reads no model from ${JSON.stringify(entry)}`)
  return cleanFields(parsed.fields).fields
}

function perMillion(price: string | null | undefined): string | null {
  return (price ?? null) === null
    ? null
    : Big(price as string)
        .times(1_000_000)
        .toFixed()
}
