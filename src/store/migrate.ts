/** Numbered, forward-only SQL migrations, each in the one transaction that holds the lock. */
import { readdir, readFile } from 'node:fs/promises'
import { DatabaseError, MigrationError } from '../errors.js'
import { inTransaction, type Database, type DatabasePool } from './database.js'
import { rememberEncoding } from './text-encoding.js'

const FOLDER = new URL('./migrations/', import.meta.url)

// An arbitrary constant of ours ("msync" in ASCII): replicas that boot together queue here. The lock ends with the transaction, since a session's
// lock would outlive its client behind a transaction-pooling proxy.
const LOCK_KEY = 0x6d73796e63

interface Migration {
  version: number
  name: string
  sql: string
}

/**
 * Brings the schema up to this version of the library. Replicas that boot together: one migrates, the others wait and find it done.
 * @throws MigrationError when a migration fails (nothing of it stays) or the schema is newer than this library
 * @throws DatabaseError when the database cannot be reached
 */
export async function migrate(
  pool: DatabasePool,
  { schema, log }: { schema: string; log?: { info(object: object, message: string): void } },
): Promise<void> {
  const migrations = await readMigrations()
  const applied = await inTransaction(pool, schema, async (database) => {
    await learnEncoding(pool, database)
    return applyMissing(database, migrations)
  }).catch((error: Error) => {
    if (error instanceof MigrationError) throw error
    throw new DatabaseError(
      `the schema ${schema} cannot be prepared: ${error.message || String(error)}. The database must be reachable, and its user allowed to create the schema`,
      { cause: error },
    )
  })
  if (applied.length > 0) log?.info({ schema, migrations: applied }, 'Database schema migrated')
}

async function learnEncoding(pool: DatabasePool, database: Database): Promise<void> {
  const { rows } = await database.query<{ encoding: string }>(`SELECT current_setting('server_encoding') AS encoding`)
  rememberEncoding(pool, rows[0]?.encoding ?? 'UTF8')
}

async function applyMissing(database: Database, migrations: Migration[]): Promise<string[]> {
  await database.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY])
  // Not CREATE SCHEMA IF NOT EXISTS at once: that asks for the right to create even when there is nothing to do.
  const { rows } = await database.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `${database.schema}.migrations`,
  ])
  if (rows[0]?.there !== true) {
    await database.query(`CREATE SCHEMA IF NOT EXISTS ${database.schema}`)
    await database.query(`CREATE TABLE ${database.schema}.migrations (
      version integer PRIMARY KEY,
      name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`)
  }
  const done = await database.query<{ version: number }>(
    `SELECT version FROM ${database.schema}.migrations ORDER BY version`,
  )
  const versions = new Set(done.rows.map((row) => row.version))
  const known = new Set(migrations.map(({ version }) => version))
  // Not only a later number: of two versions of the library, the older one may have some of the newer one's migrations and not others.
  const unknown = [...versions].find((version) => !known.has(version))
  if (unknown !== undefined) {
    throw new MigrationError(
      `the schema ${database.schema} has migration ${unknown}, which this version of the library does not know: install the newer version again, or use another schema`,
    )
  }
  const missing = migrations.filter(({ version }) => !versions.has(version))
  for (const { version, name, sql } of missing) {
    try {
      await database.query(sql.replaceAll('{schema}', database.schema))
    } catch (error) {
      throw new MigrationError(`migration ${name} failed: ${(error as Error).message}. Nothing of it was applied`, {
        cause: error as Error,
      })
    }
    await database.query(`INSERT INTO ${database.schema}.migrations (version, name) VALUES ($1, $2)`, [version, name])
  }
  return missing.map(({ name }) => name)
}

async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(FOLDER)).filter((file) => /^\d{3}-.+\.sql$/.test(file)).sort()
  return Promise.all(
    files.map(async (name) => ({
      version: Number(name.slice(0, 3)),
      name,
      sql: await readFile(new URL(name, FOLDER), 'utf8'),
    })),
  )
}
