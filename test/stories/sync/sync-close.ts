/** Closing the server during a run: the run is aborted and awaited, then the pool closes, and nothing is left behind. */
import type { Test } from 'tap'
import pg from 'pg'
import type { TestDatabase } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

async function runsOf(host: TestHost): Promise<{ trigger: string; success: boolean | null }[]> {
  const client = new pg.Client(host.database.poolConfig)
  await client.connect()
  const { rows } = await client.query<{ trigger: string; success: boolean | null }>(
    'SELECT trigger, success FROM model_sync.sync_runs ORDER BY started_at',
  )
  await client.end()
  return rows
}

async function askedFor({ litellm }: TestHost, path: string, times = 1): Promise<void> {
  while (litellm.requests.filter(({ url }) => url === path).length < times)
    await new Promise((resolve) => setTimeout(resolve, 5))
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  for (const [name, settings] of [
    ['startup sync', { syncOnStartup: true }],
    ['startup sync and auto-sync', { syncOnStartup: true, autoSync: true }],
  ] as const) {
    t.test(`close during the first run: ${name}`, async (t) => {
      const host = await startHost(t, database, {
        settings: { ...settings, timeoutMs: 60_000 },
        litellm: { models: manyRows(3) },
      })
      // Already under way: its answer never comes.
      host.litellm.setFault('/v1/models', { kind: 'hang' })
      await askedFor(host, '/model/info')
      const before = (await runsOf(host)).length
      const startedAt = performance.now()
      await host.app.close()
      t.ok(performance.now() - startedAt < 4000, 'at once, not after the timeout')
      const runs = await runsOf(host)
      t.equal(runs.length, before, 'no further run')
      t.match(runs.at(-1), { success: Boolean }, 'the run is on record as ended: it was awaited before the pool closed')
      t.notMatch(host.log.messages(50).join('\n'), /pool after calling end|Model sync of a provider failed|refused/)
    })
  }

  t.test('a manual run and a dry run that are in the middle of it get their answers', async (t) => {
    const host = await startHost(t, database, { settings: { timeoutMs: 60_000 } })
    host.litellm.setFault('/v1/models', { kind: 'hang' })
    const manual = host.app.modelSync.syncModels()
    const dry = host.app.modelSync.syncModels({ dryRun: true })
    const waiting = host.app.modelSync.syncModels({ forceUpdate: true })
    // By the run and by the dry run, which takes no turn.
    await askedFor(host, '/v1/models', 2)
    await host.app.close()
    for (const result of await Promise.all([manual, dry, waiting]))
      t.match(result, { success: false, problems: [{ code: 'cancelled', facts: { by: 'closing' } }], newModels: 0 })
    t.match(await manual, { runId: String, problems: [{ code: 'cancelled' }] })
    t.notMatch(host.log.text(), /pool after calling end/)
    t.strictSame(
      (await runsOf(host)).slice(-2).map(({ success }) => success),
      [false, false],
    )
  })

  t.test('a sync that is asked for after the close fails, and starts nothing', async (t) => {
    const host = await startHost(t, database)
    await host.app.close()
    host.litellm.requests.length = 0
    t.match(await host.app.modelSync.syncModels(), { success: false })
    t.match(await host.app.modelSync.syncModels({ dryRun: true }), { success: false })
    t.equal(host.litellm.requests.length, 0)
  })

  t.test('no handle is left, and no connection', { skip: database.kind === 'pglite' }, async (t) => {
    const handles = () =>
      process
        .getActiveResourcesInfo()
        .filter((name) => name !== 'Immediate')
        .sort()
    // What the tests before have closed takes a moment to go.
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = handles()
    const litellm = await startLoopbackLiteLLM()
    const host = await startHost(t, database, { litellm, settings: { syncOnStartup: true, autoSync: true } })
    await host.log.waitFor('Initial model sync completed')
    await host.app.close()
    await litellm.close()
    const { rows } = await host.pool.query<{ connections: number }>(
      `SELECT count(*)::integer AS connections
       FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'fastify-model-sync'`,
    )
    t.equal(rows[0]?.connections, 0)
    await host.pool.end()
    await new Promise((resolve) => setTimeout(resolve, 100))
    // A timer of the tests before may have ended meanwhile.
    const left = handles()
    for (const handle of before) if (left.includes(handle)) left.splice(left.indexOf(handle), 1)
    t.strictSame(left, [])
  })
}
