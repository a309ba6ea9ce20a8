/** What a long prompt costs where upstream states another price for it, in its own words for the length. */
import t from 'tap'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { costOf } from '../../../src/core/prices/cost.js'
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import { sources } from '../../../src/sources/all-sources.js'

function pricesOf(slug: string, entry: unknown): DesiredFields {
  const parsed = sources.find((source) => source.slug === slug)?.listings[0]?.parse(entry)
  if (parsed?.kind !== 'model') throw new Error(`${slug} reads no model`)
  return cleanFields(parsed.fields).fields
}

function totalOf(fields: DesiredFields, inputTokens: number, outputTokens: number, cacheReadTokens = 0): unknown {
  const { inputCostPerToken = null, outputCostPerToken = null, otherPrices = [] } = fields
  const { cacheReadCostPerToken = null, cacheWriteCostPerToken = null } = fields
  const sheet = { inputCostPerToken, outputCostPerToken, cacheReadCostPerToken, cacheWriteCostPerToken, otherPrices }
  const cost = costOf(sheet, { inputTokens, outputTokens, cacheReadTokens })
  return 'total' in cost ? cost.total : cost
}

t.test('xai: from the threshold on, for all tokens', async (t) => {
  const grok = pricesOf('xai', {
    ...{ id: 'grok-4.6', prompt_text_token_price: 20_000, completion_text_token_price: 60_000 },
    ...{ cached_prompt_text_token_price: 5_000, long_context_threshold: 200_000 },
    ...{ prompt_text_token_price_long_context: 40_000, completion_text_token_price_long_context: 120_000 },
    cached_prompt_text_token_price_long_context: 10_000,
  })
  t.equal(totalOf(grok, 250_000, 1_000), '1.012')
  t.equal(totalOf(grok, 199_999, 1_000), '0.405998')
  t.equal(totalOf(grok, 250_000, 1_000, 200_000), '0.412')
})

t.test('deepinfra and alibaba: by their ranges', async (t) => {
  const deepinfra = pricesOf('deepinfra', {
    ...{ model_name: 'a/b', reported_type: 'text-generation' },
    pricing: {
      ...{ type: 'tokens', cents_per_input_token: 0.00012, cents_per_output_token: 0.0006 },
      full: '$1.2 in $6 out <= 32K, $2.4 in $12 out > 32K',
    },
  })
  t.equal(totalOf(deepinfra, 32_000, 0), '0.0384')
  t.equal(totalOf(deepinfra, 32_001, 0), '0.0768024')
  const row = (price: string): object => ({ type: 'input_token', price, price_unit: 'Per 1M tokens' })
  const alibaba = pricesOf('alibaba', {
    model: 'a',
    prices: [
      { range_name: 'Input<=32k', prices: [row('1')] },
      { range_name: '32k<Input<=128k', prices: [row('2')] },
    ],
  })
  t.equal(totalOf(alibaba, 10_000, 0), '0.01')
  t.equal(totalOf(alibaba, 100_000, 0), '0.2')
})

t.test('a price of another service tier is nobody’s who does not ask for it', async (t) => {
  const model = pricesOf('vercel-ai-gateway', {
    ...{ id: 'a/b', type: 'language' },
    pricing: {
      ...{ input: '0.000002', output: '0.00001' },
      service_tiers: { priority: { input: '0.000004', long_context: { threshold: 100, input: '0.000008' } } },
    },
  })
  t.equal(totalOf(model, 1_000, 0), '0.002')
})
