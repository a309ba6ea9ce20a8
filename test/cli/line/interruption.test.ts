/** Ctrl-C: the run ends, is on record, and nothing of it is half applied. */
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import pg from 'pg'
import t from 'tap'
import { startServer } from '../../../src/server.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { captureLog } from '../../support/log-capture.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import { folder, start, type Env } from '../support.js'

needsPostgres()

const TOKEN = 'test-admin-token-of-the-server'
const litellm = await startLoopbackLiteLLM({ models: manyRows(20) })
t.teardown(() => litellm.close())
const database = await createPostgresDatabase(t)
const pool = new pg.Pool({ ...database.poolConfig, max: 2 })
// The database is dropped under it.
pool.on('error', () => undefined)
t.teardown(() => pool.end())
const cwd = await folder(t)
const env: Env = {
  DATABASE_URL: database.url!,
  LITELLM_API_URL: litellm.url,
  LITELLM_API_KEY: litellm.key,
  MODEL_SYNC_PROVIDERS: 'litellm',
  ADMIN_TOKEN: TOKEN,
}

/** The upstream does not answer from now on; resolves when it has been asked. */
function hang(): () => Promise<void> {
  litellm.setFault('/model/info', { kind: 'hang' })
  const before = litellm.requests.length
  return async () => {
    while (litellm.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function lastRun(): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<Record<string, unknown>>(
    'SELECT trigger, success, finished_at IS NOT NULL AS closed, result FROM model_sync.sync_runs ORDER BY started_at DESC LIMIT 1',
  )
  return rows[0] ?? {}
}

async function countModels(): Promise<number> {
  const { rows } = await pool.query<{ models: number }>('SELECT count(*)::integer AS models FROM model_sync.models')
  return rows[0]!.models
}

t.test('Ctrl-C while an upstream is read', async (t) => {
  const asked = hang()
  const { child, ended } = start(['sync'], { cwd, env })
  await asked()
  child.kill('SIGINT')
  const result = await ended
  t.equal(result.code, 130)
  t.match(result.stderr, /^Interrupted: what is not applied yet will not be/m)
  t.match(result.stdout, /litellm +failed .*cancelled/)
  t.match(await lastRun(), { trigger: 'cli', success: false, closed: true, result: { newModels: 0 } })
  t.equal(await countModels(), 0)
})

t.test('SIGTERM while a plan is made: nothing is written, not even a run', async (t) => {
  const before = await database.dump()
  const asked = hang()
  const { child, ended } = start(['plan'], { cwd, env })
  await asked()
  child.kill('SIGTERM')
  t.equal((await ended).code, 143)
  t.equal(await database.dump(), before)
})

t.test('Ctrl-C while it is written: all of a provider, or nothing', async (t) => {
  litellm.setFault('/model/info', null)
  // Keeps the apply transaction waiting where it has written already.
  const blocker = await pool.connect()
  await blocker.query('BEGIN')
  await blocker.query('LOCK TABLE model_sync.upstream_entries IN ACCESS EXCLUSIVE MODE')
  const { child, ended } = start(['sync'], { cwd, env })
  const isWaiting = `SELECT count(*)::integer AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
  while ((await pool.query<{ waiting: number }>(isWaiting)).rows[0]!.waiting === 0)
    await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGINT')
  await new Promise((resolve) => setTimeout(resolve, 100))
  await blocker.query('ROLLBACK')
  blocker.release()
  t.equal((await ended).code, 130)
  const run = (await lastRun()) as { closed: boolean; result: { newModels: number } }
  t.equal(run.closed, true)
  t.equal(await countModels(), run.result.newModels, 'what the record says is what is there')
  t.ok([0, 20].includes(run.result.newModels))
})

t.test('with --url: a run of our own is cancelled in the server, another is left alone', async (t) => {
  const log = captureLog()
  const backend = await startServer(
    {
      port: 0,
      dataDir: await folder(t),
      databaseUrl: database.url!,
      litellm: { url: litellm.url, apiKey: litellm.key },
      adminToken: TOKEN,
      syncOnStartup: false,
    },
    log.logger,
  )
  t.teardown(() => backend.close())
  await backend.ready

  let asked = hang()
  const ours = start(['sync', '--providers', 'litellm', '--url', backend.url], { cwd, env })
  await asked()
  ours.child.kill('SIGINT')
  t.equal((await ours.ended).code, 130)
  t.match(await lastRun(), { trigger: 'manual', success: false, closed: true })

  asked = hang()
  const authorization = `Bearer ${TOKEN}`
  const theirs = fetch(`${backend.url}/models/sync`, { method: 'POST', headers: { authorization } })
  await asked()
  const guest = start(['sync', '--providers', 'litellm', '--url', backend.url], { cwd, env })
  await log.waitFor('incoming request')
  const joined = () =>
    log.lines().filter(({ req }) => (req as { url?: string } | undefined)?.url?.split('?')[0] === '/models/sync').length
  while (joined() < 5) await new Promise((resolve) => setTimeout(resolve, 20))
  guest.child.kill('SIGINT')
  t.equal((await guest.ended).code, 130)
  const status = (await (await fetch(`${backend.url}/models/sync`)).json()) as { running: boolean }
  t.equal(status.running, true, 'somebody else waits for it')
  await fetch(`${backend.url}/models/sync`, { method: 'DELETE', headers: { authorization } })
  await theirs
})

t.test('a database that says nothing keeps nobody, and a data directory that cannot be is no wait', async (t) => {
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
  const sockets: import('node:net').Socket[] = []
  await once(silent, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const url = `postgres://127.0.0.1:${(silent.address() as AddressInfo).port}/x`
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const before = sockets.length
    const { child, ended } = start(['list'], { cwd, env: { ...env, DATABASE_URL: url } })
    while (sockets.length === before) await new Promise((resolve) => setTimeout(resolve, 20))
    const since = performance.now()
    child.kill(signal)
    t.equal((await ended).code, code)
    t.ok(performance.now() - since < 8000, `${signal}: after ${performance.now() - since} ms`)
  }
  const { DATABASE_URL: _, ...embedded } = env
  const nowhere = await start(['list'], { cwd, env: { ...embedded, MODEL_SYNC_DATA_DIR: '/proc/x/y' } }).ended
  t.match(nowhere, { code: 1, stderr: /data directory \/proc\/x\/y cannot be used .*MODEL_SYNC_DATA_DIR/ })
})
