/** Runs whose process died: ended by whoever comes next, told as failures, and in nobody's way; and runs whose end cannot be recorded at once. */
import { spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import t from 'tap'
import { DeadRuns } from '../../../src/services/runs/dead-runs.js'
import { RunRecorder } from '../../../src/services/sync/run-recorder.js'
import { openDatabase } from '../../../src/store/database.js'
import { readUntoldChanges } from '../../../src/store/news/read-untold.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { captureLog } from '../../support/log-capture.js'
import { manyRows } from '../../support/loopback-litellm.js'
import { startTcpProxy } from '../../support/tcp-proxy.js'
import type { RunRecord } from '../../../src/core/records/run-record.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'

const schema = 'model_sync'
needsPostgres()

const database = await createPostgresDatabase(t)
const { pid: deadPid } = spawnSync(process.execPath, ['--version'])
const DEAD = `${hostname()}:${deadPid}`

/** A run without an end, as its process left it. */
async function leave(
  { pool }: TestHost,
  { replica, table = 'sync_runs', deadline = '30 minutes' }: { replica: string; table?: string; deadline?: string },
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO model_sync.${table} (id, trigger, user_id, options, providers, started_at, replica, deadline)
    VALUES (gen_random_uuid(), 'interval', $3, '{}', '{litellm}', now() - interval '1 day', $1, now() + $2::interval)
    RETURNING id`,
    [replica, deadline, table === 'user_runs' ? 'ann' : null],
  )
  return rows[0]!.id
}

async function run({ pool }: TestHost, id: string): Promise<{ ended: boolean; success: boolean; errors: string[] }> {
  const { rows } = await pool.query<{ ended: boolean; success: boolean; errors: string[] }>(
    `SELECT finished_at IS NOT NULL AS ended, success, result -> 'errors' AS errors
    FROM (SELECT * FROM model_sync.sync_runs UNION ALL SELECT * FROM model_sync.user_runs) AS r WHERE id = $1`,
    [id],
  )
  return rows[0]!
}

async function until(condition: () => Promise<boolean>, ms = 10_000): Promise<void> {
  for (const giveUpAt = performance.now() + ms; !(await condition());) {
    if (performance.now() > giveUpAt) throw new Error('what was waited for did not come')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

t.test('the next start on that host ends them, also those of users; what runs elsewhere goes on', async (t) => {
  const first = await startHost(t, database)
  await first.reset(manyRows(1))
  const dead = await leave(first, { replica: DEAD })
  const deadOfUser = await leave(first, { replica: DEAD, table: 'user_runs' })
  const alive = await leave(first, { replica: `${hostname()}:${process.ppid}` })
  const elsewhere = await leave(first, { replica: 'another-host:1' })
  const named = await leave(first, { replica: 'backend-1' })
  await startHost(t, database)
  await until(async () => (await run(first, deadOfUser)).ended)
  t.match(await run(first, dead), { ended: true, success: false, errors: [/^litellm: the process that ran this sync/] })
  t.match((await first.get<RunRecord>(`/models/sync/history/${dead}`)).body, { success: false, finishedAt: String })
  t.match(await run(first, alive), { ended: false })
  t.match(await run(first, elsewhere), { ended: false })
  t.match(await run(first, named), { ended: false })

  await startHost(t, database, { settings: { replica: 'backend-1' } })
  await until(async () => (await run(first, named)).ended)
  t.match(await run(first, elsewhere), { ended: false })
})

t.test('once its time is over, anybody ends it; what the run itself records later counts', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(1))
  const over = await leave(host, { replica: 'another-host:1', deadline: '-1 second' })
  const going = await leave(host, { replica: 'another-host:2' })
  const { logger: log } = captureLog('silent')
  const deadRuns = new DeadRuns({ database: openDatabase(host.pool, schema), log, now: Date.now, replica: 'third' })
  deadRuns.endSometimes()
  await deadRuns.close()
  t.match(await run(host, over), { ended: true, success: false })
  t.match(await run(host, going), { ended: false })
})

t.test('where no other process can be, those of before this process are ended at once', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(1))
  const { logger: log } = captureLog('silent')
  const end = async (alone: boolean) => {
    const deadRuns = new DeadRuns({
      database: openDatabase(host.pool, schema),
      log,
      now: Date.now,
      alone,
      replica: 'another-host:7',
    })
    await deadRuns.endAtStart()
    await deadRuns.close()
  }
  const [silent, own] = [await leave(host, { replica: 'another-host:1' }), await leave(host, { replica: DEAD })]
  await host.pool.query('UPDATE model_sync.sync_runs SET alive_at = now(), started_at = now() WHERE id = $1', [own])
  await host.pool.query('UPDATE model_sync.sync_runs SET alive_at = now() WHERE id = $1', [silent])
  await end(false)
  t.match(await run(host, silent), { ended: false }, 'a server has other hosts')
  await end(true)
  t.match(await run(host, silent), { ended: true, success: false }, 'although it was alive a moment ago')
  t.match(await run(host, own), { ended: false }, 'this process has begun since')
})

t.test('a name tells the runs of before the start from those of after it, whatever the own clock says', async (t) => {
  const host = await startHost(t, database)
  const wallClock = Date.now
  t.teardown(() => (Date.now = wallClock))
  for (const days of [400, -30]) {
    await host.reset(manyRows(1))
    const before = await leave(host, { replica: 'backend-1' })
    const after = await leave(host, { replica: 'backend-1' })
    await host.pool.query('UPDATE model_sync.sync_runs SET started_at = now() WHERE id = $1', [after])
    Date.now = () => wallClock() + days * 86_400_000
    const { app } = await startHost(t, database, { settings: { replica: 'backend-1' } })
    await app.close()
    Date.now = wallClock
    t.match(await run(host, before), { ended: true }, `${days} days`)
    t.match(await run(host, after), { ended: false }, `${days} days`)
  }
})

t.test('where only users sync, their syncs end those whose time is over', async (t) => {
  const host = await startHost(t, database, {
    settings: {
      user: () => 'ann',
      authorizeUser: [async () => undefined],
      encryptionKey: randomBytes(32).toString('base64'),
    },
  })
  await host.reset(manyRows(1))
  const { key: apiKey } = host.litellm
  t.equal((await host.request({ method: 'PUT', url: '/models/credentials/litellm', payload: { apiKey } })).status, 200)
  const over = await leave(host, { replica: 'another-host:1', table: 'user_runs', deadline: '-1 second' })
  const ticks = performance.now.bind(performance)
  t.teardown(() => (performance.now = ticks))
  performance.now = () => ticks() + 61_000
  t.match((await host.request({ method: 'POST', url: '/models/sync?keys=own' })).body, { success: true })
  await until(async () => (await run(host, over)).ended)
})

t.test('a run of this process while another host starts in it is left alone', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(1))
  host.litellm.setFault('/v1/models', { kind: 'delay', ms: 500, times: 1 })
  const running = host.app.modelSync.syncModels()
  while (host.litellm.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  const { runs } = (await host.get<{ runs: RunRecord[] }>('/models/sync/history')).body
  const other = await startHost(t, database)
  await other.app.close()
  t.match(await run(host, runs[0]!.runId), { ended: false })
  t.match(await running, { success: true })
})

t.test('changes of a run that died keep later runs of its provider out of no news', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(2))
  const { runId } = await host.sync()
  await host.pool.query('UPDATE model_sync.sync_runs SET finished_at = NULL, success = NULL, result = NULL')
  const untold = async (): Promise<(string | null)[]> => {
    const changes = await readUntoldChanges(openDatabase(host.pool, schema), { subscription: 'all', limit: 100 })
    return changes.map(({ runId: id }) => id)
  }
  t.strictSame(await untold(), [], 'a run in progress is told as a whole')
  host.litellm.models.push(...manyRows(3).slice(2))
  const later = await host.sync()
  t.strictSame(await untold(), [runId, runId, later.runId])
  host.litellm.models.push(...manyRows(4).slice(3))
  const last = await host.sync()
  await host.pool.query(
    `UPDATE model_sync.sync_runs SET finished_at = NULL, deadline = now() - interval '1 second' WHERE id = $1`,
    [last.runId],
  )
  t.strictSame((await untold()).at(-1), last.runId, 'its time is over')
})

t.test('an edit by hand is no news that waits behind a run that died', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(2))
  const { runId } = await host.sync()
  await host.pool.query('UPDATE model_sync.sync_runs SET finished_at = NULL, success = NULL, result = NULL')
  const untold = async (): Promise<(string | null)[]> => {
    const changes = await readUntoldChanges(openDatabase(host.pool, schema), { subscription: 'all', limit: 100 })
    return changes.map(({ runId: id }) => id)
  }
  t.strictSame(await untold(), [])
  const [model] = (await host.models()).keys()
  for (const [what, request] of [
    ['edited', { method: 'PATCH', url: `/models/litellm/${model}`, payload: { contextLength: 7 } }],
    ['switched off', { method: 'PATCH', url: '/providers/litellm', payload: { enabled: false } }],
  ] as const) {
    t.equal((await host.request(request)).status, 200)
    const told = await untold()
    t.strictSame([told.slice(0, 2), told.at(-1)], [[runId, runId], null], what)
  }
})

t.test('a run that shows signs of life is nobody’s predecessor, whatever its process is called', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(1))
  const { logger: log } = captureLog('silent')
  // As of two containers with one host name, which both have processes of their own with the same ids.
  for (const replica of [DEAD, 'backend-1']) {
    const closing = new AbortController()
    const database = openDatabase(host.pool, schema).within({ timeoutMs: 2000, signals: [closing.signal] })
    const wait = (): Promise<void> => Promise.reject(new Error('closed'))
    const common = { log, now: Date.now }
    const recorder = new RunRecorder({
      ...common,
      database,
      wait,
      origin: { appVersion: '0.1.0', replica },
      aliveEveryMs: 20,
    })
    const id = randomUUID()
    const startedAt = new Date(Date.now() - 86_400_000).toISOString()
    const started = { id, trigger: 'interval', userId: null, options: {}, providers: ['litellm'], startedAt } as const
    t.equal(
      await recorder.start(started, {
        signal: new AbortController().signal,
        claim: null,
        finishing: () => undefined,
        handOn: async () => false,
      }),
      null,
    )
    const silent = `SELECT FROM model_sync.sync_runs WHERE id = $1 AND alive_at > now() - interval '1 minute'`
    await until(async () => (await host.pool.query(silent, [id])).rows.length === 1)
    const starts = async (): Promise<void> => {
      const deadRuns = new DeadRuns({ ...common, database: openDatabase(host.pool, schema), replica: 'backend-1' })
      await deadRuns.endAtStart()
      await deadRuns.close()
    }
    await starts()
    t.match(await run(host, id), { ended: false }, replica)
    closing.abort(new Error('killed'))
    await host.pool.query(`UPDATE model_sync.sync_runs SET alive_at = now() - interval '2 minutes'`)
    await starts()
    t.match(await run(host, id), { ended: true }, replica)
  }
})

t.test('a run of a user that died after it had changed something stays in the history as it is', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(1))
  const changed = await leave(host, { replica: DEAD, table: 'user_runs' })
  const unchanged = await leave(host, { replica: DEAD, table: 'user_runs' })
  const ofBob = await leave(host, { replica: DEAD, table: 'user_runs' })
  await host.pool.query(`UPDATE model_sync.user_runs SET user_id = 'bob' WHERE id = $1`, [ofBob])
  await host.pool.query(`UPDATE model_sync.user_runs SET started_at = now() + interval '1 hour' WHERE id = $1`, [
    unchanged,
  ])
  await host.pool.query(`INSERT INTO model_sync.user_providers (user_id, provider) VALUES ('ann', 'litellm')`)
  await host.pool.query(
    `INSERT INTO model_sync.user_models (user_provider_id, provider_model_id, fields, first_seen_at, last_seen_at, updated_at)
    SELECT id, 'seen', '{}', now(), now(), now() FROM model_sync.user_providers`,
  )
  await host.pool.query(`UPDATE model_sync.user_runs SET deadline = now() - interval '1 second'`)
  await startHost(t, database)
  await until(async () => (await run(host, ofBob)).ended)
  const { rows } = await host.pool.query('SELECT id FROM model_sync.user_runs WHERE changed ORDER BY id')
  t.strictSame(rows, [{ id: changed }])
})

t.test('the end of a run is recorded when the database is back, and closing does not wait for it', async (t) => {
  const proxy = await startTcpProxy(t, database.url!)
  const settings = { databaseUrl: proxy.through(database.url!) }
  const host = await startHost(t, database, { settings })
  await host.reset(manyRows(2))
  const cutOff = async (from: TestHost): Promise<SyncResult> => {
    from.litellm.requests.length = 0
    from.litellm.setFault('/v1/models', { kind: 'delay', ms: 200, times: 1 })
    const running = from.app.modelSync.syncModels()
    while (from.litellm.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    await proxy.cut()
    return running
  }
  t.match(await cutOff(host), { success: false, runId: null })
  const open = async (): Promise<number> =>
    (await host.pool.query('SELECT FROM model_sync.sync_runs WHERE finished_at IS NULL')).rows.length
  t.equal(await open(), 1)
  await proxy.open()
  await until(async () => (await open()) === 0, 15_000)
  await host.log.waitFor('The end of a sync is on record now')
  const { problems } = (await host.get<{ problems: string[] }>('/models/health')).body
  t.notMatch(problems.join(), /could not be recorded/)
  t.match((await host.get('/models/sync')).body, { lastSync: { success: false, result: { errors: [/^litellm/] } } })

  t.match(await cutOff(host), { success: false, runId: null })
  const startedAt = performance.now()
  await host.app.close()
  t.ok(performance.now() - startedAt < 3000)
})
