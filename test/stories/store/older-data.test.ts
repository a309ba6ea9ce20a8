/** A database that the version of ten migrations made, with data: this version starts on it and keeps them. */
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import type { ModelRecord } from '../../../src/core/model/model-record.js'
import { createPgliteDatabase, createPostgresDatabase, type TestDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/litellm-rows.js'
import { ROOT } from '../../support/root.js'

const SCHEMA = 'older_version'
const MIGRATIONS = new URL('src/store/migrations/', ROOT)
/** All rows of all its tables; the files of migrations bear the names that they had. Keys of users are sealed with {@link ENCRYPTION_KEY}. */
const DATA = new URL('test/stories/store/catalogue-at-migration-10.json', ROOT)
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64')

type Tables = Record<string, Record<string, unknown>[]> & { migrations: { version: number; name: string }[] }

async function load(pool: pg.Pool): Promise<void> {
  const { migrations, ...tables } = JSON.parse(await readFile(DATA, 'utf8')) as Tables
  const files = await readdir(MIGRATIONS)
  const client = await pool.connect()
  try {
    await client.query(`CREATE SCHEMA ${SCHEMA}`)
    await client.query(
      `CREATE TABLE ${SCHEMA}.migrations (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    )
    for (const { version, name } of migrations) {
      const file = files.find((one) => Number(one.slice(0, 3)) === version) ?? name
      const sql = await readFile(new URL(file, MIGRATIONS), 'utf8')
      await client.query(sql.replaceAll('{schema}', SCHEMA))
      await client.query(`INSERT INTO ${SCHEMA}.migrations (version, name) VALUES ($1, $2)`, [version, name])
    }
    await client.query('SET session_replication_role = replica')
    for (const [table, rows] of Object.entries(tables)) {
      await client.query(`DELETE FROM ${SCHEMA}.${table}`)
      await client.query(
        `INSERT INTO ${SCHEMA}.${table} OVERRIDING SYSTEM VALUE
        SELECT * FROM jsonb_populate_recordset(NULL::${SCHEMA}.${table}, $1)`,
        [JSON.stringify(rows)],
      )
    }
    const { rows: identities } = await client.query<{ table: string; sequence: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS table,
        pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) AS sequence
      FROM information_schema.columns
      WHERE table_schema = $1 AND column_name = 'id' AND is_identity = 'YES'`,
      [SCHEMA],
    )
    for (const { table, sequence } of identities)
      await client.query(`SELECT setval($1, (SELECT GREATEST(max(id), 1) FROM ${table}))`, [sequence])
    await client.query('RESET session_replication_role')
  } finally {
    client.release()
  }
}

async function keepsAll(t: Test, database: TestDatabase): Promise<void> {
  const pool = new pg.Pool({ ...database.poolConfig, max: 1 })
  await load(pool)
  await pool.query(
    `WITH groq AS (
      INSERT INTO ${SCHEMA}.providers (slug, name, fingerprint) VALUES ('groq', 'Groq', '{"old": true}') RETURNING id
    )
    INSERT INTO ${SCHEMA}.upstream_entries (provider_id, entries) SELECT id, '\\x00' FROM groq`,
  )
  await pool.end()
  const row = (name: string, input: number | null, more: object = {}): ReturnType<typeof modelRow> =>
    modelRow({
      model_name: name,
      model_info: {
        id: `id-${name}`,
        input_cost_per_token: input,
        output_cost_per_token: input === null ? null : input * 4,
        ...{ mode: 'chat', max_input_tokens: 128000, ...more },
      },
    })
  const models = [
    row('gpt-4o', 0.000003),
    row('claude-sonnet', 0.000003),
    row('embed-3', 1e-8, { mode: 'embedding' }),
    row('no-price', null),
  ]
  const host = await startHost(t, database, {
    litellm: { models },
    settings: {
      schema: SCHEMA,
      encryptionKey: ENCRYPTION_KEY,
      user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
    },
  })
  const all = async (): Promise<Map<string, ModelRecord>> => {
    const { body } = await host.get<{ models: ModelRecord[] }>('/models?limit=100&hidden=true')
    const { body: shown } = await host.get<{ models: ModelRecord[] }>('/models?limit=100')
    return new Map([...body.models, ...shown.models].map((model) => [model.providerModelId, model]))
  }
  const check = async (when: string): Promise<void> => {
    const found = await all()
    t.strictSame(
      [...found.keys()].sort(),
      ['by-hand', 'claude-sonnet', 'embed-3', 'gpt-4o', 'mistral-large', 'no-price'],
      when,
    )
    t.match(found.get('claude-sonnet'), {
      description: 'our favourite',
      inputCostPerToken: '0.0000021',
      pins: { description: 'our favourite', inputCostPerToken: '0.0000021' },
      conflicts: [{ field: 'description' }, { field: 'inputCostPerToken', pinned: '0.0000021', upstream: '0.000003' }],
    })
    t.match(found.get('embed-3'), { hidden: true, mode: 'embedding', inputCostPerToken: '0.00000001' })
    t.match(found.get('by-hand'), { origin: 'local', contextLength: 4096, availability: 'available' })
    t.match(found.get('mistral-large'), { availability: 'unavailable', unavailableReason: 'omitted' })
    t.match(found.get('no-price'), { inputCostPerToken: null })
  }
  await check('before a sync')
  const { rows: kept } = await host.pool.query(
    `SELECT p.slug, p.fingerprint IS NULL AS forgotten, count(e.id)::integer AS entries
    FROM ${SCHEMA}.providers AS p LEFT JOIN ${SCHEMA}.upstream_entries AS e ON e.provider_id = p.id
    GROUP BY p.id ORDER BY p.slug`,
  )
  t.match(
    kept,
    [
      { slug: 'groq', forgotten: true, entries: 0 },
      { slug: 'litellm', entries: 2 },
    ],
    'entries of which nobody knows what they hold are gone, and read anew',
  )
  const { body: runs } = await host.get<{ runs: object[] }>('/models/sync/history')
  t.equal(runs.runs.length, 4)
  const { body: changed } = await host.get<{ changes: object[] }>('/models/changes?limit=100')
  t.equal(changed.changes.length, 12)
  const { body: before } = await host.get('/models/prices?model=litellm%2Fgpt-4o')
  t.match(JSON.stringify(before), /0\.0000025.*0\.000003|0\.000003.*0\.0000025/s, 'the price that was is known')
  const { body: listed } = await host.get<{ providers: Record<string, unknown>[] }>('/providers')
  t.match(
    listed.providers.find(({ slug }) => slug === 'litellm'),
    { interval: 90, priority: 5, consecutiveFailures: 1, lastError: /500/, lastProblem: null },
  )
  const anna = { 'x-user': 'anna' }
  t.match((await host.get('/models/credentials', anna)).body, {
    credentials: [{ provider: 'litellm', lastFour: String }],
  })

  t.match(await host.sync(), { success: true, newModels: 0, updatedModels: 0, unavailableModels: 0, errors: [] })
  await check('after a sync')
  t.match((await host.request({ method: 'POST', url: '/models/sync?keys=own', headers: anna, payload: {} })).body, {
    success: true,
    totalModels: 4,
    newModels: 0,
  })
  t.match((await host.get('/models/changes?limit=100')).body, { changes: { length: 12 } }, 'and nothing is told again')
}

t.test('PostgreSQL', async (t) => keepsAll(t, await createPostgresDatabase(t, { empty: true })))
t.test('PGlite', async (t) => keepsAll(t, await createPgliteDatabase(t)))
