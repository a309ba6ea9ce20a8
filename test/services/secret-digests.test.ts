/** What the database keeps of secrets: digests that nobody can look up or guess elsewhere, and that an upgrade does not lose. */
import { hash, randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { databaseKinds, type TestDatabase } from '../support/databases.js'
import { startHost, type HostOptions, type TestHost } from '../support/host.js'
import { loopback } from '../support/loopback.js'

// Weak, as people choose them.
const KEY = 'sk-acme2025'
const USER_KEY = 'sk-anna2025'
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const HOOK = 'http://127.0.0.1:9/hook/of-the-team'

const openaiKey = (apiKey: string): string => hash('sha256', `fastify-model-sync credential ${apiKey}`, 'hex')
const target = (url: string): string =>
  hash('sha256', JSON.stringify({ type: 'webhook', url, secret: SECRET }), 'base64url')

/** What somebody with a copy of the database would compare its texts with. */
const GUESSES = [KEY, USER_KEY, SECRET].flatMap((secret) =>
  (['hex', 'base64', 'base64url'] as const).map((encoding) => hash('sha256', secret, encoding)),
)

function settings(encryptionKey: string | undefined): NonNullable<HostOptions['settings']> {
  return {
    news: { team: { type: 'webhook', url: HOOK, secret: SECRET } },
    newsAllowPrivateTargets: true,
    user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
    ...(encryptionKey === undefined ? {} : { encryptionKey }),
  }
}

async function fingerprint(host: TestHost, table = 'providers'): Promise<{ address: string; credential: string }> {
  const { rows } = await host.pool.query(`SELECT fingerprint FROM model_sync.${table} WHERE fingerprint IS NOT NULL`)
  return rows[0].fingerprint as { address: string; credential: string }
}

async function start(
  t: Test,
  database: TestDatabase,
  { encryptionKey, ...options }: HostOptions & { encryptionKey?: string } = {},
): Promise<TestHost> {
  return startHost(t, database, {
    ...options,
    litellm: options.litellm ?? { key: KEY },
    settings: { ...settings(encryptionKey), ...options.settings },
  })
}

for (const [kind, createDatabase] of databaseKinds)
  t.test(`an upgrade from digests without a key, on ${kind}`, async (t) => {
    const database = await createDatabase(t)
    const vendor = await loopback(t, (_request, response) => {
      response.statusCode = 401
      response.end('{}')
    })
    const encryptionKey = randomBytes(32).toString('base64')
    const openai = { providerOptions: { openai: { baseUrl: vendor.url } } }
    const before = await start(t, database, { encryptionKey, settings: openai })
    await before.sync()
    const headers = { 'x-user': 'anna' }
    const save = { method: 'PUT', url: '/models/credentials/openai', headers, payload: { apiKey: USER_KEY } } as const
    t.equal((await before.request(save)).status, 200)
    await before.request({ method: 'POST', url: '/models/sync?keys=own', headers, payload: {} })
    await before.request({ method: 'PATCH', url: '/models/news/team', payload: { enabled: false } })
    const refusals = vendor.requests.length
    t.equal(refusals, 1, 'the provider has refused the user’s key')
    // As an older version left them.
    await before.pool.query(
      `UPDATE model_sync.providers
      SET fingerprint = fingerprint || jsonb_build_object('address', $1::text, 'credential', $2::text)`,
      [before.litellm.url, openaiKey(KEY).slice(0, 32)],
    )
    await before.pool.query('UPDATE model_sync.user_providers SET refused_credential = $1', [
      openaiKey(USER_KEY).slice(0, 32),
    ])
    await before.pool.query('UPDATE model_sync.news_subscriptions SET target = $1', [target(HOOK)])
    const revision = (await before.get('/models/stats')).headers['etag']
    await before.app.close()

    const { litellm } = before
    const after = await start(t, database, { encryptionKey, litellm, settings: openai })
    const dump = await database.dump()
    const unkeyed = [openaiKey(KEY).slice(0, 32), openaiKey(USER_KEY).slice(0, 32), target(HOOK), `"${litellm.url}"`]
    t.strictSame(
      [...unkeyed, ...GUESSES].filter((text) => dump.includes(text)),
      [],
      'nothing is left that can be guessed',
    )
    t.match(await fingerprint(after), { address: /^hmac:/, credential: /^hmac:/ })
    const result = await after.sync()
    t.equal(result.providers[0]?.status, 'not-modified', 'the answer is the one applied last')
    t.equal((await after.get('/models/stats')).headers['etag'], revision, 'and nothing was stored anew')
    await after.request({ method: 'POST', url: '/models/sync?keys=own', headers, payload: {} })
    t.equal(vendor.requests.length, refusals, 'a key that was refused is not tried again')
    const news = await after.get<{ subscriptions: { state: string }[] }>('/models/news')
    t.match(news.body.subscriptions, [{ state: 'disabled' }], 'what was switched off stays off')
    await after.app.close()
  })

t.test('the same key of two installations, and of two rows, does not look alike', async (t) => {
  const [, createDatabase] = databaseKinds[0]
  // The migrations make the key.
  const [one, other] = [await createDatabase(t, { empty: true }), await createDatabase(t, { empty: true })]
  const first = await start(t, one)
  const second = await start(t, other, { litellm: first.litellm })
  await first.sync()
  await second.sync()
  const [a, b] = [await fingerprint(first), await fingerprint(second)]
  t.not(a.credential, b.credential)
  t.not(a.address, b.address)
  const targets = await Promise.all(
    [first, second].map(
      async ({ pool }) => (await pool.query('SELECT target FROM model_sync.news_subscriptions')).rows,
    ),
  )
  t.not(targets[0]?.[0].target, targets[1]?.[0].target)
})

t.test('two providers with one key and address have digests of their own', async (t) => {
  const [, createDatabase] = databaseKinds[0]
  const box = await loopback(t, (_request, response) => void response.end('{"data":[{"id":"llama"}]}'))
  const endpoint = { url: `${box.url}/v1`, apiKey: KEY }
  const host = await start(t, await createDatabase(t), {
    settings: {
      openaiCompatible: [
        { ...endpoint, slug: 'one' },
        { ...endpoint, slug: 'two' },
      ],
    },
  })
  t.equal((await host.sync({ providers: ['one', 'two'] })).success, true)
  const { rows } = await host.pool.query<{ credential: string; address: string }>(
    `SELECT fingerprint ->> 'credential' AS credential, fingerprint ->> 'address' AS address FROM model_sync.providers`,
  )
  t.equal(rows.length, 2)
  t.equal(new Set(rows.flatMap(({ credential, address }) => [credential, address])).size, 4)
})

t.test(
  'with an encryption key, a copy of the database alone is no use; with another one nothing is lost',
  async (t) => {
    const [, createDatabase] = databaseKinds[0]
    const database = await createDatabase(t)
    const plain = await start(t, database)
    await plain.sync()
    await plain.request({ method: 'PATCH', url: '/models/news/team', payload: { enabled: false } })
    const underStored = await fingerprint(plain)
    const { litellm } = plain
    await plain.app.close()

    const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
    const sealed = await start(t, database, { litellm, encryptionKey: first })
    const result = await sealed.sync()
    t.match(result.providers[0], { status: 'ok', unchangedModels: litellm.models.length, updatedModels: 0 })
    const underFirst = await fingerprint(sealed)
    t.not(underFirst.credential, underStored.credential, 'the key in the database makes no digest any more')
    t.equal((await sealed.sync()).providers[0]?.status, 'not-modified')
    await sealed.app.close()

    const rotated = await start(t, database, { litellm, encryptionKey: `${second},${first}` })
    const news = await rotated.get<{ subscriptions: { state: string }[] }>('/models/news')
    t.match(news.body.subscriptions, [{ state: 'disabled' }], 'a subscription is known under the older key')
    await rotated.app.close()
    const only = await start(t, database, { litellm, encryptionKey: second })
    t.match((await only.get<{ subscriptions: object[] }>('/models/news')).body.subscriptions, [{ state: 'disabled' }])
    t.match((await only.sync()).providers[0], { status: 'ok', updatedModels: 0 }, 'read once more, and nothing changes')
  },
)
