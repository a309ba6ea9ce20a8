/** What each failure is called, that limits hold, and that no message holds a key. */
import t from 'tap'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import zlib, { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { json, loopback } from '../support/loopback.js'
import { KEY, listing, read, source } from './reading.js'

const one = source(listing('/model/info?limit=1'))
const BODY = '{"data":["a"]}'

t.test('statuses that are no answer', async (t) => {
  for (const status of [201, 202, 204, 206, 300]) {
    const server = await loopback(
      t,
      (_, response) => void response.writeHead(status).end(status === 204 ? undefined : BODY),
    )
    const { error } = await read(one, server.url)
    t.match(error, {
      code: 'FST_MODEL_SYNC_UPSTREAM',
      message: `GET /model/info answered ${status}; expected 200 with JSON`,
    })
  }
})

t.test("upstream's own words, in one line", async (t) => {
  const cases: [unknown, RegExp][] = [
    [
      { error: { message: 'LLM Model List not loaded', type: 'x' } },
      /^GET \/model\/info answered 500 \(LLM Model List not loaded\); tried 3 times$/,
    ],
    [{ detail: { error: 'LLM Model List not loaded in' } }, /\(LLM Model List not loaded in\)/],
    [{ detail: 'a\r\nb\u0000\u2028c\ud800' }, /\(a b c\uFFFD\)/],
    [{ detail: [{ msg: 'field required' }] }, /\(field required\)/],
    [{ message: 'plain' }, /\(plain\)/],
    [{ error: 'text' }, /\(text\)/],
    [{ message: 'x y '.repeat(500) }, /\((x y ){49}x y…\)|\((x y ){49}x …\)/],
    [{ error: { message: '' } }, /answered 500; tried/],
    [null, /answered 500; tried/],
  ]
  for (const [body, message] of cases) {
    const server = await loopback(t, (_, response) => json(response, body, 500))
    t.match((await read(one, server.url)).error?.message, message)
  }
  const html = await loopback(t, (_, response) => void response.writeHead(502).end(' <html><b>Bad gateway'))
  t.match((await read(one, html.url)).error?.message, /answered 502 \(an HTML page\)/)
  const zipped = await loopback(
    t,
    (_, response) => void response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync('{"detail":"zipped"}')),
  )
  t.match((await read(one, zipped.url)).error?.message, /answered 400 \(zipped\)/)
  const endless = await loopback(
    t,
    (_, response) => void response.writeHead(401).write('{"detail":"' + 'x'.repeat(1e6)),
  )
  t.match((await read(one, endless.url)).error?.message, /answered 401; check the API key/)
  const stalled = await loopback(t, (_, response) => void response.writeHead(403).write('{"detail":"'))
  t.match((await read(one, stalled.url, { timeoutMs: 100 })).error?.message, /answered 403; check the API key/)
})

t.test('no message holds the key, in whatever spelling', async (t) => {
  const basic = Buffer.from(`user:${KEY}`).toString('base64')
  const said = [
    `Received=${KEY}, expected another`,
    `Incorrect key ${KEY.slice(0, 12)}`,
    `Incorrect key …${KEY.slice(-9)} given`,
    `header ${Buffer.from(KEY).toString('base64')}`,
    `header Basic ${basic} and x${basic}`,
    `hash ${'ab12'.repeat(16)}`,
    `url ${encodeURIComponent(KEY)}`,
    `another key sk-proj-abc***wxyz is wrong`,
    `${'y'.repeat(190)} ${KEY}`,
    `${KEY}${KEY}`,
  ]
  const leaks = (text: string): boolean => {
    const forms = [KEY, Buffer.from(KEY).toString('base64'), basic, encodeURIComponent(KEY)]
    return forms.some((form) =>
      [...form].some((_, at) => at + 8 <= form.length && text.includes(form.slice(at, at + 8))),
    )
  }
  for (const text of said) {
    const server = await loopback(t, ({ url }, response) => {
      if (url === '/later') return json(response, { data: [] })
      json(response, { error: { message: text } }, 401)
    })
    const { error } = await read(source(listing('/m')), server.url)
    t.ok(/\[redacted\]|y{150}/.test(error?.message ?? ''), error?.message ?? 'no error')
    t.notOk(leaks(error?.message ?? '') || /abc\*|(ab12){8}/.test(error?.message ?? ''), text)
    const later = await read(source(listing('/later'), listing('/m')), server.url)
    t.notOk(leaks(JSON.stringify(later.outcome)))
    const refused = listing('/m', { without: () => ({ warning: text, complete: true }) })
    const warned = await read(source(refused, listing('/later')), server.url)
    t.equal(warned.outcome?.warnings.length, 1)
    t.notOk(leaks(JSON.stringify(warned.outcome)))
    const shape = listing('/later', {
      entries: () => {
        throw new Error(text)
      },
    })
    t.notOk(leaks((await read(source(shape), server.url)).error?.message ?? KEY))
  }
  const atTheCut = await loopback(t, (_, response) =>
    json(response, { detail: 'y '.repeat(97) + 'Zq7kL0pW9xTv2' }, 401),
  )
  t.notMatch((await read(one, atTheCut.url, { apiKey: 'Zq7kL0pW9xTv2' })).error?.message, 'Zq7')
  const short = await loopback(t, (_, response) => json(response, { detail: 'got=k3y! for key k3y!' }, 401))
  t.match((await read(one, short.url, { apiKey: 'k3y!' })).error?.message, 'got=[redacted] for key [redacted]')
  const plain = await loopback(t, (_, response) =>
    json(response, { detail: 'No api key passed in; use basic authentication' }, 401),
  )
  t.match((await read(one, plain.url)).error?.message, '(No api key passed in; use basic authentication)')
})

t.test('neither user nor query of the address is printed', async (t) => {
  const server = await loopback(t, (_, response) => void response.destroy())
  const address = server.url.replace('//', '//bob:hunter22@') + '/base?token=hunter22'
  const broken = await read(one, address, { retries: 0 })
  t.match(broken.error?.message, new RegExp(`127.0.0.1:${server.port} broke off.*GET /base/model/info, UND_ERR_SOCKET`))
  await server.close()
  const refused = await read(one, address)
  t.match(
    refused.error?.message,
    new RegExp(`^nothing listens at 127.0.0.1:${server.port} \\(GET /base/model/info, connection refused\\)`),
  )
  for (const { error } of [broken, refused]) t.notMatch(`${error?.message} ${error?.stack}`, /hunter22|bob/)
})

t.test('DNS, TLS, another protocol', async (t) => {
  const plain = await loopback(t, (_, response) => void response.end())
  const tls = await read(one, plain.url.replace('http', 'https'))
  t.match(tls.error?.message, /^TLS with 127\.0\.0\.1:\d+ failed \(GET \/model\/info, \w+\)/)
  const dns = await read(one, 'http://no-such-host.invalid')
  t.match(dns.error?.message, /^the host name no-such-host\.invalid cannot be resolved/)
  const other = await tcp(t, (socket) => void socket.end('SSH-2.0-OpenSSH\r\n'))
  t.match((await read(one, `http://127.0.0.1:${other}`)).error?.message, /does not speak HTTP/)
})

t.test('timeouts: connect, headers, a body that stalls, a body that trickles', async (t) => {
  const silent = await tcp(t, () => {})
  const connect = await read(one, `https://127.0.0.1:${silent}`, { timeoutMs: 100, retries: 0 })
  t.match(connect.error?.message, /connect timeout/)
  const server = await loopback(t, ({ url }, response) => {
    if (url?.startsWith('/stall')) response.write('{"data":[')
    if (url?.startsWith('/trickle')) {
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    }
  })
  const started = Date.now()
  const headers = await read(one, server.url, { timeoutMs: 100 })
  t.match(headers.error, {
    code: 'FST_MODEL_SYNC_UPSTREAM',
    message: /^GET \/model\/info got no answer .* within 100 ms \(header timeout\)/,
  })
  const body = await read(source(listing('/stall')), server.url, { timeoutMs: 100 })
  t.match(body.error?.message, /^the body of GET \/stall stalled for 100 ms/)
  const trickle = await read(source(listing('/trickle')), server.url, { timeoutMs: 100 })
  t.match(trickle.error?.message, /^the body of GET \/trickle trickles: less than 1 KiB a second for 1000 ms/)
  t.ok(Date.now() - started < 7000, 'in time')
})

t.test('a body over the cap: by its length, by its bytes, inflated; at once', async (t) => {
  const block = Buffer.alloc(1024 * 1024, ' ')
  let sent = 0
  const server = await loopback(t, ({ url }, response) => {
    if (url === '/said')
      return void response.writeHead(200, { 'content-length': String(100 * block.length) }).write(block)
    if (url === '/bomb') {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      return void response.end(gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 }))
    }
    const pump = (): void => {
      while (sent < 100 && !response.destroyed) {
        sent++
        if (!response.write(block)) return void response.once('drain', pump)
      }
      response.end()
    }
    pump()
  })
  for (const path of ['/said', '/unsaid', '/bomb']) {
    const started = Date.now()
    const { error } = await read(source(listing(path)), server.url, { limits: { maxBodyBytes: 8 * 1024 * 1024 } })
    t.match(error, {
      code: 'FST_MODEL_SYNC_UPSTREAM',
      message: `the body of GET ${path} is over 8 MiB, the most that is read; MODEL_SYNC_MAX_BODY_BYTES (maxBodyBytes) allows more`,
    })
    t.ok(Date.now() - started < 10_000)
  }
  t.ok(sent < 40, `${sent} of 100 MiB were sent`)
  t.equal(server.requests.length, 3, 'not tried again')
  const later = await loopback(t, ({ url }, response) =>
    url === '/a' ? json(response, { data: [1] }) : void response.end(block),
  )
  const whole = await read(source(listing('/a'), listing('/b')), later.url, { limits: { maxBodyBytes: 1000 } })
  t.match(
    whole.error,
    { code: 'FST_MODEL_SYNC_UPSTREAM', message: /over 1000 bytes/ },
    'a limit fails the whole provider',
  )
  sent = 0
  const hundred = await read(source(listing('/unsaid')), server.url)
  t.match(hundred.error?.message, /over 64 MiB/, 'the default')
})

t.test('compressed answers', async (t) => {
  for (const [encoding, bytes] of [
    ['gzip', gzipSync(BODY)],
    ['GZIP', gzipSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['identity', Buffer.from(BODY)],
  ] as const) {
    const server = await loopback(
      t,
      (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
    )
    const { pages, outcome } = await read(source(listing('/m')), server.url)
    t.same(pages, [['/m', ['a']]], encoding)
    t.equal(outcome?.bytes, BODY.length)
    t.match(server.requests[0]?.headers['accept-encoding'], /gzip/)
  }
  const broken = await loopback(t, ({ url }, response) => {
    if (url === '/zstd') return void response.writeHead(200, { 'content-encoding': 'zstd' }).end('x')
    const bytes = url === '/cut' ? gzipSync(BODY).subarray(0, 20) : Buffer.from(BODY)
    response.writeHead(200, { 'content-encoding': url === '/br' ? 'br' : 'gzip' }).end(bytes)
  })
  t.match((await read(source(listing('/cut')), broken.url)).error, {
    code: 'FST_MODEL_SYNC_MALFORMED_ANSWER',
    message: /not validly compressed/,
  })
  // Something on the way has unpacked them and left the header.
  for (const path of ['/plain', '/br'])
    t.same((await read(source(listing(path)), broken.url)).pages, [[path, ['a']]], path)
  t.match(
    (await read(source(listing('/zstd')), broken.url)).error?.message,
    // Node 20 has no zstd.
    'createZstdDecompress' in zlib
      ? /not validly compressed/
      : /content-encoding "zstd"; gzip, br and deflate are known/,
  )
})

t.test('bodies that are no JSON, never quoted', async (t) => {
  const cases: [string, RegExp][] = [
    ['', /200 with an empty body/],
    [' \n ', /200 with a blank body/],
    ['\n<!doctype html><title>Login', /HTML instead of JSON/],
    ['{"data":["s3cret-in-the-body', /truncated JSON: it ends after 28 characters/],
    ['{"data":[1', /truncated JSON/],
    ['{"data":[1,', /truncated JSON/],
    ['{"data":[1', /truncated JSON/],
    ['{"data":tr', /truncated JSON|other than JSON/],
    ['{"data": s3cret}', /something other than JSON/],
    ['OK', /something other than JSON/],
  ]
  for (const [text, message] of cases) {
    const server = await loopback(t, (_, response) => void response.end(text))
    const { error } = await read(one, server.url)
    t.match(error, { code: 'FST_MODEL_SYNC_MALFORMED_ANSWER', message }, text)
    t.match(error?.message, /^GET \/model\/info answered/)
    t.notMatch(`${error?.stack} ${String(error?.cause)}`, 's3cret')
  }
})

t.test('a content-length that lies', async (t) => {
  const port = await tcp(t, (socket) => {
    socket.once('data', (request) => {
      const length = request.toString().includes('/long') ? 500 : 5
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${BODY}`)
    })
  })
  const long = await read(source(listing('/long')), `http://127.0.0.1:${port}`)
  t.match(long.error?.message, /broke off before the answer was complete.*tried 3 times/)
  const short = await read(source(listing('/short')), `http://127.0.0.1:${port}`)
  t.match(short.error?.message, /truncated JSON|does not speak HTTP|broke off/)
})

t.test('a key that no header can carry', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [] }))
  const { error } = await read(one, server.url, { apiKey: 'sk-s3cret-key\nx' })
  t.match(error?.message, /cannot be sent: the API key or a header/)
  t.notMatch(error?.message, 's3cret')
  t.equal(server.requests.length, 0)
})

async function tcp(t: { teardown(end: () => void): void }, onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
