/** Who may do what in the reference backend: named tokens, closed reads, wrong tokens, and how often. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import type { ServerSettingsInput } from '../../src/options.js'
import { startServer } from '../../src/server.js'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { captureLog } from '../support/log-capture.js'
import { manyRows, startLoopbackLiteLLM } from '../support/loopback-litellm.js'

needsPostgres()

const ALICE = 'alice-token-0123456789'
const BOB = 'bob-token-01234567890:with-a-colon'
const RITA = 'rita-token-0123456789'
const ADMIN = 'the-admin-token-of-nobody'
const litellm = await startLoopbackLiteLLM({ models: manyRows(3) })
t.teardown(() => litellm.close())

async function start(t: Test, settings: ServerSettingsInput) {
  const log = captureLog()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-access-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const { url: databaseUrl } = await createPostgresDatabase(t)
  const upstream = { url: litellm.url, apiKey: litellm.key }
  const backend = await startServer(
    { port: 0, dataDir, databaseUrl: databaseUrl!, litellm: upstream, ...settings },
    log.logger,
  )
  t.teardown(() => backend.close())
  await backend.ready
  const ask = async (
    method: string,
    url: string,
    token: string | null,
    more: { body?: object; from?: string } = {},
  ) => {
    const response = await fetch(`${backend.url}${url}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(more.from === undefined ? {} : { 'x-forwarded-for': more.from }),
      },
      ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : null) as never,
      text,
    }
  }
  return { backend, log, ask }
}

t.test('the changelog says which administrator it was', async (t) => {
  const { ask, backend, log } = await start(t, { adminTokens: [`alice:${ALICE}`, `bob:${BOB}`], adminToken: ADMIN })
  await log.waitFor('Initial model sync completed')
  const { models } = (await ask('GET', '/models', null)).body as { models: { id: string }[] }
  const id = models[0]!.id
  for (const [token, contextLength] of [
    [ALICE, 11],
    [BOB, 12],
    [ADMIN, 13],
  ] as const)
    t.equal((await ask('PATCH', `/models/${id}`, token, { body: { contextLength } })).status, 200)
  const { changes } = (await ask('GET', '/models/changes?field=contextLength', null)).body as {
    changes: { actor: string; to: number }[]
  }
  t.strictSame(
    changes.map(({ actor, to }) => [actor, to]),
    [
      ['admin', 13],
      ['bob', 12],
      ['alice', 11],
    ],
  )
  for (const wrong of [`${ALICE}x`, 'alice', `alice:${ALICE}`, BOB.split(':')[0]!])
    t.equal((await ask('PATCH', `/models/${id}`, wrong, { body: { contextLength: 1 } })).status, 401)
  for (const token of [ALICE, BOB, ADMIN]) t.notOk(log.text().includes(token), 'no token is logged')
  t.equal(backend.adminToken.token, ADMIN)
  t.equal((await ask('GET', '/models', null)).status, 200, 'reads are open')
})

t.test('with named administrators alone no token is generated', async (t) => {
  const { backend, ask } = await start(t, { adminTokens: [`alice:${ALICE}`] })
  t.match(backend.adminToken, { token: null, file: null, generated: false })
  t.equal((await ask('DELETE', '/models/sync', ALICE)).status, 200)
  t.equal((await ask('DELETE', '/models/sync', 'null')).status, 401)
})

t.test('READ_TOKENS close the reads, and let nobody write', async (t) => {
  const { ask } = await start(t, { adminTokens: [`alice:${ALICE}`], readTokens: [`rita:${RITA}`] })
  for (const url of [
    '/models',
    '/v1/models',
    '/models/resolve?model=x',
    '/models/changes.atom',
    '/providers',
    '/models/health',
    '/models/sync/events',
  ]) {
    t.equal((await ask('GET', url, null)).status, 401, `${url}, nobody`)
    t.equal((await ask('GET', url, 'somebody-else-0123456')).status === 200, false, `${url}, somebody`)
  }
  for (const token of [RITA, ALICE]) t.equal((await ask('GET', '/models', token)).status, 200)
  for (let attempt = 0; attempt < 12; attempt += 1)
    t.match(
      await ask('DELETE', '/models/sync', RITA),
      { status: 403, body: { code: 'FST_MODEL_SYNC_READ_ONLY_TOKEN', message: /may only read/ } },
      'a token that is known is no guess',
    )
  t.equal((await ask('DELETE', '/models/sync', ALICE)).status, 200)
})

t.test('after ten wrong tokens an address is told to wait, and a right one is never delayed', async (t) => {
  const { ask, log } = await start(t, { adminToken: ADMIN, cronSecret: 'the-cron-secret-0123', trustProxy: 'loopback' })
  const guess = (index: number, from = '192.0.2.1') => ask('POST', '/models/sync', `guess-${index}`, { from })
  for (let index = 0; index < 10; index += 1) t.equal((await guess(index)).status, 401)
  for (const seconds of ['1', '2', '4', '8']) {
    const refused = await guess(10)
    t.match(refused, { status: 429, body: { code: 'FST_MODEL_SYNC_TOO_MANY_GUESSES' } })
    t.equal(refused.headers.get('retry-after'), seconds)
  }
  t.equal((await ask('DELETE', '/models/sync', ADMIN, { from: '192.0.2.1' })).status, 200, 'the right one, from there')
  t.equal((await ask('DELETE', '/models/sync', null, { from: '192.0.2.1' })).status, 401, 'no token is no guess')
  t.equal((await guess(0, '192.0.2.2')).status, 401, 'another address has guesses of its own')
  const warnings = log.lines().filter(({ msg }) => /one wrong token or signature after the other/.test(msg))
  t.match(warnings, [{ level: 40, address: '192.0.2.1', wrongTokens: 1 }])
  t.equal(warnings.length, 1, 'once in a minute')

  const cron = (secret: string) => ask('GET', '/models/sync/cron', secret, { from: '192.0.2.3' })
  for (let index = 0; index < 10; index += 1) t.equal((await cron(`wrong-${index}`)).status, 401)
  t.equal((await cron('wrong')).status, 429, 'the cron secret likewise')
  t.equal((await cron('the-cron-secret-0123')).status, 200)
})

t.test('an address has its writes, names and exports a minute', async (t) => {
  const { ask } = await start(t, {
    adminToken: ADMIN,
    trustProxy: 'loopback',
    prefix: '/api',
    rateLimitWrites: 3,
    rateLimitResolve: 4,
    rateLimitExports: 2,
  })
  const cases: [what: string, most: number, requests: [method: string, url: string][]][] = [
    [
      'writes',
      3,
      [
        ['DELETE', '/models/sync'],
        ['POST', '/models/sync/seen'],
      ],
    ],
    [
      'names',
      4,
      [
        ['GET', '/models/resolve?model=x&type=speech'],
        ['POST', '/models/resolve'],
      ],
    ],
    [
      'exports',
      2,
      [
        ['GET', '/v1/models'],
        ['GET', '/models/changes.atom'],
        ['GET', '/models?limit=500'],
        ['GET', '/models/changes?limit=101'],
      ],
    ],
  ]
  for (const [index, [what, most, requests]] of cases.entries()) {
    const from = `192.0.2.${index}`
    for (let request = 0; request < most + 3; request += 1) {
      const [method, url] = requests[request % requests.length]!
      const answer = await ask(method, `/api${url}`, ADMIN, {
        from,
        ...(url === '/models/resolve' ? { body: { models: [] } } : {}),
      })
      if (request < most) t.not(answer.status, 429, `${what}, ${request + 1}: ${answer.text}`)
      else {
        // OpenAI’s clients read another shape of errors.
        t.match(answer, { status: 429, text: 'FST_MODEL_SYNC_TOO_MANY_REQUESTS' }, `${what}, ${request + 1}`)
        t.ok(Number(answer.headers.get('retry-after')) > 0)
      }
    }
  }
  const other = (method: string, url: string, token: string | null = ADMIN) =>
    ask(method, `/api${url}`, token, { from: '192.0.2.0' })
  t.equal((await other('GET', '/models?limit=100')).status, 200, 'usual pages are not counted')
  t.equal((await other('GET', '/models/sync')).status, 200)
  t.equal((await other('DELETE', '/models/sync', null)).status, 401, 'whoever may not write is told that')
  t.equal((await ask('DELETE', '/api/models/sync', ADMIN, { from: '192.0.2.9' })).status, 200, 'another address')
})

t.test('a token in an address is refused, and not in the log', async (t) => {
  const { ask, log } = await start(t, { adminTokens: [`alice:${ALICE}`] })
  for (const name of ['token', 'access_token', 'api-key', 'adminToken', 'X-Amz-Signature', 'password', 'Authorization'])
    for (const path of ['/models', '/models/sync', '/nowhere'])
      t.not((await ask('GET', `${path}?limit=7&${name}=${ALICE}&sort=id`, null)).status, 200, `${path} ${name}`)
  t.notMatch(log.text(), ALICE)
  t.match(log.text(), '/models?limit=7&access_token=[redacted]&sort=id', 'the rest stays')
  await ask('GET', '/models?limit=7&search=tokenizer', null)
  t.match(log.text(), '/models?limit=7&search=tokenizer')
})
