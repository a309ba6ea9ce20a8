/** The host's own settings for what it serializes, validates and routes: our answers are the same. */
import fastifySwagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import pg from 'pg'
import t, { type Test } from 'tap'
import modelSync, { type ModelSyncOptions } from '../../../src/plugin.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { emptyTables } from '../../support/empty-tables.js'
import { captureLog } from '../../support/log-capture.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

const database = await createPostgresDatabase(t)
const litellm = await startLoopbackLiteLLM()
t.teardown(() => litellm.close())

const pool = new pg.Pool(database.poolConfig)
t.teardown(() => pool.end())

const settings: Partial<ModelSyncOptions> = {
  databaseUrl: database.url!,
  litellm: { url: litellm.url, apiKey: litellm.key },
  syncOnStartup: false,
  prefix: '/catalogue',
  encryptionKey: Buffer.alloc(32, 1).toString('base64'),
  user: ({ headers }) => (typeof headers['x-user'] === 'string' ? headers['x-user'] : null),
}

/** What a host registers before us. */
type Host = (app: FastifyInstance) => unknown

async function start(
  t: Pick<Test, 'teardown'>,
  host: Host = () => undefined,
  options: Partial<ModelSyncOptions> = {},
  server: FastifyServerOptions = {},
): Promise<FastifyInstance> {
  const app = Fastify(server as object) as unknown as FastifyInstance
  t.teardown(() => app.close())
  await host(app)
  await app.register(modelSync, { ...settings, allowUnauthenticated: true, ...options } as ModelSyncOptions)
  await app.ready()
  return app
}

interface Asked {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  url: string
  payload?: object
  headers?: Record<string, string>
}

/** Of each kind of answer that we give: lists, one, text, a stream of files, no body, errors of each origin. */
const REQUESTS: readonly Asked[] = [
  { url: '/models' },
  { url: '/models?limit=0' },
  { url: '/models/litellm/no-such-model' },
  { url: '/models/changes.atom' },
  { url: '/models/stats' },
  { url: '/models/health' },
  { url: '/v1/models' },
  { url: '/providers/litellm' },
  { url: '/settings' },
  { url: '/settings/' },
  { url: '/settings/client/refresh-models-button.js' },
  { method: 'POST', url: '/models/resolve', payload: { models: ['gpt-4o', ''] } },
  { method: 'POST', url: '/models/sync', payload: { dryrun: true } },
  { method: 'POST', url: '/models/sync', payload: { planHash: 'nonsense' } },
  { method: 'POST', url: '/models', payload: { provider: 'litellm', providerModelId: 'mine', name: 'Mine' } },
  { method: 'DELETE', url: '/models/litellm/mine' },
  { method: 'DELETE', url: '/models/credentials/openai', headers: { 'x-user': 'u1' } },
  { url: '/models/credentials' },
]

async function answers(app: FastifyInstance): Promise<string[]> {
  await emptyTables(pool)
  await app.modelSync.syncModels()
  const texts: string[] = []
  for (const { method = 'GET', url, payload, headers = {} } of REQUESTS) {
    const {
      statusCode,
      headers: got,
      body,
    } = await app.inject({
      method,
      url: `/catalogue${url}`,
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
    const plain = body
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replace(/"(id|created)":\d+/g, '"$1"')
      .replace(/rev-\d+|"revision":\d+/g, 'REVISION')
    texts.push(`${method} ${url} ${statusCode} ${String(got['content-type'])} ${plain}`)
  }
  return texts
}

function same(t: Test, found: readonly string[], wanted: readonly string[]): void {
  t.equal(found.length, wanted.length)
  for (const [index, text] of wanted.entries())
    t.equal(found[index]?.slice(0, 4000), text.slice(0, 4000), text.slice(0, 60))
}

/** Of a kind that Zod's compilers are: they know nothing of JSON Schema. */
const refuse = (): never => {
  throw new Error('this is no schema of the host’s')
}

t.test('the settings of a host leave our answers as they are', async (t) => {
  const plain = await start(t)
  const wanted = await answers(plain)
  t.ok(wanted.some((text) => text.startsWith('DELETE /models/litellm/mine 204')))
  const wrap: Host = (app) => app.addHook('preSerialization', async (_request, _reply, payload) => ({ data: payload }))
  const hosts: Record<string, [host: Host, server?: FastifyServerOptions]> = {
    'compilers of its own': [
      (app) => {
        app.setSerializerCompiler(refuse)
        app.setValidatorCompiler(refuse)
      },
    ],
    'compilers of its own for the whole server': [
      () => undefined,
      { schemaController: { compilersFactory: { buildSerializer: () => refuse, buildValidator: () => refuse } } },
    ],
    'a reply serializer': [(app) => app.setReplySerializer((payload) => `host:${JSON.stringify(payload)}`)],
    'a serializer for each reply': [
      (app) =>
        app.addHook(
          'onRequest',
          async (_request, reply) => void reply.serializer((payload: unknown) => `host:${String(payload)}`),
        ),
    ],
    'a hook that wraps what is serialized': [wrap],
    'errors of validation in its own words': [(app) => app.setSchemaErrorFormatter(() => new Error('Zod says no'))],
    'a router that does not look at slashes and case': [
      () => undefined,
      { routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, caseSensitive: false } },
    ],
    'no routes for HEAD': [() => undefined, { exposeHeadRoutes: false }],
    OpenAPI: [(app) => app.register(fastifySwagger, { openapi: {} })],
  }
  for (const [name, [host, server]] of Object.entries(hosts)) {
    const app = await start(t, host, {}, server)
    await t.test(name, async (t) => same(t, await answers(app), wanted))
  }
})

t.test('the page is found with and without the slash, whatever the router ignores', async (t) => {
  const app = await start(t, undefined, {}, { routerOptions: { ignoreTrailingSlash: true } })
  for (const [url, base] of [
    ['/catalogue/settings', './settings/'],
    ['/catalogue/settings?x=/', './settings/'],
    ['/catalogue/settings/', './'],
  ] as const)
    t.match(await app.inject(url), { statusCode: 200, body: `<base href="${base}">` }, url)
  t.equal((await app.inject('/catalogue/models/')).statusCode, 200)
  t.equal((await app.inject('/catalogue/v1/models/')).statusCode, 200)
})

t.test('a log level and log serializers are for our routes', async (t) => {
  const log = captureLog()
  const app = Fastify({ loggerInstance: log.logger })
  t.teardown(() => app.close())
  app.get('/own', async () => 'own')
  await app.register(modelSync, {
    ...settings,
    allowUnauthenticated: true,
    logLevel: 'error',
    logSerializers: { req: () => 'a request' },
  })
  const lines = (): number => log.messages().filter((message) => message === 'request completed').length
  await app.inject('/catalogue/models')
  t.equal(lines(), 0)
  await app.inject('/own')
  t.equal(lines(), 1)
})

t.test('a second catalogue needs a scope of its own', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(modelSync, { ...settings, allowUnauthenticated: true })
  await app.register(async (scope) => {
    await scope.register(modelSync, { ...settings, allowUnauthenticated: true, schema: 'second', prefix: '/second' })
    t.match(await scope.modelSync.syncModels(), { success: true, newModels: 5 })
  })
  t.match(await app.inject('/second/models'), { statusCode: 200 })
  const other = Fastify()
  t.teardown(() => other.close())
  other.register(modelSync, { ...settings, allowUnauthenticated: true })
  other.register(modelSync, { ...settings, allowUnauthenticated: true })
  await t.rejects(async () => void (await other.ready()), {
    code: 'FST_MODEL_SYNC_OPTIONS',
    message: /registered here already.*one register\(\).*scope of its own.*schema and prefix/,
  })
})
