/** Databases for tests, one for each call: a clone on a real PostgreSQL, or the embedded PGlite as the plugin starts it. */
import type pg from 'pg'
import type { Test } from 'tap'
import { startPglite } from './pglite-databases.js'
import { createPostgres } from './postgres-databases.js'
import { reuseDatabases, withClient } from './reusable-databases.js'
import { skipFile } from './shared-process.js'

const SCHEMA = 'model_sync'

// `npm test` says so where PostgreSQL does not run.
const NO_POSTGRES = process.env.TEST_POSTGRES_URL === ''

export interface TestDatabase {
  kind: 'postgres' | 'pglite'
  poolConfig: pg.PoolConfig
  /** `null` where no connection string reaches it (PGlite). */
  url: string | null
  /** All rows of all tables of schema `model_sync` but those of the replicas, as text, in a fixed order: to compare before and after. */
  dump(): Promise<string>
  /** Removes the database, whoever is connected. Done by the test's teardown; idempotent. */
  close(): Promise<void>
}

/** The part of a tap test that is needed: what it registers runs in reverse order, so end the pools in a teardown of your own. */
type Teardown = Pick<Test, 'teardown'>

export interface DatabaseOptions {
  /** With nothing in it, for tests of a first start. Default: migrated already where that is quicker, on PostgreSQL. */
  empty?: boolean
}

/**
 * A database on the server of `npm test`; a test file that runs on its own starts a server for itself.
 * Where PostgreSQL does not run it is a PGlite, so that most tests still say something; the others begin with `needsPostgres`.
 */
export async function createPostgresDatabase(
  t: Teardown,
  { empty = false }: DatabaseOptions = {},
): Promise<TestDatabase> {
  if (NO_POSTGRES) return createPgliteDatabase(t)
  const { config, close } = await createPostgres(empty)
  t.teardown(close)
  return { kind: 'postgres', poolConfig: config, url: config.connectionString ?? null, dump: () => dump(config), close }
}

/** The embedded database as the plugin starts it, with nothing in it. */
export async function createPgliteDatabase(t: Teardown): Promise<TestDatabase> {
  const { config, close, release } = await takePglite()
  t.teardown(release)
  return { kind: 'pglite', poolConfig: config, url: null, dump: () => dump(config), close }
}

/** Skips this file, with the reason, where PostgreSQL does not run: for tests of what PGlite cannot do. */
export function needsPostgres(): void {
  if (NO_POSTGRES) skipFile('needs PostgreSQL, which does not run here')
}

export type Create = typeof createPostgresDatabase
type Kind = readonly [kind: TestDatabase['kind'], create: Create]
const POSTGRES: Kind = ['postgres', createPostgresDatabase]
const PGLITE: Kind = ['pglite', createPgliteDatabase]

/** For tests that must hold on both. */
export const databaseKinds: readonly [Kind, ...Kind[]] = NO_POSTGRES ? [PGLITE] : [POSTGRES, PGLITE]

const takePglite = reuseDatabases(startPglite)

async function dump(config: pg.ClientConfig): Promise<string> {
  return withClient(config, async (client) => {
    const tables = await client.query<{ table: string }>(
      `SELECT table_name AS "table"
       FROM information_schema.tables
       WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND table_name NOT IN ('work', 'replicas')
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
