/** Direct mode over real HTTP: what is fetched and when, what survives a bad upstream and a restart, and what is not loaded at all. */
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { directModels } from '../src/direct.js'
import { startForwardProxy } from './support/forward-proxy.js'
import { json, loopback } from './support/loopback.js'
import { ROOT } from './support/root.js'

const rows = [
  { Id: '0x8e', Name: 'mistral-31-24b', ModelType: 'LLM' },
  { Id: '0xb6', Name: 'venice-uncensored', ModelType: 'LLM' },
  { Id: '0xdd', Name: 'gone', IsDeleted: true },
  { Name: 'malformed' },
]

async function upstream(t: Test) {
  const state = { body: { models: rows } as unknown, etag: '"1"', status: 200, waitMs: 0 }
  const server = await loopback(t, async (request, response) => {
    await delay(state.waitMs)
    if (state.status !== 200) json(response, { error: 'no' }, state.status)
    else if (request.headers['if-none-match'] === state.etag) response.writeHead(304, { etag: state.etag }).end()
    else json(response, state.body, 200, { etag: state.etag })
  })
  return Object.assign(state, { server })
}

async function folder(t: Test): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'model-sync-direct-'))
  t.teardown(() => rm(made, { recursive: true, force: true }))
  return made
}

t.test('the list, read once, then asked for by its ETag', async (t) => {
  const list = await upstream(t)
  const models = directModels({ url: list.server.url, env: {} })
  t.equal(list.server.requests.length, 0, 'nothing before the first name')
  const all = await Promise.all(Array.from({ length: 50 }, () => models.resolve('venice-uncensored')))
  t.ok(all.every(({ providerModelId }) => providerModelId === '0xb6'))
  t.equal(list.server.requests.length, 1)
  t.match(models.stats(), {
    cached_models: 2,
    rejected: 1,
    last_etag: '"1"',
    last_hash: /^[0-9a-f]{64}$/,
    cache_duration: 300,
    misses: 50,
  })
  t.equal((await models.resolve('gone')).fallback, true)

  await models.refresh()
  t.equal(list.server.requests[1]?.headers['if-none-match'], '"1"')
  t.match(models.stats(), { loads: 2, notModified: 1 })
  list.etag = '"2"'
  await models.refresh()
  t.match(models.stats(), { loads: 3, notModified: 2, last_etag: '"2"' }, 'the same body under another ETag')
  await models.refresh()
  t.equal(list.server.requests[3]?.headers['if-none-match'], '"2"', 'the newest is sent')
})

t.test('through the forward proxy of the environment', async (t) => {
  const list = await upstream(t)
  const proxy = await startForwardProxy(t, { routes: { 'active.test:80': list.server.port } })
  const env = {
    ACTIVE_MODELS_URL: 'http://active.test/list.json',
    http_proxy: proxy.url,
    HTTP_PROXY: 'http://127.0.0.1:1',
  }
  const models = directModels({ env })
  t.equal((await models.resolve('venice-uncensored')).providerModelId, '0xb6')
  t.same(proxy.asked, ['GET http://active.test/list.json'])
  const others: [options: Parameters<typeof directModels>[0], lastError: RegExp][] = [
    [{ env: { ...env, NO_PROXY: '.test' } }, /cannot be reached: E/],
    [{ env, proxy: 'none' }, /cannot be reached: E/],
    [
      { env, proxy: 'http://bob:hunter22@127.0.0.1:1' },
      /the proxy http:\/\/127\.0\.0\.1:1 failed: nothing listens there/,
    ],
  ]
  for (const [options, lastError] of others) {
    const other = directModels(options)
    await other.refresh().catch(() => undefined)
    t.match(other.stats(), { lastError })
  }
  t.equal(proxy.asked.length, 1)
  const near = directModels({ url: list.server.url, env })
  t.equal((await near.resolve('venice-uncensored')).providerModelId, '0xb6', 'loopback without it')
  t.equal(proxy.asked.length, 1)
})

t.test('an option that there is none of is refused, and one name is as in the plugin', async (t) => {
  const list = await upstream(t)
  const models = directModels({ url: list.server.url, cacheTtlSeconds: 7, env: {} })
  t.equal((await models.resolve('venice-uncensored', { type: 'LLM' })).type, 'chat')
  t.equal(models.stats().cache_duration, 7)
  const wrong: [options: object, message: string][] = [
    [{ ttlSeconds: 7 }, 'directModels has no option "ttlSeconds"; did you mean "cacheTtlSeconds"?'],
    [{ timeout: 7 }, 'directModels has no option "timeout"; did you mean "timeoutMs"?'],
    [{ defaults: { chats: 'x' } }, 'directModels: defaults has no option "chats"; did you mean "chat"?'],
  ]
  for (const [options, message] of wrong)
    t.throws(() => directModels(options), {
      name: 'TypeError',
      code: 'FST_MODEL_SYNC_OPTIONS',
      message: new RegExp(`^${message.replaceAll('?', '\\?')}`),
    })
  await t.rejects(models.resolve('venice-uncensored', { strickt: true } as object), /did you mean "strict"/)
})

t.test('what upstream must not do to a good list', async (t) => {
  const list = await upstream(t)
  const models = directModels({ url: list.server.url, timeoutMs: 200, env: {} })
  await models.resolve('venice-uncensored')
  const bad: [what: string, change: Partial<typeof list>, error: RegExp][] = [
    ['is empty', { body: { models: [] } }, /no models/],
    ['is another thing', { body: ['a'] }, /gave no list of models/],
    ['fails', { status: 503 }, /answered 503/],
    ['takes too long', { waitMs: 1000 }, /did not answer within 200 ms/],
  ]
  for (const [what, change, error] of bad) {
    const before = { body: list.body, status: list.status, waitMs: list.waitMs }
    Object.assign(list, { etag: `"${what}"` }, change)
    await models.refresh()
    t.match(models.stats(), { cached_models: 2, stale: true, lastError: error }, what)
    t.equal((await models.resolve('venice-uncensored')).providerModelId, '0xb6')
    Object.assign(list, before)
  }
  await models.refresh()
  t.match(models.stats(), { stale: false, lastError: null }, 'and then it is well again')
})

t.test('a restart is warm', async (t) => {
  const list = await upstream(t)
  const snapshotPath = path.join(await folder(t), 'active-models.json')
  const first = directModels({ url: list.server.url, snapshotPath, env: {} })
  await first.resolve('venice-uncensored')
  for (let left = 100; left > 0 && (await readFile(snapshotPath, 'utf8').catch(() => '')) === ''; left -= 1)
    await delay(20)
  list.status = 503
  const second = directModels({ url: list.server.url, snapshotPath, env: {} })
  t.equal((await second.resolve('venice-uncensored')).providerModelId, '0xb6')
  t.match(second.stats(), { stale: true, cached_models: 2 })
  const other = directModels({ url: `${list.server.url}/other`, snapshotPath, env: {} })
  await t.rejects(
    other.resolve('venice-uncensored'),
    { code: 'FST_MODEL_SYNC_NO_MODELS' },
    'not with the list of another address',
  )
  await writeFile(snapshotPath, '{"url": ')
  const failures: string[] = []
  const broken = directModels({
    url: list.server.url,
    snapshotPath,
    env: {},
    failed: (error) => failures.push(error.message),
  })
  await t.rejects(broken.resolve('venice-uncensored'), { code: 'FST_MODEL_SYNC_NO_MODELS' })
  t.ok(
    failures.some((message) => message.includes('snapshot')),
    'a broken one is told of',
  )
})

t.test('a models.json answers first, and adds what only it has', async (t) => {
  const list = await upstream(t)
  const file = path.join(await folder(t), 'models.json')
  await writeFile(
    file,
    JSON.stringify({
      models: [
        rows[0],
        { Id: '0x1', Name: 'home-grown' },
        { Id: '0xb6', Name: 'house-model' },
        { Id: '0xdd', Name: 'gone' },
      ],
    }),
  )
  list.waitMs = 100
  const models = directModels({ env: { ACTIVE_MODELS_URL: list.server.url, MODELS_JSON_PATH: file } })
  t.equal((await models.resolve('venice-uncensored')).fallback, true, 'before the list is there')
  await models.refresh()
  t.equal((await models.resolve('venice-uncensored')).providerModelId, '0xb6')
  t.equal((await models.resolve('home-grown')).providerModelId, '0x1')
  t.equal((await models.resolve('house-model')).providerModelId, '0xb6', 'an alias of the file’s own')
  t.equal((await models.resolve('gone')).fallback, true, 'upstream has withdrawn it')
})

t.test('variables', async (t) => {
  const asked: string[] = []
  const fetching = (env: Record<string, string>) =>
    directModels({
      env,
      fetch: async (url) => {
        asked.push(String(url))
        return new Response(JSON.stringify({ models: rows }))
      },
    })
  await fetching({}).resolve('')
  await fetching({ NODE_ENV: 'development' }).resolve('')
  const set = fetching({
    NODE_ENV: 'development',
    ACTIVE_MODELS_URL: 'http://127.0.0.1:1/list',
    MODEL_CACHE_TTL_SECONDS: '60',
    DEFAULT_FALLBACK_MODEL: 'venice-uncensored',
  })
  t.equal((await set.resolve('')).name, 'venice-uncensored')
  t.equal(set.stats().cache_duration, 60)
  t.strictSame(asked, [
    'https://active.mor.org/active_models.json',
    'https://active.dev.mor.org/active_models.json',
    'http://127.0.0.1:1/list',
  ])
  t.throws(() => directModels({ env: { MODEL_CACHE_TTL_SECONDS: 'soon' } }), /MODEL_CACHE_TTL_SECONDS/)
  t.throws(() => directModels({ url: 'ftp://x', env: {} }), /ACTIVE_MODELS_URL/)
})

t.test('it loads nothing of Fastify, PostgreSQL or undici', async (t) => {
  const [files, packages] = [new Set<string>(), new Set<string>()]
  const walk = (file: URL): void => {
    if (files.has(file.href)) return
    files.add(file.href)
    const text = readFileSync(file, 'utf8')
    // What is only a type is not loaded.
    for (const [, names = '', from = ''] of text.matchAll(
      /^(?:import|export)\s+(?!type\s)([^'"]*?from\s+)?['"]([^'"]+)['"]/gms,
    )) {
      if (
        /^\{[^}]*\}/.test(names) &&
        names
          .replace(/from\s+$/, '')
          .replace(/[{}\s]/g, '')
          .split(',')
          .every((name) => name.startsWith('type'))
      )
        continue
      if (from.startsWith('.')) walk(new URL(from.replace(/\.js$/, '.ts'), file))
      else packages.add(from)
    }
    // What of ours is loaded later is for who is behind a proxy.
    for (const [, from = ''] of text.matchAll(/import\(['"]([^'".][^'"]*)['"]\)/g)) packages.add(from)
  }
  walk(new URL('src/direct.ts', ROOT))
  t.ok(files.size > 10, 'the graph was walked')
  t.strictSame(
    [...packages].filter((name) => !name.startsWith('node:')).sort(),
    ['leven', 'write-file-atomic'],
    'nor anything else but these, the second one when there is something to write',
  )
})
