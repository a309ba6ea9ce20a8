/** Retention: what changed nothing is forgotten in time, everything else stays, and closing waits for the batch under way. */
import pg from 'pg'
import t from 'tap'
import { openDatabase } from '../../../src/store/database.js'
import { RunHistory } from '../../../src/services/runs/run-history.js'
import type { WorkKind } from '../../../src/services/work/held-claims.js'
import { RunRetention } from '../../../src/services/runs/run-retention.js'
import type { DatabasePool } from '../../../src/store/database.js'
import { migrate } from '../../../src/store/migrate.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { captureLog } from '../../support/log-capture.js'
import { poolThrough } from '../../support/pool-through.js'

const NOW = Date.parse('2026-11-24T00:00:00Z')
const HOUR_MS = 60 * 60 * 1000
const schema = 'model_sync'
const database = await createPostgresDatabase(t)
const pool = new pg.Pool(database.poolConfig)
t.teardown(() => pool.end())
await migrate(pool, { schema })

let time = NOW
const log = captureLog()
const open = (over: DatabasePool = pool): RunRetention =>
  new RunRetention({ database: openDatabase(over, schema), days: 90, log: log.logger, now: () => time })

/** Runs by their names, each so many days old. */
async function write(
  runs: Record<string, { days: number; success?: boolean | null; changed?: boolean | null; changes?: number }>,
): Promise<void> {
  await pool.query('TRUNCATE model_sync.sync_runs, model_sync.model_changes')
  for (const [name, { days, success = true, changed = false, changes = 0 }] of Object.entries(runs)) {
    const at = new Date(NOW - days * 24 * HOUR_MS).toISOString()
    await pool.query(
      `WITH run AS (
        INSERT INTO model_sync.sync_runs (id, trigger, options, started_at, finished_at, success, changed)
        VALUES (gen_random_uuid(), $1, '{}', $2, CASE WHEN $3::boolean IS NOT NULL THEN $2::timestamptz END, $3, $4)
        RETURNING id
      )
      INSERT INTO model_sync.model_changes (run_id, model_id, provider_id, provider_model_id, kind, cause, actor, at)
      SELECT id, 1, 1, 'm', 'added', 'upstream', 'sync', $2 FROM run, generate_series(1, $5)`,
      [name, at, success, changed, changes],
    )
  }
}

async function left(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('SELECT trigger AS name FROM model_sync.sync_runs ORDER BY 1')
  return rows.map(({ name }) => name)
}

t.test('old runs without a change go; changes, the young, and the last ones stay', async (t) => {
  await write({
    'old and empty': { days: 91 },
    'old and failed': { days: 92, success: false },
    'old and changed': { days: 400, changed: true, changes: 1 },
    'its process ended before it changed anything': { days: 95, success: null, changed: null },
    'its process ended after a change': { days: 95, success: null, changed: null, changes: 1 },
    'young and empty': { days: 89, success: false },
    'the last success': { days: 90.5 },
  })
  t.equal(await open().prune(), 3)
  t.strictSame(await left(), [
    'its process ended after a change',
    'old and changed',
    'the last success',
    'young and empty',
  ])
  t.equal(await open().prune(), 0)
})

t.test('the last run and the last success stay, however long ago they were', async (t) => {
  await write({ success: { days: 300 }, failure: { days: 200, success: false }, older: { days: 301 } })
  t.equal(await open().prune(), 1)
  t.strictSame(await left(), ['failure', 'success'])
})

t.test('of runs with keys of users the last ones of each user stay', async (t) => {
  await pool.query('TRUNCATE model_sync.sync_runs, model_sync.user_runs')
  await pool.query(
    `INSERT INTO model_sync.user_runs (id, trigger, user_id, options, started_at, finished_at, success, changed)
    SELECT gen_random_uuid(), name, user_id, '{}', at, at, success, changed
    FROM (
      SELECT *, $1::timestamptz - days * interval '1 day' AS at
      FROM (
        VALUES ('old', 'ann', 120, true, false), ('changed', 'ann', 110, true, true), ('failed', 'ann', 100, false, false),
          ('last success', 'ann', 99, true, false), ('last', 'ann', 95, false, false), ('young', 'bob', 10, true, false),
          ('old of bob', 'bob', 95, true, false), ('only', 'cid', 400, true, false)
      ) AS v (name, user_id, days, success, changed)
    ) AS run`,
    [new Date(NOW).toISOString()],
  )
  t.equal(await open().prune(), 3)
  const { rows } = await pool.query<{ name: string }>('SELECT trigger AS name FROM model_sync.user_runs ORDER BY 1')
  t.strictSame(
    rows.map(({ name }) => name),
    ['changed', 'last', 'last success', 'only', 'young'],
  )
})

t.test('once an hour, and a database that refuses is said', async (t) => {
  const broken = poolThrough(() => Promise.reject(new Error('gone')))
  const retention = open(broken)
  let carryOut: WorkKind['carryOut'] | undefined
  const asked = [] as object[]
  await retention.start({
    register: (_kind, work) => void (carryOut = work.carryOut),
    ask: async (work) => (asked.push(work), null),
  })
  t.match(asked, [{ kind: 'retention', key: 'runs' }])
  t.strictSame(await carryOut?.({} as never), { nextDueAt: time + HOUR_MS })
  await log.waitFor(/^Old runs could not be removed/)
  await retention.close()
  time = NOW
})

t.test('closing waits for the batch under way, and no other begins', async (t) => {
  await pool.query('TRUNCATE model_sync.sync_runs, model_sync.model_changes')
  await pool.query(
    `INSERT INTO model_sync.sync_runs (id, trigger, options, started_at, finished_at, success, changed)
    SELECT gen_random_uuid(), 'interval', '{}', at, at, true, false
    FROM (SELECT '2026-01-01'::timestamptz + n * interval '1 minute' AS at FROM generate_series(1, 2000) AS n) AS old`,
  )
  let finish = (): void => undefined
  const released = new Promise<void>((resolve) => (finish = resolve))
  let batches = 0
  const slow = poolThrough(async (text, values) => {
    batches++
    await released
    return pool.query(text, values)
  })
  const retention = open(slow)
  const pruned = retention.prune()
  let closed = false
  const closing = retention.close().then(() => (closed = true))
  await new Promise((resolve) => setImmediate(resolve))
  t.notOk(closed, 'waits')
  finish()
  await closing
  t.equal(await pruned, 500)
  t.equal(batches, 1)
  t.equal((await left()).length, 1500)
  t.equal(await retention.prune(), 0, 'none after the end')
})

/** Runs that changed nothing, a minute apart, the last one now. */
async function writeMinutes(
  table: string,
  count: number,
  values: { trigger?: string; user?: string | null } = {},
): Promise<void> {
  await pool.query(
    `INSERT INTO model_sync.${table} (id, trigger, user_id, options, providers, started_at, finished_at, success, changed, result)
    SELECT gen_random_uuid(), $2, $3, '{}', '{litellm}', at, at, true, false, '{"providers": []}'
    FROM (SELECT $1::timestamptz - n * interval '1 minute' AS at FROM generate_series(0, $4 - 1) AS n) AS run`,
    [new Date(NOW).toISOString(), values.trigger ?? 'interval', values.user ?? null, count],
  )
}

interface Folded {
  runs: number
  first: string
  last: string
}

async function folded(table = 'sync_runs'): Promise<Folded[]> {
  const { rows } = await pool.query<Folded>(
    `SELECT runs, to_char(first_started_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS first,
      to_char(started_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS last
    FROM model_sync.${table} WHERE runs > 1 ORDER BY started_at`,
  )
  return rows
}

const total = async (table = 'sync_runs'): Promise<number[]> => {
  const { rows } = await pool.query<{ rows: number; runs: number }>(
    `SELECT count(*)::integer AS rows, sum(runs)::integer AS runs FROM model_sync.${table}`,
  )
  return [rows[0]!.rows, rows[0]!.runs]
}

t.test('beyond the newest 1,000, runs that changed nothing are one row for each hour and trigger', async (t) => {
  await pool.query('TRUNCATE model_sync.sync_runs, model_sync.user_runs, model_sync.model_changes')
  await writeMinutes('sync_runs', 1240)
  t.equal(await open().prune(), 235)
  t.strictSame(await total(), [1005, 1240], 'the runs add up')
  const hours = await folded()
  t.strictSame(hours[1], { runs: 60, first: '23 04:00', last: '23 04:59' })
  t.equal(hours.length, 5)
  t.equal(await open().prune(), 0, 'done')

  const history = new RunHistory({ database: openDatabase(pool, schema) })
  const { runs } = await history.list({ limit: 500 })
  t.equal(runs[0]!.folded, null)
  const pages = [runs]
  for (let { nextCursor: cursor } = await history.list({ limit: 500 }); cursor !== null;) {
    const page = await history.list({ limit: 500, cursor })
    pages.push(page.runs)
    cursor = page.nextCursor
  }
  t.match(pages.flat().at(-2), { success: true, folded: { runs: 60, firstStartedAt: '2026-11-23T04:00:00.000Z' } })
  t.equal(pages.flat().length, 1005)
  const { rows: view } = await pool.query<{ rows: number; syncs: number }>(
    'SELECT count(*)::integer AS rows, sum(runs)::integer AS syncs FROM model_sync.model_sync_history',
  )
  t.strictSame(view, [{ rows: 1005, syncs: (await total())[1] }], 'the older view counts the same syncs')
  t.match(
    (await pool.query('SELECT * FROM model_sync.model_sync_history WHERE runs = 60 ORDER BY synced_at LIMIT 1')).rows,
    [
      {
        first_synced_at: new Date('2026-11-23T04:00:00.000Z'),
        last_synced_at: new Date('2026-11-23T04:59:00.000Z'),
        synced_at: new Date('2026-11-23T04:59:00.000Z'),
      },
    ],
  )
})

t.test('an hour that was folded in part takes up the rest of it later', async (t) => {
  await pool.query('TRUNCATE model_sync.sync_runs, model_sync.user_runs, model_sync.model_changes')
  await writeMinutes('sync_runs', 1030)
  await open().prune()
  t.strictSame(await total(), [1002, 1030])
  await pool.query(
    `INSERT INTO model_sync.sync_runs (id, trigger, options, providers, started_at, finished_at, success, changed)
    SELECT gen_random_uuid(), 'interval', '{}', '{litellm}', at, at, true, false
    FROM (SELECT $1::timestamptz + n * interval '1 minute' AS at FROM generate_series(1, 20) AS n) AS run`,
    [new Date(NOW).toISOString()],
  )
  await open().prune()
  t.strictSame(await total(), [1002, 1050])
  t.strictSame(
    (await folded()).map(({ runs }) => runs),
    [9, 41],
  )
})

t.test('what changed something, failed, is of another trigger or another user, is not mixed up', async (t) => {
  await pool.query('TRUNCATE model_sync.sync_runs, model_sync.user_runs, model_sync.model_changes')
  await writeMinutes('user_runs', 1000, { user: 'ann' })
  await pool.query(
    `INSERT INTO model_sync.user_runs (id, trigger, user_id, options, started_at, finished_at, success, changed)
    SELECT gen_random_uuid(), trigger, user_id, '{}', $1::timestamptz, $1::timestamptz, success, changed
    FROM (VALUES ('cron', 'ann', true, false), ('manual', 'ann', true, false), ('cron', 'bob', true, false),
      ('cron', 'ann', false, false), ('cron', 'ann', true, true)) AS v (trigger, user_id, success, changed), generate_series(1, 3)`,
    [new Date(NOW - 48 * HOUR_MS).toISOString()],
  )
  await open().prune()
  t.strictSame(await total('user_runs'), [1007, 1015])
  t.equal((await folded('user_runs')).length, 4)
})
