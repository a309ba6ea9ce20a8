/** A million changes and a hundred thousand runs: each page is a range of an index, and takes milliseconds, however unevenly things changed. */
import pg from 'pg'
import t from 'tap'
import { ChangelogService } from '../../src/services/catalogue/changelog-service.js'
import { DailyStats } from '../../src/services/catalogue/daily-stats.js'
import { RunHistory } from '../../src/services/runs/run-history.js'
import { RunRetention } from '../../src/services/runs/run-retention.js'
import { openDatabase, type DatabasePool } from '../../src/store/database.js'
import { migrate } from '../../src/store/migrate.js'
import { readFailedRuns, readUntoldChanges } from '../../src/store/news/read-untold.js'
import { createPostgresDatabase } from '../support/databases.js'
import { captureLog } from '../support/log-capture.js'
import { poolThrough } from '../support/pool-through.js'

const CHANGES = 1_000_000
const MOST_MS = 20
const ROUNDS = 5
const schema = 'model_sync'
const now = (): number => Date.parse('2026-11-24')

const database = await createPostgresDatabase(t)
const pool = new pg.Pool({ ...database.poolConfig, max: 1 })
t.teardown(() => pool.end())
await migrate(pool, { schema })
await pool.query(`INSERT INTO model_sync.providers (slug, name) SELECT 'p' || n, 'P' FROM generate_series(1, 20) AS n`)
await pool.query(
  `INSERT INTO model_sync.models (
    id, provider_id, provider_model_id, name, input_modalities, output_modalities, capabilities, other_prices, aliases, first_seen_at, updated_at
  )
  OVERRIDING SYSTEM VALUE
  SELECT n, 1 + n % 20, 'model-' || n, 'M', '[]', '[]', '{}', '[]', '[]', now(), now()
  FROM generate_series(0, 9999) AS n`,
)
// All indexes but the key: made at the end, they take half the time. Their definitions stay the migrations'.
const { rows: indexes } = await pool.query<{ name: string; definition: string }>(
  `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'model_changes' AND indexname !~ '_pkey$'`,
)
await pool.query(indexes.map(({ name }) => `DROP INDEX model_sync.${name}`).join('; '))
// p1 alone has deleted models, p2 only added ones, p3 no updates; p7's model-6 changes all the time, never in price; and at last a big vendor
// of p3 came, so that the newest pages hold nothing else.
await pool.query(
  `INSERT INTO model_sync.model_changes (run_id, model_id, provider_id, provider_model_id, kind, field, old_value, new_value, cause, actor, at)
  SELECT
    CASE WHEN n % 1000 = 0 THEN gen_random_uuid() END,
    m.id,
    1 + m.id % 20,
    'model-' || m.id,
    k.kind,
    CASE WHEN k.kind = 'updated' THEN (ARRAY['inputCostPerToken', 'contextLength', 'description', 'aliases'])[1 + n % 4] END,
    '"0.1"',
    '"0.2"',
    'upstream',
    'sync',
    '2026-11-24'::timestamptz - (($1 - n) * interval '34 seconds')
  FROM generate_series(1, $1::integer) AS n
  CROSS JOIN LATERAL (
    SELECT CASE WHEN n > $1 - 50000 THEN 2 + 20 * (n % 500) WHEN n % 500 = 6 THEN 6 ELSE n % 10000 END AS id
  ) AS m
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN n > $1 - 50000 THEN 'added'
      WHEN n % 50000 = 0 THEN 'deleted'
      WHEN n % 20 = 1 THEN 'added'
      WHEN n % 20 = 2 THEN 'unavailable'
      ELSE 'updated'
    END AS kind
  ) AS k`,
  [CHANGES],
)
await pool.query(`SET maintenance_work_mem = '256MB'; ${indexes.map(({ definition }) => definition).join('; ')}`)
await pool.query(
  `INSERT INTO model_sync.sync_runs (id, trigger, user_id, options, started_at, finished_at, duration_ms, success, providers, changed, result)
  SELECT
    gen_random_uuid(),
    CASE WHEN n % 1000 = 0 THEN 'cron' ELSE 'interval' END,
    CASE WHEN n % 5000 = 0 THEN 'ann' END,
    '{}',
    '2026-11-24'::timestamptz - n * interval '10 minutes',
    '2026-11-24'::timestamptz - n * interval '10 minutes',
    5,
    n % 2000 <> 0,
    ARRAY[CASE WHEN n % 3000 = 0 THEN 'groq' ELSE 'litellm' END],
    n % 10 = 0,
    '{"newModels": 0, "providers": []}'
  FROM generate_series(1, 100000) AS n`,
)
await pool.query('VACUUM ANALYZE model_sync.model_changes, model_sync.sync_runs, model_sync.models')

/** The shortest time, since other work on the machine only ever adds to it, and the plans of the statements that were sent. */
async function measured(work: (pool: DatabasePool) => Promise<unknown>): Promise<{ ms: number; plans: string[] }> {
  const sent: [string, unknown[]][] = []
  const watching = poolThrough((text, values) => {
    sent.push([text, values])
    return pool.query(text, values)
  })
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    sent.length = 0
    const started = performance.now()
    await work(watching)
    times.push(performance.now() - started)
  }
  const ms = Math.min(...times)
  const plans: string[] = []
  for (const [text, values] of sent) {
    const { rows } = await pool.query<Record<string, string>>(`EXPLAIN ${text}`, values)
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
  }
  return { ms, plans }
}

const WALK = /Seq Scan on (model_changes|sync_runs)/
const INDEX = /(Index Scan|Index Only Scan|Bitmap Index Scan)\b.* (on|using) (model_changes|sync_runs)_/

/** Empty: what is remembered was read by an index. */
function walked(plans: readonly string[]): string[] {
  return plans.filter((plan) => WALK.test(plan) || (/\b(model_changes|sync_runs)\b/.test(plan) && !INDEX.test(plan)))
}

t.test('changes, by every combination of filters', async (t) => {
  const choices = {
    since: [undefined, '2026-11-20T00:00:00Z', '2999-01-01'],
    provider: [undefined, 'p1', 'p3', 'p7', 'p20'],
    kind: [undefined, 'updated', 'deleted'],
    field: [undefined, 'inputCostPerToken', 'replacedBy'],
    model: [undefined, 'p7/model-6'],
  }
  let combinations: Record<string, string>[] = [{}]
  for (const [name, values] of Object.entries(choices))
    combinations = combinations.flatMap((known) =>
      values.map((value) => (value === undefined ? known : { ...known, [name]: value })),
    )
  let slowest = { ms: 0, query: '' }
  for (const query of combinations) {
    const { ms, plans } = await measured((watched) =>
      new ChangelogService({ database: openDatabase(watched, schema) }).changes(query),
    )
    if (ms > slowest.ms) slowest = { ms, query: JSON.stringify(query) }
    if (ms > MOST_MS || walked(plans).length > 0) t.fail(`${JSON.stringify(query)}: ${ms.toFixed(1)} ms`, { plans })
  }
  t.comment(
    `${combinations.length} combinations at ${CHANGES} changes, the slowest ${slowest.ms.toFixed(1)} ms: ${slowest.query}`,
  )
  const changelog = new ChangelogService({ database: openDatabase(pool, schema) })
  // Far behind the first page: where the page begins does not matter.
  const cursor = Buffer.from(JSON.stringify(['2026-01-01T00:00:00.000Z', 1])).toString('base64url')
  for (const filter of [
    {},
    { provider: 'p7' },
    { kind: 'updated' },
    { field: 'description' },
    { provider: 'p7', kind: 'updated' },
  ]) {
    t.equal((await changelog.changes({ ...filter, cursor })).changes.length, 50)
    const { ms, plans } = await measured((watched) =>
      new ChangelogService({ database: openDatabase(watched, schema) }).changes({ ...filter, cursor }),
    )
    t.ok(ms < MOST_MS, `${JSON.stringify(filter)}, far behind: ${ms.toFixed(1)} ms`)
    t.strictSame(walked(plans), [])
  }
})

t.test('history, by each filter', async (t) => {
  for (const query of [
    {},
    { trigger: 'cron' },
    { trigger: 'interval' },
    { trigger: 'webhook' },
    { provider: 'groq' },
    { user: 'ann' },
    { success: false },
    { success: true },
    { success: false, provider: 'groq', trigger: 'cron', user: 'ann' },
    { viewer: 'ann' },
    { viewer: 'ann', user: 'ann', trigger: 'cron' },
  ]) {
    const { ms, plans } = await measured((watched) =>
      new RunHistory({ database: openDatabase(watched, schema) }).list(query),
    )
    t.ok(ms < MOST_MS, `${JSON.stringify(query)}: ${ms.toFixed(1)} ms`)
    t.strictSame(walked(plans), [])
  }
})

t.test('days: the rows of those days alone', async (t) => {
  const { ms, plans } = await measured((watched) =>
    new DailyStats({ database: openDatabase(watched, schema), now }).days(30),
  )
  t.notMatch(plans.join('\n'), WALK)
  t.comment(`30 days: ${ms.toFixed(0)} ms`)
})

t.test('news: what a subscription has not been told, from the index of its cursors', async (t) => {
  await pool.query(
    `INSERT INTO model_sync.news_subscriptions (name, target, created_at) VALUES ('behind', '', now()), ('new', '', now())`,
  )
  const from = { limit: 20_000 }
  await pool.query(
    `INSERT INTO model_sync.news_cursors (subscription, provider_id, change_id)
    SELECT 'behind', p.id, (SELECT max(c.id) FROM model_sync.model_changes AS c WHERE c.provider_id = p.id) - 100
    FROM model_sync.providers AS p`,
  )
  const { ms, plans } = await measured((watched) =>
    readUntoldChanges(openDatabase(watched, schema), { ...from, subscription: 'behind' }),
  )
  t.strictSame(walked(plans), [])
  t.ok(ms < MOST_MS, `in step but for the last changes: ${ms.toFixed(1)} ms`)
  const failed = await measured((watched) => readFailedRuns(openDatabase(watched, schema), '2026-11-23T00:00:00Z'))
  t.strictSame(walked(failed.plans), [])
  t.ok(failed.ms < MOST_MS, `runs that failed: ${failed.ms.toFixed(1)} ms`)
  // Switched on again after months, it reads what it can hold in memory, not all that there is.
  const started = performance.now()
  t.equal((await readUntoldChanges(openDatabase(pool, schema), { ...from, subscription: 'new' })).length, from.limit)
  t.comment(`news: ${ms.toFixed(1)} ms in step, ${(performance.now() - started).toFixed(0)} ms a million behind`)
})

t.test('pruning: a round takes its small batches out of all of them', async (t) => {
  const retention = new RunRetention({
    database: openDatabase(pool, schema),
    days: 90,
    log: captureLog('silent').logger,
    now,
  })
  const started = performance.now()
  // Rows removed and rows folded into those of their hour alike.
  t.ok((await retention.prune()) >= 10_000)
  t.comment(`20 batches of each: ${(performance.now() - started).toFixed(0)} ms`)
})
