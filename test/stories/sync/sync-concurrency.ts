/** Single-flight: equal callers share a run, others wait their turn, and a run can be cancelled. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { manyRows, modelRow } from '../../support/loopback-litellm.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'

const fetches = ({ litellm }: TestHost) => litellm.requests.filter(({ url }) => url === '/model/info').length

/** Until upstream has been asked for `path`, so that a run is in the middle of it. */
async function asked({ litellm }: TestHost, path: string, times = 1): Promise<void> {
  while (litellm.requests.filter(({ url }) => url === path).length < times)
    await new Promise((resolve) => setTimeout(resolve, 5))
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database, { settings: { timeoutMs: 20_000 } })
  const { litellm, app } = host

  t.test('20 concurrent POSTs: one fetch, one run, 20 equal results', async (t) => {
    await host.reset(manyRows(30))
    litellm.setFault('/model/info', { kind: 'delay', ms: 300, times: 1 })
    const results = await Promise.all(Array.from({ length: 20 }, () => host.sync()))
    t.equal(fetches(host), 1)
    t.match(results[0], { success: true, newModels: 30 })
    for (const result of results) if (JSON.stringify(result) !== JSON.stringify(results[0])) t.fail('all are the same')
    const { runs } = (await host.get<{ runs: unknown[] }>('/models/sync/history')).body
    t.equal(runs.length, 1)
    await host.sync()
    t.equal(fetches(host), 2, 'whoever comes afterwards gets a run of its own')
  })

  t.test('equal defaults are equal; other options and other users wait their turn', async (t) => {
    await host.reset(manyRows(3))
    litellm.setFault('/model/info', { kind: 'delay', ms: 300, times: 1 })
    const started: Promise<SyncResult>[] = [
      host.sync(),
      host.sync({ forceUpdate: false, markUnavailable: true, dryRun: false, providers: ['litellm'] }),
      host.sync({ forceUpdate: true }),
      host.sync({ markUnavailable: false }),
      app.modelSync.syncModels({ userId: 'alice' }),
      app.modelSync.syncModels({ userId: 'bob' }),
      app.modelSync.syncModels({ userId: 'bob', trigger: 'interval' }),
      host.sync({ forceUpdate: true }),
    ]
    const results = await Promise.all(started)
    const ids = results.map(({ runId }) => runId)
    t.equal(ids[1], ids[0])
    t.equal(ids[7], ids[2], 'equal waiting callers share one run too')
    t.equal(ids[6], ids[5], 'what started it makes no difference')
    t.equal(new Set(ids).size, 5)
    t.equal(fetches(host), 5)
    const { runs } = (
      await host.get<{ runs: { startedAt: string; finishedAt: string; userId: string | null }[] }>(
        '/models/sync/history',
      )
    ).body
    const inOrder = [...runs].reverse()
    for (const [index, run] of inOrder.slice(1).entries())
      t.ok(run.startedAt >= inOrder[index]!.finishedAt, 'one after the other')
    t.strictSame(inOrder.map(({ userId }) => userId ?? '').sort(), ['', '', '', 'alice', 'bob'])
  })

  t.test('DELETE cancels the run in progress, and nothing of it is applied', async (t) => {
    await host.reset(manyRows(3))
    await host.sync()
    t.match((await host.request({ method: 'DELETE', url: '/models/sync' })).body, { cancelled: false })
    litellm.models.push(modelRow({ model_name: 'new' }))
    litellm.setFault('/v1/models', { kind: 'hang', times: 1 })
    const running = host.sync()
    await asked(host, '/v1/models', 2)
    t.match((await host.get('/models/sync')).body, { running: true, lastSync: { success: true } })
    t.match((await host.request({ method: 'DELETE', url: '/models/sync' })).body, { cancelled: true })
    const result = await running
    t.match(result, {
      success: false,
      newModels: 0,
      errors: [/^litellm: .*cancelled/],
      providers: [{ status: 'failed' }],
      runId: String,
    })
    t.equal((await host.models()).size, 3)
    t.match((await host.get('/models/sync')).body, {
      running: false,
      lastSync: { runId: result.runId, success: false },
    })
    t.match(await host.sync(), { success: true, newModels: 1 }, 'the next one is as if it had never been')
  })

  t.test('a cancelled run says nothing against the provider', async (t) => {
    await host.reset(manyRows(3))
    await host.sync()
    litellm.setFault('/model/info', { kind: 'hang', times: 1 })
    const running = host.sync()
    await asked(host, '/model/info', 2)
    void app.modelSync.cancelSync()
    await running
    t.match((await host.get('/models/health')).body, {
      status: 'ok',
      providers: [{ consecutiveFailures: 0, lastError: null }],
    })
  })

  t.test('a signal cancels', async (t) => {
    await host.reset(manyRows(3))
    const abort = new AbortController()
    litellm.setFault('/model/info', { kind: 'hang', times: 1 })
    const running = app.modelSync.syncModels({ signal: abort.signal })
    await asked(host, '/model/info')
    abort.abort()
    t.match(await running, { success: false, errors: [/^litellm: /] })
    t.equal((await host.models()).size, 0)
    t.match(await app.modelSync.syncModels({ signal: AbortSignal.abort() }), { success: false, newModels: 0 })
    litellm.setFault('/model/info', { kind: 'hang', times: 1 })
    const dry = app.modelSync.syncModels({ dryRun: true, signal: AbortSignal.timeout(100) })
    t.match(await dry, { success: false, dryRun: true })
    t.match(await host.sync(), { success: true, newModels: 3 })
  })

  t.test('a caller who leaves ends the run only when nobody else waits for it', async (t) => {
    await host.reset(manyRows(3))
    const abort = new AbortController()
    litellm.setFault('/model/info', { kind: 'delay', ms: 300, times: 1 })
    const leaving = app.modelSync.syncModels({ signal: abort.signal })
    const staying = host.sync()
    await asked(host, '/model/info')
    abort.abort()
    t.match(await staying, { success: true, newModels: 3 })
    await leaving
  })
}
