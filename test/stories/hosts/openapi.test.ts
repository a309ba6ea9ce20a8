/** The OpenAPI document of a host that registers @fastify/swagger before the plugin: what each operation asks of callers, takes and answers. */
import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { ModelSyncOptions } from '../../../src/plugin.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

const database = await createPostgresDatabase(t)
const bearer = { type: 'http', scheme: 'bearer' } as const
const letIn = (_request: unknown, _reply: unknown, done: () => void): void => done()

interface Operation {
  security?: object[]
  parameters?: { name: string; in: string; schema: { pattern?: string } }[]
  requestBody?: object
  responses: Record<string, { headers?: object }>
}

async function documentOf(
  t: Test,
  openapi: object,
  settings: Partial<ModelSyncOptions> = {},
): Promise<{
  paths: Record<string, Record<string, Operation>>
  components?: { securitySchemes?: Record<string, object> }
}> {
  const host = await startHost(t, database, {
    settings: {
      prefix: '/api',
      authorize: letIn,
      allowUnauthenticated: false,
      cronSecret: 'cron-secret-of-the-document',
      ...settings,
    } as never,
    before: async (app: FastifyInstance) => {
      await app.register(fastifySwagger, { openapi: { openapi: '3.1.0', ...openapi } })
      app.get('/own', { schema: { summary: 'the host’s' } }, () => 'own')
    },
  })
  return host.app.swagger() as never
}

const of = (document: Awaited<ReturnType<typeof documentOf>>, method: string, path: string): Operation =>
  document.paths[`/api${path}`]![method]!

t.test('writes name the host’s only scheme, open reads none, cron and webhook their own', async (t) => {
  const document = await documentOf(t, { components: { securitySchemes: { session: bearer } } })
  for (const [method, path] of [
    ['post', '/models/sync'],
    ['patch', '/models/{id}'],
    ['put', '/models/credentials/{provider}'],
    ['get', '/admin/model-sync/status'],
  ] as const)
    t.strictSame(of(document, method, path).security, [{ session: [] }], `${method} ${path}`)
  for (const path of ['/models', '/models/{id}', '/v1/models/{id}', '/models/resolve'])
    t.strictSame(of(document, 'get', path).security, [], path)
  t.strictSame(of(document, 'get', '/models/sync/cron').security, [{ modelSyncCronSecret: [] }])
  t.strictSame(Object.keys(document.components?.securitySchemes ?? {}).sort(), [
    'modelSyncCronSecret',
    'modelSyncWebhookSignature',
    'session',
  ])
  t.equal(document.paths['/own']!['get']!.security, undefined, 'the host’s own routes stay as they are')
})

t.test(
  'ids are parameters with a name; 405 and 503 state their headers; nothing takes a body that it does not read',
  async (t) => {
    const document = await documentOf(t, {})
    t.notOk(Object.keys(document.paths).some((path) => path.includes('*')))
    for (const path of ['/models/{id}', '/v1/models/{id}'])
      t.match(of(document, 'get', path).parameters, [{ name: 'id', in: 'path' }])
    for (const [method, path] of [
      ['get', '/models'],
      ['post', '/models/sync'],
      ['delete', '/models/{id}'],
    ] as const) {
      t.match(of(document, method, path).responses, { 405: { headers: { Allow: {} } } }, `${method} ${path}`)
      t.match(of(document, method, path).responses, { 503: { headers: { 'Retry-After': {} } } }, `${method} ${path}`)
    }
    t.equal(of(document, 'post', '/models/sync/seen').requestBody, undefined)
    const type = of(document, 'get', '/models/resolve').parameters!.find(({ name }) => name === 'type')!
    const accepted = new RegExp(type.schema.pattern!, 'u')
    for (const word of ['chat', 'LLM', 'Embeddings', 'tts', 'STT', 'audio_speech', ' chat ']) t.match(word, accepted)
    for (const word of ['', 'chats', 'image', 'chat,tts']) t.notMatch(word, accepted)
  },
)

t.test('no scheme is forced on a host that has none, several, or one for all routes', async (t) => {
  const none = await documentOf(t, {})
  t.equal(of(none, 'post', '/models/sync').security, undefined)
  const two = { components: { securitySchemes: { session: bearer, partner: bearer } } }
  t.equal(of(await documentOf(t, two), 'post', '/models/sync').security, undefined, 'nobody has said which')
  const named = await documentOf(t, two, { securityScheme: 'partner', authorizeRead: letIn })
  t.strictSame(of(named, 'post', '/models/sync').security, [{ partner: [] }])
  t.strictSame(of(named, 'get', '/models').security, [{ partner: [] }], 'closed reads')
  const all = await documentOf(t, { ...two, security: [{ session: [] }] })
  t.equal(of(all, 'get', '/models').security, undefined, 'the document’s own counts')
})

t.test('schemas have the words of JSON Schema alone; ours begin with x-', async (t) => {
  const document = await documentOf(t, {})
  const known = new Set(
    `type enum const default description format pattern writeOnly properties required additionalProperties patternProperties items
    anyOf allOf oneOf not minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems
    minProperties maxProperties title deprecated readOnly examples example nullable propertyNames if then else $ref`.split(
      /\s+/,
    ),
  )
  const foreign = new Set<string>()
  const walk = (schema: Record<string, unknown>): void => {
    for (const [word, value] of Object.entries(schema)) {
      if (!known.has(word) && !word.startsWith('x-')) foreign.add(word)
      if (word === 'properties' || word === 'patternProperties') Object.values(value as object).forEach(walk)
      else if (['items', 'not', 'additionalProperties', 'propertyNames'].includes(word) && typeof value === 'object')
        walk(value as Record<string, unknown>)
      else if (['anyOf', 'allOf', 'oneOf'].includes(word)) (value as Record<string, unknown>[]).forEach(walk)
    }
  }
  let found = 0
  JSON.stringify(document.paths, (name, value: unknown) => {
    if (name === 'schema') {
      found += 1
      walk(value as Record<string, unknown>)
    }
    return value
  })
  t.ok(found > 100, `${found} schemas`)
  t.strictSame([...foreign], [])
})
