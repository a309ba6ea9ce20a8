/** What a database refuses at the start: what somebody has to mend ends it with the reason, what passes is waited for. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { startServer } from '../../../src/server.js'
import { migrate } from '../../../src/store/migrate.js'
import { checkServerVersion } from '../../../src/store/connection/server-version.js'
import { passesByWaiting, refusalAtStart } from '../../../src/store/connection/start-refusal.js'
import { serverConfig } from '../../../src/plugins/open-pool.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { captureLog } from '../../support/log-capture.js'
import { manyRows } from '../../support/loopback-litellm.js'

needsPostgres()

const database = await createPostgresDatabase(t)
const name = new URL(database.url!).pathname.slice(1)
const operator = new pg.Pool(database.poolConfig)
t.teardown(() => operator.end())

/** A role that may do nothing but log in, and the database's address with it. */
async function addRole(t: Test, rights = 'LOGIN'): Promise<{ role: string; url: string }> {
  const role = `role_${randomBytes(6).toString('hex')}`
  await operator.query(`CREATE ROLE ${role} ${rights} PASSWORD 'secret'`)
  t.teardown(async () => {
    await operator.query(`DROP OWNED BY ${role}`)
    await operator.query(`DROP ROLE ${role}`)
  })
  return { role, url: Object.assign(new URL(database.url!), { username: role, password: 'secret' }).href }
}

t.test('a schema that a DBA has prepared: the role owns it, and may create nothing else', async (t) => {
  const { role, url } = await addRole(t)
  await operator.query(`CREATE SCHEMA prepared AUTHORIZATION ${role}`)
  const host = await startHost(t, { ...database, url }, { settings: { schema: 'prepared' } })
  host.litellm.models.splice(0, Infinity, ...manyRows(3))
  t.match(await host.sync(), { success: true, newModels: 3 })
  await host.app.close()
  const again = await startHost(t, { ...database, url }, { settings: { schema: 'prepared' } })
  t.match((await again.get('/models')).body, { total: 3 })
  await again.app.close()
})

const LASTING: [what: string, prepare: (t: Test) => Promise<{ url: string; schema?: string }>, said: RegExp][] = [
  [
    'the role may not create a schema',
    async (t) => ({ ...(await addRole(t)), schema: 'nowhere' }),
    /permission denied for database.*CREATE SCHEMA nowhere AUTHORIZATION/,
  ],
  [
    'the role may not look into the schema',
    async (t) => {
      await operator.query('CREATE SCHEMA IF NOT EXISTS walled')
      return { ...(await addRole(t)), schema: 'walled' }
    },
    /permission denied for schema walled/,
  ],
  [
    'the schema has a table of migrations of another tool',
    async (t) => {
      await operator.query(
        'CREATE SCHEMA laravel; CREATE TABLE laravel.migrations (id serial, migration text, batch int)',
      )
      t.teardown(() => operator.query('DROP SCHEMA laravel CASCADE'))
      return { url: database.url!, schema: 'laravel' }
    },
    /"laravel"\.migrations is not ours.*MODEL_SYNC_SCHEMA/,
  ],
  [
    'a table of migrations that looks like ours counts by date',
    async (t) => {
      await operator.query(
        `CREATE SCHEMA dated;
        CREATE TABLE dated.migrations (version integer, name text, applied_at timestamptz);
        INSERT INTO dated.migrations VALUES (20241101, 'users', now())`,
      )
      t.teardown(() => operator.query('DROP SCHEMA dated CASCADE'))
      return { url: database.url!, schema: 'dated' }
    },
    /"dated"\.migrations is not ours/,
  ],
  [
    'a table of ours is another’s',
    async (t) => {
      await operator.query('CREATE SCHEMA taken; CREATE TABLE taken.models (id text)')
      t.teardown(() => operator.query('DROP SCHEMA taken CASCADE'))
      return { url: database.url!, schema: 'taken' }
    },
    /migration 001-catalogue\.sql failed.*already exists/,
  ],
  [
    'the database is read-only',
    async () => {
      const url = new URL(database.url!)
      url.searchParams.set('options', '-c default_transaction_read_only=on')
      return { url: url.href, schema: 'unwritten' }
    },
    /read-only transaction.*connect to the primary/,
  ],
  [
    'the database does not exist',
    async () => ({ url: Object.assign(new URL(database.url!), { pathname: 'no_such' }).href }),
    /database "no_such" does not exist.*correct its name/,
  ],
  ['the role may not log in', async (t) => addRole(t, 'NOLOGIN'), /not permitted to log in.*Check user and password/],
]

for (const [what, prepare, said] of LASTING)
  t.test(`the start ends with its reason: ${what}`, async (t) => {
    const { url, schema = 'model_sync' } = await prepare(t)
    const log = captureLog()
    const settings = { databaseUrl: url, schema, host: '127.0.0.1', port: 0, adminToken: 'a-token-of-the-tests' }
    const backend = await startServer(settings, log.logger)
    t.teardown(() => backend.close())
    await t.rejects(backend.ready, { message: said })
    t.notMatch(log.text(), /The database is away/)
    t.notMatch(log.text(), 'secret')
  })

t.test('a wrong password ends the start', async (t) => {
  const error = Object.assign(new Error('password authentication failed for user "app"'), { code: '28P01' })
  t.match(refusalAtStart(error, 'model_sync'), { code: 'FST_MODEL_SYNC_DATABASE_SETUP', message: /pg_hba\.conf/ })
})

t.test('what a pooler in front of it refuses for good has the code of a broken connection', async (t) => {
  for (const [message, advice] of [
    ['transaction blocks not allowed in statement pooling mode', /let it pool transactions or sessions/],
    ['no such database: models', /correct its name/],
    ['no such user: app', /Check user and password/],
    ['SASL authentication failed', /Check user and password/],
  ] as const)
    t.match(refusalAtStart(Object.assign(new Error(message), { code: '08P01' }), 'model_sync'), {
      code: 'FST_MODEL_SYNC_DATABASE_SETUP',
      message: advice,
    })
  t.ok(passesByWaiting(Object.assign(new Error('server login has been failing, try again later'), { code: '08P01' })))
})

t.test('what passes is waited for', async (t) => {
  for (const code of [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ENOENT',
    'ETIMEDOUT',
    '57P03',
    '53300',
    '53100',
    '40001',
    '55P03',
  ])
    t.ok(passesByWaiting(Object.assign(new Error('no'), { code })), code)
  t.ok(passesByWaiting(new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]) as Error))
  for (const code of [
    'EACCES',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    '42601',
  ])
    t.notOk(passesByWaiting(Object.assign(new Error('no'), { code })), code)
  t.notOk(passesByWaiting(new Error('The server does not support SSL connections')))
})

t.test('a connection that breaks in the middle of a migration is no failed migration', async (t) => {
  const pool = new pg.Pool({ ...database.poolConfig, application_name: 'breaking' })
  pool.on('error', () => undefined)
  t.teardown(() => pool.end())
  await migrate(operator, { schema: 'breaking' })
  await operator.query(`DELETE FROM breaking.migrations WHERE version > 1`)
  const blocker = await operator.connect()
  await blocker.query('BEGIN; LOCK TABLE breaking.models')
  const refused = t.rejects(migrate(pool, { schema: 'breaking' }), { code: 'FST_MODEL_SYNC_DATABASE' })
  let killed = false
  while (!killed) {
    const { rowCount } = await operator.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'breaking' AND wait_event_type = 'Lock'`,
    )
    killed = rowCount === 1
  }
  await refused
  await blocker.query('ROLLBACK')
  blocker.release()
})

t.test('PostgreSQL 13 is the oldest', async (t) => {
  for (const version of [130_000, 130_004, 180_001]) t.doesNotThrow(() => checkServerVersion(version))
  t.throws(() => checkServerVersion(120_022), {
    code: 'FST_MODEL_SYNC_DATABASE_SETUP',
    message: /PostgreSQL 12\.22.*13 or newer/,
  })
  t.throws(() => checkServerVersion(90_624), { message: /PostgreSQL 9\.6/ })
})

t.test('an address is read as pg reads it', async (t) => {
  const place = (url: string): string => serverConfig(url, 10).where
  t.equal(place('postgres://user:pw@/db?host=/cloudsql/project:region:instance'), '/cloudsql/project:region:instance')
  t.equal(place('postgres://user:pw@%2Fvar%2Frun%2Fpostgresql/db'), '/var/run/postgresql')
  t.equal(place('postgresql://user:pw@db.example.com/db?sslmode=disable'), 'db.example.com:5432')
  t.throws(() => place('postgres://user:secret@host:port/db'), {
    message: /^DATABASE_URL.* cannot be read as an address(?!.*secret)/,
  })
  const { host, port } = new pg.Client({ connectionString: database.url! })
  const socket = new URL(database.url!)
  const viaQuery = `postgres://${socket.username}:${socket.password}@/${name}?host=${host}&port=${port}`
  const pool = new pg.Pool(serverConfig(viaQuery, 2).config)
  t.teardown(() => pool.end())
  t.strictSame((await pool.query('SELECT 1 AS one')).rows, [{ one: 1 }])
})

for (const locale of ['tr-TR', 'az'])
  t.test(`the search finds I and i in a database of ${locale}`, async (t) => {
    const other = `${name}_${locale.toLowerCase().replace('-', '_')}`
    await operator.query(
      `CREATE DATABASE ${other} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '${locale}' LOCALE 'C' ENCODING 'UTF8'`,
    )
    const url = Object.assign(new URL(database.url!), { pathname: other }).href
    t.teardown(() => operator.query(`DROP DATABASE ${other} WITH (FORCE)`))
    const host = await startHost(t, { ...database, url, poolConfig: { connectionString: url } })
    const rows = manyRows(4)
    ;['MISTRAL-I', 'gemini-pro', 'ÉCLAIR-MINI', 'other'].forEach((model, index) => (rows[index]!.model_name = model))
    await host.reset(rows)
    t.match(await host.sync(), { success: true, newModels: 4 })
    const found = async (search: string): Promise<string[]> => {
      const { body } = await host.get<{ models: { providerModelId: string }[] }>(
        `/models?search=${encodeURIComponent(search)}`,
      )
      return body.models.map(({ providerModelId }) => providerModelId)
    }
    for (const [search, model] of [
      ['mistral-i', 'MISTRAL-I'],
      ['GEMINI', 'gemini-pro'],
      ['éclair-mini', 'ÉCLAIR-MINI'],
      ['LITELLM/GEMINI', 'gemini-pro'],
    ] as const)
      t.strictSame(await found(search), [model], search)
    await host.app.close()
    await host.pool.end()
  })
