/** Migrations: once, together, in the schema that was asked for, and never half. */
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import type { Test } from 'tap'
import { migrate } from '../../../src/store/migrate.js'
import type { TestDatabase } from '../../support/databases.js'

const files = (await readdir(new URL('../../../src/store/migrations/', import.meta.url)))
  .filter((file) => file.endsWith('.sql'))
  .sort()

function open(t: Pick<Test, 'teardown'>, { poolConfig }: TestDatabase): pg.Pool {
  const pool = new pg.Pool({ ...poolConfig, max: 4 })
  t.teardown(() => pool.end())
  return pool
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const pool = open(t, database)

  t.test('an empty database, and once more', async (t) => {
    const logged: object[] = []
    const log = { info: (details: object) => void logged.push(details) }
    await migrate(pool, { schema: 'fresh', log })
    t.strictSame(logged, [{ schema: 'fresh', migrations: files }])
    const before = (await pool.query('SELECT * FROM fresh.migrations ORDER BY version')).rows as object[]
    await migrate(pool, { schema: 'fresh', log })
    t.equal(logged.length, 1, 'nothing to do, nothing to say')
    const { rows } = await pool.query('SELECT * FROM fresh.migrations ORDER BY version')
    t.same(rows, before)
    t.same(
      rows.map(({ version, name }) => ({ version, name })),
      files.map((name) => ({ version: Number(name.slice(0, 3)), name })),
    )
  })

  t.test('another schema beside it, also one that must be quoted', async (t) => {
    await migrate(pool, { schema: 'Other_Schema' })
    const { rows } = await pool.query(
      `SELECT count(*)::integer AS tables FROM information_schema.tables WHERE table_schema = 'Other_Schema'`,
    )
    t.ok(rows[0].tables >= 6)
    t.same((await pool.query('SELECT revision::integer FROM "Other_Schema".catalogue')).rows, [{ revision: 0 }])
  })

  t.test('many at once: one migrates, all go on', async (t) => {
    let migrated = 0
    const log = { info: () => void (migrated += 1) }
    await Promise.all(Array.from({ length: 6 }, () => migrate(pool, { schema: 'together', log })))
    t.equal(migrated, 1)
  })

  t.test('a number that was left out before is applied when it comes', async (t) => {
    await migrate(pool, { schema: 'gap' })
    // As a schema is that was made before this migration was there, and after a later one.
    await pool.query('DROP TABLE gap.listing_texts')
    await pool.query(`DELETE FROM gap.migrations WHERE name = '007-listing-texts.sql'`)
    await migrate(pool, { schema: 'gap' })
    t.same((await pool.query('SELECT * FROM gap.listing_texts')).rows, [])
    t.equal((await pool.query('SELECT * FROM gap.migrations')).rows.length, files.length)
  })

  t.test('memory comes to a catalogue that is there: prices out of its changelog, and what its runs did', async (t) => {
    await pool.query('CREATE SCHEMA older')
    await pool.query(
      `CREATE TABLE older.migrations (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    )
    for (const file of files.filter((name) => Number(name.slice(0, 3)) <= 3)) {
      const sql = await readFile(new URL(`../../../src/store/migrations/${file}`, import.meta.url), 'utf8')
      await pool.query(sql.replaceAll('{schema}', 'older'))
      await pool.query('INSERT INTO older.migrations (version, name) VALUES ($1, $2)', [Number(file.slice(0, 3)), file])
    }
    await pool.query(`INSERT INTO older.providers (slug, name) VALUES ('p', 'P')`)
    const run = '00000000-0000-4000-8000-000000000001'
    await pool.query(
      `INSERT INTO older.sync_runs (id, trigger, options, started_at, finished_at, success, result)
      VALUES
        ('${run}', 'manual', '{}', '2026-01-01', '2026-01-01', true, '{"newModels": 2, "providers": [{"provider": "p"}]}'),
        (gen_random_uuid(), 'interval', '{}', '2026-01-02', '2026-01-02', true, '{"newModels": 0, "providers": [{"provider": "p"}]}'),
        (gen_random_uuid(), 'startup', '{}', '2026-01-03', NULL, NULL, NULL)`,
    )
    const other = (price: string): object[] => [{ kind: 'image', unit: 'image', currency: 'USD', price }]
    const changes: [model: number, kind: string, field: string | null, to: unknown, day: number][] = [
      [1, 'added', null, { inputCostPerToken: '0.1', outputCostPerToken: '0', otherPrices: other('5') }, 1],
      [2, 'added', null, { inputCostPerToken: '7', otherPrices: [] }, 1],
      [1, 'updated', 'inputCostPerToken', '0.2', 2],
      [1, 'updated', 'upstream.inputCostPerToken', '0.9', 3],
      [1, 'updated', 'outputCostPerToken', null, 4],
      [1, 'updated', 'otherPrices', other('6'), 5],
      [2, 'deleted', null, null, 6],
    ]
    for (const [model, kind, field, to, day] of changes)
      await pool.query(
        `INSERT INTO older.model_changes (run_id, model_id, provider_id, provider_model_id, kind, field, new_value, cause, actor, at)
        VALUES ($1, $2, 1, 'm' || $2::bigint, $3, $4, $5, 'upstream', 'sync', $6)`,
        [run, model, kind, field, JSON.stringify(to), `2026-01-0${day}T00:00:00Z`],
      )
    await migrate(pool, { schema: 'older' })
    const { rows: prices } = await pool.query(
      `SELECT
        concat_ws(' ', model_id, kind, unit, currency, price) AS price,
        to_char(valid_from AT TIME ZONE 'UTC', 'DD') || '-' || COALESCE(to_char(valid_to AT TIME ZONE 'UTC', 'DD'), '') AS days
      FROM older.model_prices
      ORDER BY model_id, kind COLLATE "C", valid_from`,
    )
    t.strictSame(
      prices.map(({ price, days }) => `${price} ${days}`),
      [
        '1 image image USD 5 01-05',
        '1 image image USD 6 05-',
        '1 input token USD 0.1 01-02',
        '1 input token USD 0.2 02-',
        '1 output token USD 0 01-04',
        '2 input token USD 7 01-06',
      ],
    )
    const { rows: runs } = await pool.query(
      'SELECT trigger, providers, changed FROM older.sync_runs ORDER BY started_at',
    )
    t.same(runs, [
      { trigger: 'manual', providers: ['p'], changed: true },
      { trigger: 'interval', providers: ['p'], changed: false },
      { trigger: 'startup', providers: null, changed: null },
    ])
  })

  t.test('a schema that is newer than this library is left alone', async (t) => {
    await pool.query(`INSERT INTO together.migrations (version, name) VALUES (900, '900-later.sql')`)
    await t.rejects(migrate(pool, { schema: 'together' }), {
      code: 'FST_MODEL_SYNC_MIGRATION',
      message: /900.*install the newer version/,
    })
  })

  t.test('one that fails leaves nothing, and stops the start', async (t) => {
    await pool.query('CREATE SCHEMA broken')
    await pool.query('CREATE TABLE broken.models (a integer)')
    await t.rejects(migrate(pool, { schema: 'broken' }), {
      code: 'FST_MODEL_SYNC_MIGRATION',
      message: /001-catalogue\.sql failed:.*Nothing of it was applied/,
    })
    const { rows } = await pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'broken'`,
    )
    t.strictSame(
      rows.map(({ name }) => name),
      ['models'],
    )
  })

  t.test('the rights of the user', { skip: database.kind === 'pglite' }, async (t) => {
    const admin = open(t, database)
    const role = `weak_${process.pid}_${Date.now()}`
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`)
    const weak = new pg.Pool({
      connectionString: Object.assign(new URL(database.url!), { username: role, password: 'weak' }).href,
    })
    t.teardown(async () => {
      await weak.end()
      await admin.query(`DROP OWNED BY ${role}`)
      await admin.query(`DROP ROLE ${role}`)
    })
    await t.rejects(migrate(weak, { schema: 'for_others' }), {
      code: 'FST_MODEL_SYNC_DATABASE_SETUP',
      message: /permission denied.*the right to create in the database, or a schema that is its own/,
    })
    await migrate(admin, { schema: 'for_others' })
    await admin.query(
      `GRANT USAGE ON SCHEMA for_others TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA for_others TO ${role}`,
    )
    await t.resolves(
      migrate(weak, { schema: 'for_others' }),
      'one that may not create needs not to when there is nothing to do',
    )
  })
}
