/** The files of clients: what is unknown is left out, free stays free, and odd names stay what they are. */
import t from 'tap'
import { z } from 'zod'
import { CLIENT_NAMES } from '../../../src/core/clients/all-clients.js'
import { readLitellmPrice, litellmPriceMember } from '../../../src/core/prices/litellm-price-name.js'
import { fileOf, MODELS, unknownModel } from './listed.js'

/** models.dev's schema, with what a catalogue may not know left open. @see packages/core/src/schema.ts of anomalyco/models.dev (read 2026-11) */
const Modalities = z.array(z.enum(['text', 'audio', 'image', 'video', 'pdf']))
const Price = z.number().min(0)
const ModelsDevModel = z.strictObject({
  id: z.string(),
  name: z.string().min(1),
  attachment: z.boolean().optional(),
  reasoning: z.boolean().optional(),
  reasoning_options: z.array(z.never()).optional(),
  tool_call: z.boolean().optional(),
  structured_output: z.boolean().optional(),
  release_date: z.iso.date().optional(),
  modalities: z.strictObject({ input: Modalities, output: Modalities }).optional(),
  limit: z.strictObject({ context: z.number().min(1), output: z.number().min(1) }),
  cost: z
    .strictObject({ input: Price, output: Price, cache_read: Price.optional(), cache_write: Price.optional() })
    .optional(),
})
const ModelsDev = z.record(
  z.string(),
  z.strictObject({
    id: z.string(),
    env: z.array(z.string()).min(1),
    npm: z.literal('@ai-sdk/openai-compatible'),
    api: z.url(),
    name: z.string().min(1),
    doc: z.string().min(1),
    models: z.record(z.string(), ModelsDevModel),
  }),
)

t.test('models.dev: what its readers need, and a model without limits is left out', async (t) => {
  const { gateway } = ModelsDev.parse(JSON.parse(fileOf('models.dev')))
  t.strictSame(Object.keys(gateway?.models ?? {}), ['everything'])
  t.match(gateway?.models['everything'], {
    reasoning_options: [],
    cost: { input: 0.1, output: 1.25, cache_read: 0.025 },
  })
})

t.test('of a model of which nothing is known, no file says a number or a capability', async (t) => {
  const [known, unknown] = [[MODELS[0]!], [unknownModel('nothing')]]
  for (const name of CLIENT_NAMES) {
    const text = fileOf(name, unknown)
    const said = text.replaceAll(/"1\.3\.17"|"1\.0\.0"|example\.com\/v1|"schema": "v1"|schema: "v1"/g, '')
    // Codex demands two numbers of its own.
    t.notMatch(said.replaceAll(/"priority":0|"limit":10000/g, ''), /\d|null|vision|supports_(?!v|i)|image/, name)
    t.ok(fileOf(name, known).length > 50)
  }
})

t.test('a price of 0 is said, and half of a pair is not', async (t) => {
  const free = { mode: 'chat', contextLength: 10, inputCostPerToken: '0', outputCostPerToken: '0' }
  t.match(fileOf('opencode', [unknownModel('free', free)]), '"cost":{"input":0,"output":0}')
  t.match(fileOf('librechat', [unknownModel('free', free)]), '{"prompt": 0, "completion": 0, "context": 10}')
  t.match(fileOf('litellm', [unknownModel('free', free)]), /input_cost_per_token: 0\n/)
  const half = unknownModel('half', { ...free, outputCostPerToken: null })
  t.notMatch(fileOf('opencode', [half]), 'cost')
  t.match(fileOf('librechat', [half]), /tokenConfig: \{\n\n {6}\}/)
})

t.test('prices keep each digit, and YAML gets no exponent', async (t) => {
  const tiny = unknownModel('tiny', { inputCostPerToken: '0.00000000012345', outputCostPerToken: '0.0000001' })
  t.match(fileOf('litellm', [tiny]), /input_cost_per_token: 0\.00000000012345\n +output_cost_per_token: 0\.0000001\n/)
  t.strictSame(JSON.parse(fileOf('litellm-price-map', [tiny])), {
    tiny: { input_cost_per_token: 1.2345e-10, output_cost_per_token: 1e-7 },
  })
})

t.test(
  'what a read has filled in from elsewhere is no word of the provider’s: a proxy’s config leaves it out',
  async (t) => {
    const filled = unknownModel('filled', {
      mode: 'chat',
      contextLength: 1_000,
      inputCostPerToken: '0.000001',
      provenance: { mode: 'upstream', contextLength: 'pin', inputCostPerToken: 'genai-prices' },
    })
    const config = fileOf('litellm', [filled])
    t.match(config, 'max_input_tokens: 1000')
    t.notMatch(config, 'input_cost_per_token')
    t.match(fileOf('litellm-price-map', [filled]), 'input_cost_per_token')
  },
)

t.test('a model of several deployments has as many, whose rates add up', async (t) => {
  const config = fileOf('litellm', [unknownModel('three', { deployments: 3, rpm: 10 })])
  t.strictSame(
    [...config.matchAll(/rpm: (\d+)/g)].map(([, rpm]) => Number(rpm)),
    [4, 3, 3],
  )
  t.strictSame(
    [...config.matchAll(/ id: "(.+)"/g)].map(([, id]) => id),
    [1, 2, 3].map((n) => `three@gateway#${n}`),
  )
})

t.test('a catalogue without a model', async (t) => {
  for (const name of ['litellm-price-map', 'opencode', 'models.dev', 'codex'] as const)
    t.doesNotThrow(() => JSON.parse(fileOf(name, [])), name)
  t.equal(fileOf('litellm', []), 'model_list: []\n')
  t.equal(fileOf('llm', []), '[]\n')
  t.match(fileOf('continue', []), 'models: []')
  t.match(fileOf('librechat', []), 'custom: []')
})

t.test('LiteLLM’s names of prices are read and written alike', async (t) => {
  for (const member of [
    'input_cost_per_audio_token',
    'input_cost_per_token_above_200k_tokens',
    'input_cost_per_token_above_128k_tokens_priority',
    'output_cost_per_reasoning_token',
    'cache_read_input_audio_token_cost',
    'cache_creation_input_token_cost_above_1hr',
    'cache_read_input_token_cost_above_200k_tokens',
    'input_cost_per_image',
    'input_cost_per_image_token',
    'output_cost_per_image_token_batches',
    'input_cost_per_audio_per_second',
    'output_cost_per_second_1080p',
    'input_cost_per_pixel',
    'ocr_cost_per_page',
    'code_interpreter_cost_per_session',
    'file_search_cost_per_1k_calls',
    'file_search_cost_per_gb_per_day',
    'citation_cost_per_token',
  ]) {
    const name = readLitellmPrice(member)
    t.equal(name === null ? null : litellmPriceMember(name), member)
  }
  t.equal(litellmPriceMember({ kind: 'made up', unit: 'token' }), null, 'LiteLLM has no name for it')
})
