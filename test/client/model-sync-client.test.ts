/** The client against a listening host: every function, refusals, a server that goes away and comes back. */
import t from 'tap'
import { createModelSyncClient, type ApiError, type SyncEvent } from '../../src/client/index.js'
import { UnauthorizedError } from '../../src/errors.js'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost } from '../support/host.js'
import { manyRows, modelRow } from '../support/loopback-litellm.js'
import { startTcpProxy } from '../support/tcp-proxy.js'

const database = await createPostgresDatabase(t)
const host = await startHost(t, database, {
  litellm: { models: [...manyRows(3), modelRow({ model_name: 'a b/ü?#1' })] },
  settings: {
    prefix: '/api/v1',
    allowUnauthenticated: false,
    authorize: (request, _reply, done) =>
      done(request.headers.authorization === 'Bearer good' ? undefined : new UnauthorizedError('no token')),
  },
})
const url = await host.app.listen({ host: '127.0.0.1', port: 0 })
const client = createModelSyncClient({ baseUrl: `${url}/api/v1`, token: async () => 'good' })

t.test('a sync, what came of it, and what it is in', async (t) => {
  t.match(await client.status(), { lastSync: null, lastSuccess: null, needsSync: true, running: false })
  const preview = await client.syncModels({ dryRun: true })
  t.equal(preview.plan?.providers[0]?.added.length, 4)
  const result = await client.syncModels({ planHash: preview.planHash! })
  t.match(result, { success: true, newModels: 4, trigger: 'manual' })
  t.match(await client.status(), { lastSync: { runId: result.runId }, lastSuccess: { runId: result.runId } })
  t.match(await client.run(result.runId!), { runId: result.runId, result: { newModels: 4 } })
  t.equal((await client.runs({ limit: 1 })).runs[0]?.runId, result.runId)
  t.equal((await client.stats()).availableModels, 4)
  t.equal((await client.changes({ kind: 'added' })).changes.length, 4)
  t.match(await client.undo(result.runId!, { dryRun: true }), { dryRun: true, unavailableModels: 4 })
  t.equal(await client.cancelSync(), false)
})

t.test('models: pages, all of them, ids of any spelling, by hand', async (t) => {
  const page = await client.models({ limit: 3 })
  t.equal(page.total, 4)
  t.equal((await client.models({ limit: 3, cursor: page.nextCursor! })).models.length, 1)
  const ids = []
  for await (const { id } of client.allModels({ limit: 3 })) ids.push(id)
  t.equal(new Set(ids).size, 4)
  const odd = 'litellm/a b/ü?#1'
  t.match(await client.model(odd), { id: odd, changes: [{ kind: 'added' }] })
  t.match(await client.editModel(odd, { contextLength: 7 }), { contextLength: 7, pins: { contextLength: 7 } })
  t.match(await client.editModel(odd, { unpin: ['contextLength'] }), { pins: {} })
  t.match(await client.addModel({ provider: 'mine', providerModelId: 'x', name: 'X' }), { origin: 'local' })
  t.equal(await client.deleteModel('mine/x'), undefined)
  await t.rejects(client.model('mine/x'), { status: 404, code: 'FST_MODEL_SYNC_NOT_FOUND', refused: false })
  for (const id of ['mine/../x', 'mine/.', 'mine/a/./b', 'mine/..']) {
    const providerModelId = id.slice('mine/'.length)
    t.match(await client.addModel({ provider: 'mine', providerModelId, name: id }), { id }, 'with dot segments')
    t.match(await client.model(id), { id, name: id })
    t.match(await client.editModel(id, { name: 'X' }), { id, name: 'X' })
    t.equal(await client.deleteModel(id), undefined)
  }
})

t.test('providers', async (t) => {
  t.ok((await client.providers()).length > 30)
  t.match(await client.editProvider('litellm', { priority: 5 }), { slug: 'litellm', priority: 5 })
  t.equal((await client.provider('litellm')).priority, 5)
})

t.test('a stale plan comes with the new one', async (t) => {
  const { planHash } = await client.syncModels({ dryRun: true })
  host.litellm.models.push(modelRow({ model_name: 'later' }))
  const error = await client.syncModels({ planHash: planHash! }).catch((error: unknown) => error as ApiError)
  t.match(error, { status: 409, code: 'FST_MODEL_SYNC_PLAN_STALE' })
  t.equal((error as ApiError).result?.plan?.providers[0]?.added[0]?.modelId, 'litellm/later')
})

t.test('a refusal, no answer, the wrong address, a call that is taken back', async (t) => {
  const stranger = createModelSyncClient({ baseUrl: `${url}/api/v1/`, token: 'bad' })
  await t.rejects(stranger.syncModels(), { status: 401, refused: true, message: 'no token' })
  await t.rejects(client.syncModels({ keys: 'own' }), { status: 403, code: 'FST_MODEL_SYNC_NO_USER' })
  t.equal((await stranger.models()).total, 4, 'reads are open')
  await t.rejects(createModelSyncClient({ baseUrl: url }).status(), { message: /Not Found|not found/, status: 404 })
  await t.rejects(createModelSyncClient({ baseUrl: 'http://127.0.0.1:1' }).status(), {
    status: 0,
    message: '127.0.0.1:1 does not answer',
  })
  t.throws(() => createModelSyncClient({ baseUrl: 'nowhere' }), TypeError)
  await t.rejects(client.models({}, { signal: AbortSignal.abort(new Error('left')) }), { message: 'left' })
  const slow = createModelSyncClient({
    baseUrl: url,
    timeoutMs: 50,
    fetch: (_url, init) =>
      new Promise((_, reject) => init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason))),
  })
  await t.rejects(slow.status(), { status: 0, message: /does not answer/ })
})

t.test('events go on when the server was away', async (t) => {
  const proxy = await startTcpProxy(t, url)
  const abort = new AbortController()
  const events = createModelSyncClient({ baseUrl: proxy.through(`${url}/api/v1`) }).events({ signal: abort.signal })
  const next = async (): Promise<SyncEvent> => (await events.next()).value as SyncEvent
  t.equal((await next()).event, 'revision')
  await proxy.cut()
  const again = next()
  await proxy.open()
  t.equal((await again).event, 'revision', 'it is told anew where the catalogue is')
  const result = client.syncModels()
  const told: SyncEvent[] = []
  while (told.at(-1)?.event !== 'finished') told.push(await next())
  t.strictSame(told.at(-1)?.data, await result)
  t.ok(told.some(({ event }) => event === 'progress'))
  abort.abort(new Error('enough'))
  const rest = async (): Promise<void> => {
    // The revision may have come by then.
    while (!(await events.next()).done);
  }
  await t.rejects(rest(), { message: 'enough' })
})

t.test('events that are refused are not asked for again', async (t) => {
  const wrong = createModelSyncClient({ baseUrl: url })
  await t.rejects(wrong.events().next(), { message: /not found/i, status: 404 })
})
