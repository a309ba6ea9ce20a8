/** Booting: one sync, started and never awaited; without an upstream; without a database; what the log says. */
import Fastify from 'fastify'
import t from 'tap'
import { optionsFromEnv } from '../../../src/options.js'
import modelSync, { type ModelSyncOptions } from '../../../src/plugin.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { captureLog } from '../../support/log-capture.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

const database = await createPostgresDatabase(t)

/** The fetches of a boot with these settings, and what it logs of syncs. */
async function boot(t: Tap, settings: Partial<ModelSyncOptions>, waitFor: string | null) {
  const host = await startHost(t, database, { settings, litellm: { models: manyRows(3) } })
  if (waitFor === null) await new Promise((resolve) => setTimeout(resolve, 150))
  else await host.log.waitFor(waitFor)
  const next = host.app.modelSync.triggers.nextSyncAt
  await host.app.close()
  const fetches = host.litellm.requests.filter(({ url }) => url === '/model/info').length
  const messages = host.log
    .messages(30)
    .filter((message) => /sync/i.test(message) && !/schema|catalogue is in/i.test(message))
  return { fetches, messages, next, host }
}
type Tap = Pick<typeof t, 'teardown'>

const INITIAL = 'Initial model sync completed'

t.test('a startup sync alone', async (t) => {
  const { fetches, messages, next, host } = await boot(t, { syncOnStartup: true }, INITIAL)
  t.equal(fetches, 1)
  t.strictSame(messages, [INITIAL])
  t.equal(next, null)
  t.match(
    host.log.lines().find(({ msg }) => msg === INITIAL),
    { totalModels: 3, newModels: 3, updatedModels: 0, unavailableModels: 0 },
  )
})

t.test('startup sync and auto-sync: one sync at boot, not two', async (t) => {
  const { fetches, messages, next } = await boot(t, { syncOnStartup: true, autoSync: true }, INITIAL)
  t.equal(fetches, 1)
  t.strictSame(messages, [
    'Starting automatic model synchronization service',
    'Starting auto-sync with interval: 60 minutes',
    INITIAL,
    'Stopping automatic model synchronization service',
    'Auto-sync stopped',
  ])
  t.ok(Math.abs(Date.parse(next ?? '') - Date.now() - 3_600_000) < 10_000)
})

t.test('MODEL_SYNC_ON_STARTUP=False: no sync before the first interval, however the interval is set', async (t) => {
  for (const [env, minutes] of [
    [{ LITELLM_AUTO_SYNC: 'true', LITELLM_SYNC_INTERVAL: '5' }, 5],
    [{ MODEL_SYNC_ENABLED: 'true' }, 1440],
    [{ MODEL_SYNC_INTERVAL_HOURS: '2' }, 120],
    [{ LITELLM_AUTO_SYNC: 'true', MODEL_SYNC_REACTIVE: 'true' }, 60],
  ] as const) {
    const settings = optionsFromEnv({ ...env, MODEL_SYNC_ON_STARTUP: 'False' })
    const host = await startHost(t, database, { settings, litellm: { models: manyRows(3) } })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    const next = host.app.modelSync.triggers.nextSyncAt
    await host.app.close()
    t.same(host.litellm.requests, [], JSON.stringify(env))
    t.ok(Math.abs(Date.parse(next ?? '') - Date.now() - minutes * 60_000) < 10_000, 'the first one is planned')
  }
})

t.test('which settings sync at all', async (t) => {
  const cases: [settings: Partial<ModelSyncOptions>, fetches: number, automatic: boolean][] = [
    [{ syncOnStartup: false }, 0, false],
    [{ syncOnStartup: true, enabled: false }, 0, false],
    [{ syncOnStartup: true, enabled: false, autoSync: true, syncIntervalHours: 1 }, 0, false],
    [{ syncOnStartup: false, autoSync: false, syncIntervalHours: 1, enabled: true }, 0, false],
  ]
  for (const [settings, fetches, automatic] of cases) {
    const found = await boot(t, settings, null)
    t.equal(found.fetches, fetches, JSON.stringify(settings))
    t.equal(found.next !== null, automatic, JSON.stringify(settings))
  }
})

t.test('the interval goes on by itself', async (t) => {
  const host = await startHost(t, database, {
    settings: { syncOnStartup: true, syncIntervalHours: 1 / 60 },
    litellm: { models: manyRows(3) },
  })
  t.ok(host.log.messages().includes('Starting auto-sync with interval: 1 minutes'))
  t.match((await host.get('/models/sync')).body, { nextSyncAt: String })
})

t.test('an upstream that is not there: the boot is quick, the log says what to set, the catalogue stays', async (t) => {
  const startedAt = performance.now()
  const host = await startHost(t, database, {
    settings: { syncOnStartup: true, autoSync: true, litellm: { url: 'http://127.0.0.1:9' } },
  })
  t.ok(performance.now() - startedAt < 5000)
  t.equal((await host.get('/models')).body['total'], 3, 'what is known is served')
  const line = await host.log.waitFor('Failed to sync models on startup')
  t.match(line, { level: 50, errors: [/nothing listens at 127\.0\.0\.1:9.*LITELLM_API_URL/] })
  t.match((await host.get('/models/sync')).body, {
    nextSyncAt: String,
    lastSync: { success: false, trigger: 'startup' },
  })
})

t.test('an upstream that never answers does not keep the server from booting or closing', async (t) => {
  const litellm = await startLoopbackLiteLLM()
  t.teardown(() => litellm.close())
  litellm.setFault('/model/info', { kind: 'hang' })
  const startedAt = performance.now()
  const host = await startHost(t, database, {
    litellm,
    settings: { syncOnStartup: true, autoSync: true, timeoutMs: 60_000 },
  })
  t.equal((await host.get('/models')).status, 200)
  await host.app.close()
  t.ok(performance.now() - startedAt < 5000)
})

const needsUrl = { skip: database.url === null && 'needs PostgreSQL, which does not run here' }

t.test('without a database the registration fails with a clear error, and without a secret', needsUrl, async (t) => {
  for (const [databaseUrl, code, statusCode] of [
    ['postgres://somebody:s3cret-pw@127.0.0.1:9/nothing', 'FST_MODEL_SYNC_DATABASE', 503],
    [
      database.url!.replace(/:postgres@/, ':wr0ng-s3cret-pw@').replace(/\/model_sync_test_\w+/, '/no_such_database'),
      'FST_MODEL_SYNC_DATABASE_SETUP',
      500,
    ],
  ] as const) {
    const log = captureLog()
    const app = Fastify({ loggerInstance: log.logger })
    t.teardown(() => app.close())
    const startedAt = performance.now()
    await t.rejects(
      async () => {
        await app.register(modelSync, { databaseUrl, allowUnauthenticated: true, settingsPage: false })
      },
      {
        code,
        statusCode,
        message: /model_sync cannot be prepared.*(ECONNREFUSED|password|does not exist)/,
      },
    )
    t.ok(performance.now() - startedAt < 9000, 'before Fastify gives up by itself')
    t.notMatch(log.text(), 's3cret-pw')
  }
})

t.test('a key over plain http to another host gets a warning', async (t) => {
  const host = await startHost(t, database, {
    settings: { litellm: { url: 'http://litellm.example.com:4000', apiKey: 'sk-1234567890' } },
  })
  t.match(host.log.messages(40), [/plain http/])
  t.notMatch(host.log.text(), 'sk-1234567890')
  const quiet = await startHost(t, database, {
    settings: { litellm: { url: 'https://litellm.example.com', apiKey: 'sk-1234567890' } },
  })
  t.strictSame(quiet.log.messages(40), [])
})
