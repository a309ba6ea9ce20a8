/** Registering the plugin in a host: what it asks for, what it reuses, what it leaves to the host. */
import fastifyPostgres from '@fastify/postgres'
import { fastifySchedule } from '@fastify/schedule'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import modelSync, { type ModelSyncOptions } from '../../../src/plugin.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { captureLog } from '../../support/log-capture.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

needsPostgres()

const database = await createPostgresDatabase(t)
const litellm = await startLoopbackLiteLLM()
t.teardown(() => litellm.close())

const settings: Partial<ModelSyncOptions> = {
  databaseUrl: database.url!,
  litellm: { url: litellm.url, apiKey: litellm.key },
  syncOnStartup: false,
  settingsPage: false,
}
const allow = (_request: unknown, _reply: unknown, done: () => void) => done()

async function register(t: Pick<Test, 'teardown'>, options: object): Promise<FastifyInstance> {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(modelSync, options as ModelSyncOptions)
  await app.ready()
  return app as unknown as FastifyInstance
}

t.test('the way into a host is a page', async (t) => {
  for (const signInUrl of ['javascript:alert(1)', 'http://', 'mailto:admin@example.com'])
    await t.rejects(
      register(t, { ...settings, authorize: allow, settingsPage: { signInUrl } }),
      /settingsPage\.signInUrl is .*; expected a path such as \/login, or an http\(s\) address/,
    )
})

t.test('without authorize it is refused, since everybody could write', async (t) => {
  for (const options of [settings, { ...settings, authorize: undefined }, { ...settings, authorize: [] }]) {
    await t.rejects(register(t, options), {
      code: 'FST_MODEL_SYNC_OPTIONS',
      message: /authorize.*allowUnauthenticated: true/,
    })
  }
  await register(t, { ...settings, allowUnauthenticated: true })
  await register(t, { ...settings, authorize: allow })
  await register(t, { ...settings, authorize: [allow] })
})

t.test('a wrong option stops the boot with its name, what was found and what is allowed', async (t) => {
  const wrong: [options: object, message: RegExp][] = [
    [{ syncIntervalMinutes: 0 }, /LITELLM_SYNC_INTERVAL \(syncIntervalMinutes\) is 0.*1.*43.?200/],
    [{ interval: 5 }, /there is no option interval/],
    [{ authoriseRead: [allow] }, /there is no option authoriseRead; did you mean authorizeRead\?/],
    [{ litellm: { url: 'localhost:4000' } }, /LITELLM_API_URL \(litellm\.url\) is "localhost:4000"/],
    [{ litellm: { uri: 'http://localhost:4000' } }, /there is no option litellm\.uri; did you mean litellm\.url\?/],
    [{ providers: ['nobody'] }, /MODEL_SYNC_PROVIDERS.*nobody.*litellm/],
    [{ providers: ['openruter'], databaseUrl: 'postgres://127.0.0.1:9/x' }, /did you mean openrouter\?/],
    [{ providerOptions: { OpenAI: {} } }, /has the name "OpenAI": expected a slug .*; did you mean openai\?/],
    [{ providerOptions: { grok: {} } }, /names "grok", which no source has; did you mean groq\?/],
    [{ timeoutMS: 5 }, /there is no option timeoutMS; did you mean timeoutMs\?/],
    [{ schema: 'a"b' }, /MODEL_SYNC_SCHEMA \(schema\)/],
  ]
  for (const [options, message] of wrong)
    await t.rejects(register(t, { ...settings, allowUnauthenticated: true, ...options }), {
      code: 'FST_MODEL_SYNC_OPTIONS',
      message,
    })
})

t.test('a connection string that cannot be read is refused without showing its password', async (t) => {
  for (const databaseUrl of [
    'postgres://user:s3cret-pw@host:notaport/db',
    'mysql://user:s3cret-pw@host/db',
    'postgres://user:s3cret-pw@ho st/db',
  ]) {
    const log = captureLog()
    const app = Fastify({ loggerInstance: log.logger })
    t.teardown(() => app.close())
    const error = await app
      .register(modelSync, { ...settings, allowUnauthenticated: true, databaseUrl })
      .then(() => app.ready())
      .then(
        () => null,
        (error: Error) => error,
      )
    t.match(error, { code: /^FST_MODEL_SYNC_(OPTIONS|DATABASE)$/ }, databaseUrl)
    t.notMatch(JSON.stringify([String(error), { ...error }, (error as Error | null)?.message]), 's3cret-pw')
    t.notMatch(log.text(), 's3cret-pw')
  }
})

t.test('the host’s options are left as they are', async (t) => {
  const options = Object.freeze({
    ...settings,
    authorize: Object.freeze([allow]),
    litellm: Object.freeze({ ...settings.litellm }),
  })
  await register(t, options)
  t.notOk('timeoutMs' in options)
})

t.test('the host’s fastify.pg and fastify.scheduler are used', async (t) => {
  const { databaseUrl, ...rest } = settings
  const host = await startHost(t, database, {
    litellm,
    settings: { ...rest, databaseUrl: undefined, autoSync: true } as Partial<ModelSyncOptions>,
    before: async (app) => {
      await app.register(fastifyPostgres, { connectionString: databaseUrl, application_name: 'the-host' })
      await app.register(fastifySchedule)
    },
  })
  await host.sync()
  const { rows } = await host.pool.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE datname = current_database() AND application_name <> ''`,
  )
  t.ok(rows.some(({ name }) => name === 'the-host'))
  t.notOk(
    rows.some(({ name }) => name === 'fastify-model-sync'),
    'no second pool',
  )
  t.equal(host.app.scheduler.getAllJobs().length, 2, 'the interval’s, and that of what replicas share')
  t.ok(host.log.messages().includes('The model catalogue is in the database of the host'))
  await host.app.close()
  t.equal(host.app.scheduler.getAllJobs().length, 0)
})

t.test('a host’s named pools are not ours', async (t) => {
  const host = await startHost(t, database, {
    litellm,
    settings,
    before: (app) =>
      app.register(fastifyPostgres, { connectionString: 'postgres://127.0.0.1:9/nothing', name: 'other' }),
  })
  t.match(await host.sync(), { success: true })
})

t.test('the host can register @fastify/postgres and @fastify/schedule for itself afterwards', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(modelSync, { ...settings, allowUnauthenticated: true, autoSync: true })
  await app.register(fastifyPostgres, { connectionString: database.url! })
  await app.register(fastifySchedule)
  await app.ready()
  t.match(await app.pg.query('SELECT 1 AS one'), { rows: [{ one: 1 }] })
  t.equal(app.scheduler.getAllJobs().length, 0, 'its scheduler is its own')
})

t.test('under a prefix, in an encapsulated scope, beside the host’s own routes, parsers and errors', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.setErrorHandler((error, _request, reply) =>
    reply.code(418).send({ mine: (error as Error).message, error: { of: 'the host' } }),
  )
  app.post('/echo', async (request) => ({ body: request.body }))
  app.get('/fails', async () => {
    throw new Error('of the host')
  })
  await app.register(async (scope) => {
    await scope.register(modelSync, {
      ...settings,
      prefix: '/api/v1',
      authorize: (_request, _reply, done) => done(new Error('of its hook')),
    })
    t.ok(scope.hasDecorator('modelSync'))
  })
  await app.ready()
  t.equal(app.hasDecorator('modelSync'), false)
  t.equal((await app.inject('/api/v1/models')).statusCode, 200)
  t.equal((await app.inject('/api/v1/v1/models')).statusCode, 200)
  t.equal((await app.inject('/models')).statusCode, 404)
  t.match(
    (
      await app.inject({ method: 'POST', url: '/echo', payload: 'text', headers: { 'content-type': 'text/plain' } })
    ).json(),
    { body: 'text' },
  )
  t.match(await app.inject('/fails'), { statusCode: 418 })
  const refused = await app.inject({ method: 'POST', url: '/api/v1/models/sync' })
  t.equal(refused.statusCode, 418, 'what a hook of the host throws is the host’s to answer')
  t.strictSame(refused.json(), { mine: 'of its hook', error: { of: 'the host' } })
  t.match((await app.inject('/api/v1/models?limit=0')).json(), { statusCode: 400, code: 'FST_MODEL_SYNC_VALIDATION' })
})

t.test('syncModels, cancelSync and the reads are on the decorator', async (t) => {
  const app = await register(t, { ...settings, authorize: allow })
  t.match(await app.modelSync.syncModels({ trigger: 'cli' }), { success: true, trigger: 'cli' })
  t.equal(await app.modelSync.cancelSync(), false)
  t.equal(app.modelSync.triggers.nextSyncAt, null)
  t.match(await app.modelSync.catalogue.models({ limit: 1 }), { total: Number, models: [{ provider: 'litellm' }] })
  await t.rejects(app.modelSync.syncModels({ providers: ['nobody'] }), {
    code: 'FST_MODEL_SYNC_UNKNOWN_PROVIDER',
    message: /nobody.*litellm/,
  })
})

t.test('what hosts call lies at the top of the decorator, everything else under the word of its room', async (t) => {
  const { modelSync: decorator } = await register(t, { ...settings, authorize: allow })
  const rooms = [
    ...['catalogue', 'names', 'news', 'prices', 'probes', 'providers', 'runs', 'sync', 'triggers', 'userKeys', 'work'],
  ]
  const top = ['syncModels', 'cancelSync', 'resolve', 'resolveRequest', 'on', 'off', 'servedAt']
  t.strictSame(Object.keys(decorator).sort(), [...top, ...rooms].sort())
  t.equal(decorator.sync.running, false)
  t.match(await decorator.providers.list(), [{ slug: 'litellm' }])
  t.ok(decorator.providers.all.includes('litellm'), 'beside the methods of the service')
  t.match(await decorator.runs.list(), { runs: Array })
  t.match(await decorator.runs.status.status(), { needsSync: Boolean })
  await t.rejects(decorator.prices.at('litellm/nothing'), { code: 'FST_MODEL_SYNC_NOT_FOUND' })
  t.strictSame(await decorator.userKeys.list('anna'), [])
  t.equal(decorator.names.stats().errors, 0)
})

t.test('a schema of the operator’s choice', async (t) => {
  const app = await register(t, { ...settings, schema: 'Catalogue_2', authorize: allow })
  t.match(await app.modelSync.syncModels(), { success: true, newModels: 5 })
  t.match(await app.modelSync.catalogue.stats(), { totalModels: 5 })
})
