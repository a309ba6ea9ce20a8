/** What GET /models/sync and /models/health say, from before the first sync on. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database, {
    litellm: { models: manyRows(4) },
    settings: { staleDays: 1 },
  })

  await host.reset()

  t.test('before the first sync', async (t) => {
    t.strictSame((await host.get('/models/sync')).body, {
      keys: 'backend',
      lastSync: null,
      lastSuccess: null,
      nextSyncAt: null,
      running: false,
      progress: null,
      needsSync: true,
      newModels: 0,
      held: 0,
      standing: { state: 'never-synced', reasons: [{ code: 'never-synced', level: 'note', facts: {} }] },
    })
    t.strictSame((await host.get('/models/sync/stats')).body, {
      totalModels: 0,
      availableModels: 0,
      unavailableModels: 0,
      lastSyncAt: null,
    })
    t.strictSame((await host.get('/models/sync/history')).body, { runs: [], nextCursor: null })
    t.strictSame((await host.get('/models/changes')).body, { changes: [], nextCursor: null })
    t.strictSame((await host.get('/models')).body, { models: [], nextCursor: null, total: 0 })
    t.match(await host.get('/models/health'), { status: 200, body: { status: 'ok', revision: 0, providers: [] } })
    t.strictSame((await host.get('/v1/models')).body, { object: 'list', data: [] })
  })

  t.test('after one that succeeded, and one that failed', async (t) => {
    const good = await host.sync()
    t.match((await host.get('/models/sync')).body, {
      lastSync: { runId: good.runId, success: true, trigger: 'manual', userId: null, result: { newModels: 4 } },
      lastSuccess: { runId: good.runId },
      needsSync: false,
      newModels: 4,
    })
    host.litellm.setFault('/model/info', { kind: 'html' })
    const bad = await host.sync()
    t.match((await host.get('/models/sync')).body, {
      lastSync: { runId: bad.runId, success: false, result: { errors: [/^litellm/] } },
      lastSuccess: { runId: good.runId },
      newModels: 4,
    })
    t.match(await host.get('/models/health'), {
      status: 200,
      body: {
        status: 'degraded',
        revision: 1,
        providers: [{ provider: 'litellm', healthy: false, lastError: String, consecutiveFailures: 1 }],
      },
    })
    await host.sync()
    t.match((await host.get('/models/health')).body, { providers: [{ consecutiveFailures: 2 }] })
    host.litellm.setFault('/model/info', null)
  })

  t.test('when the last success is too long ago', async (t) => {
    await host.pool.query(
      `UPDATE model_sync.sync_runs SET started_at = started_at - interval '25 hours', finished_at = finished_at - interval '25 hours'`,
    )
    t.match((await host.get('/models/sync')).body, { needsSync: true })
    await host.sync()
    t.match((await host.get('/models/sync')).body, { needsSync: false })
  })

  t.test('a run that never ended is no last sync', async (t) => {
    await host.pool.query(
      `INSERT INTO model_sync.sync_runs (id, trigger, options, started_at) VALUES (gen_random_uuid(), 'manual', '{}', now() + interval '1 second')`,
    )
    t.match((await host.get('/models/sync')).body, { lastSync: { success: true } })
    const { runs } = (await host.get<{ runs: { finishedAt: string | null }[] }>('/models/sync/history?limit=1')).body
    t.match(runs, [{ finishedAt: null, success: null, result: null, durationMs: null }])
  })

  t.test('history: all pages', async (t) => {
    for (let index = 0; index < 4; index++) await host.sync()
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: { body: { runs: { runId: string }[]; nextCursor: string | null } } = await host.get(
        `/models/sync/history?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...body.runs.map(({ runId }) => runId))
      cursor = body.nextCursor
    }
    const all = (await host.get<{ runs: { runId: string }[] }>('/models/sync/history?limit=500')).body.runs.map(
      ({ runId }) => runId,
    )
    t.strictSame(seen, all)
    t.equal(new Set(all).size, 9)
  })
}
