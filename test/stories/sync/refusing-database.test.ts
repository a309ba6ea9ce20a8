/** A PostgreSQL that answers and refuses: health says so, and says so no longer once it takes what it is given. */
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import t, { type Test } from 'tap'
import modelSync from '../../../src/plugin.js'
import { SyncStatusService } from '../../../src/services/runs/sync-status-service.js'
import { openDatabase } from '../../../src/store/database.js'
import { createPostgresDatabase, needsPostgres, type TestDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

needsPostgres()

const database = await createPostgresDatabase(t)
const name = new URL(database.url!).pathname.slice(1)

interface Health {
  status: string
  problems: string[]
}

/** For connections that are opened from now on. */
async function setDefault(pool: pg.Pool, setting: string): Promise<() => Promise<void>> {
  const [parameter] = setting.split(' ')
  await pool.query(`ALTER DATABASE ${name} SET ${setting}`)
  return async () => void (await pool.query(`ALTER DATABASE ${name} RESET ${parameter}`))
}

async function withTrigger(pool: pg.Pool, table: string, body: string): Promise<() => Promise<void>> {
  await pool.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$`)
  await pool.query(`CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON model_sync.${table} EXECUTE FUNCTION refuse()`)
  return async () => void (await pool.query('DROP FUNCTION refuse() CASCADE'))
}

const REFUSALS: [what: string, begin: (pool: pg.Pool) => Promise<() => Promise<void>>, said: RegExp][] = [
  ['it is read-only', (pool) => setDefault(pool, 'default_transaction_read_only = on'), /read-only transaction/],
  [
    'its disk is full',
    (pool) =>
      withTrigger(
        pool,
        'models',
        `RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'`,
      ),
    /No space left on device/,
  ],
  [
    'it is too slow for its own limit',
    async (pool) => {
      const ends = [
        await withTrigger(pool, 'models', 'PERFORM pg_sleep(1)'),
        await setDefault(pool, `statement_timeout = '150ms'`),
      ]
      return async () => {
        for (const end of ends) await end()
      }
    },
    /statement timeout/,
  ],
  [
    'the start of a run cannot be written',
    (pool) => withTrigger(pool, 'sync_runs', `RAISE EXCEPTION 'permission denied' USING ERRCODE = '42501'`),
    /the run could not be started: permission denied/,
  ],
]

/** What the plugin opens from now on has the database's new defaults. */
async function reconnect(pool: pg.Pool): Promise<void> {
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'fastify-model-sync'`,
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
}

for (const [what, begin, said] of REFUSALS)
  t.test(`health is degraded while the database refuses: ${what}`, async (t) => {
    const options = '-c default_transaction_read_only=off -c statement_timeout=0'
    const operator = new pg.Pool({ ...database.poolConfig, options })
    t.teardown(() => operator.end())
    const host = await startHost(t, database)
    await host.reset(manyRows(2))
    t.match((await host.get('/models/health')).body, { status: 'ok', problems: [] }, 'before the first sync')
    const end = await begin(operator)
    await reconnect(operator)
    await host.request({ method: 'POST', url: '/models/sync' })
    t.match(await host.get<Health>('/models/health'), { status: 200, body: { status: 'degraded', problems: [said] } })
    await end()
    await reconnect(operator)
    t.match(await host.sync(), { success: true })
    t.match((await host.get('/models/health')).body, { status: 'ok', problems: [] }, 'it takes what it is given again')
  })

t.test('automatic syncs that do not come are overdue', async (t) => {
  const host = await startHost(t, database)
  await host.reset(manyRows(2))
  await host.sync()
  const start = Date.now()
  const status = (now: number, intervalMinutes: number | null) =>
    new SyncStatusService({
      database: openDatabase(host.pool, 'model_sync'),
      staleDays: 30,
      providers: ['litellm'],
      expected: { intervalMinutes, providers: ['litellm'], since: start },
      refusal: () => null,
      ownProviders: async () => [],
      news: [],
      now: () => now,
    }).health()
  const minutes = (count: number): number => start + count * 60_000
  t.match(await status(minutes(124), 60), { status: 'ok', problems: [] })
  t.match(await status(minutes(126), 60), {
    status: 'degraded',
    problems: [/^litellm should be synced every 60 minutes/],
  })
  t.match(await status(minutes(40_000), null), { status: 'ok', problems: [] }, 'without auto-sync nobody expects one')
})

/** A database without our schema whose transactions are of this isolation. */
async function isolated(t: Test, isolation: string): Promise<TestDatabase> {
  const other = await createPostgresDatabase(t)
  const pool = new pg.Pool(other.poolConfig)
  await pool.query('DROP SCHEMA IF EXISTS model_sync CASCADE')
  await pool.query(
    `ALTER DATABASE ${new URL(other.url!).pathname.slice(1)} SET default_transaction_isolation = '${isolation}'`,
  )
  await pool.end()
  return other
}

for (const isolation of ['serializable', 'repeatable read'])
  t.test(`everything works where transactions are ${isolation} by default`, async (t) => {
    const other = await isolated(t, isolation)
    const boot = async (): Promise<FastifyInstance> => {
      const app = Fastify()
      t.teardown(() => app.close())
      await app.register(modelSync, { databaseUrl: other.url!, allowUnauthenticated: true, syncOnStartup: false })
      await app.ready()
      return app as unknown as FastifyInstance
    }
    await Promise.all([boot(), boot(), boot()])
    const host = await startHost(t, other, { litellm: { models: manyRows(8) } })
    await host.sync()
    const ids = [...(await host.models()).values()].map(({ id }) => id)
    const edits = Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        host.request({
          method: 'PATCH',
          url: `/models/${ids[index % ids.length]!}`,
          payload: { description: `edit ${index}` },
        }),
      ),
    )
    const syncs = Promise.all([1, 2, 3].map((round) => host.app.modelSync.syncModels({ forceUpdate: round % 2 === 0 })))
    t.strictSame([...new Set((await edits).map(({ status }) => status))], [200])
    for (const result of await syncs) t.strictSame(result.errors, [], JSON.stringify(result.errors))
  })
