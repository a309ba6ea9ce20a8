/** Three price books beside each seller's own word: what they fill, whom they doubt, and what becomes of a book that is away, hostile or wrong. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Discrepancy } from '../../../src/core/prices/discrepancy.js'
import type { ModelRecord } from '../../../src/core/model/model-record.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'
import { json, loopback } from '../../support/loopback.js'

const bare = (model_name: string, litellm_provider: string, info: object = {}) =>
  modelRow({
    model_name,
    model_info: {
      ...{ max_tokens: null, max_input_tokens: null, max_output_tokens: null, mode: 'chat', litellm_provider },
      ...{ input_cost_per_token: null, output_cost_per_token: null, ...info },
    },
  })
const models = () => [
  bare('nebius/Qwen/QwQ-32B', 'nebius'),
  bare('azure_ai/gpt-oss-120b', 'azure_ai'),
  bare('gpt-5-chat-latest', 'openai'),
  bare('deepinfra/acme/thinker', 'deepinfra', { input_cost_per_token: 0.003, output_cost_per_token: 4e-7 }),
  bare('groq/acme/thinker', 'groq', { input_cost_per_token: 2e-6, max_input_tokens: 128000 }),
]
const stated = { mode: 'chat', output_cost_per_token: 4e-7, supports_function_calling: true }
const MAP = {
  sample_spec: { litellm_provider: 'one of https://docs.litellm.ai/docs/providers', input_cost_per_token: 0 },
  'bedrock/claude-latest': { alias_of: 'x' },
  'nebius/Qwen/QwQ-32B': {
    ...stated,
    litellm_provider: 'nebius',
    max_input_tokens: 32768,
    input_cost_per_token: 1.5e-7,
  },
  'azure_ai/gpt-oss-120b': { litellm_provider: 'azure_ai', input_cost_per_token: 1.5e-7, output_cost_per_token: 6e-7 },
  'gpt-5-chat-latest': { litellm_provider: 'openai', max_input_tokens: 128000, supports_vision: false },
  'deepinfra/acme/thinker': { ...stated, litellm_provider: 'deepinfra', input_cost_per_token: 3e-6 },
  'groq/acme/thinker': { litellm_provider: 'groq', input_cost_per_token: 2e-6, max_input_tokens: 32768 },
}
const database = await createPostgresDatabase(t)

/** The first read asks, and shows what was there. */
async function readBooks(host: TestHost): Promise<void> {
  await host.get('/models')
  for (let left = 100; host.litellm.bookRequests.length === 0 && left > 0; left--) await sleep(20)
  await sleep(100)
}

const one = async (host: TestHost, name: string): Promise<ModelRecord> =>
  (await host.get<ModelRecord>(`/models/litellm/${name}`)).body
const discrepancies = async (host: TestHost): Promise<Discrepancy[]> =>
  (await host.get<{ discrepancies: Discrepancy[] }>('/models/discrepancies')).body.discrepancies

t.test('the proxy’s own map of prices fills gaps and doubts what is stated', async (t) => {
  const host = await startHost(t, database, { litellm: { models: models() } })
  host.litellm.setCostMap(MAP)
  await host.sync()
  await readBooks(host)
  const asked = host.litellm.bookRequests
  t.match(asked, [{ url: '/public/litellm_model_cost_map?catalog_only=true' }])
  t.equal(asked[0]?.headers.authorization, `Bearer ${host.litellm.key}`)

  t.match(await one(host, 'nebius/Qwen/QwQ-32B'), {
    contextLength: 32_768,
    inputCostPerToken: '0.00000015',
    outputCostPerToken: '0.0000004',
    capabilities: { functionCalling: true },
    provenance: { contextLength: 'price-book:litellm', inputCostPerToken: 'price-book:litellm' },
    estimated: [],
    doubts: [],
  })
  t.match(await one(host, 'azure_ai/gpt-oss-120b'), {
    inputCostPerToken: '0.00000015',
    outputCostPerToken: '0.0000006',
  })
  t.match(await one(host, 'gpt-5-chat-latest'), {
    contextLength: 128_000,
    inputCostPerToken: '0.00000125',
    capabilities: { vision: null },
    provenance: { contextLength: 'price-book:litellm', inputCostPerToken: 'price-book' },
  })
  t.match(await discrepancies(host), [
    {
      modelId: 'litellm/deepinfra/acme/thinker',
      field: 'inputCostPerToken',
      upstream: '0.003',
      cause: 'unit',
      against: [{ book: 'litellm', value: '0.000003', date: new Date().toISOString().slice(0, 10) }],
    },
    { modelId: 'litellm/groq/acme/thinker', field: 'contextLength', upstream: 128_000, book: 32_768 },
  ])
  t.match(await one(host, 'deepinfra/acme/thinker'), {
    inputCostPerToken: '0.003',
    provenance: { inputCostPerToken: 'upstream' },
  })
  const { rows } = await host.pool.query('SELECT 1 FROM model_sync.models WHERE input_cost_per_token = 0.00000015')
  t.strictSame(rows, [], 'nothing of it is stored')
  await host.get('/models')
  t.equal(host.litellm.bookRequests.length, 1, 'once a day')
})

t.test('a map that is away or hostile changes nothing, and no sync fails by it', async (t) => {
  const bombs: [string, object][] = [
    ['no map', { data: [] }],
    ['a list', [1, 2]],
    [
      'junk',
      {
        'nebius/Qwen/QwQ-32B': {
          litellm_provider: 'nebius',
          input_cost_per_token: -1,
          max_input_tokens: '1e99',
          mode: {},
        },
      },
    ],
    [
      'names of our own',
      {
        __proto__: 1,
        constructor: { litellm_provider: 'constructor' },
        toString: { litellm_provider: 'openai', input_cost_per_token: { a: [] } },
      },
    ],
  ]
  const host = await startHost(t, database, { litellm: { models: models() } })
  await host.sync()
  await readBooks(host)
  t.equal(host.litellm.bookRequests.length, 1, 'an older proxy has none')
  const before = await one(host, 'nebius/Qwen/QwQ-32B')
  t.match(before, { contextLength: null, inputCostPerToken: null })
  for (const [what, map] of bombs) {
    const other = await startHost(t, database, { litellm: { models: models() } })
    other.litellm.setCostMap(map)
    t.strictSame((await other.sync({ forceUpdate: true })).errors, [], what)
    await readBooks(other)
    const {
      updatedAt: _,
      lastSeenAt: __,
      changes: ___,
      ...after
    } = (await one(other, 'nebius/Qwen/QwQ-32B')) as ModelRecord & { changes: unknown }
    t.match(before, after, what)
  }
  for (const kind of ['hang', 'html', 'truncate', 'not-loaded', 'large'] as const) {
    const other = await startHost(t, database, {
      litellm: { models: models() },
      settings: { maxBodyBytes: 1_000_000, timeoutMs: 1000 },
    })
    other.litellm.setCostMap(MAP)
    other.litellm.setFault('/public/litellm_model_cost_map', kind === 'large' ? { kind, megabytes: 2 } : { kind })
    t.strictSame((await other.sync()).errors, [], kind)
    await readBooks(other)
    t.match(await one(other, 'nebius/Qwen/QwQ-32B'), { inputCostPerToken: null }, kind)
    t.strictSame(other.log.messages(40), [], kind)
    t.notOk(other.log.text().includes(other.litellm.key), kind)
  }
})

t.test('models.dev, where it is asked for', async (t) => {
  const cost = { input: 0.15, output: 0.45, cache_read: 0.02 }
  const qwq = {
    id: 'Qwen/QwQ-32B',
    name: 'QwQ',
    tool_call: true,
    reasoning: false,
    cost,
    limit: { context: 32_768, output: 8192 },
  }
  const api = {
    nebius: { id: 'nebius', models: { 'Qwen/QwQ-32B': { ...qwq, modalities: { input: ['text'], output: ['text'] } } } },
    'github-models': { id: 'github-models', models: { 'openai/gpt-5': { cost: { input: 0, output: 0 } } } },
  }
  const server = await loopback(t, (request, response) => json(response, request.url === '/api.json' ? api : {}, 200))
  const settings = { modelsDevUrl: `${server.url}/api.json` }
  const host = await startHost(t, database, { litellm: { models: models() }, settings })
  await host.sync()
  await readBooks(host)
  t.match(await one(host, 'nebius/Qwen/QwQ-32B'), {
    inputCostPerToken: '0.00000015',
    cacheReadCostPerToken: '0.00000002',
    contextLength: 32_768,
    maxOutputTokens: 8192,
    capabilities: { functionCalling: true, reasoning: null },
    provenance: { inputCostPerToken: 'price-book:models-dev' },
  })
  t.equal(server.requests[0]?.headers.authorization, undefined, 'nobody’s key goes there')

  host.litellm.setCostMap(MAP)
  const both = await startHost(t, database, { litellm: host.litellm, settings })
  await readBooks(both)
  t.match(await one(both, 'nebius/Qwen/QwQ-32B'), {
    outputCostPerToken: '0.0000004',
    provenance: { outputCostPerToken: 'price-book:litellm' },
    doubts: [{ field: 'outputCostPerToken', against: [{ book: 'models-dev', value: '0.00000045' }] }],
  })
})

t.test('without price books nobody is asked', async (t) => {
  const host = await startHost(t, database, { litellm: { models: models() }, settings: { priceBook: false } })
  host.litellm.setCostMap(MAP)
  await host.sync()
  await host.get('/models')
  await sleep(100)
  t.equal(host.litellm.bookRequests.length, 0)
})
