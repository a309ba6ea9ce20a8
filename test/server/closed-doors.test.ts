/** What the reference backend refuses before a route sees it, and what all its answers say. */
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { startServer } from '../../src/server.js'
import { readServerOptions, type ServerSettingsInput } from '../../src/options.js'
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

/** The first line of the answer to a request line that no client of ours would write. */
function raw(url: string, target: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
    )
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.on('end', () => resolve(text.split('\r\n', 1)[0] ?? ''))
    socket.on('error', reject)
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
    'localhost/evil.example',
    'user@localhost',
    'localhost?evil.example',
    'localhost#evil.example',
    'localhost\\evil.example',
  ]) {
    for (const url of ['/models', '/settings', '/docs/json', '/nothing', '/models/changes.atom', '/v1/models'])
      t.match((await ask(`${open.url}${url}`, { host })).status, /^(400|421)$/, `${host} ${url}`)
  }
  t.match(
    (await ask(`${open.url}/models`, { host: 'evil.example' })).text,
    /FST_MODEL_SYNC_UNKNOWN_HOST.*MODEL_SYNC_PUBLIC_URL/,
  )
})

t.test('a whole address as the target counts as its host does, whatever the header says', async (t) => {
  for (const [target, host, status] of [
    ['http://evil.example/models', 'localhost', 421],
    ['HTTP://evil.example:80/models?limit=1', '127.0.0.1', 421],
    ['https://localhost@evil.example/models', 'localhost', 421],
    ['http://localhost/models', 'evil.example', 421],
    ['http:///models', 'localhost', 400],
    ['http://localhost/models', 'localhost', 200],
    ['http://models.example.com/models', 'localhost', 200],
  ] as const)
    t.match(await raw(open.url, target, host), new RegExp(`^HTTP/1.1 ${status} `), `${target} of ${host}`)
})

t.test('every route: no cache keeps what depends on the caller, and no browser guesses types', async (t) => {
  const { paths } = JSON.parse((await ask(`${open.url}/docs/json`)).text) as { paths: Record<string, object> }
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replace(/\{[^}]+\}/g, 'x')] as const),
  )
  t.ok(listed.length >= 50, `${listed.length} operations`)
  for (const [method, path] of listed) {
    // Each once as anybody, so that nothing is written, and once with a parameter that there is none of.
    for (const [url, token] of [
      [path, null],
      [`${path}?nonsense=1`, TOKEN],
    ] as const) {
      if (token === null && path.endsWith('/events')) continue
      const { headers, status } = await ask(
        `${open.url}${url}`,
        token === null ? {} : { authorization: `Bearer ${token}` },
        method,
      )
      const name = `${method} ${url}: ${status}`
      t.equal(headers['x-content-type-options'], 'nosniff', name)
      const expected = headers.etag === undefined ? /^private, no-store$/ : /^private, no-cache$/
      t.match(headers['cache-control'], expected, name)
    }
  }
  for (const url of ['/models', '/v1/models', '/models/changes.atom'])
    t.match(await ask(`${open.url}${url}`), { headers: { 'cache-control': 'private, no-cache', etag: /./ } }, url)
})

t.test('so is what no route answers', async (t) => {
  const cases: [status: number, method: string, url: string, headers?: Record<string, string>][] = [
    [400, 'GET', '/%ff'],
    [400, 'GET', '/%zz'],
    [400, 'POST', '/v1/models/%'],
    [400, 'GET', '/docs/%zz'],
    [404, 'GET', '/nothing'],
    [404, 'GET', '/settings/assets/nothing.js'],
    [405, 'PUT', '/models/sync'],
    [405, 'PROPFIND', '/models'],
    [421, 'GET', '/nothing', { host: 'evil.example' }],
    [413, 'POST', '/models/resolve', { 'content-length': '999999999', 'content-type': 'application/json' }],
    [415, 'POST', '/models/resolve', { 'content-type': 'text/weird' }],
    [302, 'GET', '/'],
  ]
  for (const [status, method, url, headers] of cases) {
    const answer = await ask(`${open.url}${url}`, headers, method)
    const name = `${method} ${url}`
    t.equal(answer.headers['x-content-type-options'], 'nosniff', name)
    t.match(answer.headers['cache-control'], 'private, no-store', name)
    t.equal(answer.status, status, name)
  }
  for (const url of ['/settings', '/docs/', '/docs/json', '/settings/client/refresh-models-button.js'])
    t.match(await ask(`${open.url}${url}`), { headers: { 'x-content-type-options': 'nosniff', 'cache-control': /./ } })
})

t.test('so is what is no HTTP', async (t) => {
  for (const [text, status] of [
    ['GET / HTTP/1.1\r\nno header\r\n\r\n', 400],
    ['nonsense\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ] as const) {
    const socket = connect(Number(new URL(open.url).port), '127.0.0.1')
    socket.write(text)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} (.|\\r\\n)*nosniff(.|\\r\\n)*private, no-store`))
  }
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
  for (const url of ['/docs', '/docs/', '/docs/static/index.html']) {
    const { status, headers } = await ask(`${open.url}${url}`)
    t.ok(status === 200 || status === 302, url)
    t.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/, url)
    t.equal(headers['x-frame-options'], 'DENY', url)
  }
  t.equal((await ask(`${open.url}/docs/static/swagger-ui-bundle.js`)).status, 200)
  t.equal((await ask(`${open.url}/docs/json`)).status, 200)
})

t.test('/docs can be switched off, and the rest stays', async (t) => {
  const without = await start({ docs: false })
  for (const url of ['/docs', '/docs/', '/docs/json', '/docs/yaml', '/docs/static/swagger-ui-bundle.js'])
    t.equal((await ask(`${without.url}${url}`)).status, 404, url)
  t.equal((await ask(`${without.url}/models`)).status, 200)
})

t.test('of the names under which people reach it, those that it was given', async (t) => {
  const near = await start({ allowedHosts: ['catalogue.example', '.internal.example'] })
  const wide = await start({ host: '0.0.0.0', allowedHosts: ['catalogue.example', '.internal.example'] })
  for (const url of [near.url, wide.url.replace('0.0.0.0', '127.0.0.1')]) {
    for (const host of ['catalogue.example', 'CATALOGUE.example:8081', 'a.b.internal.example', 'localhost:1', '[::1]'])
      t.equal((await ask(`${url}/models`, { host })).status, 200, host)
    for (const host of [
      'evil.example',
      'internal.example',
      'catalogue.example.evil',
      '10.0.0.1',
      'xcatalogue.example',
    ]) {
      const { status, text } = await ask(`${url}/models`, { host, 'x-forwarded-host': 'localhost' })
      t.equal(status, 421, host)
      const { message } = JSON.parse(text) as { message: string }
      t.match(message, `"${host}"`)
      t.match(message, 'MODEL_SYNC_ALLOWED_HOSTS (allowedHosts)')
    }
  }
})

t.test('open to other machines, it says so once', async (t) => {
  const lines = (text: string) =>
    text.split('\n').filter((line) => line.includes('reads are open to all of them')).length
  t.equal(lines(open.log.text()), 0)
  const wide = await start({ host: '0.0.0.0' })
  t.equal(lines(wide.log.text()), 1)
  const url = wide.url.replace('0.0.0.0', '127.0.0.1')
  t.equal((await ask(`${url}/models`, { host: 'models.internal' })).status, 200)
  for (const host of ['a b', 'x:y:z', '%', '[::1', 'a/b', '<script>', 'x'.repeat(5000), ''])
    for (const path of ['/models', '/models/changes.atom', '/settings', '/docs/json', '/nothing', '/'])
      t.ok((await ask(`${url}${path}`, { host })).status < 500, `${host.slice(0, 20)} ${path}`)
  for (const host of [
    'models.internal/elsewhere',
    'ann:secret@models.internal',
    'models.internal?a',
    'models.internal#a',
  ])
    t.equal((await ask(`${url}/models/changes.atom`, { host })).status, 400, `no feed with links to ${host}`)
})

t.test('samples and repeated characters are no secrets', async (t) => {
  const zeros = (bytes: number, value = 0) => Buffer.alloc(bytes, value).toString('base64')
  const news = (secret: string) => ({
    news: { team: { type: 'webhook', url: 'https://news.example', secret } } as const,
  })
  for (const settings of [
    { adminToken: 'at-least-16-characters' },
    { adminToken: '0'.repeat(32) },
    { adminTokens: ['alice:at-least-16-characters'] },
    { adminTokens: [`alice:${'a-good-token-of-alice'}`, `bob:${'0'.repeat(32)}`] },
    { readTokens: ['dashboard:at-least-16-characters'] },
    { readTokens: [`dashboard:${'x'.repeat(16)}`] },
    { cronSecret: 'made-with-openssl-rand-hex-32' },
    { cronSecret: 'x'.repeat(16) },
    { encryptionKey: zeros(32) },
    { encryptionKey: zeros(32, 255) },
    { encryptionKey: `${Buffer.from('a key of our own, of 32 bytes...').toString('base64')},${zeros(32)}` },
    { encryptionKey: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' },
    { webhookSecret: 'whsec_c2VjcmV0LW9mLTMyLWJ5dGVzLWluLWJhc2U2NC4uLi4=' },
    { webhookSecret: 'c2VjcmV0LW9mLTMyLWJ5dGVzLWluLWJhc2U2NC4uLi4=' },
    { webhookSecret: `whsec_${zeros(24)}` },
    { webhookSecret: zeros(64, 255) },
    { webhookSecret: zeros(26, 255) },
    news('whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3'),
    news(`whsec_${zeros(32)}`),
    { litellm: { apiKey: 'sk-...' } },
  ] satisfies ServerSettingsInput[])
    await t.rejects(start(settings), { code: 'FST_MODEL_SYNC_OPTIONS', message: /expected/ }, JSON.stringify(settings))
  // Others that only look like them.
  readServerOptions({
    adminToken: 'a-token-with-an-end:x',
    adminTokens: ['alice:alice-token-0123456789'],
    webhookSecret: `whsec_${Buffer.from('a webhook secret of the doors').toString('base64')}`,
    litellm: { apiKey: 'sk-1' },
  })
})
