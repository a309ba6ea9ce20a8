/** PostgreSQL databases for tests, each a clone of the template on the server of `npm test`; a test file that runs on its own starts a server for itself. */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { once } from './once.js'
import { startPostgresServer, TEMPLATE_DATABASE } from './postgres-server.js'
import { comesToZero, withClient, type EmptyDatabase } from './reusable-databases.js'
import { afterLastFile } from './shared-process.js'

const SESSIONS = `
  SELECT count(*)::integer AS "count"
  FROM pg_stat_activity
  WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'`

/** A new one. */
export async function clonePostgres(): Promise<EmptyDatabase> {
  const adminUrl = await postgresUrl()
  const admin = <T>(work: (client: pg.Client) => Promise<T>) => withClient({ connectionString: adminUrl }, work)
  const config = () => ({ connectionString: Object.assign(new URL(adminUrl), { pathname: name }).href })
  const countSessions = async (client: pg.Client) => {
    const { rows } = await client.query<{ count: number }>(SESSIONS, [name])
    return rows[0]?.count ?? 0
  }
  let name = newName()
  await admin((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`))
  return {
    config: config(),
    ownServer: false,
    countOthers: countSessions,
    move: async () => {
      const to = newName()
      await admin((client) => client.query(`ALTER DATABASE ${name} RENAME TO ${to}`))
      name = to
      return config()
    },
    close: once(() =>
      admin(async (client) => {
        // Whoever the server ends by force is an error of a pool that nobody uses any more.
        await comesToZero(() => countSessions(client))
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      }),
    ),
  }
}

function newName(): string {
  return `model_sync_test_${randomBytes(6).toString('hex')}`
}

const postgresUrl = once(async () => {
  const given = process.env.TEST_POSTGRES_URL
  if (given !== undefined) return given
  const server = await startPostgresServer()
  afterLastFile(() => server.stop())
  return server.url
})
