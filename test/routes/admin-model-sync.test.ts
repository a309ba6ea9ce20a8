/** /admin/model-sync, as its older clients know it. */
import t from 'tap'
import { sources } from '../../src/sources/all-sources.js'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost, type TestHost } from '../support/host.js'
import { manyRows } from '../support/litellm-rows.js'
import { json, loopback } from '../support/loopback.js'

interface Reply {
  success: boolean
  message: string
  details: Record<string, unknown> & { errors: { provider: string; error: string }[] }
  result: { dryRun: boolean; trigger: string; plan?: unknown }
}

t.test('all of them, with those that have no key', async (t) => {
  const nothing = await loopback(t, (_request, response) => void response.writeHead(404).end())
  const found = await loopback(t, (_request, response) => json(response, { object: 'list', data: [{ id: 'a/b' }] }))
  const asked = sources.filter(({ key, baseUrl }) => !key.required && baseUrl !== null).map(({ slug }) => slug)
  const settings = {
    providerOptions: {
      ...Object.fromEntries(asked.map((slug) => [slug, { baseUrl: nothing.url }])),
      vllm: { baseUrl: found.url },
      groq: { apiKey: 'a-key', baseUrl: found.url },
    },
  }
  const start = async (providers?: string[]) =>
    startHost(t, await createPostgresDatabase(t), {
      settings: { ...settings, ...(providers === undefined ? {} : { providers }) },
    })
  const all = async (host: TestHost) =>
    (await host.request<Reply>({ method: 'POST', url: '/admin/model-sync/all' })).body

  await t.test('without MODEL_SYNC_PROVIDERS, and with all in it', async (t) => {
    for (const host of [await start(), await start(['all'])]) {
      const { success, message, details } = await all(host)
      t.equal(success, true, 'a missing key is no failure of the others')
      const errors = details.errors.filter(({ error }) => error === 'API key not configured')
      t.ok(errors.some(({ provider }) => provider === 'openai'))
      t.notOk(
        errors.some(({ provider }) => provider === 'groq'),
        'its key is set',
      )
      t.notOk(
        errors.some(({ provider }) => provider === 'azure'),
        'what has no address either is not used here',
      )
      const [, processed, successes] = /^Processed (\d+) providers\. Success: (\d+), Errors: \d+\./.exec(message) ?? []
      t.equal(Number(processed), details['providers_processed'])
      t.equal(Number(processed), Number(successes) + details.errors.length)
    }
  })

  await t.test('MODEL_SYNC_PROVIDERS with names', async (t) => {
    const { details } = await all(await start(['vllm', 'openai']))
    t.equal(details['providers_processed'], 2)
    t.strictSame(details.errors, [{ provider: 'openai', error: 'API key not configured' }])
  })
})

t.test('the routes, flags and members', async (t) => {
  const vllm = await loopback(t, (_request, response) =>
    json(response, {
      object: 'list',
      data: [{ id: 'Qwen/Qwen3-8B', object: 'model', created: 1, owned_by: 'vllm', max_model_len: 40960 }],
    }),
  )
  const host = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: [...manyRows(5, { seed: 3 })] },
    settings: { providerOptions: { vllm: { baseUrl: vllm.url } } },
  })
  const post = (url: string) => host.request<Reply>({ method: 'POST', url })

  await t.test('GET /providers', async (t) => {
    const { body } = await host.get<{ providers: string[]; count: number }>('/admin/model-sync/providers')
    t.equal(body.count, body.providers.length)
    for (const slug of ['litellm', 'openrouter', 'deepinfra', 'morpheus']) t.ok(body.providers.includes(slug), slug)
  })

  await t.test('a dry run of one provider writes nothing', async (t) => {
    const { body } = await post('/admin/model-sync/provider/vllm?dry_run=true')
    t.match(body, {
      success: true,
      details: { provider: 'vllm', provider_id: null, models_fetched: 1, models_synced: 0 },
    })
    t.equal(body.result.dryRun, true)
    t.ok(body.result.plan)
    t.equal((await host.models()).size, 0)
  })

  await t.test('one provider', async (t) => {
    const { body } = await post('/admin/model-sync/provider/vllm')
    t.match(body, {
      success: true,
      message: 'Synced 1 models from vllm. Fetched: 1, Transformed: 1, Skipped: 0',
      details: { provider: 'vllm', models_fetched: 1, models_transformed: 1, models_skipped: 0, models_synced: 1 },
    })
    t.type(body.details['provider_id'], 'number')
    for (const url of ['provider/nobody', 'all?providers=vllm&providers=nobody']) {
      const unknown = await post(`/admin/model-sync/${url}`)
      t.equal(unknown.status, 404, url)
      t.match(unknown.body.message, /litellm, openrouter, /, 'with those there are')
    }
    t.equal((await post('/admin/model-sync/provider/vllm?dryrun=true')).status, 400, 'a misspelled flag does not sync')
  })

  await t.test('several providers, of which one has no key and one fails', async (t) => {
    host.litellm.setFault('/model/info', { kind: 'status', status: 500 })
    const { body } = await post('/admin/model-sync/all?providers=vllm&providers=openai&providers=litellm')
    host.litellm.setFault('/model/info', null)
    t.equal(body.success, true, 'any success is one')
    t.match(body.details, { providers_processed: 3, total_models_fetched: 1, total_models_synced: 1 })
    t.strictSame(body.details.errors.map(({ provider }) => provider).sort(), ['litellm', 'openai'])
    t.equal(body.details.errors.find(({ provider }) => provider === 'openai')?.error, 'API key not configured')
    t.match(body.message, /^Processed 3 providers\. Success: 1, Errors: 2\. Total synced: 1 models$/)
  })

  await t.test('all that can be asked: those with an address or a key of their own', async (t) => {
    const { all: allProviders } = host.app.modelSync.providers
    t.ok(allProviders.includes('vllm') && allProviders.includes('litellm') && allProviders.includes('openrouter'))
    t.notOk(allProviders.includes('openai') || allProviders.includes('ollama'))
  })

  await t.test('synced are the fetched models that agree with the catalogue, whatever is held', async (t) => {
    await post('/admin/model-sync/provider/litellm')
    const [first, ...others] = manyRows(5, { seed: 3 })
    const litellm = host.litellm.models
    const dearer = structuredClone(first!)
    dearer.model_info.input_cost_per_token = 0.5
    litellm.splice(0, Infinity, dearer, ...others)
    const jump = await post('/admin/model-sync/provider/litellm')
    t.match(jump.body, { success: false, details: { models_fetched: 5, models_synced: 4 } })
    litellm.splice(0, Infinity, ...others.slice(0, 1))
    const removal = await post('/admin/model-sync/provider/litellm')
    t.match(removal.body, { success: false, details: { models_fetched: 1, models_synced: 1 } })
    litellm.splice(0, Infinity, first!, ...others)
  })

  await t.test('one that is switched off says so to whoever names it', async (t) => {
    const set = (enabled: boolean) => host.request({ method: 'PATCH', url: '/providers/vllm', payload: { enabled } })
    await set(false)
    const { body } = await post('/admin/model-sync/provider/vllm')
    t.match(body, { success: false, details: { errors: [{ provider: 'vllm', error: /^it is disabled; PATCH / }] } })
    await set(true)
  })

  await t.test('GET /status', async (t) => {
    await host.sync()
    const { body } = await host.get<Record<string, Record<string, unknown>>>('/admin/model-sync/status')
    t.match(body['providers'], {
      in_database: 2,
      with_fetch_functions: sources.length,
      fetchable_in_db: 2,
      fetchable_not_in_db: sources.length - 2,
      stats: { total: 2, active: 2, healthy: 2 },
    })
    t.match(body['models'], { stats: { total: 6, active: 6 } })
  })

  await t.test('all of it is behind the host’s authorize hooks', async (t) => {
    const closed = await startHost(t, await createPostgresDatabase(t), {
      settings: {
        allowUnauthenticated: false,
        authorize: (_request, reply) => void reply.code(401).send({ message: 'no' }),
      },
    })
    for (const url of ['providers', 'status']) t.equal((await closed.get(`/admin/model-sync/${url}`)).status, 401)
    for (const url of ['provider/vllm', 'all'])
      t.equal((await closed.request({ method: 'POST', url: `/admin/model-sync/${url}` })).status, 401)
  })
})
