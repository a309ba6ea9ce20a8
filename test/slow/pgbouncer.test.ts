/** Behind a real PgBouncer: sessions and transactions may be pooled, and pooled statements are refused with the reason. */
import Fastify from 'fastify'
import t from 'tap'
import modelSync from '../../src/plugin.js'
import { createPostgresDatabase, needsPostgres, type TestDatabase } from '../support/databases.js'
import { startHost, statuses } from '../support/host.js'
import { manyRows, startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { startPgBouncer, withoutPgBouncer } from '../support/pgbouncer.js'
import changes from '../stories/sync/sync-changes.js'
import concurrency from '../stories/sync/sync-concurrency.js'
import unchanged from '../stories/sync/sync-unchanged.js'
import approve from '../stories/trust/approve.js'
import hooks from '../stories/trust/hooks.js'
import pins from '../stories/trust/pins.js'
import undo from '../stories/trust/undo.js'

needsPostgres()
const skip = withoutPgBouncer() ?? false
t.setTimeout(300_000)

for (const mode of ['session', 'transaction'] as const)
  t.test(`${mode} pooling`, { skip }, async (t) => {
    const direct = await createPostgresDatabase(t, { empty: true })
    const url = await startPgBouncer(t, direct.url!, mode)
    const database: TestDatabase = { ...direct, url, poolConfig: { connectionString: url, max: 4 } }

    await t.test('replicas that boot together, sync and are edited at once', async (t) => {
      const litellm = await startLoopbackLiteLLM()
      t.teardown(() => litellm.close())
      const hosts = await Promise.all(Array.from({ length: 4 }, () => startHost(t, database, { litellm })))
      const [host] = hosts
      await host!.reset(manyRows(30))
      const results = await Promise.all(hosts.map((each) => each.sync()))
      t.strictSame([...new Set(results.flatMap(({ errors }) => errors))], [])
      const ids = [...(await host!.models()).values()].slice(0, 8).map(({ id }) => id)
      const edits = ids.flatMap((id, at) =>
        hosts.map((each) =>
          each.request({ method: 'PATCH', url: `/models/${id}`, payload: { contextLength: at + 1 } }),
        ),
      )
      const syncing = Promise.all(hosts.map((each) => each.sync({ forceUpdate: true })))
      t.strictSame([...new Set((await Promise.all(edits)).map(({ status }) => status))], [200])
      t.strictSame(
        (await syncing).flatMap(({ errors }) => errors),
        [],
      )
      t.strictSame(statuses(await host!.sync()), ['not-modified'])
      t.match((await host!.get('/models/health')).body, { status: 'ok', problems: [] })
      t.match((await host!.get('/models')).body, { total: 30 })
    })

    await t.test('a statement that waits too long is cancelled on the server too', async (t) => {
      const host = await startHost(t, database, { settings: { readTimeoutMs: 500 } })
      await host.reset(manyRows(3))
      await host.sync()
      const client = await host.pool.connect()
      await client.query('BEGIN')
      await client.query('LOCK TABLE model_sync.models')
      t.equal((await host.get('/models')).status, 503)
      const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      for (const giveUpAt = performance.now() + 5000; (await client.query(waits)).rows.length > 0;) {
        if (performance.now() > giveUpAt) throw new Error('a statement still waits for the lock')
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await client.query('ROLLBACK')
      client.release()
      t.equal((await host.get('/models')).status, 200)
    })

    await t.test('changes', (t) => changes(t, database))
    await t.test('unchanged', (t) => unchanged(t, database))
    await t.test('concurrency', (t) => concurrency(t, database))
    await t.test('approve', (t) => approve(t, database))
    await t.test('hooks', (t) => hooks(t, database))
    await t.test('pins', (t) => pins(t, database))
    await t.test('undo', (t) => undo(t, database))
  })

t.test('statement pooling ends the start with its reason', { skip }, async (t) => {
  const direct = await createPostgresDatabase(t, { empty: true })
  const databaseUrl = await startPgBouncer(t, direct.url!, 'statement')
  const app = Fastify()
  t.teardown(() => app.close())
  await t.rejects(async () => void (await app.register(modelSync, { databaseUrl, allowUnauthenticated: true })), {
    code: 'FST_MODEL_SYNC_DATABASE_SETUP',
    message: /pools statements.*let it pool transactions or sessions/,
  })
})
