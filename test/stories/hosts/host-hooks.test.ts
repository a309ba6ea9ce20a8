/** What a host's hooks answer on our routes: the same as on a route of the host's. */
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyServerOptions, type onRequestHookHandler } from 'fastify'
import t, { type Test } from 'tap'
import modelSync, { type ModelSyncOptions } from '../../../src/plugin.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

const database = await createPostgresDatabase(t)
const litellm = await startLoopbackLiteLLM()
t.teardown(() => litellm.close())

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

/** Of a kind that Zod's compilers are: they know nothing of JSON Schema. */
const refuse = (): never => {
  throw new Error('this is no schema of the host’s')
}

/** A guard that says no in one of the ways that Fastify has. */
const guards: Record<string, { hook: onRequestHookHandler; status: number; body: string; type?: string }> = {
  'an object': {
    hook: (_request, reply) => void reply.code(401).send({ error: { code: 'no_token', hint: null }, extra: [1] }),
    status: 401,
    body: '{"error":{"code":"no_token","hint":null},"extra":[1]}',
  },
  'an object, asynchronously': {
    hook: async (_request, reply) =>
      reply
        .code(403)
        .header('cache-control', 'max-age=1')
        .send({ message: { de: 'nein' } }),
    status: 403,
    body: '{"message":{"de":"nein"}}',
  },
  text: { hook: (_request, reply) => void reply.code(401).send('who are you?'), status: 401, body: 'who are you?' },
  'JSON as text': {
    hook: (_request, reply) => void reply.code(401).type('application/json').send('{"a":1}'),
    status: 401,
    body: '{"a":1}',
  },
  'a stream': {
    hook: (_request, reply) =>
      void reply
        .code(401)
        .type('text/plain')
        .send(Readable.from(['a ', 'stream'])),
    status: 401,
    body: 'a stream',
  },
  bytes: { hook: (_request, reply) => void reply.code(402).send(Buffer.from('bytes')), status: 402, body: 'bytes' },
  'a way elsewhere': { hook: (_request, reply) => void reply.redirect('/login'), status: 302, body: '' },
  'a success': {
    hook: (_request, reply) => void reply.send({ models: 'mine', success: 'yes' }),
    status: 200,
    body: '{"models":"mine","success":"yes"}',
  },
  'an error': {
    hook: (_request, _reply, done) => done(Object.assign(new Error('no'), { statusCode: 401, code: 'NO' })),
    status: 401,
    body: '{"statusCode":401,"code":"NO","error":"Unauthorized","message":"no"}',
  },
  'something that is no Error': {
    hook: (_request, _reply, done) => done({ statusCode: 403, reason: 'no' } as never),
    status: 403,
    body: '{"statusCode":403,"reason":"no"}',
  },
  'an error that looks like ours or the database’s': {
    hook: async () => {
      throw Object.assign(new Error('sessions are away'), { statusCode: 502, code: 'ECONNREFUSED' })
    },
    status: 502,
    body: '{"statusCode":502,"code":"ECONNREFUSED","error":"Bad Gateway","message":"sessions are away"}',
  },
}

/** The same guard on our routes of each of the three kinds, and on one of the host's. */
async function refusals(t: Test, hook: onRequestHookHandler, host: Host): Promise<Record<string, string>> {
  const app = await start(
    t,
    async (app) => {
      await host(app)
      app.get('/own', { onRequest: hook }, async () => 'own')
    },
    { authorize: hook, authorizeRead: hook, authorizeUser: hook },
  )
  const asked: Record<string, Asked> = {
    own: { url: '/own' },
    authorize: { method: 'PATCH', url: '/catalogue/models/litellm/x', payload: {} },
    'authorize, of a sync': { method: 'POST', url: '/catalogue/models/sync?keys=backend' },
    authorizeRead: { url: '/catalogue/models' },
    authorizeUser: { url: '/catalogue/models/credentials', headers: { 'x-user': 'u1' } },
    'authorizeUser, of a sync': { method: 'POST', url: '/catalogue/models/sync?keys=own', headers: { 'x-user': 'u1' } },
  }
  const texts: Record<string, string> = {}
  for (const [name, request] of Object.entries(asked)) {
    const { statusCode, headers, body } = await app.inject(request)
    const { 'content-type': type, 'cache-control': cache, location } = headers
    texts[name] = [statusCode, type, cache, location, body].join(' ')
  }
  return texts
}

t.test('what a host’s hook answers is the host’s, as on a route of its own', async (t) => {
  const hosts: Record<string, Host> = {
    plain: () => undefined,
    'with an error handler': (app) =>
      app.setErrorHandler((error, _request, reply) =>
        reply.code(418).send({ mine: (error as Error).message, error: { of: 'the host' } }),
      ),
    'with serializers': (app) => {
      app.setReplySerializer((payload) => JSON.stringify({ host: payload }))
      app.addHook('preSerialization', async (_request, _reply, payload) => ({ wrapped: payload }))
    },
    'with a compiler': (app) => app.setSerializerCompiler(refuse),
  }
  for (const [name, host] of Object.entries(hosts))
    for (const [what, { hook, status, body }] of Object.entries(guards)) {
      const { own, ...ours } = await refusals(t, hook, host)
      if (name === 'plain') {
        t.equal(own?.split(' ')[0], String(status), what)
        t.ok(own?.endsWith(body), what)
      }
      for (const [kind, text] of Object.entries(ours)) t.equal(text, own, `${name}: ${what}, ${kind}`)
    }
})

t.test('a promise of any library is waited for', async (t) => {
  const thenable = {
    then: (_ok: unknown, no: (error: Error) => void) => no(Object.assign(new Error('no'), { statusCode: 403 })),
  }
  const app = await start(t, undefined, { authorize: () => thenable as never })
  t.equal((await app.inject({ method: 'POST', url: '/catalogue/models/sync' })).statusCode, 403)
})
