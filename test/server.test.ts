/** The reference backend: it listens at once, waits for its database, guards its writes, and shows every route in OpenAPI. */
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { startServer, type ReferenceBackend } from '../src/server.js'
import type { ServerSettingsInput } from '../src/options.js'
import { createPostgresDatabase, needsPostgres } from './support/databases.js'
import { captureLog } from './support/log-capture.js'
import { manyRows, startLoopbackLiteLLM } from './support/loopback-litellm.js'
import { copyPgliteCluster } from './support/pglite-databases.js'
import { program } from './support/program.js'
import { startTcpProxy } from './support/tcp-proxy.js'

needsPostgres()

const SERVER = program(new URL('../src/server.js', import.meta.url))
const TOKEN = 'test-admin-token-of-the-server'
const litellm = await startLoopbackLiteLLM({ models: manyRows(4) })
t.teardown(() => litellm.close())

async function folder(t: Pick<Test, 'teardown'>): Promise<string> {
  const created = await mkdtemp(path.join(tmpdir(), 'model-sync-server-'))
  t.teardown(() => rm(created, { recursive: true, force: true }))
  return created
}

/** What an operation asks for, so that "Authorize" in /docs sends it. */
function securityOf(method: string, url: string): object[] {
  if (url.endsWith('/cron')) return [{ modelSyncCronSecret: [] }]
  if (url.includes('/webhook/')) return [{ modelSyncWebhookSignature: [] }]
  const reads = method === 'get' || url.endsWith('/models/resolve')
  const isForAdmins = /\/admin\/|\/news|\/credentials/.test(url)
  return reads && !isForAdmins ? [] : [{ adminToken: [] }]
}

async function start(
  t: Pick<Test, 'teardown'>,
  settings: ServerSettingsInput,
): Promise<{ backend: ReferenceBackend; log: ReturnType<typeof captureLog> }> {
  const log = captureLog()
  const backend = await startServer(
    {
      port: 0,
      dataDir: await folder(t),
      litellm: { url: litellm.url, apiKey: litellm.key },
      adminToken: TOKEN,
      ...settings,
    },
    log.logger,
  )
  t.teardown(() => backend.close())
  return { backend, log }
}

t.test('on a PostgreSQL', async (t) => {
  const database = await createPostgresDatabase(t, { empty: true })
  const { backend, log } = await start(t, { databaseUrl: database.url!, prefix: '/api' })
  await backend.ready
  await log.waitFor('Initial model sync completed')
  const request = (url: string, init: RequestInit = {}) =>
    fetch(`${backend.url}${url}`, { redirect: 'manual', ...init })

  t.test('reads are open, writes need the token', async (t) => {
    t.match(await (await request('/api/models')).json(), { total: 4 })
    const denied = await request('/api/models/sync', { method: 'POST' })
    t.equal(denied.status, 401)
    t.equal(denied.headers.get('www-authenticate'), 'Bearer')
    t.match(await denied.json(), { statusCode: 401, code: 'FST_MODEL_SYNC_UNAUTHORIZED' })
    t.equal((await request('/api/models/sync', { method: 'DELETE' })).status, 401)
    const allowed = await request('/api/models/sync', { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })
    t.match(await allowed.json(), { success: true, unchangedModels: 4 })
    t.equal(
      (
        await request('/api/models/sync', {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' },
        })
      ).status,
      403,
    )
  })

  t.test('behind a proxy a client is whom X-Forwarded-For names, and nobody else is believed', async (t) => {
    const listen = async (address: string, through: string) => {
      const abort = new AbortController()
      t.teardown(() => abort.abort())
      const { status } = await fetch(`${address}/models/sync/events`, {
        headers: { 'x-forwarded-for': through },
        signal: abort.signal,
      })
      return status
    }
    const twelve = async (address: string) =>
      Promise.all(Array.from({ length: 12 }, (_, index) => listen(address, `192.0.2.${index}`)))
    t.equal((await twelve(`${backend.url}/api`)).filter((status) => status === 429).length, 2)
    for (const trustProxy of ['1', 'loopback']) {
      const { backend: behind } = await start(t, { databaseUrl: database.url!, trustProxy })
      await behind.ready
      t.ok(
        (await twelve(behind.url)).every((status) => status === 200),
        trustProxy,
      )
      await behind.close()
    }
  })

  t.test('the start page leads to the settings page', async (t) => {
    t.equal(backend.settingsUrl, `${backend.url}/api/settings`)
    const answer = await request('/')
    t.equal(answer.headers.get('location'), '/api/settings')
    const page = await request('/api/settings')
    t.match(page.headers.get('content-type'), /^text\/html/)
    t.match(page.headers.get('content-security-policy'), /default-src 'none'/)
    t.notMatch(await page.text(), TOKEN)
  })

  t.test('OpenAPI lists every route with its schemas', async (t) => {
    const { paths } = (await (await request('/docs/json')).json()) as {
      paths: Record<
        string,
        Record<
          string,
          {
            summary?: string
            operationId?: string
            security?: object[]
            responses: Record<string, { content?: object }>
          }
        >
      >
    }
    const listed = Object.entries(paths).flatMap(([url, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${url}`),
    )
    const expected = [
      'POST /api/models/sync',
      'DELETE /api/models/sync',
      'GET /api/models/sync',
      'GET /api/models/sync/stats',
      'GET /api/models/sync/history',
      'GET /api/models/sync/history/{runId}',
      'GET /api/models',
      'GET /api/models/{id}',
      'GET /api/models/changes',
      'GET /api/models/stats',
      'GET /api/models/health',
      'GET /api/v1/models',
      'GET /api/v1/models/{id}',
    ]
    for (const route of expected) t.ok(listed.includes(route), route)
    for (const [url, methods] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        t.match(operation.operationId, /^[a-z]+[A-Z]\w+$/, `${method} ${url} has a name`)
        t.strictSame(operation.security, securityOf(method, url), `${method} ${url} says what it needs`)
        t.type(operation.summary, 'string', `${method} ${url} says what it does`)
        t.ok(
          Object.keys(operation.responses).some((status) => status.startsWith('2')),
          `${method} ${url} says what it answers`,
        )
      }
    }
    const docs = await request('/docs/', { redirect: 'follow' })
    t.equal(docs.status, 200)
    t.match(docs.headers.get('content-type'), /^text\/html/)
    const scripts = [...(await docs.text()).matchAll(/src="(?:\.\/)?(static\/[^"]+\.js)"/g)].map(
      ([, file = '']) => file,
    )
    t.ok(scripts.length > 1, 'the page asks for its scripts')
    for (const file of scripts) t.equal((await request(`/docs/${file}`)).status, 200, file)
  })

  t.test('the token is in no log line', async (t) => t.notMatch(log.text(), TOKEN))

  t.test('an address that is taken fails at once', async (t) => {
    await t.rejects(
      startServer({ port: Number(new URL(backend.url).port), dataDir: await folder(t) }, captureLog().logger),
      { code: 'EADDRINUSE' },
    )
  })
})

t.test(
  'without its database: it listens, answers 503 with Retry-After, and comes up when the database comes',
  async (t) => {
    const database = await createPostgresDatabase(t, { empty: true })
    const proxy = await startTcpProxy(t, database.url!, { open: false })
    const startedAt = performance.now()
    const { backend, log } = await start(t, { databaseUrl: proxy.through(database.url!) })
    t.ok(performance.now() - startedAt < 2000, 'at once')
    const waiting = await log.waitFor('The database is away; trying again')
    t.match(waiting, { level: 40, reason: /cannot be prepared/, retryInMs: 1000 })
    for (const [url, method] of [
      ['/models', 'GET'],
      ['/models/sync', 'POST'],
      ['/models/health', 'GET'],
      ['/settings', 'GET'],
    ] as const) {
      const answer = await fetch(`${backend.url}${url}`, { method })
      t.equal(answer.status, 503)
      t.ok(Number(answer.headers.get('retry-after')) > 0)
      t.match(await answer.json(), { code: 'FST_MODEL_SYNC_STARTING', message: /database does not answer yet/ })
    }
    await proxy.open()
    await backend.ready
    t.equal((await fetch(`${backend.url}/models/health`)).status, 200)
    await log.waitFor('Initial model sync completed')
    t.notMatch(log.text(), 'postgres:postgres')
  },
)

t.test('closed while it still waits for its database', async (t) => {
  const { backend, log } = await start(t, { databaseUrl: 'postgres://127.0.0.1:9/nothing' })
  await log.waitFor('The database is away; trying again')
  const startedAt = performance.now()
  await backend.close()
  t.ok(performance.now() - startedAt < 3000)
  await t.rejects(backend.ready)
  await t.rejects(fetch(backend.url))
})

t.test('what waiting cannot mend is said at once', async (t) => {
  const database = await createPostgresDatabase(t, { empty: true })
  const { backend } = await start(t, { databaseUrl: database.url! })
  const app = await backend.ready
  await app.modelSync.syncModels()
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString: database.url! })
  await client.connect()
  await client.query(`INSERT INTO model_sync.migrations (version, name) VALUES (999, 'future')`)
  await client.end()
  const newer = await start(t, { databaseUrl: database.url! })
  await t.rejects(newer.backend.ready, { code: 'FST_MODEL_SYNC_MIGRATION' })
  await t.rejects(start(t, { port: -1 }), { code: 'FST_MODEL_SYNC_OPTIONS', message: /PORT/ })
})

t.test('on the embedded database, in the data directory', async (t) => {
  const dataDir = await folder(t)
  await copyPgliteCluster(dataDir)
  const settings = { dataDir, adminToken: undefined } as ServerSettingsInput
  const first = await start(t, { ...settings, syncOnStartup: false })
  const app = await first.backend.ready
  t.match(await app.modelSync.syncModels(), { success: true, newModels: 4 })
  const { token, file, generated } = first.backend.adminToken
  t.equal(generated, true)
  t.equal((await readFile(file!, 'utf8')).trim(), token)
  t.notMatch(first.log.text(), token)
  const allowed = await fetch(`${first.backend.url}/models/sync`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  t.match(await allowed.json(), { success: true, providers: [{ status: 'not-modified' }] })
  await first.backend.close()

  const second = await start(t, { ...settings, syncOnStartup: false })
  const again = await second.backend.ready
  t.equal(second.backend.adminToken.token, token)
  t.equal(second.backend.adminToken.generated, false)
  t.match(await again.modelSync.catalogue.stats(), { totalModels: 4 }, 'what was synced is still there')
  t.match(await again.modelSync.syncModels(), { providers: [{ status: 'not-modified' }] })
})

t.test('as a process: it says where the page is, without the token, and ends on SIGTERM', async (t) => {
  const database = await createPostgresDatabase(t, { empty: true })
  const cwd = await folder(t)
  const child = spawn(process.execPath, [...SERVER.execArgv, SERVER.file], {
    cwd,
    env: {
      PATH: process.env.PATH,
      TMPDIR: tmpdir(),
      PORT: '0',
      DATABASE_URL: database.url!,
      LITELLM_API_URL: litellm.url,
      LITELLM_API_KEY: litellm.key,
      LOG_LEVEL: 'info',
    },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  while (!printed.includes('Initial model sync completed') && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20))
  const address = /^Settings page: (\S+)$/m.exec(printed)?.[1]
  t.match(address, /^http:\/\/127\.0\.0\.1:\d+\/settings$/)
  t.match(printed, /^Admin token: +in .*data\/admin-token$/m)
  const token = (await readFile(path.join(cwd, 'data', 'admin-token'), 'utf8')).trim()
  t.notMatch(printed, token, 'stdout is no terminal')
  t.notMatch(printed, litellm.key)
  for (const page of ['/models', '/livez', '/readyz']) t.equal((await fetch(new URL(page, address))).status, 200, page)
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number]
  t.equal(code, 0)
})

t.test('as a process with a wrong variable: one clear line, and an exit code', async (t) => {
  const child = spawn(process.execPath, [...SERVER.execArgv, SERVER.file], {
    cwd: await folder(t),
    env: { PATH: process.env.PATH, LITELLM_SYNC_INTERVAL: '0' },
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number]
  t.equal(code, 1)
  t.match(stderr, /^LITELLM_SYNC_INTERVAL \(syncIntervalMinutes\) is 0: .*1 to 43200/)
  t.equal(stderr.trim().split('\n').length, 1)
})
