/** "Why does gpt-4o not work?": a name whose model is there and cannot be had is answered by that, over HTTP, in a proxying host and in a hook. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import { databaseKinds } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'
import { loopback } from '../../support/loopback.js'

const names = ['gpt-4o', 'claude', 'gemini', 'mistral', 'llama', 'stays']
const rows = (...kept: string[]) =>
  kept.map((name) =>
    modelRow({
      model_name: name,
      model_info: name === 'llama' ? { deprecation_date: '2020-01-01' } : {},
    }),
  )

/** A host that knows an administrator by a header, in one of Fastify's two styles of hooks. */
async function open(
  t: Test,
  database: Parameters<typeof startHost>[1],
  style: 'throws' | 'answers',
): Promise<TestHost> {
  const authorize =
    style === 'throws'
      ? async (request: FastifyRequest) => {
          if (request.headers['x-user'] !== 'alice') throw Object.assign(new Error('no'), { statusCode: 401 })
        }
      : (request: FastifyRequest, reply: { code(status: number): { send(body: object): void } }, done: () => void) => {
          if (request.headers['x-user'] === 'alice') return done()
          reply.code(401).send({ error: { code: 'no' } })
        }
  const host = await startHost(t, database, {
    litellm: { models: rows(...names) },
    settings: {
      authorize,
      allowUnauthenticated: false,
      user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
      fallbackModel: 'stays',
      providerOptions: { litellm: { exclude: ['gemini*'] } },
    },
    after: (app: FastifyInstance) => {
      app.post('/chat', { preHandler: app.modelSync.resolveRequest({ strict: true }) }, async () => ({}))
    },
  })
  return host
}

const as = (host: TestHost, user: string | null, method: string, url: string, payload?: object) =>
  host.request<{ code?: string; message: string; fallback?: boolean; name?: string; unavailable?: object }>({
    method: method as 'GET',
    url,
    headers: user === null ? {} : { 'x-user': user },
    ...(payload === undefined ? {} : { payload }),
  })

for (const [kind, create] of databaseKinds) {
  t.test(`${kind}: each reason, to those who may know who it was and to others`, async (t) => {
    const host = await open(t, await create(t), kind === 'postgres' ? 'answers' : 'throws')
    t.equal((await as(host, 'alice', 'POST', '/models/sync')).status, 200)
    host.litellm.models.shift()
    t.match((await as(host, 'alice', 'POST', '/models/sync')).body, { success: true, unavailableModels: 1 })
    await as(host, 'alice', 'PATCH', '/models/litellm/claude', { hidden: true })
    await as(host, 'alice', 'PATCH', '/models/litellm/mistral', { availability: 'unavailable' })

    const reasons = [
      ['gpt-4o', 'omitted', 'sync', /no longer lists it.*when the provider lists it again/],
      ['litellm/gpt-4o', 'omitted', 'sync', /litellm\/gpt-4o is unavailable since 20/],
      ['GPT-4O', 'omitted', 'sync', /no longer/],
      ['claude', 'hidden', 'alice', /litellm\/claude is hidden since 20.*"hidden": false/],
      ['mistral', 'operator', 'alice', /"unpin": \["availability"\]/],
      ['llama', 'deprecated', null, /retired/],
    ] as const
    for (const [name, reason, actor, message] of reasons) {
      const id = `litellm/${name.replace('litellm/', '').toLowerCase()}`
      const strict = await as(host, null, 'GET', `/models/resolve?strict=true&model=${name}`)
      t.match(strict, { status: 404, body: { code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE', message } }, name)
      t.strictSame(
        strict.body.unavailable,
        { id, reason, since: (strict.body.unavailable as { since: string }).since, actor: null },
        'nobody in particular is not told who it was',
      )
      t.match((strict.body.unavailable as { since: unknown }).since, /^20\d\d-/)
      const told = await as(host, 'alice', 'GET', `/models/resolve?strict=true&model=${name}`)
      t.match(told.body.unavailable, { id, reason, actor: actor ?? 'sync' }, 'an administrator is')
      t.match((await as(host, 'bob', 'GET', `/models/resolve?model=${name}`)).body, {
        name: 'stays',
        fallback: true,
        unavailable: { id, reason, actor: null },
      })
      t.match(await as(host, null, 'POST', '/chat', { model: name }), {
        status: 404,
        body: { code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE', message },
      })
    }
    const many = await as(host, 'alice', 'POST', '/models/resolve', {
      models: ['gpt-4o', 'stays', 'nobody'],
      strict: true,
    })
    t.match(many.body, {
      results: [
        { code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE', unavailable: { reason: 'omitted', actor: 'sync' } },
        { id: 'litellm/stays' },
        { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND', unavailable: undefined },
      ],
    })
    t.notOk('unavailable' in (await as(host, null, 'GET', '/models/resolve?model=stays')).body)
    t.notOk('unavailable' in (await as(host, null, 'GET', '/models/resolve?model=nobody')).body)

    await as(host, 'alice', 'PATCH', '/providers/litellm', { enabled: false })
    const disabled = await as(host, 'alice', 'GET', '/models/resolve?model=stays')
    t.match(
      disabled,
      {
        status: 404,
        body: {
          code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE',
          unavailable: { id: 'litellm/stays', reason: 'provider-disabled', actor: 'alice' },
        },
      },
      'the default is gone as well, and yet the name is answered by its own model',
    )
    t.match(
      (await as(host, null, 'GET', '/models/resolve')).body,
      { code: 'FST_MODEL_SYNC_NO_FALLBACK', message: /"stays", cannot be had \(litellm\/stays .* disabled/ },
      'a request without a name says what became of the default',
    )
    await as(host, 'alice', 'PATCH', '/providers/litellm', { enabled: true })
    await as(host, 'alice', 'PATCH', '/models/litellm/claude', { hidden: false })
    t.match((await as(host, null, 'GET', '/models/resolve?strict=true&model=claude')).body, { id: 'litellm/claude' })
  })
}

t.test('what a key of one user showed and shows no more is answered to that user alone', async (t) => {
  let listed = ['gpt-4o-anna', 'gpt-4o']
  const vendor = await loopback(t, (request, response) => {
    const ids = request.headers.authorization?.includes('anna') === true ? listed : ['gpt-4o']
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 1 })) }))
  })
  const [, createPostgres] = databaseKinds[0]
  const host = await startHost(t, await createPostgres(t), {
    settings: {
      user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
      providers: ['openai'],
      providerOptions: { openai: { baseUrl: vendor.url, apiKey: 'sk-backend-0123456789abcdef' } },
      encryptionKey: Buffer.alloc(32, 7).toString('base64'),
    },
  })
  const own = { method: 'PUT', url: '/models/credentials/openai' }
  t.equal((await as(host, 'anna', own.method, own.url, { apiKey: 'sk-anna-0123456789abcdef' })).status, 200)
  await as(host, 'anna', 'POST', '/models/sync?keys=own')
  listed = ['gpt-4o']
  await as(host, 'anna', 'POST', '/models/sync?keys=own')
  const url = '/models/resolve?strict=true&model=gpt-4o-anna'
  const gone = {
    status: 404,
    body: { code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE', unavailable: { id: 'openai/gpt-4o-anna', reason: 'omitted' } },
  }
  t.match(await as(host, 'anna', 'GET', url), gone, 'also while nobody else has any model')
  await as(host, null, 'POST', '/models/sync?keys=backend')
  t.match(await as(host, 'anna', 'GET', url), gone)
  for (const other of ['bert', null]) {
    const { body } = await as(host, other, 'GET', url)
    t.match(body, { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND' })
    t.notOk('unavailable' in body)
  }
})
