/** A method that a path does not have: 405 with Allow, in the plugin's own paths and nowhere else. */
import fastifyCors from '@fastify/cors'
import fastifySwagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import t from 'tap'
import modelSync from '../../../src/plugin.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const database = await createPostgresDatabase(t)

/** What no route takes. */
const WRONG = [
  ['PUT', '/models', 'GET, HEAD, POST'],
  ['DELETE', '/models?x=1', 'GET, HEAD, POST'],
  ['POST', '/models/stats', 'GET, HEAD'],
  ['PATCH', '/models/stats', 'GET, HEAD'],
  ['DELETE', '/models/sync/history/some-run', 'GET, HEAD'],
  ['GET', '/models/sync/history/some-run/undo', 'POST'],
  ['HEAD', '/models/sync/seen', 'POST'],
  ['HEAD', '/models/sync/cron', 'GET, POST'],
  ['POST', '/models/litellm/a', 'GET, HEAD, PATCH, DELETE'],
  ['PUT', '/models/%73ync', 'GET, HEAD, POST, DELETE'],
  ['POST', '/providers/litellm', 'GET, HEAD, PATCH'],
  ['DELETE', '/admin/model-sync/all', 'POST'],
] as const

async function ask(app: FastifyInstance, method: string, url: string, headers: InjectOptions['headers'] = {}) {
  const { statusCode: status, headers: answered, payload } = await app.inject({ method: method as 'GET', url, headers })
  return {
    status,
    headers: answered,
    text: payload,
    body: (payload.startsWith('{') ? JSON.parse(payload) : {}) as object,
  }
}

for (const [where, prefix, nested] of [
  ['at the root', '', false],
  ['below a prefix', '/catalogue', false],
  ['in a scope of the host’s', '/api', true],
] as const)
  t.test(`the plugin ${where}`, async (t) => {
    const app = Fastify() as unknown as FastifyInstance
    t.teardown(() => app.close())
    await app.register(fastifyCors, { origin: 'https://app.example.com', methods: ['GET', 'POST'] })
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ host: 'not here' }))
    const options = {
      databaseUrl: database.url!,
      providers: ['litellm'],
      syncOnStartup: false,
      settingsPage: false,
      allowUnauthenticated: true,
    } as const
    if (nested) await app.register(async (scope) => scope.register(modelSync, { ...options }), { prefix })
    else await app.register(modelSync, { ...options, prefix })
    // Later than the plugin, and on a path of its.
    app.put(`${prefix}/models/stats`, () => 'the host’s own')
    app.all('/elsewhere/*', () => 'a catch-all')
    await app.ready()

    for (const [method, url, allow] of WRONG) {
      const answer = await ask(app, method, `${prefix}${url}`)
      t.equal(answer.status, 405, `${method} ${url}`)
      t.equal(answer.headers.allow, url.includes('stats') ? 'GET, HEAD, PUT' : allow, `${method} ${url}`)
      if (method !== 'HEAD')
        t.match(answer.body, {
          statusCode: 405,
          code: 'FST_MODEL_SYNC_METHOD_NOT_ALLOWED',
          error: 'Method Not Allowed',
          message: new RegExp(`${method}; it has `),
        })
    }
    t.match(await ask(app, 'POST', `${prefix}/v1/models`), {
      status: 405,
      headers: { allow: 'GET, HEAD' },
      body: { error: { message: /POST/, type: 'invalid_request_error' } },
    })
    t.match(await ask(app, 'PUT', `${prefix}/models/stats`), { status: 200, text: 'the host’s own' })
    for (const [method, url] of [
      ['PUT', `${prefix}/modelz`],
      ['POST', `${prefix}/models2`],
      ['GET', `${prefix}/nothing`],
      ['PUT', '/outside/models'],
    ] as const)
      t.match(await ask(app, method, url), { status: 404, body: { host: 'not here' } }, `${method} ${url}`)
    t.match(await ask(app, 'DELETE', '/elsewhere/models'), { status: 200, text: 'a catch-all' })
    t.equal((await ask(app, 'HEAD', `${prefix}/models`)).status, 200)
    const preflight = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }
    t.match(await ask(app, 'OPTIONS', `${prefix}/models/sync`, preflight), {
      status: 204,
      headers: { 'access-control-allow-methods': 'GET, POST' },
    })
    t.match(
      await ask(app, 'PUT', `${prefix}/models`, { origin: 'https://app.example.com' }),
      { status: 405, headers: { 'access-control-allow-origin': 'https://app.example.com' } },
      'a page may read why',
    )
  })

t.test('a catch-all of the host serves what it served', async (t) => {
  const host = await startHost(t, database, {
    before: (app) => app.register(fastifySwagger, { openapi: {} }),
    after: (app) => app.route({ method: ['PUT', 'POST', 'DELETE'], url: '/*', handler: () => 'the host’s' }),
  })
  t.match(await ask(host.app, 'PUT', '/models'), { status: 200, text: 'the host’s' })
  const { paths = {} } = host.app.swagger() as { paths?: Record<string, object> }
  t.match(paths['/models'], { get: {}, post: {} })
  t.notOk('patch' in paths['/models']!, 'nothing is added to the document')
})
