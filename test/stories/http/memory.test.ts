/** What is remembered: runs, changes, the feed, prices over time, and who has looked. */
import t from 'tap'
import { validateAtom } from '../../support/atom-feed.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'
import type { ChangeRecord } from '../../../src/core/records/change-record.js'
import type { RunRecord } from '../../../src/core/records/run-record.js'

const row = (name: string, cost: number | null, more: object = {}): ReturnType<typeof modelRow> =>
  modelRow({
    model_name: name,
    model_info: { litellm_provider: 'openai', mode: 'chat', max_input_tokens: 10, input_cost_per_token: cost, ...more },
  })
const host = await startHost(t, await createPostgresDatabase(t), {
  litellm: { models: [] },
  settings: {
    user: ({ headers }) => (headers['x-user'] as string | undefined) ?? null,
    prefix: '/api',
    priceBook: false,
  },
})
const post = (url: string, payload?: object, headers = {}): ReturnType<typeof host.request> =>
  host.request({ method: 'POST', url: `/api${url}`, headers, ...(payload === undefined ? {} : { payload }) })
const id = 'litellm/alpha'
const reset = (): Promise<void> =>
  host.reset([
    row('alpha', 0.5, { output_cost_per_token: 0.25, input_cost_per_token_above_200k_tokens: 0.75 }),
    row('be<&ta', 0.1),
  ])
const fail = (): void => {
  for (const path of ['/model/info', '/v1/models'] as const) host.litellm.setFault(path, { kind: 'html' })
}
const setPrice = (price: number | null): void => {
  host.litellm.models[0]!.model_info['input_cost_per_token'] = price
}

t.test('runs say who, where, which version and how long, and are filtered', async (t) => {
  await reset()
  await host.sync()
  await post('/models/sync', {}, { 'x-user': 'ann' })
  fail()
  await host.sync({ forceUpdate: true })
  const runs = async (query: string): Promise<RunRecord[]> =>
    (await host.get<{ runs: RunRecord[] }>(`/models/sync/history?${query}`)).body.runs
  const all = await runs('')
  t.equal(all.length, 3)
  t.match(all[2], { appVersion: /^\d+\.\d+/, replica: new RegExp(`:${process.pid}$`), providers: ['litellm'] })
  t.match(all[0], { options: { forceUpdate: true, markUnavailable: true, providers: ['litellm'] } })
  t.ok(all[2]!.phases!.fetchMs >= 0 && all[2]!.phases!.applyMs >= 0)
  t.equal((await runs('user=ann')).length, 1)
  t.equal((await runs('success=false')).length, 1)
  t.equal((await runs('success=true&trigger=manual&provider=litellm')).length, 2)
  t.equal((await runs('trigger=cron')).length, 0)
  t.equal((await runs('provider=openai')).length, 0)
  t.equal((await host.get('/models/sync/history?trigger=whim')).status, 400)
  const { body } = await host.get<{ runs: RunRecord[]; nextCursor: string }>(
    '/models/sync/history?success=true&limit=1',
  )
  const next = await runs(`success=true&limit=1&cursor=${body.nextCursor}`)
  t.strictSame([body.runs[0]!.runId, next[0]!.runId], [all[1]!.runId, all[2]!.runId])
})

t.test('an older system finds its own names, in the answer and in the view', async (t) => {
  await reset()
  await host.sync()
  const { body } = await host.get<{ lastSync: Record<string, unknown> }>('/models/sync')
  t.match(body.lastSync, {
    total_new_models: 2,
    synced_at: body.lastSync['startedAt'],
    sync_results: [{ provider: 'litellm' }],
  })
  const { rows } = await host.pool.query('SELECT * FROM model_sync.model_sync_history')
  t.match(rows, [{ user_id: null, total_new_models: 2, sync_results: [{ provider: 'litellm', newModels: 2 }] }])
  t.strictSame(Object.keys(rows[0]).slice(0, 6), [
    'id',
    'user_id',
    'sync_results',
    'total_new_models',
    'synced_at',
    'created_at',
  ])
  const { synced_at: at } = rows[0] as { synced_at: Date }
  t.match(rows, [{ runs: 1, first_synced_at: at, last_synced_at: at }], 'one sync')
})

t.test('the badge: new is what came since this user last looked', async (t) => {
  await reset()
  const status = async (user?: string): Promise<Record<string, unknown>> =>
    (await host.get('/models/sync', user === undefined ? {} : { 'x-user': user })).body
  t.match(await status(), { needsSync: true, newModels: 0 }, 'never synced')
  await post('/models/sync/seen', undefined, { 'x-user': 'early' })
  await host.sync()
  t.match(await status('ann'), { needsSync: false, newModels: 2 }, 'never looked: all')
  t.match(await status('early'), { newModels: 2 }, 'looked when there was nothing')
  t.strictSame((await post('/models/sync/seen', undefined, { 'x-user': 'ann' })).body, { newModels: 0 })
  t.match(await status('ann'), { newModels: 0 })
  t.match(await status('bob'), { newModels: 2 }, 'each user for himself')
  host.litellm.models.push(row('gamma', 1))
  await host.sync()
  t.match(await status('ann'), { newModels: 1 })
  t.match(await status(), { newModels: 3 }, 'nobody in particular is one user')
  await post('/models/sync/seen')
  t.match(await status(), { newModels: 0 })
  fail()
  await host.sync({ forceUpdate: true })
  t.match(await status(), { needsSync: true }, 'a provider is stale')
})

t.test('changes: filters, pages, and a model by an id that it had', async (t) => {
  await reset()
  await host.sync()
  setPrice(0.6)
  await host.sync()
  const shape = (changes: ChangeRecord[]): string[] =>
    changes.map(({ kind, modelId, field }) => `${kind} ${modelId} ${field}`)
  const price = 'updated litellm/alpha inputCostPerToken'
  t.strictSame(shape(await host.changes('&field=inputCostPerToken')), [price])
  t.strictSame(shape(await host.changes('&field=inputCostPerToken&kind=updated&provider=litellm')), [price])
  t.strictSame(shape(await host.changes('&field=inputCostPerToken&kind=added')), [])
  t.strictSame(shape(await host.changes('&kind=added&provider=groq')), [])
  t.equal((await host.changes('&kind=added&provider=litellm')).length, 2)
  t.strictSame(shape(await host.changes(`&model=${id}&kind=updated`)), [price])
  const [newest] = await host.changes()
  t.strictSame(shape(await host.changes(`&since=${newest!.at}`)), [price])
  t.equal((await host.changes('&since=2999-01-01')).length, 0)
  const first = await host.get<{ changes: ChangeRecord[]; nextCursor: string }>('/models/changes?limit=2')
  const second = await host.get<{ changes: ChangeRecord[]; nextCursor: null }>(
    `/models/changes?limit=2&cursor=${first.body.nextCursor}`,
  )
  t.equal(new Set([...first.body.changes, ...second.body.changes].map((change) => change.id)).size, 3)
  t.equal(second.body.nextCursor, null)

  host.litellm.models[0]!.model_name = 'Alpha'
  await host.sync()
  t.strictSame(shape(await host.changes('&kind=renamed')), ['renamed litellm/Alpha null'])
  const history = await host.changes('&model=litellm/Alpha')
  t.strictSame(history.map(({ kind }) => kind).sort(), ['added', 'renamed', 'updated', 'updated'])
  t.strictSame(await host.changes(`&model=${id}`), history, 'under the id before as well')
  await post('/models', { provider: 'house', providerModelId: 'own' })
  await host.request({ method: 'DELETE', url: '/api/models/house/own' })
  t.strictSame(
    shape(await host.changes('&model=house/own')),
    ['deleted house/own null', 'added house/own null'],
    'and one that is gone',
  )
})

t.test('causes and actors', async (t) => {
  await reset()
  const { runId } = await host.sync()
  const headers = { 'x-user': 'ann' }
  await host.request({ method: 'PATCH', url: `/api/models/${id}`, headers, payload: { inputCostPerToken: '2' } })
  await post('/models', { provider: 'house', providerModelId: 'own' }, headers)
  await post(`/models/sync/history/${runId}/undo`, {}, headers)
  await host.request({ method: 'PATCH', url: '/api/providers/litellm', headers, payload: { enabled: false } })
  const told = await host.changes()
  const causes = new Set(told.map(({ kind, cause, actor }) => `${kind} ${cause} ${actor}`))
  t.strictSame([...causes].sort(), [
    'added local ann',
    'added upstream sync',
    'unavailable undo ann',
    'updated pin ann',
  ])
})

t.test('the feed: valid, its entries the same for ever, and no 200 for what is known', async (t) => {
  await reset()
  await host.sync()
  const feed = await host.get('/models/changes.atom?kind=added', { host: 'models.example' })
  t.equal(feed.headers['content-type'], 'application/atom+xml; charset=utf-8')
  t.equal(validateAtom(feed.text), 2)
  t.match(feed.text, '<link href="http://models.example/api/models/changes.atom?kind=added" rel="self"/>')
  t.match(feed.text, 'http://models.example/api/models/litellm/be%3C%26ta')
  const entryIds = (text: string): string[] =>
    [...text.matchAll(/<id>(urn:uuid:[0-9a-f-]{36})<\/id>/g)].map(([, found]) => found!)
  t.equal(new Set(entryIds(feed.text)).size, 3, 'the feed and two entries')
  t.match(feed.text, '<title type="text">litellm/be&#60;&#38;ta was added</title>', 'no HTML')
  const etag = String(feed.headers['etag'])
  t.equal((await host.get('/models/changes.atom?kind=added', { 'if-none-match': etag })).status, 304)
  setPrice(0.6)
  await host.sync()
  const later = await host.get('/models/changes.atom', { host: 'elsewhere.example', 'if-none-match': etag })
  t.equal(later.status, 200)
  t.ok(
    entryIds(feed.text).every((entry) => entryIds(later.text).includes(entry)),
    'whatever the address and the filter',
  )
  t.match(later.text, 'litellm/alpha: inputCostPerToken 0.5 → 0.6')
  t.equal(validateAtom(later.text), 3)
  const odd = await host.get('/models/changes.atom?model=litellm/<x>"%22&provider=litellm')
  t.equal(validateAtom(odd.text), 0, 'whatever is asked for')
  t.equal((await host.get('/models/changes.atom?cursor=x')).status, 400)
})

t.test('days', async (t) => {
  await reset()
  await host.sync()
  host.litellm.models.pop()
  await host.sync()
  await host.pool.query(`UPDATE model_sync.model_changes SET at = at - interval '2 days' WHERE kind = 'added'`)
  const { days } = (await host.get<{ days: Record<string, unknown>[] }>('/models/stats/daily?days=4')).body
  t.match(
    days.map(({ day: _, ...day }) => day),
    [
      { added: 0, available: { litellm: 0 } },
      { added: 2, updated: 0, unavailable: 0, restored: 0, available: { litellm: 2 } },
      { added: 0, available: { litellm: 2 } },
      { added: 0, unavailable: 1, available: { litellm: 1 } },
    ],
  )
  t.equal(days.at(-1)!['day'], new Date().toISOString().slice(0, 10))
  t.equal((await host.get('/models/stats/daily?days=367')).status, 400)
})

t.test('prices over time, and costs', async (t) => {
  await reset()
  await host.sync()
  const before = new Date().toISOString()
  setPrice(0.6)
  await host.sync()
  await host.sync()
  const sheet = { outputCostPerToken: '0.25', otherPrices: [{ kind: 'input_above_200k', price: '0.75' }] }
  t.match((await host.get(`/models/prices?model=${id}`)).body, { ...sheet, inputCostPerToken: '0.6' })
  t.match((await host.get(`/models/prices?model=${id}&at=${before}`)).body, { ...sheet, inputCostPerToken: '0.5' })
  t.match((await host.get(`/models/prices?model=${id}&at=2001-01-01`)).body, {
    inputCostPerToken: null,
    otherPrices: [],
  })
  const { history } = (
    await host.get<{ history: { kind: string; validTo: string | null }[] }>(`/models/prices?model=${id}`)
  ).body
  t.equal(history.length, 4, 'one more for the one that changed')
  t.equal(history.filter(({ validTo }) => validTo === null).length, 3)

  await host.request({ method: 'PATCH', url: `/api/models/${id}`, payload: { inputCostPerToken: '2' } })
  t.match(await host.app.modelSync.prices.at(id), { inputCostPerToken: '2' }, 'what a read returns: the pin')
  setPrice(0.7)
  await host.sync()
  t.match(await host.app.modelSync.prices.at(id), { inputCostPerToken: '2' }, 'whatever upstream says beneath')
  await host.request({ method: 'PATCH', url: `/api/models/${id}`, payload: { unpin: ['inputCostPerToken'] } })
  t.match(await host.app.modelSync.prices.at(id), { inputCostPerToken: '0.7' })
  t.match(await host.app.modelSync.prices.at(id, new Date(before)), { inputCostPerToken: '0.5' })

  t.match((await host.get(`/models/cost?model=${id}&inputTokens=3&outputTokens=2&at=${before}`)).body, {
    total: '2',
    currency: 'USD',
  })
  t.match(await host.app.modelSync.prices.cost({ model: id, inputTokens: 200_001 }), {
    parts: [{ tier: 'input_above_200k' }],
  })
  const refused = async (query: string): Promise<unknown> => {
    const { status, body } = await host.get(`/models/cost?${query}`)
    return `${status} ${String(body['code'])}`
  }
  t.equal(await refused(`model=${id}&inputTokens=2&cacheReadTokens=1`), '422 FST_MODEL_SYNC_PRICE_UNKNOWN')
  t.equal(await refused(`model=${id}&inputTokens=1&at=2001-01-01`), '422 FST_MODEL_SYNC_PRICE_UNKNOWN')
  t.equal(await refused(`model=${id}&inputTokens=1&cacheReadTokens=2`), '400 FST_MODEL_SYNC_COST')
  t.equal(await refused(`model=${id}&at=yesterday`), '400 FST_MODEL_SYNC_COST')
  t.equal(await refused('model=litellm/none&inputTokens=1'), '404 FST_MODEL_SYNC_NOT_FOUND')
  t.equal(await refused(`model=${id}&inputTokens=-1`), '400 FST_MODEL_SYNC_VALIDATION')
  await t.rejects(host.app.modelSync.prices.cost({ model: id, inputTokens: 0.5 }), { code: 'FST_MODEL_SYNC_COST' })
})

t.test('a sync at login: at once for the caller, only when due, and not again and again', async (t) => {
  await reset()
  const { modelSync } = host.app
  const finished = new Promise((resolve) => modelSync.on('finished', resolve))
  modelSync.triggers.syncIfStale({ userId: 'ann' })
  modelSync.triggers.syncIfStale({ userId: 'bob' })
  t.match(await finished, { trigger: 'login', newModels: 2 })
  modelSync.triggers.syncIfStale({ maxAgeDays: 0 })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const { body } = await host.get<{ runs: RunRecord[] }>('/models/sync/history')
  t.match(body.runs, [{ userId: 'ann', trigger: 'login' }])
  t.equal(body.runs.length, 1)
  t.throws(() => modelSync.triggers.syncIfStale({ maxAgeDays: -1 }), { message: /maxAgeDays is -1/ })
})

t.test('a host that forbids syncs, and one that is reached at another address', async (t) => {
  const other = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: [row('alpha', 0.5)] },
    settings: { enabled: false, publicUrl: 'https://models.example/base/', prefix: '/api', priceBook: false },
  })
  other.app.modelSync.triggers.syncIfStale()
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.equal((await other.get<{ runs: RunRecord[] }>('/models/sync/history')).body.runs.length, 0)
  await other.sync()
  const { text } = await other.get('/models/changes.atom?kind=added', { host: 'inside.example' })
  t.match(text, '<link href="https://models.example/base/models/changes.atom?kind=added" rel="self"/>')
  t.match(text, 'https://models.example/base/models/litellm/alpha')
  t.notMatch(text, 'inside.example')
})
