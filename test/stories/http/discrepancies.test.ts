/** What reads show beyond upstream's word: filled fields with their provenance, offers side by side, disagreements with the book. */
import t from 'tap'
import type { Discrepancy } from '../../../src/core/prices/discrepancy.js'
import type { ModelRecord } from '../../../src/core/model/model-record.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'
import { json, loopback } from '../../support/loopback.js'

interface Page {
  models: ModelRecord[]
  nextCursor: string | null
  total: number
}

const text = { input_modalities: ['text'], output_modalities: ['text'] }
const resold = (id: string, prompt: string, completion: string, context_length: number): object => ({
  ...{ id, name: id, created: 1_772_323_200, architecture: text, pricing: { prompt, completion }, context_length },
  top_provider: { max_completion_tokens: 4096 },
})
const openrouterModels = [
  resold('openai/gpt-4-turbo', '0.000012', '0.00003', 128_000),
  resold('openai/gpt-4-turbo:free', '0', '0', 128_000),
  resold('openai/gpt-8', '0.000002', '0.000004', 99_000),
]
const upstream = await loopback(t, (request, response) =>
  json(
    response,
    request.url?.startsWith('/api/v1/models') === true
      ? { data: openrouterModels }
      : {
          object: 'list',
          data: ['gpt-4-turbo', 'gpt-8', 'gpt-4o-2024-05-13'].map((id) => ({
            ...{ id, object: 'model', created: 1_700_000_000, owned_by: 'system' },
          })),
        },
  ),
)
const unknown = {
  ...{ max_tokens: null, max_input_tokens: null, max_output_tokens: null, mode: 'chat' },
  ...{ input_cost_per_token: null, output_cost_per_token: null },
}
const settings = {
  providers: ['litellm', 'openai', 'openrouter'],
  providerOptions: {
    openai: { baseUrl: upstream.url, apiKey: 'sk-test-key-of-openai' },
    openrouter: { baseUrl: upstream.url },
  },
}
const database = await createPostgresDatabase(t)
const host = await startHost(t, database, {
  settings,
  litellm: {
    models: [
      modelRow({ model_name: 'gpt-4-turbo', model_info: { ...unknown, litellm_provider: 'openai' } }),
      modelRow({ model_name: 'gpt-4-turbo-of-ours', model_info: { ...unknown, litellm_provider: 'openai' } }),
      modelRow({
        model_name: 'openai/gpt-4o-2024-05-13',
        model_info: {
          ...{ litellm_provider: 'openai', mode: 'chat', max_input_tokens: 128_000 },
          ...{ input_cost_per_token: 0.00000502, output_cost_per_token: 0.00003 },
        },
      }),
    ],
  },
})
const first = await host.sync()
t.strictSame(first.errors, [])

const one = async (id: string): Promise<ModelRecord> => (await host.get<ModelRecord>(`/models/${id}`)).body
const group = async (name: string, more = ''): Promise<Page> =>
  (await host.get<Page>(`/models?canonicalName=${encodeURIComponent(name)}${more}`)).body
const idsOf = (page: Page): string[] => page.models.map(({ id }) => id)

t.test('an entry that is an id only is filled, and says from where', async (t) => {
  const model = await one('openai/gpt-4-turbo')
  t.match(model, {
    canonicalName: 'openai/gpt-4-turbo',
    inputCostPerToken: '0.00001',
    outputCostPerToken: '0.00003',
    contextLength: 128_000,
    maxOutputTokens: 4096,
    provenance: {
      inputCostPerToken: 'price-book',
      outputCostPerToken: 'price-book',
      contextLength: 'price-book',
      maxOutputTokens: 'provider:openrouter',
      name: 'upstream',
    },
    estimated: ['maxOutputTokens'],
  })
  const listed = (await host.get<Page>('/models?provider=openai')).body.models.find(({ id }) => id === model.id)
  t.match(listed, { inputCostPerToken: '0.00001', provenance: model.provenance }, 'in the list as well')
  t.match(
    await one('litellm/gpt-4-turbo'),
    { canonicalName: 'openai/gpt-4-turbo', inputCostPerToken: '0.00001' },
    'what LiteLLM passes on to OpenAI is OpenAI’s offer',
  )
  t.match(await one('litellm/gpt-4-turbo-of-ours'), { inputCostPerToken: null, contextLength: null })
})

t.test('a model that the book does not know is filled from who resells it', async (t) => {
  t.match(await one('openai/gpt-8'), {
    inputCostPerToken: '0.000002',
    contextLength: 99_000,
    provenance: { inputCostPerToken: 'provider:openrouter', contextLength: 'provider:openrouter' },
    estimated: ['contextLength', 'maxOutputTokens', 'inputCostPerToken', 'outputCostPerToken'],
  })
})

t.test('upstream’s own word wins, a pin over it, and an empty pin is not filled', async (t) => {
  t.match(await one('openrouter/openai/gpt-4-turbo'), {
    inputCostPerToken: '0.000012',
    provenance: { inputCostPerToken: 'upstream' },
  })
  const payload = { inputCostPerToken: '0.5', contextLength: null }
  await host.request({ method: 'PATCH', url: '/models/openai/gpt-4-turbo', payload })
  t.match(await one('openai/gpt-4-turbo'), {
    inputCostPerToken: '0.5',
    contextLength: null,
    provenance: { inputCostPerToken: 'pin', contextLength: 'pin' },
  })
  const unpin = { unpin: ['inputCostPerToken', 'contextLength'] }
  await host.request({ method: 'PATCH', url: '/models/openai/gpt-4-turbo', payload: unpin })
  t.match(await one('openai/gpt-4-turbo'), { inputCostPerToken: '0.00001', contextLength: 128_000 })
})

t.test('the offers of one model, the cheapest first', async (t) => {
  const page = await group('openai/gpt-4-turbo')
  t.strictSame(
    page.models.map(({ id, inputCostPerToken }) => [id, inputCostPerToken]),
    [
      ['litellm/gpt-4-turbo', '0.00001'],
      ['openai/gpt-4-turbo', '0.00001'],
      ['openrouter/openai/gpt-4-turbo', '0.000012'],
    ],
    'filled prices count; the free variant is another offer',
  )
  t.equal(page.total, 3)
  t.strictSame(idsOf(await group('openai/gpt-4-turbo', '&sort=-id')), [...idsOf(page)].reverse())
  t.strictSame(idsOf(await group('openai/gpt-4-turbo', '&provider=openai')), ['openai/gpt-4-turbo'])
  t.match(await group('openai/nothing'), { models: [], total: 0, nextCursor: null })

  const [start, cursors]: [string[], string[]] = [[], []]
  for (let cursor: string | null = ''; cursor !== null;) {
    const next: Page = await group('openai/gpt-4-turbo', `&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
    start.push(...idsOf(next))
    cursor = next.nextCursor
    if (cursor !== null) cursors.push(cursor)
  }
  t.strictSame(start, idsOf(page), 'page by page')
  t.equal((await host.get(`/models?cursor=${cursors[0]}`)).status, 400, 'a cursor of this list belongs to no other')
})

t.test('disagreements of more than 1 %', async (t) => {
  const { body } = await host.get<{ discrepancies: Discrepancy[] }>('/models/discrepancies')
  t.match(body.discrepancies, [
    {
      modelId: 'litellm/openai/gpt-4o-2024-05-13',
      field: 'outputCostPerToken',
      upstream: '0.00003',
      book: '0.000015',
      percent: 100,
      cause: 'disagreement',
      against: [{ book: 'genai-prices', value: '0.000015', date: /^2026-\d\d-\d\d$/ }],
    },
    {
      modelId: 'openrouter/openai/gpt-4-turbo',
      field: 'inputCostPerToken',
      upstream: '0.000012',
      book: '0.00001',
      percent: 20,
      cause: 'disagreement',
    },
  ])
  t.equal(body.discrepancies.length, 2)
})

t.test('the model itself shows the doubt, and a filter finds it', async (t) => {
  const doubt = {
    field: 'inputCostPerToken',
    value: '0.000012',
    against: [{ book: 'genai-prices', value: '0.00001' }],
    reason: 'disagreement',
  }
  t.match((await one('openrouter/openai/gpt-4-turbo')).doubts, [doubt])
  t.strictSame((await one('openai/gpt-4-turbo')).doubts, [], 'what the book itself has filled')
  const ids = idsOf((await host.get<Page>('/models?doubtful=true')).body)
  t.strictSame(ids, ['litellm/openai/gpt-4o-2024-05-13', 'openrouter/openai/gpt-4-turbo'])
  t.strictSame(idsOf((await host.get<Page>('/models?doubtful=true&provider=openrouter')).body), ids.slice(1))
  t.strictSame(idsOf(await group('openai/gpt-4-turbo', '&doubtful=true')), ids.slice(1))
  t.equal((await host.get<Page>('/models?doubtful=false')).body.total, (await host.get<Page>('/models')).body.total)

  await host.request({ method: 'PATCH', url: `/models/${ids[1]}`, payload: { inputCostPerToken: '0.000012' } })
  t.strictSame((await one(ids[1]!)).doubts, [], 'a person says that it is so')
  t.strictSame(idsOf((await host.get<Page>('/models?doubtful=true')).body), ids.slice(0, 1))
  await host.request({ method: 'PATCH', url: `/models/${ids[1]}`, payload: { unpin: ['inputCostPerToken'] } })
})

t.test('page by page, and looked for once in a revision', async (t) => {
  interface Page {
    discrepancies: Discrepancy[]
    nextCursor: string | null
  }
  const { body: first } = await host.get<Page>('/models/discrepancies?limit=1')
  t.equal(first.discrepancies[0]?.modelId, 'litellm/openai/gpt-4o-2024-05-13')
  const { body: second } = await host.get<Page>(`/models/discrepancies?limit=1&cursor=${first.nextCursor}`)
  t.match(second, { discrepancies: [{ modelId: 'openrouter/openai/gpt-4-turbo' }], nextCursor: null })
  t.equal((await host.get('/models/discrepancies?cursor=WzFd')).status, 400)

  // The revision alone says that something has changed.
  const prices = (price: string) =>
    host.pool.query(
      `UPDATE model_sync.models SET upstream = jsonb_set(upstream, '{inputCostPerToken}', to_jsonb($1::text)), input_cost_per_token = $1::numeric
      WHERE provider_model_id = 'openai/gpt-4-turbo'`,
      [price],
    )
  await prices('0.00002')
  t.match((await host.get<Page>('/models/discrepancies')).body.discrepancies, [{}, { percent: 20 }])
  await host.pool.query('UPDATE model_sync.catalogue SET revision = revision + 1')
  t.match((await host.get<Page>('/models/discrepancies')).body.discrepancies, [{}, { percent: 100 }])
  await prices('0.000012')
  await host.pool.query('UPDATE model_sync.catalogue SET revision = revision + 1')
})

t.test('nothing of it is stored or planned, and the next sync follows', async (t) => {
  const { rows } = await host.pool.query(
    `SELECT count(*)::integer AS filled FROM model_sync.models
    WHERE provider_model_id = 'gpt-4-turbo' AND (input_cost_per_token IS NOT NULL OR context_length IS NOT NULL)`,
  )
  t.strictSame(rows, [{ filled: 0 }])
  const again = await host.sync({ forceUpdate: true })
  t.equal(again.updatedModels, 0)
  openrouterModels.pop()
  await host.sync()
  t.match(await one('openai/gpt-8'), { inputCostPerToken: null, contextLength: null }, 'nobody lists it any more')
  t.strictSame(
    idsOf(await group('openai/gpt-8')),
    ['openai/gpt-8', 'openrouter/openai/gpt-8'],
    'the last is unavailable',
  )
})

t.test('without the price book', async (t) => {
  const off = await startHost(t, database, { settings: { ...settings, priceBook: false } })
  t.match((await off.get('/models/openai/gpt-4o-2024-05-13')).body, { inputCostPerToken: '0.00000502' })
  t.match((await off.get('/models/openai/gpt-4-turbo')).body, {
    inputCostPerToken: '0.000012',
    provenance: { inputCostPerToken: 'provider:openrouter' },
  })
  t.strictSame((await off.get('/models/discrepancies')).body, { discrepancies: [], nextCursor: null })
  t.strictSame(off.log.messages(40), [])
})

t.test('the ETag holds as long as the catalogue and the book say the same', async (t) => {
  const etag = String((await host.get('/models')).headers['etag'])
  t.match(etag, /^W\/"\d+-[0-9a-f]{12}"$/)
  t.equal((await host.get('/models', { 'if-none-match': etag })).status, 304)
  const otherBook = etag.replace(/-[0-9a-f]{12}/, '-000000000000')
  t.equal((await host.get('/models', { 'if-none-match': otherBook })).status, 200, 'another book fills other prices')
})
