/** Numbered, forward-only SQL migrations, each in the one transaction that holds the lock. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSetupError, MigrationError } from '../errors.js'
import { packageFolder } from '../package-files.js'
import { openDatabase, type Database, type DatabasePool } from './database.js'
import { checkServerVersion } from './connection/server-version.js'
import { passesByWaiting, refusalAtStart } from './connection/start-refusal.js'
import { rememberEncoding } from './connection/text-encoding.js'

// An arbitrary constant of ours ("msync" in ASCII): replicas that boot together queue here. The lock ends with the transaction, since a session's
// lock would outlive its client behind a transaction-pooling proxy.
const LOCK_KEY = 0x6d73796e63

// Our files have three digits; other tools count by date.
const LARGEST_VERSION = 999

interface Migration {
  version: number
  name: string
  sql: string
}

/**
 * Brings the schema up to this version of the library. Replicas that boot together: one migrates, the others wait and find it done.
 * @throws MigrationError when a migration fails (nothing of it stays) or the schema is newer than this library
 * @throws DatabaseError when the database cannot be reached, or refuses for the time being
 * @throws DatabaseSetupError when it refuses, and will until somebody mends it
 * @throws OptionsError when the migrations are not found
 */
export async function migrate(
  pool: DatabasePool,
  options: {
    schema: string
    /** @see packageFolder */
    assetsDir?: string | undefined
    log?: { info(object: object, message: string): void }
  },
): Promise<void> {
  const { schema, assetsDir, log } = options
  const migrations = await readMigrations(packageFolder('store/migrations', assetsDir))
  const applied = await openDatabase(pool, schema)
    .transaction(async (database) => {
      await checkServer(pool, database)
      return applyMissing(database, migrations)
    })
    .catch((error: Error) => {
      throw error instanceof MigrationError || error instanceof DatabaseSetupError
        ? error
        : refusalAtStart(error, schema)
    })
  if (applied.length > 0) log?.info({ schema, migrations: applied }, 'Database schema migrated')
}

async function checkServer(pool: DatabasePool, database: Database): Promise<void> {
  const { rows } = await database.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding`,
  )
  const [{ version, encoding } = { version: 0, encoding: 'UTF8' }] = rows
  checkServerVersion(version)
  rememberEncoding(pool, encoding)
}

async function applyMissing(database: Database, migrations: Migration[]): Promise<string[]> {
  await database.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY])
  const table = `${database.schema}.migrations`
  const { rows } = await database.query<{ schemaThere: boolean; tableThere: boolean }>(
    'SELECT to_regnamespace($1) IS NOT NULL AS "schemaThere", to_regclass($2) IS NOT NULL AS "tableThere"',
    [database.schema, table],
  )
  // Looked for first: IF NOT EXISTS asks for the right to create schemas even where there is nothing to create.
  if (rows[0]?.schemaThere !== true) await database.query(`CREATE SCHEMA IF NOT EXISTS ${database.schema}`)
  if (rows[0]?.tableThere === true) await checkTable(database, table)
  else
    await database.query(`CREATE TABLE ${table} (
      version integer PRIMARY KEY,
      name text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`)
  const done = await database.query<{ version: number }>(
    `SELECT version FROM ${database.schema}.migrations ORDER BY version`,
  )
  const versions = new Set(done.rows.map((row) => row.version))
  const known = new Set(migrations.map(({ version }) => version))
  // Not only a later number: of two versions of the library, the older one may have some of the newer one's migrations and not others.
  const unknown = [...versions].find((version) => !known.has(version))
  if (unknown !== undefined) {
    if (unknown > LARGEST_VERSION) throw foreignTable(table)
    throw new MigrationError(
      `the schema ${database.schema} has migration ${unknown}, which this version of the library does not know: install the newer version again, or use another schema`,
    )
  }
  const missing = migrations.filter(({ version }) => !versions.has(version))
  for (const { version, name, sql } of missing) {
    try {
      await database.query(sql.replaceAll('{schema}', database.schema))
    } catch (error) {
      if (passesByWaiting(error as Error)) throw error
      throw new MigrationError(`migration ${name} failed: ${(error as Error).message}. Nothing of it was applied`, {
        cause: error as Error,
      })
    }
    await database.query(`INSERT INTO ${database.schema}.migrations (version, name) VALUES ($1, $2)`, [version, name])
  }
  return missing.map(({ name }) => name)
}

/** @throws DatabaseSetupError when somebody else's tool keeps its migrations there */
async function checkTable(database: Database, table: string): Promise<void> {
  const { rows } = await database.query<{ column: string }>(
    `SELECT attname || ' ' || format_type(atttypid, NULL) AS "column"
    FROM pg_attribute
    WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [table],
  )
  const found = new Set(rows.map(({ column }) => column))
  const ours = ['version integer', 'name text', 'applied_at timestamp with time zone']
  if (!ours.every((column) => found.has(column))) throw foreignTable(table)
}

function foreignTable(table: string): Error {
  return new DatabaseSetupError(
    `the table ${table} is not ours, but another tool's: give us a schema of our own (MODEL_SYNC_SCHEMA)`,
  )
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{3}-.+\.sql$/.test(file)).sort()
  return Promise.all(
    files.map(async (name) => ({
      version: Number(name.slice(0, 3)),
      name,
      sql: await readFile(path.join(folder, name), 'utf8'),
    })),
  )
}
