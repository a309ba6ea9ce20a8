/** The databases that tests get: fresh, apart from each other, shown whole by `dump`, gone when closed. */
import pg from 'pg'
import t from 'tap'
import { createPostgresDatabase, databaseKinds } from './databases.js'

for (const [kind, create] of databaseKinds) {
  t.test(kind, async (t) => {
    const [one, other] = [await create(t), await create(t)]
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
