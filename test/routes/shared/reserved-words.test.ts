/** A provider whose name is a word of our own paths would be hidden by them: no model can be added to one. */
import fastifySwagger from '@fastify/swagger'
import Fastify from 'fastify'
import t from 'tap'
import { reserveWords } from '../../../src/routes/shared/reserved-words.js'
import { sources } from '../../../src/sources/all-sources.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'

t.test('a new path reserves its word by itself, whatever it is mounted at', async (t) => {
  const app = Fastify()
  const words = new Set<string>()
  app.register(
    async (scope) => {
      reserveWords(scope, (word) => words.add(word))
      for (const url of ['/models', '/models/*', '/models/brand-new/:id', '/models/feed.atom', '/providers/:slug/x'])
        scope.get(url, () => '')
      scope.post('/providers/all', () => '')
    },
    { prefix: '/api' },
  )
  await app.ready()
  t.strictSame([...words].sort(), ['all', 'brand-new', 'feed.atom'])
  await app.close()
})

t.test('no path of the document leaves its word to a provider, and no source has one', async (t) => {
  const host = await startHost(t, await createPostgresDatabase(t), {
    settings: { prefix: '/api' } as never,
    before: async (app) => void (await app.register(fastifySwagger, { openapi: { openapi: '3.1.0' } })),
  })
  const { paths = {} } = (host.app as unknown as { swagger(): { paths?: object } }).swagger()
  const words = Object.keys(paths).flatMap((path) => /^\/api\/(?:models|providers)\/([^/{]+)/.exec(path)?.[1] ?? [])
  t.ok(new Set(words).size >= 14, `${new Set(words).size} words`)
  const add = (provider: string) =>
    host.app.inject({ method: 'POST', url: '/api/models', payload: { provider, providerModelId: 'a' } })
  for (const word of new Set(words)) t.equal((await add(word)).statusCode, 400, word)
  t.match((await add('sync')).json(), { message: /"sync"; expected .* none of .*\bresolve\b/ })
  t.equal((await add('no-word-of-ours')).statusCode, 201)
  for (const { slug } of sources) t.notOk(words.includes(slug), slug)
})

t.test('a source that a path of ours would hide keeps the server from starting', async (t) => {
  const database = await createPostgresDatabase(t)
  const own = (slug: string) => ({ sources: [{ ...sources[0]!, slug }] })
  const endpoint = (slug: string) => ({ openaiCompatible: [{ slug, url: 'http://127.0.0.1:9' }] })
  for (const slug of ['stats', 'sync', 'resolve', 'credentials', 'all', 'Stats', 'a/b'])
    await t.rejects(startHost(t, database, { settings: own(slug) as never }), {
      code: 'FST_MODEL_SYNC_OPTIONS',
      message: new RegExp(`a source has the slug ${JSON.stringify(slug)}`),
    })
  for (const slug of ['stats', 'prices', 'all'])
    await t.rejects(startHost(t, database, { settings: endpoint(slug) as never }), {
      code: 'FST_MODEL_SYNC_OPTIONS',
      message: new RegExp(`slug "${slug}"`),
    })
  const host = await startHost(t, database, { settings: endpoint('stats-2') as never })
  t.equal((await host.app.inject('/providers/stats-2')).statusCode, 200)
})
