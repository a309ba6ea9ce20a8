/** OpenAI's list of models, asked by OpenAI's own client. */
import OpenAI, { NotFoundError } from 'openai'
import t, { type Test } from 'tap'
import type { ModelSyncOptions } from '../../src/plugin.js'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost, type TestHost } from '../support/host.js'
import { json, loopback } from '../support/loopback.js'
import { modelRow } from '../support/loopback-litellm.js'

const ROWS = [
  modelRow({
    model_name: 'gpt-4o',
    model_info: {
      mode: 'chat',
      max_input_tokens: 128_000,
      max_output_tokens: 16_384,
      input_cost_per_token: 2.5e-6,
      output_cost_per_token: 0,
      cache_read_input_token_cost: null,
    },
  }),
  modelRow({ model_name: 'openai/gpt-4o', model_info: { input_cost_per_token: 1e-6 } }),
  modelRow({ model_name: 'a b/ü?#1' }),
  modelRow({
    model_name: 'house-model',
    litellm_params: { model: 'custom/house-model' },
    model_info: {
      mode: null,
      max_tokens: null,
      max_input_tokens: null,
      max_output_tokens: null,
      input_cost_per_token: null,
      output_cost_per_token: null,
    },
  }),
]

async function start(t: Test, settings: Partial<ModelSyncOptions> = {}): Promise<{ host: TestHost; openai: OpenAI }> {
  const host = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: structuredClone(ROWS) },
    settings: { prefix: '/api', ...settings },
  })
  await host.sync()
  const url = await host.app.listen({ host: '127.0.0.1', port: 0 })
  return { host, openai: new OpenAI({ baseURL: `${url}/api/v1`, apiKey: 'none', maxRetries: 0 }) }
}

async function ids(openai: OpenAI): Promise<string[]> {
  const found = []
  for await (const { id } of openai.models.list()) found.push(id)
  return found
}

t.test('our ids: what is listed can be retrieved, beside the ids that the proxy knows', async (t) => {
  const { host, openai } = await start(t)
  const listed = await ids(openai)
  t.strictSame(listed, ['litellm/a b/ü?#1', 'litellm/gpt-4o', 'litellm/house-model', 'litellm/openai/gpt-4o'])
  for (const id of listed) t.equal((await openai.models.retrieve(id)).id, id)
  for (const [asked, found] of [
    ['gpt-4o', 'litellm/gpt-4o'],
    ['openai/gpt-4o', 'litellm/openai/gpt-4o'],
    ['a b/ü?#1', 'litellm/a b/ü?#1'],
  ] as const)
    t.equal((await openai.models.retrieve(asked)).id, found, asked)

  t.strictSame(
    await openai.models
      .retrieve('litellm/gpt-4o')
      .then(({ created, ...entry }) => ({ ...entry, created: typeof created })),
    {
      id: 'litellm/gpt-4o',
      object: 'model',
      created: 'number',
      owned_by: 'openai',
      context_length: 128_000,
      max_output_tokens: 16_384,
      mode: 'chat',
      pricing: { prompt: '0.0000025', completion: '0', input_cache_read: null, input_cache_write: null },
    } as never,
  )
  const { body } = await host.get<{ data: { id: string; mode: string | null; context_length: number | null }[] }>(
    '/v1/models',
  )
  for (const entry of body.data)
    t.strictSame(entry as unknown, await openai.models.retrieve(entry.id), `${entry.id} is listed as it is retrieved`)
  t.match(
    body.data.find(({ id }) => id === 'litellm/house-model'),
    { context_length: null, pricing: null, mode: 'chat' },
  )
})

t.test('ids that the proxy knows: listed once each, retrieved by both', async (t) => {
  const other = await loopback(t, (_request, response) =>
    json(response, { data: [{ id: 'gpt-4o' }, { id: 'only-here' }] }),
  )
  const { host, openai } = await start(t, {
    openaiIds: 'provider',
    providers: ['litellm', 'box'],
    openaiCompatible: [{ slug: 'box', url: `${other.url}/v1` }],
  })
  t.strictSame(await ids(openai), ['a b/ü?#1', 'gpt-4o', 'house-model', 'only-here', 'openai/gpt-4o'])
  t.equal((await openai.models.retrieve('gpt-4o')).owned_by, 'openai', 'the first provider’s')
  t.equal((await openai.models.retrieve('box/gpt-4o')).id, 'gpt-4o')
  t.equal((await openai.models.retrieve('litellm/openai/gpt-4o')).id, 'openai/gpt-4o')
  const { status } = await host.request({ method: 'PATCH', url: '/api/providers/box', payload: { priority: 1 } })
  t.equal(status, 200)
  t.equal((await openai.models.retrieve('gpt-4o')).owned_by, 'box', 'whose priority is higher now')
  const { body } = await host.get<{ data: { id: string; owned_by: string }[] }>('/v1/models')
  t.equal(body.data.find(({ id }) => id === 'gpt-4o')?.owned_by, 'box')
})

t.test('an id that nobody has is NotFoundError, and so is a hidden model', async (t) => {
  const { host, openai } = await start(t)
  await host.request({ method: 'PATCH', url: '/api/models/litellm/gpt-4o', payload: { hidden: true } })
  for (const id of ['nobody', 'litellm/nobody', 'litellm/gpt-4o']) {
    const error = await openai.models.retrieve(id).catch((error: unknown) => error)
    t.ok(error instanceof NotFoundError, id)
    t.match(error, { status: 404, type: 'invalid_request_error', code: 'model_not_found', param: 'model' })
    t.match((error as Error).message, 'GET /v1/models lists them')
  }
})

t.test('errors of ours have OpenAI’s shape on these routes alone; what a host throws is the host’s', async (t) => {
  const refuse = (statusCode: number) => async () => {
    throw Object.assign(new Error('no key'), { statusCode, code: 'FST_MODEL_SYNC_UNAUTHORIZED' })
  }
  const { host, openai } = await start(t)
  const refused = await openai.models.retrieve('\u0000').catch((error: unknown) => error)
  t.match(refused, { status: 400, type: 'invalid_request_error' })
  t.match((await host.get('/models/nobody')).body, { statusCode: 404, code: 'FST_MODEL_SYNC_NOT_FOUND' })
  for (const [statusCode, type] of [
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [429, 'rate_limit_error'],
    [503, 'server_error'],
  ] as const) {
    const closed = await startHost(t, await createPostgresDatabase(t), {
      settings: { authorizeRead: refuse(statusCode) },
    })
    for (const url of ['/v1/models', '/v1/models/x'])
      t.match(await closed.get(url), {
        status: statusCode,
        body: { error: { message: 'no key', type, code: 'FST_MODEL_SYNC_UNAUTHORIZED' } },
      })
  }
  const own = await startHost(t, await createPostgresDatabase(t), {
    settings: {
      authorizeRead: async () => {
        throw Object.assign(new Error('mine'), { statusCode: 418, code: 'MINE' })
      },
    },
  })
  t.match(await own.get('/v1/models'), { status: 418, body: { code: 'MINE', message: 'mine' } })
})

t.test('a slash at the end', async (t) => {
  const { host } = await start(t)
  const list = await host.get<{ data: unknown[] }>('/v1/models')
  const slash = await host.get<{ data: unknown[] }>('/v1/models/')
  t.strictSame([slash.status, slash.body], [200, list.body])
  t.equal(slash.headers['etag'], list.headers['etag'])
  t.equal((await host.get('/v1/models/', { 'if-none-match': String(list.headers['etag']) })).status, 304)
  t.match(await host.get('/v1/models/litellm/gpt-4o/'), { status: 200, body: { id: 'litellm/gpt-4o' } })
})

t.test('the list is written once for a revision and a price book', async (t) => {
  const { host } = await start(t)
  const first = await host.get<{ data: { id: string; max_output_tokens: number }[] }>('/v1/models')
  const etag = String(first.headers['etag'])
  t.equal((await host.get('/v1/models', { 'if-none-match': etag })).status, 304)
  host.litellm.models[0]!.model_info['max_output_tokens'] = 77
  await host.sync()
  const next = await host.get<{ data: { id: string; max_output_tokens: number }[] }>('/v1/models', {
    'if-none-match': etag,
  })
  t.equal(next.status, 200)
  t.equal(next.body.data.find(({ id }) => id === 'litellm/gpt-4o')?.max_output_tokens, 77)
  t.not(next.headers['etag'], etag)
})
