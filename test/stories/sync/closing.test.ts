/** A sync that is asked for while the server closes: 503, when to ask again, and the uniform result. */
import { setTimeout as delay } from 'node:timers/promises'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

const CRON_SECRET = 'cron-secret-of-the-closing-test'
const database = await createPostgresDatabase(t)

async function start(authorize: () => Promise<void>): Promise<TestHost> {
  const settings = { authorize, allowUnauthenticated: false, cronSecret: CRON_SECRET }
  return startHost(t, database, { settings: settings as never })
}

for (const [what, request, hasResult] of [
  ['a sync', { method: 'POST', url: '/models/sync' }, true],
  ['a dry run', { method: 'POST', url: '/models/sync', payload: { dryRun: true } }, true],
  ['a sync with a status of its own', { method: 'POST', url: '/models/sync?failedSyncStatus=409' }, true],
  ['the admin route', { method: 'POST', url: '/admin/model-sync/all?providers=litellm' }, false],
] satisfies [string, InjectOptions, boolean][])
  t.test(`${what} whose caller was let in as the server began to close`, async (t) => {
    let closing: Promise<unknown> = Promise.resolve()
    const host = await start(async () => {
      closing = host.app.close()
      await delay(100)
    })
    const { status, headers, body } = await host.request(request)
    t.equal(status, 503)
    t.match(headers, { 'retry-after': /^[1-9]/ })
    const result = hasResult ? body : body['result']
    t.match(result, {
      success: false,
      runId: null,
      totalModels: 0,
      providers: [],
      problems: [{ provider: null, code: 'cancelled', facts: { by: 'closing' } }],
      errors: ['sync: the server is closing; ask again when it is back'],
    })
    await closing
  })

t.test(
  'what waits for its turn when the server closes is told the same, and not that the database refused',
  async (t) => {
    const host = await start(() => Promise.resolve())
    await host.reset(manyRows(2))
    const { runId } = await host.sync()
    const { planHash } = await host.sync({ dryRun: true })
    host.litellm.setFault('/model/info', { kind: 'hang' })
    const first = host.request({ method: 'POST', url: '/models/sync', payload: {} })
    while (!host.app.modelSync.sync.running) await delay(10)
    const second = host.request<{ code: string }>({
      method: 'POST',
      url: '/models/sync',
      payload: { forceUpdate: true },
    })
    const undo = host.request<{ code: string }>({
      method: 'POST',
      url: `/models/sync/history/${runId}/undo`,
      payload: {},
    })
    const approval = host.request({ method: 'POST', url: '/models/sync', payload: { planHash } })
    await delay(200)
    await host.app.close()
    t.match(await approval, {
      status: 503,
      headers: { 'retry-after': String },
      body: { success: false, runId: null, errors: ['sync: the server is closing; ask again when it is back'] },
    })
    t.match(await undo, { status: 503, headers: { 'retry-after': String }, body: { code: 'FST_MODEL_SYNC_CLOSING' } })
    t.match(await second, { status: 503, body: { problems: [{ code: 'cancelled' }], runId: null } })
    t.match(await first, { status: 200, body: { success: false, runId: String } })
  },
)
