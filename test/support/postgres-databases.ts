/** PostgreSQL databases for tests, on the server of `npm test`; a test file that runs on its own starts a server for itself. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../../src/store/migrate.js'
import { once } from './once.js'
import { startPostgresServer } from './postgres-server.js'
import { comesToZero, type EmptyDatabase } from './reusable-databases.js'
import { afterLastFile } from './shared-process.js'

const TEMPLATE = 'model_sync_template'
// Copying its files costs half as much as writing them to the log (PostgreSQL's default), and so does dropping what was copied.
const MIGRATED = `TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`
const SESSIONS = `
  SELECT count(*)::integer AS "count"
  FROM pg_stat_activity
  WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'`

/** Makes the database that the others are clones of: the migrations cost more than anything else that most tests ask of a new one. */
export async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${TEMPLATE}`).finally(() => admin.end())
  const pool = new pg.Pool({ connectionString: urlOf(adminUrl, TEMPLATE) })
  await migrate(pool, { schema: 'model_sync' }).finally(() => pool.end())
}

/** @param empty without the tables that migrations make */
export async function createPostgres(empty: boolean): Promise<Pick<EmptyDatabase, 'config' | 'close'>> {
  const { url, client } = await administrator()
  const name = `model_sync_test_${randomBytes(6).toString('hex')}`
  await client.query(`CREATE DATABASE ${name} ${empty ? '' : MIGRATED}`)
  const countSessions = async () => {
    const { rows } = await client.query<{ count: number }>(SESSIONS, [name])
    return rows[0]?.count ?? 0
  }
  return {
    config: { connectionString: urlOf(url, name) },
    close: once(async () => {
      // Whoever the server ends by force is an error of a pool that nobody uses any more.
      await comesToZero(countSessions)
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    }),
  }
}

const administrator = once(async () => {
  const url = process.env.TEST_POSTGRES_URL ?? (await startServer())
  const client = new pg.Client({ connectionString: url })
  // A test may stop a server of its own before that.
  client.on('error', () => undefined)
  await client.connect()
  afterLastFile(() => client.end())
  return { url, client }
})

async function startServer(): Promise<string> {
  const server = await startPostgresServer()
  afterLastFile(() => server.stop())
  await makeTemplate(server.url)
  return server.url
}

function urlOf(adminUrl: string, database: string): string {
  return Object.assign(new URL(adminUrl), { pathname: database }).href
}
