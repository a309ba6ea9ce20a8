/** What the reference backend refuses before a route sees it, and what all its answers say. */
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { startServer } from '../../src/server.js'
import type { ServerSettingsInput } from '../../src/options.js'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { captureLog } from '../support/log-capture.js'

needsPostgres()
const TOKEN = 'an-admin-token-of-the-doors'
const database = await createPostgresDatabase(t)
const dataDir = await mkdtemp(path.join(tmpdir(), 'model-sync-doors-'))
t.teardown(() => rm(dataDir, { recursive: true, force: true }))

async function start(settings: ServerSettingsInput) {
  const log = captureLog()
  const backend = await startServer(
    { port: 0, dataDir, databaseUrl: database.url!, adminToken: TOKEN, syncOnStartup: false, ...settings },
    log.logger,
  )
  t.teardown(() => backend.close())
  await backend.ready
  return { url: backend.url, log }
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

const open = await start({ publicUrl: 'https://models.example.com/api' })

t.test('on loopback, other hosts\u2019 names are answered 421', async (t) => {
  for (const host of [
    'localhost',
    'localhost:1',
    '127.0.0.1',
    '127.8.9.1:80',
    '[::1]:8081',
    'models.example.com',
    'MODELS.example.com:443',
  ])
    t.equal((await ask(`${open.url}/models`, { host })).status, 200, host)
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.evil.example',
    '192.168.0.1',
    'a b',
    'x:y:z',
    '%',
  ]) {
    for (const url of ['/models', '/settings', '/docs/json', '/nothing', '/models/changes.atom', '/v1/models'])
      t.match((await ask(`${open.url}${url}`, { host })).status, /^(400|421)$/, `${host} ${url}`)
  }
  t.match(
    (await ask(`${open.url}/models`, { host: 'evil.example' })).text,
    /FST_MODEL_SYNC_UNKNOWN_HOST.*MODEL_SYNC_PUBLIC_URL/,
  )
})

t.test('no cache keeps what depends on the caller, and no browser guesses types', async (t) => {
  for (const url of [
    '/models',
    '/models/stats',
    '/models/sync',
    '/models?nonsense=1',
    '/providers',
    '/nothing',
    '/settings',
    '/docs/',
    '/',
    '/models/credentials',
    '/%ff',
  ]) {
    const { headers } = await ask(`${open.url}${url}`)
    if (url !== '/%ff') t.equal(headers['x-content-type-options'], 'nosniff', url)
  }
  for (const url of [
    '/models/stats',
    '/models/sync',
    '/models?nonsense=1',
    '/providers',
    '/models/resolve?model=x',
    '/models/prices?model=x',
  ])
    t.equal((await ask(`${open.url}${url}`)).headers['cache-control'], 'private, no-store', url)
  for (const url of ['/models', '/v1/models', '/models/changes.atom'])
    t.match(await ask(`${open.url}${url}`), { headers: { 'cache-control': 'private, no-cache', etag: /./ } }, url)
  t.equal((await ask(`${open.url}/models/stats`, {}, 'POST')).status, 404)
})

t.test('cursors that are none are 400', async (t) => {
  for (const position of [[{}], ['x', {}], [[1], 2], [null, null], [true, 1], { a: 1 }, 'x', [{ toString: 1 }, 1]])
    for (const list of [
      '/models',
      '/models/changes',
      '/models/sync/history',
      '/models/deprecations',
      '/models/discrepancies',
    ]) {
      const cursor = Buffer.from(JSON.stringify(position)).toString('base64url')
      t.equal((await ask(`${open.url}${list}?cursor=${cursor}`)).status, 400, `${list} ${JSON.stringify(position)}`)
    }
})

t.test('/docs has a policy, and is in no frame', async (t) => {
  const { headers } = await ask(`${open.url}/docs/`)
  t.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/)
})

t.test('open to other machines, it says so once', async (t) => {
  const lines = (text: string) =>
    text.split('\n').filter((line) => line.includes('reads are open to all of them')).length
  t.equal(lines(open.log.text()), 0)
  const wide = await start({ host: '0.0.0.0' })
  t.equal(lines(wide.log.text()), 1)
  t.equal((await ask(`${wide.url.replace('0.0.0.0', '127.0.0.1')}/models`, { host: 'models.internal' })).status, 200)
})

t.test('samples and repeated characters are no secrets', async (t) => {
  for (const settings of [
    { adminToken: 'at-least-16-characters' },
    { adminToken: '0'.repeat(32) },
    { cronSecret: 'made-with-openssl-rand-hex-32' },
    { cronSecret: 'x'.repeat(16) },
    { encryptionKey: Buffer.alloc(32).toString('base64') },
    { encryptionKey: Buffer.alloc(32, 255).toString('base64') },
    { encryptionKey: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' },
  ])
    await t.rejects(start(settings), { code: 'FST_MODEL_SYNC_OPTIONS', message: /expected/ }, JSON.stringify(settings))
})
