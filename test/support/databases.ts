/** Fresh databases for tests, one for each call: a clone on a real PostgreSQL, or the embedded PGlite as the plugin starts it. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Test } from 'tap'
import { once, takePglite } from './pglite-databases.js'
import { startPostgresServer, TEMPLATE_DATABASE } from './postgres-server.js'
import { afterLastFile, skipFile } from './shared-process.js'

const SCHEMA = 'model_sync'

// Of connections that a test leaves open on purpose nobody says goodbye.
const GOODBYES_MS = 1000

// `npm test` says so where PostgreSQL does not run.
const NO_POSTGRES = process.env.TEST_POSTGRES_URL === ''

export interface TestDatabase {
  kind: 'postgres' | 'pglite'
  poolConfig: pg.PoolConfig
  /** `null` where no connection string reaches it (PGlite). */
  url: string | null
  /** All rows of all tables of schema `model_sync` as text, in a fixed order: to compare before and after. */
  dump(): Promise<string>
  /** Removes the database, whoever is connected. Done by the test's teardown; idempotent. */
  close(): Promise<void>
}

/** The part of a tap test that is needed: what it registers runs in reverse order, so end the pools in a teardown of your own. */
type Teardown = Pick<Test, 'teardown'>

/**
 * A clone of the template database on the server of `npm test`; a test file that runs on its own starts a server for itself.
 * Where PostgreSQL does not run it is a PGlite, so that most tests still say something; the others begin with `needsPostgres`.
 */
export async function createPostgresDatabase(t: Teardown): Promise<TestDatabase> {
  if (NO_POSTGRES) return createPgliteDatabase(t)
  const adminUrl = await postgresUrl()
  const name = `model_sync_test_${randomBytes(6).toString('hex')}`
  await withClient({ connectionString: adminUrl }, (admin) =>
    admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`),
  )
  const url = Object.assign(new URL(adminUrl), { pathname: name }).href
  const poolConfig = { connectionString: url }
  const close = once(() =>
    withClient({ connectionString: adminUrl }, async (admin) => {
      await sessionsEnd(admin, name)
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    }),
  )
  t.teardown(close)
  return { kind: 'postgres', poolConfig, url, dump: () => dump(poolConfig), close }
}

/** The embedded database as the plugin starts it, with nothing in it. */
export async function createPgliteDatabase(t: Teardown): Promise<TestDatabase> {
  const { connectionConfig: poolConfig, close, release } = await takePglite()
  let isClosed = false
  t.teardown(() => (isClosed ? undefined : release()))
  return {
    kind: 'pglite',
    poolConfig,
    url: null,
    dump: () => dump(poolConfig),
    close: () => {
      isClosed = true
      return close()
    },
  }
}

/** Skips this file, with the reason, where PostgreSQL does not run: for tests of what PGlite cannot do. */
export function needsPostgres(): void {
  if (NO_POSTGRES) skipFile('needs PostgreSQL, which does not run here')
}

const POSTGRES = ['postgres', createPostgresDatabase] as const
const PGLITE = ['pglite', createPgliteDatabase] as const
type Kind = typeof POSTGRES | typeof PGLITE

/** For tests that must hold on both. */
export const databaseKinds: readonly [Kind, ...Kind[]] = NO_POSTGRES ? [PGLITE] : [POSTGRES, PGLITE]

const postgresUrl = once(async () => {
  const given = process.env.TEST_POSTGRES_URL
  if (given !== undefined) return given
  const server = await startPostgresServer()
  afterLastFile(() => server.stop())
  return server.url
})

/**
 * Waits a little for sessions that are about to end: a pool's `end()` resolves when its goodbyes are sent. Whoever the server then ends by force is
 * an error of a pool that nobody uses any more.
 */
async function sessionsEnd(admin: pg.Client, database: string): Promise<void> {
  for (const giveUpAt = performance.now() + GOODBYES_MS; performance.now() < giveUpAt;) {
    const { rows } = await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1', [database])
    if (rows.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function dump(config: pg.ClientConfig): Promise<string> {
  return withClient(config, async (client) => {
    const tables = await client.query<{ table: string }>(
      `SELECT table_name AS "table"
       FROM information_schema.tables
       WHERE table_schema = $1 AND table_type = 'BASE TABLE'
       ORDER BY table_name COLLATE "C"`,
      [SCHEMA],
    )
    const parts: string[] = []
    for (const { table } of tables.rows) {
      const name = `${client.escapeIdentifier(SCHEMA)}.${client.escapeIdentifier(table)}`
      // As jsonb, since there each type has one spelling and names its column.
      const { rows } = await client.query<{ row: string }>(
        `SELECT to_jsonb(t)::text AS "row" FROM ${name} AS t ORDER BY to_jsonb(t)::text COLLATE "C"`,
      )
      parts.push(`${table}: ${rows.length} rows`, ...rows.map(({ row }) => row))
    }
    return parts.join('\n')
  })
}

async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
