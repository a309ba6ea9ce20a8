/** A PostgreSQL that gives no answer, to one connection or to all: nothing waits for ever, nobody else notices, and closing stays quick. */
import fastifyPostgres from '@fastify/postgres'
import Fastify from 'fastify'
import pg from 'pg'
import t from 'tap'
import modelSync from '../../../src/plugin.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost, statuses, type TestHost } from '../../support/host.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import { startTcpProxy } from '../../support/tcp-proxy.js'
import { startServer } from '../../../src/server.js'
import { captureLog } from '../../support/log-capture.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'

needsPostgres()

const database = await createPostgresDatabase(t)
const proxy = await startTcpProxy(t, database.url!)
const through = proxy.through(database.url!)

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** How many of the plugin's statements wait for a lock. */
async function waiting({ pool }: TestHost): Promise<number> {
  const { rows } = await pool.query(
    `SELECT FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'fastify-model-sync' AND wait_event_type = 'Lock'`,
  )
  return rows.length
}

async function openRuns({ pool }: TestHost): Promise<number> {
  return (await pool.query('SELECT FROM model_sync.sync_runs WHERE finished_at IS NULL')).rows.length
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const giveUpAt = performance.now() + 5000; !(await condition());) {
    if (performance.now() > giveUpAt) throw new Error('what was waited for did not come')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Holds an ACCESS EXCLUSIVE lock, until the returned function is called. */
async function lock({ pool }: TestHost, table: string): Promise<() => Promise<void>> {
  const client = await pool.connect()
  await client.query('BEGIN')
  await client.query(`LOCK TABLE model_sync.${table}`)
  return async () => {
    await client.query('ROLLBACK')
    client.release()
  }
}

const STATEMENTS: [what: string, sent: RegExp][] = [
  ['the start of the run', /INSERT INTO "model_sync"\.sync_runs/],
  ['a read before the plan', /"model_sync"\.providers/],
  ['BEGIN', /BEGIN ISOLATION/],
  ['an insert of models', /INSERT INTO "model_sync"\.models/],
  ['COMMIT', /COMMIT/],
]

t.test('one connection falls silent in the middle of a sync: it fails in time, and the next one works', async (t) => {
  const host = await startHost(t, database, { settings: { databaseUrl: through, statementTimeoutMs: 400 } })
  for (const [what, sent] of STATEMENTS) {
    await host.reset(manyRows(3))
    proxy.silenceAt(sent)
    const failed = await host.app.modelSync.syncModels()
    t.match(failed, { success: false, errors: [/gave no answer within 0\.4 s/] }, what)
    t.equal(host.app.modelSync.sync.running, false)
    t.match(await host.sync(), { success: true }, `the sync after it: ${what}`)
    t.equal((await host.models()).size, 3)
  }
  await host.app.close()
})

t.test('a read falls silent: 503 in time, and other connections answer meanwhile', async (t) => {
  const host = await startHost(t, database, { settings: { databaseUrl: through, readTimeoutMs: 300 } })
  await host.reset(manyRows(3))
  await host.sync()
  for (const [path, sent] of [
    ['/models', /"model_sync"\.models/],
    ['/models/changes', /model_changes/],
    ['/models/health', /providers/],
  ] as const) {
    proxy.silenceAt(sent)
    const [silent] = await Promise.all([host.get(path), host.get('/models/sync/history')])
    t.match(
      silent,
      { status: 503, body: { code: 'FST_MODEL_SYNC_DATABASE' }, headers: { 'retry-after': String } },
      path,
    )
    t.equal((await host.get(path)).status, 200)
  }
})

t.test(
  'a lock on the models: requests get 503, leave nothing behind on the server, and keep nobody else waiting',
  async (t) => {
    const host = await startHost(t, database, { settings: { readTimeoutMs: 300, poolSize: 4 } })
    await host.reset(manyRows(3))
    await host.sync()
    const unlock = await lock(host, 'models')
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(Array.from({ length: 3 }, () => host.get('/models')))
      t.strictSame(
        answers.map(({ status }) => status),
        [503, 503, 503],
      )
    }
    t.equal((await host.get('/models/sync/history')).status, 200)
    await until(async () => (await waiting(host)) === 0)
    await unlock()
    t.equal((await host.get('/models')).status, 200)
  },
)

const WAITS: [what: string, begin: (host: TestHost) => Promise<() => Promise<void>>][] = [
  ['a lock that its read waits for', (host) => lock(host, 'models')],
  ['a lock that its start waits for', (host) => lock(host, 'sync_runs')],
  ['a lock that its transaction waits for', (host) => lock(host, 'upstream_entries')],
  [
    'a connection that is silent at BEGIN',
    async () => {
      proxy.silenceAt(/BEGIN ISOLATION/)
      return async () => undefined
    },
  ],
]

t.test('DELETE /models/sync ends a run whatever it waits for', async (t) => {
  const host = await startHost(t, database, { settings: { databaseUrl: through } })
  for (const [what, begin] of WAITS) {
    await host.reset(manyRows(3))
    host.litellm.requests.length = 0
    const end = await begin(host)
    const running = host.request<SyncResult>({ method: 'POST', url: '/models/sync' })
    if (what.startsWith('a lock')) await until(async () => (await waiting(host)) > 0)
    else await until(() => !proxy.waits)
    const took = await elapsed(async () => {
      const { body } = await host.request({ method: 'DELETE', url: '/models/sync' })
      t.strictSame(body, { cancelled: true }, what)
      t.match((await running).body, { success: false, errors: [/the run was cancelled/] }, what)
    })
    t.ok(took < 1500, `${what}: ended after ${Math.round(took)} ms`)
    await end()
    t.strictSame((await host.request({ method: 'DELETE', url: '/models/sync' })).body, { cancelled: false })
    t.equal(host.app.modelSync.sync.running, false)
    t.equal((await host.models()).size, 0, 'nothing was applied')
    t.match(await host.sync(), { success: true, newModels: 3 })
  }
})

t.test('DELETE says false when all is applied and only the end is to be recorded', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(3))
  host.litellm.setFault('/v1/models', { kind: 'delay', ms: 300, times: 1 })
  const running = host.request<SyncResult>({ method: 'POST', url: '/models/sync' })
  await until(() => host.litellm.requests.length > 1)
  // The run has begun; only its end is to be written there.
  const unlock = await lock(host, 'sync_runs')
  await until(async () => (await waiting(host)) > 0)
  t.strictSame((await host.request({ method: 'DELETE', url: '/models/sync' })).body, { cancelled: false })
  await unlock()
  t.match((await running).body, { success: true, newModels: 3 })
})

t.test('a hook of the host that never ends: cancelling ends the run all the same', async (t) => {
  let called = false
  const host = await startHost(t, database, {
    settings: { onApply: () => ((called = true), new Promise<void>(() => undefined)) },
  })
  await host.reset(manyRows(3))
  const running = host.app.modelSync.syncModels()
  await until(() => called)
  t.equal(await host.app.modelSync.cancelSync(), true)
  t.match(await running, { success: false, errors: [/^litellm: the run was cancelled/] })
  t.equal((await host.models()).size, 0)
})

t.test('a run that takes longer than it may is ended, and says so', async (t) => {
  // So much that the last sync has room on a busy machine.
  const host = await startHost(t, database, { settings: { maxRunMinutes: 0.03 } })
  await host.reset(manyRows(3))
  const unlock = await lock(host, 'upstream_entries')
  const took = await elapsed(async () => {
    t.match(await host.sync(), { success: false, errors: [/longer than 1\.8 seconds.*MODEL_SYNC_MAX_RUN_MINUTES/] })
  })
  t.ok(took < 5000, `ended after ${Math.round(took)} ms`)
  host.litellm.setFault('/v1/models', { kind: 'hang' })
  await unlock()
  t.match(await host.sync(), { success: false, errors: [/longer than 1\.8 seconds/] })
  host.litellm.setFault('/v1/models', null)
  t.match(await host.sync(), { success: true, newModels: 3 })
})

t.test('requests are answered while a sync of many providers waits for the database', async (t) => {
  const upstream = await startLoopbackLiteLLM({ models: manyRows(2) })
  t.teardown(() => upstream.close())
  const slugs = Array.from({ length: 6 }, (_, index) => `box-${index}`)
  for (const poolSize of [2, 3]) {
    const host = await startHost(t, database, {
      settings: {
        poolSize,
        readTimeoutMs: 2000,
        openaiCompatible: slugs.map((slug) => ({ slug, url: `${upstream.url}/v1`, apiKey: upstream.key })),
        providers: slugs,
      },
    })
    await host.reset()
    const unlock = await lock(host, 'model_changes')
    const running = host.app.modelSync.syncModels()
    await until(async () => (await waiting(host)) > 0)
    for (let round = 0; round < 5; round++) t.equal((await host.get('/models/stats')).status, 200)
    t.equal((await host.get('/providers')).status, 200)
    await unlock()
    t.strictSame(
      statuses(await running),
      Array.from({ length: 6 }, () => 'ok'),
    )
  }
})

t.test('requests are answered while many edits wait for a provider that is being applied', async (t) => {
  for (const poolSize of [2, 3, 10]) {
    const host = await startHost(t, database, { settings: { poolSize, readTimeoutMs: 2000 } })
    await host.reset(manyRows(12))
    await host.sync()
    const { rows } = await host.pool.query<{ id: string }>(
      `SELECT 'litellm/' || provider_model_id AS id FROM model_sync.models`,
    )
    const client = await host.pool.connect()
    await client.query('BEGIN')
    await client.query('SELECT FROM model_sync.providers FOR UPDATE')
    const payload = { contextLength: 5 }
    const edits = rows.map(({ id }) => host.request({ method: 'PATCH', url: `/models/${id}`, payload }))
    const running = host.app.modelSync.syncModels({ forceUpdate: true })
    await until(async () => (await waiting(host)) > (poolSize === 2 ? 0 : 1))
    for (let round = 0; round < 3; round++) t.equal((await host.get('/models')).status, 200, `${poolSize} connections`)
    await client.query('ROLLBACK')
    client.release()
    t.strictSame([...new Set((await Promise.all(edits)).map(({ status }) => status))], [200])
    t.match(await running, { success: true })
    await host.reset()
    await host.app.close()
  }
})

for (const [what, begin] of [
  ['a lock on the models', (host: TestHost) => lock(host, 'models')],
  [
    'a database that says nothing any more',
    async () => {
      proxy.silence()
      return async () => proxy.speak()
    },
  ],
] as const)
  t.test(`closing takes 5 seconds at most: ${what}`, async (t) => {
    const host = await startHost(t, database, { settings: { databaseUrl: through, syncOnStartup: true } })
    await host.log.waitFor('Initial model sync completed')
    const end = await begin(host)
    host.litellm.models.push(...manyRows(2))
    const running = host.app.modelSync.syncModels()
    const reading = host.get('/models')
    await new Promise((resolve) => setTimeout(resolve, 200))
    const took = await elapsed(() => host.app.close())
    t.ok(took < 5000, `closed after ${Math.round(took)} ms`)
    t.match(await running, { success: false })
    t.equal((await reading).status, 503)
    await end()
  })

t.test('closing waits for requests that are being answered', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(3))
  await host.sync()
  const unlock = await lock(host, 'models')
  const reading = host.get('/models')
  await until(async () => (await waiting(host)) > 0)
  const closing = host.app.close()
  await new Promise((resolve) => setTimeout(resolve, 200))
  await unlock()
  t.match(await reading, { status: 200, body: { total: 3 } })
  await closing
})

t.test('closing takes 5 seconds at most: requests over HTTP wait for a lock, with a sync and without', async (t) => {
  for (const work of [
    ['PATCH', 'PATCH', 'GET'],
    ['PATCH', 'GET', 'POST'],
  ]) {
    const host = await startHost(t, database)
    await host.reset(manyRows(3))
    await host.sync()
    const [id] = [...(await host.models()).values()].map((model) => model.id)
    const origin = await host.app.listen({ host: '127.0.0.1', port: 0 })
    // So that the sync has something to write.
    host.litellm.models.pop()
    const unlock = await lock(host, 'models')
    const answers = work.map(async (method) => {
      const headers = { connection: 'close', 'content-type': 'application/json' }
      if (method === 'GET') return fetch(`${origin}/models`, { headers })
      if (method === 'POST') return fetch(`${origin}/models/sync`, { method, headers, body: '{}' })
      return fetch(`${origin}/models/${id}`, { method, headers, body: '{"contextLength":5}' })
    })
    await until(async () => (await waiting(host)) >= 2)
    // A sync that closing finds before its run is on record is told as one that could not be started.
    if (work.includes('POST')) await until(async () => (await openRuns(host)) > 0)
    const took = await elapsed(() => host.app.close())
    t.ok(took < 5000, `closed after ${Math.round(took)} ms`)
    for (const [index, answer] of (await Promise.all(answers)).entries())
      if (work[index] === 'POST') {
        // Cancelled; or, where closing was first, never begun.
        const { runId } = (await answer.json()) as { runId: string | null }
        t.equal(answer.status, runId === null ? 503 : 200)
      } else t.equal(answer.status, 503)
    await unlock()
  }
})

for (const how of ['the reference backend', 'a host'] as const)
  t.test(`${how} that closes while it waits for another replica’s migration leaves nothing behind`, async (t) => {
    const fresh = await createPostgresDatabase(t, { empty: true })
    const other = new pg.Client(fresh.poolConfig)
    await other.connect()
    t.teardown(() => other.end())
    await other.query('SELECT pg_advisory_lock($1)', [0x6d73796e63])
    const backends = async (): Promise<number> =>
      (
        await other.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
        )
      ).rows.length
    const { logger } = captureLog('silent')
    const begin = async (): Promise<() => Promise<unknown>> => {
      if (how === 'the reference backend') {
        const backend = await startServer(
          { databaseUrl: fresh.url!, host: '127.0.0.1', port: 0, adminToken: 'a-token-of-the-tests' },
          logger,
        )
        return () => backend.close()
      }
      const app = Fastify({ pluginTimeout: 500 })
      const options = { databaseUrl: fresh.url!, syncOnStartup: false, allowUnauthenticated: true } as const
      const registered = (async () => void (await app.register(modelSync, options)))().catch(() => undefined)
      return async () => {
        await registered
        await app.close()
      }
    }
    const close = await begin()
    await until(async () => (await backends()) > 0)
    const took = await elapsed(close)
    t.ok(took < 5000, `closed after ${Math.round(took)} ms`)
    await t.resolves(until(async () => (await backends()) === 0))
  })

t.test('a pool of the host’s own is within the same bounds, and the host goes on using it', async (t) => {
  const host = await startHost(t, database, {
    before: (app) => app.register(fastifyPostgres, { connectionString: through, max: 3 }),
    settings: { statementTimeoutMs: 400, readTimeoutMs: 300 },
  })
  await host.reset(manyRows(3))
  proxy.silenceAt(/INSERT INTO "model_sync"\.models/)
  t.match(await host.sync(), { success: false, errors: [/gave no answer/] })
  proxy.silenceAt(/"model_sync"\.models/)
  t.equal((await host.get('/models')).status, 503)
  t.match(await host.sync(), { success: true, newModels: 3 })
  t.strictSame((await host.app.pg.query('SELECT 1 AS one')).rows, [{ one: 1 }])
})

t.test('the reference backend is stopped while its database is silent: before it was ready, and after', async (t) => {
  const settings = { databaseUrl: through, host: '127.0.0.1', port: 0, adminToken: 'a-token-of-the-tests' }
  const { logger } = captureLog('silent')
  const ready = await startServer(settings, logger)
  await ready.ready
  proxy.silence()
  t.ok((await elapsed(() => ready.close())) < 5000)
  const starting = await startServer(settings, logger)
  await new Promise((resolve) => setTimeout(resolve, 300))
  t.ok((await elapsed(() => starting.close())) < 5000)
  proxy.speak()
})
