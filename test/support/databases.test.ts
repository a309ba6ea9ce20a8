/** The databases that tests get: as new, apart from each other, shown whole by `dump`, gone when closed. */
import pg from 'pg'
import t, { type Test } from 'tap'
import {
  createPgliteDatabase,
  createPostgresDatabase,
  databaseKinds,
  type Create,
  type TestDatabase,
} from './databases.js'
import { withClient } from './reusable-databases.js'

const hasPostgres = databaseKinds.some(([kind]) => kind === 'postgres')

for (const [kind, create] of databaseKinds) {
  t.test(kind, async (t) => {
    const [one, other] = [await create(t, { empty: true }), await create(t, { empty: true })]
    t.equal(one.kind, kind)
    const pool = new pg.Pool(one.poolConfig)
    pool.on('error', () => undefined)
    t.equal(await one.dump(), '', 'no schema, no tables')

    await pool.query('CREATE SCHEMA model_sync')
    await pool.query('CREATE TABLE model_sync."Odd name" (n numeric, at timestamptz, bytes bytea)')
    await pool.query('CREATE TABLE model_sync.a (id int, word text)')
    await pool.query(`INSERT INTO model_sync.a VALUES (2, 'b'), (1, NULL)`)
    await pool.query(
      `INSERT INTO model_sync."Odd name" VALUES (0.000000000001, '2026-01-01T00:00:00.123456Z', '\\x00ff')`,
    )
    t.equal(
      await one.dump(),
      [
        'Odd name: 1 rows',
        '{"n": 0.000000000001, "at": "2026-01-01T00:00:00.123456+00:00", "bytes": "\\\\x00ff"}',
        'a: 2 rows',
        '{"id": 1, "word": null}',
        '{"id": 2, "word": "b"}',
      ].join('\n'),
    )
    t.equal(await other.dump(), '', 'the other one has nothing of it')

    await one.close()
    await one.close()
    await t.rejects(pool.query('SELECT 1'))
    await pool.end()
  })
}

t.test('on PostgreSQL each has its own copy of what the migrations make', { skip: !hasPostgres }, async (t) => {
  const [one, other] = [await createPostgresDatabase(t), await createPostgresDatabase(t)]
  const asMigrated = await one.dump()
  t.match(asMigrated, /^catalogue: 1 rows$.*^migrations: \d\d rows$/ms)
  await withClient(one.poolConfig, (client) => client.query('UPDATE model_sync.catalogue SET revision = 7'))
  t.not(await one.dump(), asMigrated)
  t.equal(await other.dump(), asMigrated)
  t.equal(await (await createPostgresDatabase(t)).dump(), asMigrated)
})

t.test('a pool that was ended before its database is removed hears of no error', async (t) => {
  const errors: string[] = []
  for (let round = 0; round < 10; round++) {
    const database = await createPostgresDatabase(t)
    const pool = new pg.Pool(database.poolConfig)
    pool.on('error', ({ message }) => errors.push(message))
    await Promise.all(Array.from({ length: 8 }, () => pool.query('SELECT pg_sleep(0.02)')))
    await pool.end()
    await database.close()
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.strictSame(errors, [])
})

/** What a test can do to its database, in SQL, that is taken away for the next test. */
const EMPTIED = [
  'CREATE SCHEMA model_sync; CREATE TABLE model_sync.a (id serial); INSERT INTO model_sync.a DEFAULT VALUES',
  'CREATE SCHEMA other; CREATE TYPE other.mood AS ENUM (); CREATE FUNCTION other.one() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  'CREATE TEMPORARY TABLE a (id int); LISTEN a; PREPARE a AS SELECT 1; SELECT pg_advisory_lock(1)',
  `SET search_path = 'nowhere'; SET TIME ZONE 'Asia/Tokyo'; SET work_mem = '65kB'`,
]

/** Runs the SQL as a test would. @returns what the database is known by, whatever its address */
async function useOnce(t: Test, create: Create, sql: string, meanwhile?: (database: TestDatabase) => Promise<unknown>) {
  let identity: string | undefined
  await t.test(sql, async (t) => {
    const database = await create(t, { empty: true })
    t.equal(await database.dump(), '')
    await withClient(database.poolConfig, async (client) => {
      const { rows } = await client.query<{ identity: string }>(
        `SELECT pg_postmaster_start_time()::text || oid AS identity FROM pg_database WHERE datname = current_database()`,
      )
      identity = rows[0]?.identity
      await client.query(sql)
    })
    await meanwhile?.(database)
  })
  return identity
}

t.test('a PGlite that is as new again serves the next test', async (t) => {
  const identity = await useOnce(t, createPgliteDatabase, 'SELECT 1')
  for (const sql of EMPTIED) t.equal(await useOnce(t, createPgliteDatabase, sql), identity)
  const database = await createPgliteDatabase(t)
  const { rows } = await withClient(database.poolConfig, (client) =>
    client.query(`
      SELECT current_setting('search_path') IN ('public', '"$user", public') AS path, current_setting('work_mem') <> '65kB' AS memory,
        current_setting('TimeZone') <> 'Asia/Tokyo' AS zone, to_regnamespace('model_sync') AS catalogue, to_regnamespace('other') AS schema,
        to_regclass('a') AS "table", pg_try_advisory_lock(1) AS lock, (SELECT count(*)::int FROM pg_listening_channels()) AS channels,
        (SELECT count(*)::int FROM pg_prepared_statements WHERE name = 'a') AS statements`),
  )
  const none = { catalogue: null, schema: null, table: null, channels: 0, statements: 0 }
  t.strictSame(rows, [{ path: true, memory: true, zone: true, ...none, lock: true }])
})

t.test('a PGlite that is not as new serves no other test', async (t) => {
  const openTo = async ({ poolConfig }: TestDatabase) => {
    const client = new pg.Client(poolConfig)
    client.on('error', () => undefined)
    await client.connect()
  }
  const open = await useOnce(t, createPgliteDatabase, 'SELECT 2', openTo)
  const other = await useOnce(t, createPgliteDatabase, 'CREATE ROLE a')
  t.not(other, open, 'a connection that is still open')
  t.not(await useOnce(t, createPgliteDatabase, 'SELECT 1'), other, 'a trace')
})

for (const [kind, create] of databaseKinds)
  t.test(`a test reaches its database no more once the next test has it, on ${kind}`, async (t) => {
    let before: TestDatabase | undefined
    const identity = await useOnce(t, create, 'SELECT 1', (database) => Promise.resolve((before = database)))
    const next = await useOnce(t, create, 'SELECT 1', async () => {
      const late = new pg.Client(before?.poolConfig)
      late.on('error', () => undefined)
      await t.rejects(late.connect())
      await before?.close()
    })
    t.equal(next === identity, kind === 'pglite')
    t.equal((await useOnce(t, create, 'SELECT 1')) === next, kind === 'pglite', 'nor does its close() remove it')
  })
