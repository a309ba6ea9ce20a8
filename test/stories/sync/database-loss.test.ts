/** The database goes away during a run, on a real PostgreSQL: the result says so, nothing is half-applied, the next run works. */
import t from 'tap'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost, statuses } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'
import { startTcpProxy } from '../../support/tcp-proxy.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'

needsPostgres()

const database = await createPostgresDatabase(t)
const proxy = await startTcpProxy(t, database.url!)
// The plugin goes through the proxy, the test's own connection does not.
const host = await startHost(t, database, {
  settings: { databaseUrl: proxy.through(database.url!), timeoutMs: 20_000 },
})
const { litellm, pool } = host

const post = () => host.request<SyncResult>({ method: 'POST', url: '/models/sync' })

/** Until a statement of the plugin waits for a lock that the test holds. */
async function waitsForLock(): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const killConnections = () =>
  pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'fastify-model-sync'`,
  )

/** What a sync starts beside itself has ended, such as the removal of old runs. */
async function idle(): Promise<void> {
  for (let quiet = 0; quiet < 5;) {
    const { rows } = await pool.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'fastify-model-sync' AND state <> 'idle'`,
    )
    quiet = rows.length === 0 ? quiet + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function asked(): Promise<void> {
  while (!litellm.requests.some(({ url }) => url === '/v1/models'))
    await new Promise((resolve) => setTimeout(resolve, 5))
}

t.test('connections killed while idle: no process ends, and the next run opens new ones', async (t) => {
  await host.reset(manyRows(5))
  await host.sync()
  await idle()
  await killConnections()
  await host.log.waitFor(/A database connection broke/)
  t.match(await host.sync(), { success: true, unchangedModels: 5 })
})

t.test('connections killed in the middle of the transaction: all of it is undone', async (t) => {
  await host.reset(manyRows(5))
  await host.sync()
  litellm.models.push(...manyRows(9).slice(5))
  litellm.models[0]!.model_info['max_output_tokens'] = 1
  const before = await host.models()
  const blocker = await pool.connect()
  await blocker.query('BEGIN')
  // Behind the inserts and updates of the models: the last statement of the transaction.
  await blocker.query('LOCK TABLE model_sync.catalogue IN SHARE MODE')
  const running = post()
  await waitsForLock()
  await killConnections()
  await blocker.query('ROLLBACK')
  blocker.release()
  const { status, body } = await running
  t.equal(status, 200, 'the run is on record: new connections could be opened')
  t.match(body, { success: false, newModels: 0, updatedModels: 0, errors: [/^litellm: the database/], runId: String })
  t.strictSame(statuses(body), ['failed'])
  t.same([...(await host.models()).values()], [...before.values()], 'nothing is half-applied')
  t.match(await host.sync(), { success: true, newModels: 4, updatedModels: 1 })
  t.equal((await host.models()).size, 9)
})

t.test('the server is gone for the rest of the run', async (t) => {
  await host.reset(manyRows(5))
  await host.sync()
  litellm.models.push(...manyRows(6).slice(5))
  litellm.requests.length = 0
  litellm.setFault('/v1/models', { kind: 'delay', ms: 300, times: 1 })
  const running = post()
  await asked()
  await proxy.cut()
  const { status, body } = await running
  t.equal(status, 500, 'it could not be recorded')
  t.match(body, {
    success: false,
    runId: null,
    newModels: 0,
    totalModels: 0,
    errors: [/^litellm: the database/, /^database: the run could not be recorded/],
  })
  t.notMatch(JSON.stringify(body), 'postgres:postgres')

  t.match(await post(), {
    status: 500,
    body: {
      success: false,
      runId: null,
      problems: [{ provider: null, code: 'database', facts: { step: 'start' } }],
      providers: [],
      errors: [/^database: the run could not be started/],
    },
  })
  t.match(await host.get('/models'), {
    status: 503,
    body: { code: 'FST_MODEL_SYNC_DATABASE' },
    headers: { 'retry-after': String },
  })
  t.match(await host.get('/models/health'), { status: 503, body: { code: 'FST_MODEL_SYNC_DATABASE' } })
  for (const path of [
    '/models/sync',
    '/models/sync/history',
    '/models/changes',
    '/models/stats',
    '/v1/models',
    '/models/litellm/x',
  ])
    t.equal((await host.get(path)).status, 503, path)

  await proxy.open()
  t.match(await host.sync(), { success: true, newModels: 1, unchangedModels: 5 }, 'the next run works')
  t.equal((await host.get('/models/health')).status, 200)
  t.notMatch(host.log.text(), 'postgres:postgres')
})

t.test('gone for a moment at the end: the run is recorded all the same', async (t) => {
  await host.reset(manyRows(3))
  litellm.setFault('/v1/models', { kind: 'delay', ms: 200, times: 1 })
  const running = post()
  await asked()
  await proxy.cut()
  setTimeout(() => void proxy.open(), 450)
  const { status, body } = await running
  t.equal(status, 200)
  t.match(body, { success: false, runId: String, errors: [/^litellm: the database/] })
  t.match((await host.get('/models/sync')).body, { lastSync: { runId: body.runId, success: false } })
})

t.test('a plan that was made from an older state is made again', async (t) => {
  await host.reset(manyRows(3))
  await host.sync()
  litellm.models[0]!.model_info['max_output_tokens'] = 2
  litellm.models[1]!.model_info['max_output_tokens'] = 2
  const blocker = await pool.connect()
  await blocker.query('BEGIN')
  await blocker.query('SELECT FROM model_sync.providers FOR UPDATE')
  const running = host.sync()
  await waitsForLock()
  const [row] = litellm.models
  await blocker.query(`UPDATE model_sync.models SET max_output_tokens = 2 WHERE provider_model_id = $1`, [
    row!.model_name,
  ])
  await blocker.query('UPDATE model_sync.providers SET version = version + 1')
  await blocker.query('COMMIT')
  blocker.release()
  t.match(
    await running,
    { success: true, updatedModels: 1, unchangedModels: 2 },
    'what another has written already is no change',
  )
})

t.test('the database hangs while the server closes: it is waited for 5 s, not for ever', async (t) => {
  const other = await startHost(t, database, { litellm })
  await host.reset(manyRows(3))
  const blocker = await pool.connect()
  await other.sync()
  litellm.models[0]!.model_info['max_output_tokens'] = 3
  await blocker.query('BEGIN')
  await blocker.query('SELECT FROM model_sync.providers FOR UPDATE')
  const running = other.app.modelSync.syncModels()
  await waitsForLock()
  const startedAt = performance.now()
  await other.app.close()
  const waited = performance.now() - startedAt
  t.ok(waited < 9000, `closed after ${Math.round(waited)} ms`)
  await blocker.query('ROLLBACK')
  blocker.release()
  t.match(await running, { success: false, updatedModels: 0 })
  t.match((await host.models()).get(litellm.models[0]!.model_name), { maxOutputTokens: Number })
  t.match(await host.sync(), { success: true, updatedModels: 1 }, 'nothing of it was applied')
})
