/** Names to models over HTTP and in the process: the seeds' story on two replicas, the answers, the hook for hosts that proxy requests. */
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Resolution } from '../../src/core/names/resolution.js'
import { createPostgresDatabase, type TestDatabase } from '../support/databases.js'
import { startHost, type HostOptions, type TestHost } from '../support/host.js'
import { json, loopback, type Loopback } from '../support/loopback.js'

const VENICE = '0xb603e5c973fae19c86079a068abdc5c119c276e6117fb418a2248f6efd95612d'
const MISTRAL = '0x8e5c0229ab1dac1753b24e6614ae7c4a4896463ca4929d7601b2b241384d3bbd'
const rows = {
  mistral: { Id: MISTRAL, Name: 'mistral-31-24b', ModelType: 'LLM', CreatedAt: 1745330395, IsDeleted: false },
  venice: { Id: VENICE, Name: 'venice-uncensored', ModelType: 'LLM', CreatedAt: 1748370689, IsDeleted: false },
  embedding: { Id: '0x34cd', Name: 'text-embedding-bge-m3', ModelType: 'EMBEDDING', CreatedAt: 1753982834 },
  old: { Id: '0x01d', Name: 'home-grown', ModelType: 'LLM', CreatedAt: 1700000000 },
}

interface Listing extends Loopback {
  models: object[]
}

async function activeModels(t: Test, ...models: object[]): Promise<Listing> {
  const server = await loopback(t, (_request, response) => json(response, { models: listing.models }))
  const listing: Listing = Object.assign(server, { models })
  return listing
}

function openHost(
  t: Test,
  database: TestDatabase,
  listing: Listing,
  more: HostOptions['settings'] = {},
): Promise<TestHost> {
  const settings = { providers: ['morpheus'], providerOptions: { morpheus: { baseUrl: listing.url } }, ...more }
  return startHost(t, database, { settings, after: addProxy })
}

/** A host that proxies requests to models, and says what it would have sent. */
function addProxy(app: TestHost['app']): void {
  app.post(
    '/api/v1/chat/completions',
    { preHandler: app.modelSync.resolveRequest({ field: 'model' }) },
    async ({ body, modelResolution }) => ({
      sent: body,
      model: modelResolution?.name,
      asked: modelResolution?.requested,
    }),
  )
}

async function chat(host: TestHost, model: unknown) {
  return host.request<{ sent: { model: string }; model: string; asked: string; code?: string }>({
    method: 'POST',
    url: '/api/v1/chat/completions',
    payload: { model, messages: [{ role: 'user', content: 'Hello' }] },
  })
}

const ask = (host: TestHost, query: string) =>
  host.get<Resolution & { code?: string; suggestions?: string[] }>(`/models/resolve?${query}`)

/** Asks again until it is so, for two seconds: another replica follows within one. */
async function eventually<T>(read: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (const started = Date.now(); ; await delay(50)) {
    const value = await read()
    if (isSo(value) || Date.now() - started > 2000) return value
  }
}

t.test('a model that the local file lacks', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-resolve-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const database = await createPostgresDatabase(t)
  const listing = await activeModels(t, rows.mistral, rows.venice)
  const files = [path.join(folder, 'one.json'), path.join(folder, 'two.json')]
  for (const file of files)
    await writeFile(
      file,
      JSON.stringify({ models: [rows.mistral, rows.old, { ...rows.mistral, Name: 'house-model' }] }),
    )
  const [one, two] = await Promise.all(
    files.map((modelsJsonPath) => openHost(t, database, listing, { modelsJsonPath })),
  )
  if (one === undefined || two === undefined) throw new Error('there are two hosts')

  for (const host of [one, two]) {
    const before = await chat(host, 'venice-uncensored')
    t.equal(before.headers['x-model-fallback'], 'mistral-31-24b', 'the answer says so')
    t.match(before.body, { sent: { model: MISTRAL }, model: 'mistral-31-24b', asked: 'venice-uncensored' })
    t.match((await ask(host, `model=${VENICE}`)).body, {
      matchedBy: 'fallback',
      fallback: true,
      name: 'mistral-31-24b',
    })
    t.equal((await ask(host, 'model=home-grown')).body.matchedBy, 'name', 'the file has this one')
  }

  t.equal((await one.sync()).success, true)
  for (const model of ['venice-uncensored', VENICE, VENICE.toUpperCase().replace('0X', '0x'), 'Venice Uncensored']) {
    const after = await chat(one, model)
    t.match(after.body, {
      sent: { model: VENICE, messages: [{ content: 'Hello' }] },
      model: 'venice-uncensored',
      asked: model,
    })
    t.notOk('x-model-fallback' in after.headers, 'by name and by id, in the process that was running all along')
    const there = await eventually(
      () => chat(two, model),
      ({ body }) => body.model === 'venice-uncensored',
    )
    t.equal(there.body.sent.model, VENICE, 'and on the other replica')
  }
  for (const host of [one, two]) {
    t.equal((await ask(host, 'model=home-grown')).body.providerModelId, rows.old.Id, 'what only the file has stays')
    t.match(
      (await ask(host, 'model=house-model')).body,
      { providerModelId: MISTRAL, matchedBy: 'alias' },
      'and its alias',
    )
  }

  listing.models = [rows.mistral]
  await one.sync()
  t.equal(
    (await ask(one, 'model=venice-uncensored')).body.fallback,
    true,
    'unavailable models never match, though the file keeps them',
  )
})

t.test('over HTTP', async (t) => {
  const database = await createPostgresDatabase(t)
  const listing = await activeModels(t, rows.mistral, rows.venice, rows.embedding)
  const host = await openHost(t, database, listing)

  const cold = await ask(host, 'model=venice-uncensored')
  t.match(cold, { status: 503, body: { code: 'FST_MODEL_SYNC_NO_MODELS', message: /no sync has brought models yet/ } })
  t.match(cold.headers['retry-after'], /^[1-9]\d*$/)
  t.match((await host.get('/models/resolver/stats')).body, { cached_models: 0, cache_expiry: null, stale: true })
  await host.sync()

  t.strictSame((await ask(host, 'model=venice%20uncensored')).body, {
    requested: 'venice uncensored',
    type: 'chat',
    id: `morpheus/${VENICE}`,
    provider: 'morpheus',
    providerModelId: VENICE,
    name: 'venice-uncensored',
    mode: 'chat',
    matchedBy: 'slug',
    fallback: false,
    alternatives: [],
    suggestions: [],
  })
  for (const query of ['', 'model=', 'model=default'])
    t.match(await ask(host, query), { status: 200, body: { name: 'mistral-31-24b', matchedBy: 'default' } })
  t.match((await ask(host, 'type=EMBEDDINGS')).body, { type: 'embedding', name: 'text-embedding-bge-m3' })
  t.match(await ask(host, 'model=text-embedding-bge-m3'), {
    status: 400,
    body: { code: 'FST_MODEL_SYNC_TYPE_MISMATCH' },
  })
  t.match(await ask(host, 'type=speech'), {
    status: 404,
    body: { code: 'FST_MODEL_SYNC_NO_FALLBACK', message: /DEFAULT_FALLBACK/ },
  })
  t.match(await ask(host, 'type=image'), {
    status: 400,
    body: { code: 'FST_MODEL_SYNC_VALIDATION', message: /expected one of chat, .*transcription, or LLM/ },
  })
  const unknown = await ask(host, 'model=venice-uncensored:web')
  t.match(unknown, { status: 200, body: { fallback: true, suggestions: [] } })
  t.equal(unknown.headers['x-model-fallback'], 'mistral-31-24b')
  t.match(await ask(host, 'model=venice-uncensored:web&suggest=true'), { body: { suggestions: ['venice-uncensored'] } })
  const strict = await ask(host, 'model=venice-uncensored:web&strict=true')
  t.match(strict, { status: 404, body: { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND', suggestions: ['venice-uncensored'] } })

  const many = (payload: object) =>
    host.request<{ results: Partial<Resolution & { code: string }>[] }>({
      method: 'POST',
      url: '/models/resolve',
      payload,
    })
  t.match((await many({ models: ['venice-uncensored', 'zz', 'text-embedding-bge-m3'], strict: true })).body.results, [
    { id: `morpheus/${VENICE}`, requested: 'venice-uncensored' },
    { requested: 'zz', code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND', statusCode: 404 },
    { requested: 'text-embedding-bge-m3', code: 'FST_MODEL_SYNC_TYPE_MISMATCH' },
  ])
  t.equal((await many({ models: Array(1000).fill('zz') })).body.results.length, 1000)
  t.equal((await many({ models: Array(1001).fill('zz') })).status, 400)

  t.match(await chat(host, 5), { status: 400, body: { code: 'FST_MODEL_SYNC_MODEL_NAME' } })
  const none = await host.request({ method: 'POST', url: '/api/v1/chat/completions' })
  t.match(none, { status: 400, body: { code: 'FST_MODEL_SYNC_MODEL_NAME' } }, 'a request without a body')

  const hide = (hidden: boolean) =>
    host.request({ method: 'PATCH', url: `/models/morpheus/${VENICE}`, payload: { hidden } })
  t.equal((await hide(true)).status, 200)
  t.equal(
    (await ask(host, 'model=venice-uncensored')).body.fallback,
    true,
    'a hidden model never matches, from the next request on',
  )
  await hide(false)
  t.equal((await ask(host, 'model=venice-uncensored')).body.fallback, false)
  t.equal(host.app.modelSync.names.resolveCached('venice-uncensored').providerModelId, VENICE)
  t.match((await host.get('/models/resolver/stats')).body, {
    cached_models: 3,
    stale: false,
    lastError: null,
    last_hash: null,
  })
  const plain = await chat(host, 'venice-uncensored')
  t.notOk('sunset' in plain.headers, 'no end is known')
  const end = (deprecationDate: string) =>
    host.request({ method: 'PATCH', url: `/models/morpheus/${VENICE}`, payload: { deprecationDate } })
  t.equal((await end('2099-12-31')).status, 200)
  t.match((await chat(host, 'venice-uncensored')).headers, {
    deprecation: '@4102358400',
    sunset: 'Thu, 31 Dec 2099 00:00:00 GMT',
  })
  const switchProvider = (enabled: boolean) =>
    host.request({ method: 'PATCH', url: '/providers/morpheus', payload: { enabled } })
  await switchProvider(false)
  t.match(await ask(host, 'model=venice-uncensored'), {
    status: 404,
    body: { code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE' },
  })
  await switchProvider(true)
  t.equal((await ask(host, 'model=venice-uncensored')).body.fallback, false)
})

t.test('several providers have the name', async (t) => {
  const database = await createPostgresDatabase(t)
  const [one, other] = [await models(t, 'same'), await models(t, 'same')]
  const openaiCompatible = [
    { slug: 'one', url: `${one.url}/v1` },
    { slug: 'other', url: `${other.url}/v1` },
  ]
  const host = await startHost(t, database, { settings: { providers: ['other', 'one'], openaiCompatible } })
  await host.sync()
  t.match(
    (await ask(host, 'model=same')).body,
    { id: 'other/same', alternatives: ['one/same'] },
    'the order of the options',
  )
  await host.request({ method: 'PATCH', url: '/providers/one', payload: { priority: 1 } })
  t.match(
    (await ask(host, 'model=same')).body,
    { id: 'one/same', alternatives: ['other/same'] },
    'the operator’s priority comes first',
  )
})

async function models(t: Test, ...ids: string[]): Promise<Loopback> {
  return loopback(t, (_request, response) =>
    json(response, { object: 'list', data: ids.map((id) => ({ id, object: 'model' })) }),
  )
}

t.test('an unknown model has its providers asked again', async (t) => {
  const database = await createPostgresDatabase(t)
  const listing = await activeModels(t, rows.mistral)
  const host = await openHost(t, database, listing, { reactiveSync: true })
  await host.sync()
  listing.models = [rows.mistral, rows.venice]
  t.equal((await ask(host, 'model=venice-uncensored')).body.fallback, true)
  const found = await eventually(
    () => ask(host, 'model=venice-uncensored'),
    ({ body }) => !body.fallback,
  )
  t.equal(found.body.providerModelId, VENICE)
  const triggers = async () =>
    (await host.get<{ runs: { trigger: string }[] }>('/models/sync/history')).body.runs.map(({ trigger }) => trigger)
  t.strictSame(await triggers(), ['reactive', 'manual'])
  for (let index = 0; index < 20; index += 1) await ask(host, `model=unknown-${index}`)
  await delay(100)
  t.strictSame(await triggers(), ['reactive', 'manual'], 'once in five minutes, whatever is asked for')

  for (const settings of [{}, { reactiveSync: true, enabled: false }]) {
    const quiet = await openHost(t, database, listing, settings)
    const requests = listing.requests.length
    t.equal((await ask(quiet, 'model=unknown')).body.fallback, true)
    await delay(100)
    t.equal(listing.requests.length, requests, 'off unless it is asked for, and never with MODEL_SYNC_ENABLED=false')
  }
})

t.test('a gateway that lists openai/gpt-4o, and a default that nobody has set', async (t) => {
  const database = await createPostgresDatabase(t)
  const gateway = await loopback(t, (_request, response) =>
    json(response, { data: [{ id: 'openai/gpt-4o' }, { id: 'mistral-31-24b' }, { id: 'meta/llama' }] }),
  )
  const vendor = await loopback(t, (_request, response) =>
    json(response, { object: 'list', data: [{ id: 'gpt-4.1', object: 'model', created: 1, owned_by: 'openai' }] }),
  )
  const host = await startHost(t, database, {
    settings: {
      providers: ['gateway', 'openai'],
      openaiCompatible: [{ slug: 'gateway', url: gateway.url }],
      providerOptions: { openai: { baseUrl: vendor.url, apiKey: 'sk-test' } },
    },
  })
  t.match((await host.request({ method: 'POST', url: '/models/sync', payload: { providers: ['gateway'] } })).body, {
    success: true,
  })
  const strict = async (model: string) => (await ask(host, `strict=true&model=${model}`)).status
  t.equal(await strict('openai/gpt-4o'), 404, 'openai is to be synced, and its first sync has not been')
  t.equal(await strict('meta/llama'), 200)
  t.match((await ask(host, 'model=default')).body, { code: 'FST_MODEL_SYNC_NO_FALLBACK' })
  t.equal((await host.sync()).success, true)
  t.equal(await strict('openai/gpt-4o'), 404, 'openai does not have it')
  t.equal(await strict('openai/gpt-4.1'), 200)
  await host.request({ method: 'PATCH', url: '/providers/openai', payload: { enabled: false } })
  t.equal(await strict('openai/gpt-4o'), 404, 'a disabled provider still has its name')
  t.equal(await strict('gateway/openai/gpt-4o'), 200)
})
