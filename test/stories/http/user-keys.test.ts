/** Keys of users, from end to end: what they see is theirs alone, no key is ever found again, and every route is asked. */
import { randomBytes } from 'node:crypto'
import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import type { UserSyncResult } from '../../../src/services/sync/sync-result.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import { databaseKinds, type TestDatabase } from '../../support/databases.js'
import { startHost, type Answer, type TestHost } from '../../support/host.js'
import { loopback, type Loopback } from '../../support/loopback.js'

const BACKEND_KEY = 'sk-backend-0123456789abcdef'
const ANNA_KEY = 'sk-anna-0123456789abcdef-wxyz'
const BERT_KEY = 'sk-bert-0123456789abcdef-stuv'
const BAD_KEY = 'sk-refused-0123456789abcdef'
const SHORT_KEY = 'short-key-1'
const CRON_SECRET = 'a-cron-secret-of-the-tests'
const KEYS = [BACKEND_KEY, ANNA_KEY, BERT_KEY, BAD_KEY, SHORT_KEY, CRON_SECRET]
const encryptionKey = (): string => randomBytes(32).toString('base64')

/** OpenAI's list, by the key that asks. */
class Vendor {
  readonly lists = new Map<string, string[]>()
  /** Happens once, while the next request waits for its answer. */
  meanwhile: (() => Promise<unknown>) | null = null
  server!: Loopback

  async start(t: Pick<Test, 'teardown'>): Promise<this> {
    this.server = await loopback(t, async (request, response) => {
      const happens = this.meanwhile
      this.meanwhile = null
      await happens?.()
      const key = (request.headers.authorization ?? '').replace(/^Bearer /, '')
      const ids = this.lists.get(key)
      response.statusCode = ids === undefined ? 401 : 200
      response.setHeader('content-type', 'application/json')
      // Some upstreams repeat the key that they refuse.
      const body =
        ids === undefined
          ? { error: { message: `Incorrect API key provided: ${key}` } }
          : {
              object: 'list',
              data: ids.map((id) => ({ id, object: 'model', created: 1700000000, owned_by: 'openai' })),
            }
      response.end(JSON.stringify(body))
    })
    return this
  }

  asked(key: string): number {
    return this.server.requests.filter(({ headers }) => headers.authorization === `Bearer ${key}`).length
  }
}

// Names that appear nowhere else.
const ANNA_ONLY = 'gpt-4o-annaprivate'
const BERT_ONLY = 'gpt-4o-bertprivate'
const SHARED = 'gpt-4o-both'
const PUBLIC = 'gpt-4o'

interface Fixture {
  host: TestHost
  vendor: Vendor
  /** Everything that was answered, to be searched. */
  answers: string[]
  as(user: string | null, method: string, url: string, payload?: object): Promise<Answer>
  restart(encryption: string): Promise<TestHost>
}

async function start(t: Test, database: TestDatabase, encryption: string): Promise<Fixture> {
  const vendor = await new Vendor().start(t)
  vendor.lists.set(BACKEND_KEY, [PUBLIC])
  vendor.lists.set(ANNA_KEY, [PUBLIC, SHARED, ANNA_ONLY])
  vendor.lists.set(BERT_KEY, [PUBLIC, SHARED, BERT_ONLY])
  const isRole = (role: string) => async (request: FastifyRequest) => {
    const roles = String(request.headers['x-role'] ?? '').split(' ')
    if (!roles.includes(role)) throw Object.assign(new Error(`${role} only`), { statusCode: 403, code: 'HOST_REFUSED' })
  }
  const open = (key: string) =>
    startHost(t, database, {
      settings: {
        authorize: [isRole('admin')],
        authorizeUser: [isRole('user')],
        allowUnauthenticated: false,
        user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
        providers: ['openai'],
        providerOptions: { openai: { baseUrl: vendor.server.url, apiKey: BACKEND_KEY } },
        cronSecret: CRON_SECRET,
        encryptionKey: key,
      },
      before: (app: FastifyInstance) => app.register(fastifySwagger, { openapi: { openapi: '3.1.0' } }),
    })
  const fixture: Fixture = {
    host: await open(encryption),
    vendor,
    answers: [],
    as: async (user, method, url, payload) => {
      const role = user === 'admin' ? 'admin' : 'user'
      const answer = await fixture.host.request({
        method: method as 'GET',
        url,
        headers: { 'x-role': role, ...(user === null ? {} : { 'x-user': user }) },
        ...(payload === undefined ? {} : { payload }),
      })
      fixture.answers.push(JSON.stringify(answer.headers) + answer.text)
      return answer
    },
    restart: async (key) => {
      await fixture.host.app.close()
      fixture.host = await open(key)
      return fixture.host
    },
  }
  return fixture
}

function ids(answer: Answer): string[] {
  return (answer.body as { models: { providerModelId: string }[] }).models.map(({ providerModelId }) => providerModelId)
}

for (const [kind, createDatabase] of databaseKinds)
  t.test(`keys of users on ${kind}`, async (t) => {
    const database = await createDatabase(t)
    const first = encryptionKey()
    const f = await start(t, database, first)
    const { as, vendor } = f
    const logs: string[] = []

    await t.test('saving a key', async (t) => {
      const saved = await as('anna', 'PUT', '/models/credentials/openai', { apiKey: ANNA_KEY })
      t.match(saved, { status: 200, body: { provider: 'openai', lastFour: 'wxyz', active: true, status: 'untested' } })
      t.equal(saved.headers['cache-control'], 'private, no-store')
      await as('bert', 'PUT', '/models/credentials/openai', { apiKey: BERT_KEY })
      const short = await as('bert', 'PUT', '/models/credentials/groq', { apiKey: SHORT_KEY })
      t.match(short.body, { lastFour: null })
      t.match((await as('bert', 'DELETE', '/models/credentials/groq')).status, 204)
      t.same((await as('anna', 'GET', '/models/credentials')).body['credentials'], [saved.body], 'one’s own only')
      t.match((await as('carla', 'GET', '/models/credentials')).body, { credentials: [] })
      t.match(await as('carla', 'GET', '/models/credentials/openai'), { status: 404 })
      t.match(await as('anna', 'PUT', '/models/credentials/nobody', { apiKey: ANNA_KEY }), { status: 404 })
      t.match(await as('anna', 'PUT', '/models/credentials/openai', { apiKey: 'a key\nx' }), {
        status: 400,
        body: { code: 'FST_MODEL_SYNC_CREDENTIAL' },
      })
      t.match(await as(null, 'GET', '/models/credentials'), {
        status: 403,
        body: { code: 'FST_MODEL_SYNC_NO_USER', message: /user\(request\)/ },
      })
      t.match(await as('admin', 'GET', '/models/credentials'), { status: 403, body: { code: 'HOST_REFUSED' } })
    })

    await t.test('a sync by a user uses that user’s keys, and what they show is the user’s', async (t) => {
      const told: unknown[] = []
      for (const name of ['started', 'progress', 'applied', 'change', 'finished'] as const)
        f.host.app.modelSync.on(name, (event: unknown) => void told.push(event))
      const anna = await as('anna', 'POST', '/models/sync')
      t.same(told, [], 'nobody who listens hears of it')
      t.match(anna, { status: 200, body: { success: true, newModels: 3, totalModels: 3, runId: String } })
      t.equal(vendor.asked(ANNA_KEY), 1)
      t.equal(vendor.asked(BACKEND_KEY), 0)
      await as('bert', 'POST', '/models/sync')
      t.same(ids(await as('anna', 'GET', '/models')), [PUBLIC, ANNA_ONLY, SHARED])
      t.same(ids(await as('bert', 'GET', '/models')), [PUBLIC, BERT_ONLY, SHARED])
      t.same(ids(await as('carla', 'GET', '/models')), [], 'nobody else’s')
      t.match(
        (await as('anna', 'GET', '/v1/models')).body['data'],
        [PUBLIC, ANNA_ONLY, SHARED].map((id) => ({ id: `openai/${id}` })),
      )
      t.same((await as('carla', 'GET', '/v1/models')).body['data'], [])
      t.same(ids(await as('admin', 'GET', '/models')), [])
      t.match(await as('bert', 'GET', `/models/openai/${ANNA_ONLY}`), { status: 404 })
      t.match(await as('anna', 'GET', `/models/openai/${ANNA_ONLY}`), {
        status: 200,
        body: { id: `openai/${ANNA_ONLY}`, availability: 'available', mode: 'chat', changes: [] },
      })
      t.match((await as('anna', 'GET', `/models/resolve?model=${ANNA_ONLY}`)).body, {
        matchedBy: 'id',
        fallback: false,
      })
      t.match(await as('bert', 'GET', `/models/resolve?model=${ANNA_ONLY}`), { status: 503 }, 'there is nothing shared')
      const again = await as('anna', 'POST', '/models/sync')
      t.match(again.body, { success: true, newModels: 0, unchangedModels: 3, providers: [{ status: 'not-modified' }] })
      t.match((await as('anna', 'GET', '/models/credentials/openai')).body, { status: 'valid', lastUsedAt: String })
      const runs = await f.host.pool.query<{ user_id: string; changed: boolean }>(
        'SELECT user_id, changed FROM model_sync.user_runs ORDER BY started_at',
      )
      t.strictSame(
        runs.rows.map(({ user_id: user, changed }) => [user, changed]),
        [
          ['anna', true],
          ['bert', true],
          ['anna', false],
        ],
      )
      t.match(await as('anna', 'POST', '/models/sync/seen'), { status: 200, body: { newModels: 0 } })
      t.match(await as('admin', 'POST', '/models/sync/seen'), { status: 403, body: { code: 'HOST_REFUSED' } })
    })

    await t.test('the backend’s own listing makes a model public; a user changes nothing of it', async (t) => {
      t.match(await as('anna', 'POST', '/models/sync?keys=backend'), { status: 403, body: { code: 'HOST_REFUSED' } })
      t.match(await as('admin', 'POST', '/models/sync'), { status: 200, body: { newModels: 1 } })
      t.same(ids(await as('carla', 'GET', '/models')), [PUBLIC])
      t.same(ids(await as('carla', 'GET', '/models?visibleTo=me')), [])
      t.same(ids(await as('anna', 'GET', '/models?visibleTo=me')), [PUBLIC, ANNA_ONLY, SHARED])
      t.match(await as(null, 'GET', '/models?visibleTo=me'), { status: 403, body: { code: 'FST_MODEL_SYNC_NO_USER' } })
      const before = (await as('carla', 'GET', `/models/openai/${PUBLIC}`)).text
      vendor.lists.set(ANNA_KEY, [SHARED, ANNA_ONLY])
      t.match((await as('anna', 'POST', '/models/sync')).body, { unavailableModels: 1 })
      t.same(ids(await as('anna', 'GET', '/models?visibleTo=me')), [ANNA_ONLY, SHARED])
      t.equal((await as('carla', 'GET', `/models/openai/${PUBLIC}`)).text, before, 'available to all, as it was')
      vendor.lists.set(BACKEND_KEY, [PUBLIC, SHARED])
      await as('admin', 'POST', '/models/sync')
      t.same(ids(await as('carla', 'GET', '/models')), [PUBLIC, SHARED])
      t.same(ids(await as('bert', 'GET', '/models')), [PUBLIC, BERT_ONLY, SHARED], 'once')
      vendor.lists.set(ANNA_KEY, [PUBLIC, SHARED])
      await as('anna', 'POST', '/models/sync')
      t.match((await as('anna', 'GET', `/models/openai/${ANNA_ONLY}`)).body, {
        availability: 'unavailable',
        unavailableReason: 'omitted',
      })
      vendor.lists.set(ANNA_KEY, [PUBLIC, SHARED, ANNA_ONLY])
      t.match((await as('anna', 'POST', '/models/sync')).body, { restoredModels: 1 })
    })

    await t.test('its owner names a private model, and asks what it costs', async (t) => {
      const resolve = (user: string, query: string) => as(user, 'GET', `/models/resolve?strict=true&${query}`)
      for (const name of [ANNA_ONLY, `openai/${ANNA_ONLY}`, ANNA_ONLY.toUpperCase()])
        t.match(await resolve('anna', `model=${name}`), {
          status: 200,
          body: { id: `openai/${ANNA_ONLY}`, providerModelId: ANNA_ONLY, fallback: false },
        })
      t.match((await resolve('anna', `model=${PUBLIC}`)).body, { id: `openai/${PUBLIC}` }, 'and what everybody has')
      t.match(await resolve('anna', `model=${ANNA_ONLY}&type=embedding`), {
        status: 400,
        body: { code: 'FST_MODEL_SYNC_TYPE_MISMATCH' },
      })
      t.match(await resolve('anna', `model=${BERT_ONLY}`), { status: 404 })
      t.match(
        (await as('anna', 'POST', '/models/resolve', { models: [ANNA_ONLY, PUBLIC, BERT_ONLY], strict: true })).body,
        {
          results: [{ id: `openai/${ANNA_ONLY}` }, { id: `openai/${PUBLIC}` }, { statusCode: 404 }],
        },
      )
      const { modelSync } = f.host.app
      t.equal((await modelSync.resolve(ANNA_ONLY, { strict: true, viewer: 'anna' })).providerModelId, ANNA_ONLY)
      await t.rejects(modelSync.resolve(ANNA_ONLY, { strict: true }), { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND' })

      const query = `model=openai/${ANNA_ONLY}`
      t.match(await as('anna', 'GET', `/models/prices?${query}`), { body: { inputCostPerToken: null, history: [] } })
      t.match(await as('anna', 'GET', `/models/cost?${query}&inputTokens=1`), { status: 422 }, 'unknown is not 0')
      await f.host.pool.query(
        `UPDATE model_sync.user_models
        SET fields = fields || '{"input_cost_per_token": "0.0000025", "output_cost_per_token": 0}'
        WHERE provider_model_id = $1`,
        [ANNA_ONLY],
      )
      const priced = (await as('anna', 'GET', `/models/prices?${query}`)).body
      t.match(priced, { inputCostPerToken: '0.0000025', outputCostPerToken: '0', cacheReadCostPerToken: null })
      t.match(priced, {
        history: [
          { kind: 'input', validFrom: String, validTo: null },
          { kind: 'output', price: '0' },
        ],
      })
      t.match(await as('anna', 'GET', `/models/cost?${query}&inputTokens=1000&outputTokens=5`), {
        body: { total: '0.0025' },
      })
      t.match(await as('anna', 'GET', `/models/prices?${query}&at=2001-01-01`), { body: { inputCostPerToken: null } })
      for (const user of ['bert', 'admin', null])
        for (const url of ['/models/prices', '/models/cost'])
          t.match(await as(user, 'GET', `${url}?${query}`), { status: 404 })
    })

    await t.test('a user’s runs are in the history of that user alone, beside the backend’s', async (t) => {
      interface Run {
        runId: string
        keys: string
        userId: string | null
      }
      const history = async (user: string | null, query = ''): Promise<Run[]> =>
        (await as(user, 'GET', `/models/sync/history${query}`)).body['runs'] as Run[]
      const whose = (runs: readonly Run[]): string[] => runs.map(({ keys, userId }) => `${keys} of ${userId}`)
      const backends = ['backend of admin', 'backend of admin']
      const own = 'own of anna'
      t.strictSame(whose(await history('anna')), [own, own, backends[0], own, backends[1], own, own])
      t.strictSame(whose(await history('bert')), [...backends, 'own of bert'])
      for (const user of ['carla', 'admin', null]) t.strictSame(whose(await history(user)), backends)
      t.equal((await history('anna', '?user=anna&success=true&provider=openai&trigger=manual')).length, 5)
      t.strictSame(await history('bert', '?user=anna'), [], 'asking for another’s finds nothing')
      const all = await history('anna')
      const pages: Run[] = []
      for (let cursor = ''; ;) {
        const { body } = await as('anna', 'GET', `/models/sync/history?limit=1${cursor}`)
        pages.push(...(body['runs'] as Run[]))
        if (body['nextCursor'] === null) break
        cursor = `&cursor=${String(body['nextCursor'])}`
      }
      t.strictSame(pages, all, 'a page at a time')
      const [mine] = all
      t.match(await as('anna', 'GET', `/models/sync/history/${mine!.runId}`), {
        status: 200,
        body: { keys: 'own', userId: 'anna', providers: ['openai'], success: true, replica: /:\d+$/ },
      })
      for (const user of ['bert', 'admin', null])
        t.match(await as(user, 'GET', `/models/sync/history/${mine!.runId}`), { status: 404 })
      t.match(await as('admin', 'POST', `/models/sync/history/${mine!.runId}/undo`), { status: 404 })
      t.match((await as('anna', 'GET', '/models/sync?keys=backend')).body, {
        keys: 'backend',
        lastSync: { keys: 'backend', userId: 'admin' },
      })
    })

    await t.test('guards, dry runs and approvals hold for a user too', async (t) => {
      vendor.lists.set(BERT_KEY, [])
      const held = await as('bert', 'POST', '/models/sync')
      t.match(held.body, { success: false, heldChanges: 3, providers: [{ status: 'held', reason: 'empty-answer' }] })
      const dry = await as('bert', 'POST', '/models/sync', { dryRun: true })
      t.match(dry.text, BERT_ONLY)
      const { planHash } = dry.body
      t.match(await as('anna', 'POST', '/models/sync', { planHash } as object), { status: 409 }, 'not hers to approve')
      t.match((await as('bert', 'POST', '/models/sync', { planHash } as object)).body, { unavailableModels: 3 })
      vendor.lists.set(BERT_KEY, [PUBLIC, SHARED, BERT_ONLY])
      t.match((await as('bert', 'POST', '/models/sync', { forceUpdate: true })).body, { restoredModels: 3 })
      t.match((await as('bert', 'POST', '/models/sync', { providers: ['groq', 'openai'] })).body, {
        providers: [{ provider: 'groq', status: 'skipped', warnings: [/PUT \/models\/credentials\/groq/] }, {}],
      })
    })

    await t.test('ETags differ by viewer', async (t) => {
      for (const url of ['/models', '/v1/models', `/models/openai/${PUBLIC}`]) {
        const etag = async (user: string | null) => String((await as(user, 'GET', url)).headers['etag'])
        const [anna, bert, carla, nobody] = [
          await etag('anna'),
          await etag('bert'),
          await etag('carla'),
          await etag(null),
        ]
        t.equal(new Set([anna, bert, nobody]).size, 3)
        t.equal(carla, nobody, 'who has no keys sees what everybody sees')
        const theirs = await f.host.get(url, { 'x-user': 'bert', 'if-none-match': anna })
        t.equal(theirs.status, 200, `${url} of another viewer`)
        t.equal((await f.host.get(url, { 'x-user': 'anna', 'if-none-match': anna })).status, 304)
        t.equal((await f.host.get(url, { 'x-user': 'carla', 'if-none-match': nobody })).status, 304)
      }
    })

    await t.test('a key that is refused is told so, and not tried again until it is changed', async (t) => {
      await as('carla', 'PUT', '/models/credentials/openai', { apiKey: BAD_KEY })
      const refused = await as('carla', 'POST', '/models/sync')
      t.match(refused.body, { success: false, errors: [/^openai: GET \/v1\/models answered 401/] })
      t.match((await as('carla', 'GET', '/models/credentials/openai')).body, {
        status: 'invalid',
        reason: /answered 401/,
        nextStep: /PUT \/models\/credentials\/openai/,
      })
      const again = await as('carla', 'POST', '/models/sync')
      t.match(again.body, { providers: [{ status: 'skipped', warnings: [/refused the key/] }] })
      t.equal(vendor.asked(BAD_KEY), 1, 'asked once')
      await as('carla', 'PUT', '/models/credentials/openai', { apiKey: BAD_KEY })
      t.match((await as('carla', 'GET', '/models/credentials/openai')).body, { status: 'untested', reason: null })
      await as('carla', 'POST', '/models/sync')
      t.equal(vendor.asked(BAD_KEY), 2, 'saved anew, it is tried again')
    })

    await t.test(
      'a key that is replaced or deleted while its sync runs: nothing is kept, and the result says why',
      async (t) => {
        const path = '/models/credentials/openai'
        const [old, other] = ['sk-dora-old-0123456789', 'sk-dora-new-0123456789']
        vendor.lists.set(old, [PUBLIC, 'gpt-of-the-old-key'])
        vendor.lists.set(other, [PUBLIC])
        for (const happens of [
          () => as('dora', 'PUT', path, { apiKey: other }),
          () => as('dora', 'PATCH', path, { active: false }),
          () => as('dora', 'DELETE', path),
        ]) {
          await as('dora', 'PUT', path, { apiKey: old })
          vendor.meanwhile = happens
          const { body } = await as('dora', 'POST', '/models/sync?keys=own')
          t.match(body, {
            newModels: 0,
            warnings: [/^openai: the key was replaced or taken away while this sync ran, so that nothing .* was kept/],
            providers: [{ status: 'disabled' }],
          })
          t.notOk(ids(await as('dora', 'GET', '/models?limit=500')).includes('gpt-of-the-old-key'))
        }
        await as('dora', 'DELETE', path)
      },
    )

    await t.test('cron syncs everybody, and tells nothing of what only users see', async (t) => {
      await as('bert', 'PATCH', '/models/credentials/openai', { active: false })
      const before = vendor.asked(BERT_KEY)
      const answer = await f.host.request<{ synced: number; results: UserSyncResult[] }>({
        method: 'POST',
        url: '/models/sync/cron',
        headers: { authorization: `Bearer ${CRON_SECRET}` },
      })
      f.answers.push(answer.text)
      t.equal(answer.status, 200)
      t.same(
        answer.body.results.map(({ userId, success, trigger }) => [userId, success, trigger]),
        [
          [null, true, 'cron'],
          ['anna', true, 'cron'],
          ['carla', true, 'cron'],
        ],
        'the backend, and users with active keys; carla’s is skipped',
      )
      t.notMatch(answer.text, /annaprivate|bertprivate/)
      t.equal(vendor.asked(BERT_KEY), before, 'a key that is not active is not used')
      await as('bert', 'PATCH', '/models/credentials/openai', { active: true })
    })

    await t.test('another user’s model is in no answer of any route', async (t) => {
      const { paths } = (
        f.host.app as unknown as { swagger(): { paths: Record<string, Record<string, unknown>> } }
      ).swagger()
      const runs = (
        await f.host.pool.query<{ id: string }>(`SELECT id FROM model_sync.user_runs WHERE user_id = 'anna'`)
      ).rows
      t.ok(runs.length > 4, 'her runs are on record')
      const urls = Object.entries(paths)
        .filter(([url, methods]) => 'get' in methods && !/cron|events/.test(url))
        .flatMap(([url]) => {
          const filled = url
            .replace('{provider}', 'openai')
            .replace('{slug}', 'openai')
            .replace('{*}', `openai/${ANNA_ONLY}`)
          if (filled.includes('{runId}')) return runs.map(({ id }) => filled.replace('{runId}', id))
          const named = ['model', 'id', 'search', 'name'].map(
            (parameter) => `${filled}?${parameter}=${parameter === 'search' ? 'annaprivate' : `openai/${ANNA_ONLY}`}`,
          )
          return [filled, ...named]
        })
      t.ok(urls.length > 40, `${urls.length} addresses`)
      for (const url of urls)
        for (const user of ['bert', 'carla', 'admin', null]) {
          const answer = await f.host.request({
            method: 'GET',
            url,
            headers: { 'x-role': 'admin user', ...(user === null ? {} : { 'x-user': user }) },
          })
          f.answers.push(answer.text)
          // What was asked for may be repeated in the error that it is not there.
          // So does the feed with its own address.
          const query = url.split('?')[1] ?? ''
          if (answer.status < 400) t.notMatch(answer.text.replaceAll(query, ''), 'annaprivate', `${url} for ${user}`)
          if (url.includes('/history/')) t.equal(answer.status, 404, `${url} for ${user}`)
        }
      for (const url of ['/models/prices?', '/models/cost?inputTokens=1&', '/models/resolve?strict=true&'])
        t.match(await as('bert', 'GET', `${url}model=openai/${ANNA_ONLY}`), { status: 404 }, url)
      const many = await as('bert', 'POST', '/models/resolve', { models: [`openai/${ANNA_ONLY}`], strict: true })
      t.match(many.body, { results: [{ statusCode: 404 }] })
      const dry = await as('admin', 'POST', '/models/sync', { dryRun: true })
      t.notMatch(dry.text, /annaprivate|bertprivate/, 'a dry run of the backend')
    })

    await t.test('the encryption key is rotated', async (t) => {
      logs.push(f.host.log.text())
      const second = encryptionKey()
      const sealed = async () =>
        (
          await f.host.pool.query<{ sealed: Buffer }>('SELECT sealed FROM model_sync.user_credentials ORDER BY user_id')
        ).rows.map((row) => row.sealed.toString('hex'))
      await as('bert', 'PATCH', '/models/credentials/openai', { active: false })
      const before = await sealed()
      await f.restart(`${second},${first}`)
      await f.host.log.waitFor('No key of a user needs an older encryption key any more: the first one is enough')
      const after = await sealed()
      t.equal(after.length, 3)
      for (const [index, text] of after.entries()) t.not(text, before[index], 'sealed anew, whether it is used or not')
      await as('bert', 'PATCH', '/models/credentials/openai', { active: true })
      t.match((await as('bert', 'POST', '/models/sync')).body, { success: true })
      t.strictSame(await sealed(), after, 'and then left alone')
      logs.push(f.host.log.text())
      await f.restart(second)
      t.match((await as('anna', 'POST', '/models/sync', { forceUpdate: true })).body, { success: true, totalModels: 3 })
      logs.push(f.host.log.text())
      t.notMatch(logs.at(-1), /decrypted|any more/, 'with one key, and nothing to do, nothing is said')
      await f.restart(encryptionKey())
      await f.host.log.waitFor(/^Keys of users can be decrypted with none of the encryption keys/)
      t.match((await as('anna', 'GET', '/models/credentials/openai')).body, {
        status: 'unreadable',
        nextStep: /PUT \/models\/credentials\/openai/,
      })
      t.match(await as('anna', 'POST', '/models/sync?keys=own'), {
        status: 400,
        body: { code: 'FST_MODEL_SYNC_CREDENTIAL' },
      })
      logs.push(f.host.log.text())
      await f.restart(second)
    })

    await t.test('a sealed key that is moved to another user does not open', async (t) => {
      await f.host.pool.query(
        `UPDATE model_sync.user_credentials SET sealed = (SELECT sealed FROM model_sync.user_credentials WHERE user_id = 'anna')
         WHERE user_id = 'carla'`,
      )
      t.match((await as('carla', 'GET', '/models/credentials/openai')).body, { status: 'unreadable' })
    })

    await t.test('what the backend’s key has lost is there for a user whose own key still sees it', async (t) => {
      vendor.lists.set(ANNA_KEY, [PUBLIC, SHARED, ANNA_ONLY])
      vendor.lists.set(BACKEND_KEY, [PUBLIC, SHARED])
      await as('anna', 'POST', '/models/sync')
      await as('admin', 'POST', '/models/sync')
      vendor.lists.set(BACKEND_KEY, [PUBLIC])
      t.match((await as('admin', 'POST', '/models/sync')).body, { unavailableModels: 1 })
      const path = `/models/openai/${SHARED}`
      t.match((await as('carla', 'GET', path)).body, { availability: 'unavailable', unavailableReason: 'omitted' })
      t.match((await as('anna', 'GET', path)).body, {
        availability: 'available',
        unavailableReason: null,
        unavailableSince: null,
      })
      for (const [query, expected] of [
        ['visibleTo=me&availability=available', [PUBLIC, ANNA_ONLY, SHARED]],
        ['visibleTo=me&availability=available&provider=openai&sort=-name', [SHARED, ANNA_ONLY, PUBLIC]],
        ['availability=available&search=both', [SHARED]],
        ['availability=unavailable', []],
        ['visibleTo=me&availability=unavailable', []],
      ] as const) {
        const found = await as('anna', 'GET', `/models?${query}`)
        t.same(ids(found), expected, query)
        t.equal(found.body['total'], expected.length, `how many: ${query}`)
      }
      t.same(ids(await as('carla', 'GET', '/models?availability=unavailable')), [SHARED])
      const named = await as('anna', 'GET', `/models/resolve?strict=true&model=${SHARED}`)
      t.match(named, { status: 200, body: { id: `openai/${SHARED}` } })
      t.match((await as('carla', 'GET', `/models/resolve?strict=true&model=${SHARED}`)).status, 404)
      const offered = (await as('anna', 'GET', '/v1/models')).body['data'] as { id: string }[]
      t.ok(offered.some(({ id }) => id === `openai/${SHARED}`))
      await as('admin', 'PATCH', path, { availability: 'unavailable' })
      const taken = { availability: 'unavailable', unavailableReason: 'operator' }
      t.match((await as('anna', 'GET', path)).body, taken, 'an administrator has the last word')
      await as('admin', 'PATCH', path, { unpin: ['availability'] })
      t.match((await as('anna', 'GET', path)).body, { availability: 'available' })
    })

    await t.test(
      'a provider that is switched off offers nobody a model, and all of them again when it is on',
      async (t) => {
        const own = [ANNA_ONLY, SHARED]
        const expectOwn = async (availability: string, reason: string | null) => {
          const named = reason === null ? { status: 200 } : { status: 404, body: { unavailable: { reason } } }
          t.match(await as('anna', 'GET', `/models/resolve?strict=true&model=${ANNA_ONLY}`), named)
          t.match((await as('anna', 'GET', `/models/openai/${ANNA_ONLY}`)).body, {
            availability,
            unavailableReason: reason,
          })
          const found = ids(await as('anna', 'GET', `/models?visibleTo=me&availability=${availability}`))
          const offered = (await as('anna', 'GET', '/v1/models')).body['data'] as { id: string }[]
          for (const name of own) {
            t.ok(found.includes(name), `${name} is ${availability}`)
            t.equal(
              offered.some(({ id }) => id === `openai/${name}`),
              reason === null,
              `${name} in /v1/models`,
            )
          }
        }
        await expectOwn('available', null)
        await as('admin', 'PATCH', '/providers/openai', { enabled: false })
        await expectOwn('unavailable', 'provider-disabled')
        await as('admin', 'PATCH', '/providers/openai', { enabled: true })
        await expectOwn('available', null)
      },
    )

    await t.test('requests that see the same models share one body of /v1/models', async (t) => {
      const list = (viewer: string | null) => f.host.app.modelSync.catalogue.openaiList.get(viewer)
      const [first, second, carla, nobody] = await Promise.all([list('anna'), list('anna'), list('carla'), list(null)])
      t.equal(first.body, second.body, 'requests at the same time')
      t.equal((await list('anna')).body, first.body, 'and later ones')
      t.equal(carla.body, nobody.body, 'a user without keys sees what everybody sees')
      t.notOk(carla.body.includes(ANNA_ONLY))
      t.ok(first.body.includes(ANNA_ONLY))
      await as('admin', 'PATCH', `/models/openai/${PUBLIC}`, { hidden: true })
      t.notOk((await list('anna')).body.includes(`"openai/${PUBLIC}"`), 'a change of the catalogue is seen at once')
      await as('admin', 'PATCH', `/models/openai/${PUBLIC}`, { hidden: false })
      vendor.lists.set(ANNA_KEY, [PUBLIC, SHARED, ANNA_ONLY, 'gpt-4o-annasecond'])
      await as('anna', 'POST', '/models/sync')
      t.ok((await list('anna')).body.includes('gpt-4o-annasecond'), 'and so is one of the own key')
    })

    await t.test('deleting a key takes what only it showed with it', async (t) => {
      t.equal((await as('anna', 'DELETE', '/models/credentials/openai')).status, 204)
      t.same(ids(await as('anna', 'GET', '/models?visibleTo=me')), [])
      t.match((await as('anna', 'GET', `/models/openai/${ANNA_ONLY}`)).body, { availability: 'unavailable' })
      t.match(await as('anna', 'POST', '/models/sync'), { status: 403 }, 'the backend’s keys are not for users')
    })

    await t.test('no key is in the database, a log or an answer', async (t) => {
      logs.push(f.host.log.text())
      const texts = { database: await database.dump(), log: logs.join('\n'), answers: f.answers.join('\n') }
      t.ok(f.answers.length > 150 && texts.log.includes('request completed'), 'there is something to search')
      for (const key of KEYS)
        for (const [where, text] of Object.entries(texts))
          for (const spelled of [key, Buffer.from(key).toString('hex'), Buffer.from(key).toString('base64url')])
            t.notOk(text.includes(spelled), `${key.slice(0, 8)}… in ${where}`)
    })
  })

t.test('without an encryption key nothing can be saved; a host may keep the keys itself', async (t) => {
  const database = await databaseKinds[0][1](t)
  const vendor = await new Vendor().start(t)
  vendor.lists.set(ANNA_KEY, [ANNA_ONLY])
  const settings = {
    user: (request: FastifyRequest) => (request.headers['x-user'] as string | undefined) ?? null,
    providers: ['openai'],
    providerOptions: { openai: { baseUrl: vendor.server.url } },
    cronSecret: CRON_SECRET,
  }
  const put = {
    method: 'PUT' as const,
    url: '/models/credentials/openai',
    headers: { 'x-user': 'anna' },
    payload: { apiKey: ANNA_KEY },
  }
  const bare = await startHost(t, database, { settings })
  t.match(await bare.request(put), {
    status: 501,
    body: { code: 'FST_MODEL_SYNC_ENCRYPTION_KEY', message: /MODEL_SYNC_ENCRYPTION_KEY.*openssl/ },
  })
  async function* credentials() {
    yield { userId: 'anna', provider: 'openai', apiKey: ANNA_KEY }
    yield { userId: 'anna', provider: 'unheard-of', apiKey: ANNA_KEY }
  }
  const host = await startHost(t, database, { settings: { ...settings, credentials } })
  t.match(await host.request(put), { status: 409, body: { code: 'FST_MODEL_SYNC_HOST_CREDENTIALS' } })
  const synced = await host.request<SyncResult>({ method: 'POST', url: '/models/sync', headers: { 'x-user': 'anna' } })
  t.match(synced.body, { success: true, newModels: 1 })
  const cron = await host.request<{ synced: number }>({
    method: 'GET',
    url: '/models/sync/cron',
    headers: { authorization: `Bearer ${CRON_SECRET}` },
  })
  t.equal(cron.body.synced, 2)
  t.notMatch(host.log.text() + bare.log.text() + (await database.dump()), ANNA_KEY)
  const wrong = await startHost(t, database, { settings: { ...settings, encryptionKey: 'bm90IDMyIGJ5dGVz' } }).catch(
    (e) => e,
  )
  t.match(wrong, { code: 'FST_MODEL_SYNC_OPTIONS', message: /MODEL_SYNC_ENCRYPTION_KEY.*32 bytes/ })
  t.notMatch(wrong.message, 'bm90IDMyIGJ5dGVz')
})
