import t from 'tap'
import type { DesiredFields } from '../../../../src/core/model/model-fields.js'
import { readRow } from '../../../../src/sources/providers/litellm/row.js'
import { modelRow, type RowOptions } from '../../../support/loopback-litellm.js'

/** The fields of a full row with these members over it. */
function fieldsOf(options: RowOptions): DesiredFields {
  return readRow(modelRow(options))?.fields ?? {}
}

const NO_LIMITS = { max_tokens: null, max_input_tokens: null, max_output_tokens: null }

t.test('a price of 0', async (t) => {
  const zero = { input_cost_per_token: 0, output_cost_per_token: 0 }
  const prices = ({ inputCostPerToken, outputCostPerToken }: DesiredFields) => [inputCostPerToken, outputCostPerToken]

  t.same(prices(fieldsOf({ model_info: { ...NO_LIMITS, ...zero } })), [null, null], 'all limits null: an unknown model')
  t.same(prices(fieldsOf({ model_info: zero })), ['0', '0'], 'limits known: free')
  t.same(prices(fieldsOf({ model_info: { ...NO_LIMITS, max_tokens: 1, ...zero } })), ['0', '0'])
  t.same(prices(fieldsOf({ model_info: { ...NO_LIMITS, ...zero }, litellm_params: zero })), ['0', '0'], 'declared')
  const asText = { input_cost_per_token: '0', output_cost_per_token: '0.0' }
  t.same(
    prices(fieldsOf({ model_info: { ...NO_LIMITS, ...zero }, litellm_params: asText })),
    ['0', '0'],
    'declared as text',
  )
  const nested = { model_info: { input_cost_per_token: 0 } }
  t.same(
    prices(fieldsOf({ model_info: { ...NO_LIMITS, ...zero }, litellm_params: nested })),
    ['0', null],
    'each for itself',
  )
  const overrides = { pricing_overrides: ['input_cost_per_token', 'output_cost_per_token'] }
  t.same(
    prices(fieldsOf({ model_info: { ...NO_LIMITS, ...zero, ...overrides } })),
    ['0', '0'],
    'newer versions name what is declared',
  )
  t.same(
    prices(readRow({ model_name: 'x', litellm_params: {}, model_info: { id: '1', ...zero } })?.fields ?? {}),
    ['0', '0'],
    'all of it is the config',
  )
  t.same(
    prices(fieldsOf({ model_info: { ...NO_LIMITS, input_cost_per_token: 1e-6, output_cost_per_token: 0 } })),
    ['0.000001', null],
    'a price is a price without limits too',
  )
  t.same(
    prices(fieldsOf({ model_info: { ...zero, input_cost_per_second: 0.0001 } })),
    [null, null],
    'paid by the second, not free',
  )
  const search = { search_context_cost_per_query: { search_context_size_low: 0.03 } }
  t.same(
    prices(fieldsOf({ model_info: { ...zero, ...search } })),
    ['0', '0'],
    'a fee for searches leaves the tokens free',
  )
  t.same(fieldsOf({ model_info: { ...NO_LIMITS, output_cost_per_image: 0 } }).otherPrices, [])
})

t.test('a price declared as a string inside litellm_params.model_info counts', async (t) => {
  const fields = fieldsOf({
    model_info: { ...NO_LIMITS, input_cost_per_token: 0, output_cost_per_token: 0 },
    litellm_params: {
      model_info: { input_cost_per_token: '6e-06', output_cost_per_token: '0.000012', input_cost_per_image: '0.002' },
    },
  })
  t.equal(fields.inputCostPerToken, '0.000006')
  t.equal(fields.outputCostPerToken, '0.000012')
  t.same(fields.otherPrices, [{ kind: 'input_image', unit: 'image', currency: 'USD', price: '0.002' }])
  t.equal(
    fieldsOf({ litellm_params: { input_cost_per_token: 'sk-ma****ed', model_info: { input_cost_per_token: -1 } } })
      .inputCostPerToken,
    '0.0000025',
    'what is no price overrides none',
  )
})

t.test('prices are exact from 1e-12 to 1e6', async (t) => {
  const fields = fieldsOf({
    model_info: { input_cost_per_token: 1e-12, output_cost_per_token: 1e6, cache_read_input_token_cost: 1.8e-8 },
  })
  t.equal(fields.inputCostPerToken, '0.000000000001')
  t.equal(fields.outputCostPerToken, '1000000')
  t.equal(fields.cacheReadCostPerToken, '0.000000018')
  t.equal(fieldsOf({ model_info: { input_cost_per_token: -1 } }).inputCostPerToken, null)
})

t.test('every other price has its kind and unit', async (t) => {
  const cases: [member: string, kind: string, unit: string][] = [
    ['input_cost_per_token_above_200k_tokens', 'input_above_200k', 'token'],
    ['output_cost_per_token_above_128k_tokens', 'output_above_128k', 'token'],
    ['input_cost_per_token_above_272k_tokens_priority', 'input_above_272k_priority', 'token'],
    ['input_cost_per_token_flex', 'input_flex', 'token'],
    ['output_cost_per_token_priority', 'output_priority', 'token'],
    ['output_cost_per_token_batches', 'output_batches', 'token'],
    ['cache_read_input_token_cost_above_200k_tokens', 'cache_read_above_200k', 'token'],
    ['cache_read_input_token_cost_flex', 'cache_read_flex', 'token'],
    ['cache_creation_input_token_cost_above_1hr', 'cache_write_above_1hr', 'token'],
    ['cache_creation_input_token_cost_above_1hr_above_200k_tokens', 'cache_write_above_1hr_above_200k', 'token'],
    ['cache_read_input_audio_token_cost', 'cache_read_audio', 'token'],
    ['input_cost_per_audio_token', 'input_audio', 'token'],
    ['input_cost_per_image_token_batches', 'input_image_batches', 'token'],
    ['output_cost_per_reasoning_token', 'output_reasoning', 'token'],
    ['input_cost_per_image', 'input_image', 'image'],
    ['output_cost_per_image_1K', 'output_image_1K', 'image'],
    ['input_cost_per_image_above_128k_tokens', 'input_image_above_128k', 'image'],
    ['output_cost_per_pixel', 'output', 'pixel'],
    ['input_cost_per_second', 'input', 'second'],
    ['output_cost_per_second_1080p', 'output_1080p', 'second'],
    ['input_cost_per_audio_per_second', 'input_audio', 'second'],
    ['output_cost_per_video_per_second', 'output_video', 'second'],
    ['input_cost_per_character', 'input', 'character'],
    ['input_cost_per_query', 'input', 'query'],
    ['cost_per_second', 'usage', 'second'],
    ['citation_cost_per_token', 'citation', 'token'],
    ['ocr_cost_per_page', 'ocr', 'page'],
    ['code_interpreter_cost_per_session', 'code_interpreter', 'session'],
    ['file_search_cost_per_1k_calls', 'file_search', '1k_calls'],
  ]
  for (const [member, kind, unit] of cases) {
    t.same(
      fieldsOf({ model_info: { [member]: 2e-4 } }).otherPrices,
      [{ kind, unit, currency: 'USD', price: '0.0002' }],
      member,
    )
  }
  for (const member of [
    'input_dbu_cost_per_token',
    'regional_processing_uplift_multiplier_eu',
    'cost',
    'costs_a_lot',
    `${'a'.repeat(99)}_cost_per_token`,
  ]) {
    t.same(fieldsOf({ model_info: { [member]: 2e-4 } }).otherPrices, [], member)
  }
  t.same(
    fieldsOf({
      model_info: {
        search_context_cost_per_query: { search_context_size_low: 0.03, search_context_size_high: '0.05', other: 1 },
      },
    }).otherPrices,
    [
      { kind: 'search_context_low', unit: 'query', currency: 'USD', price: '0.03' },
      { kind: 'search_context_high', unit: 'query', currency: 'USD', price: '0.05' },
    ],
  )
  t.same(
    fieldsOf({
      model_info: {
        input_cost_per_token: null,
        tiered_pricing: [
          { range: [0, 256_000.0], input_cost_per_token: 5e-8 },
          { range: [256_000, null], input_cost_per_token: '2.5e-7', output_cost_per_reasoning_token: 4e-6 },
          { range: 'all', input_cost_per_token: 1 },
          null,
        ],
      },
    }).otherPrices,
    [
      { kind: 'input_tier_0_256000', unit: 'token', currency: 'USD', price: '0.00000005' },
      { kind: 'input_tier_256000_up', unit: 'token', currency: 'USD', price: '0.00000025' },
      { kind: 'output_reasoning_tier_256000_up', unit: 'token', currency: 'USD', price: '0.000004' },
    ],
  )
})
