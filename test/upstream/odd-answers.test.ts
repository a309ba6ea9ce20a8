/** Answers that are a little wrong and plain in their meaning, and bodies that come slowly. */
import * as zlib from 'node:zlib'
import t from 'tap'
import { causeOf } from '../../src/core/records/problem.js'
import { json, loopback } from '../support/loopback.js'
import { listing, read, source } from './reading.js'

const { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } = zlib
const one = source(listing('/m'))
const BODY = '{"data":["a"]}'
const plain = Buffer.from(BODY)

t.test('NaN and Infinity are unknown, with a warning that counts them, and only outside of texts', async (t) => {
  const text =
    '{"data":[{"id":"NaN, Infinity","a":NaN,"b":[Infinity,-Infinity],"c\\\\":"\\"NaN","d":"x\\\\","e":NaN }],"f":-Infinity}'
  const server = await loopback(t, (_, response) => void response.end(text))
  const { pages, outcome } = await read(one, server.url)
  const entry = { id: 'NaN, Infinity', a: null, b: [null, null], 'c\\': '"NaN', d: 'x\\', e: null }
  t.strictSame(pages, [['/m', [entry]]])
  t.strictSame(outcome?.warnings, ['GET /m has 5 times NaN or Infinity, which is no JSON; it counts as unknown'])
  const again = await read(one, server.url, { previous: outcome!.validators })
  t.equal(again.outcome?.state, 'not-modified', 'the body is remembered as it came')
  const texts: string[] = []
  await read(one, server.url, { onText: (_, given) => void texts.push(given) })
  t.strictSame((JSON.parse(texts[0]!) as { f: unknown }).f, null)
  const pagesOf = source(
    listing('/p', { next: (_, page) => (page < 3 ? { query: { page: String(page + 1) } } : null) }),
  )
  const paged = await loopback(t, ({ url }, response) => void response.end(`{"data":["${url}"],"x":NaN}`))
  t.match((await read(pagesOf, paged.url)).outcome?.warnings, [/has 3 times/], 'one warning for all pages')
})

t.test('what only looks like NaN stays malformed', async (t) => {
  for (const text of [
    '{"data":[NaNa]}',
    '{"data":[-NaN]}',
    '{"data":[xInfinity]}',
    '{"data":[NaN',
    '{"data":["NaN]}',
    'nan',
  ]) {
    const server = await loopback(t, (_, response) => void response.end(text))
    t.match((await read(one, server.url)).error, { code: 'FST_MODEL_SYNC_MALFORMED_ANSWER' }, text)
  }
})

t.test('upstream’s words are found beside a NaN', async (t) => {
  const server = await loopback(t, (_, response) => void response.writeHead(400).end('{"cost":NaN,"detail":"no such"}'))
  t.match((await read(one, server.url)).error?.message, /answered 400 \(no such\)/)
})

t.test('content-encodings in odd spelling', async (t) => {
  const zstd = (zlib as unknown as { zstdCompressSync?: (body: Buffer) => Buffer }).zstdCompressSync
  const cases: [encoding: string | null, body: Buffer][] = [
    ['', plain],
    ['none', plain],
    ['Identity', plain],
    ['utf-8', plain],
    ['gzip, identity', gzipSync(plain)],
    ['identity,gzip', gzipSync(plain)],
    ['gzip, gzip', gzipSync(gzipSync(plain))],
    ['gzip', gzipSync(gzipSync(plain))],
    ['x-gzip', gzipSync(plain)],
    [null, gzipSync(plain)],
    ['deflate, gzip', gzipSync(deflateSync(plain))],
    ['br, gzip', gzipSync(brotliCompressSync(plain))],
    ['deflate', deflateRawSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateSync(plain, { level: 1 })],
    // Unpacked or packed anew on the way, the header left as it was, or set a second time.
    ['gzip', plain],
    ['gzip, gzip', gzipSync(plain)],
    ['deflate', plain],
    ['deflate', gzipSync(plain)],
    ['gzip', deflateSync(plain)],
    ['br', plain],
    ['br, br', brotliCompressSync(plain)],
    ['zstd', plain],
    ['gzip', Buffer.from(`\n ${BODY}`)],
    ['gzip;q=1.0', gzipSync(plain)],
    ['aws-chunked', plain],
    ['aws-chunked, gzip', gzipSync(plain)],
    ['iso-8859-1', plain],
    ['lzma', plain],
    ...(zstd === undefined ? [] : [['zstd', zstd(plain)] as [string, Buffer]]),
  ]
  for (const [encoding, body] of cases) {
    const headers = encoding === null ? {} : { 'content-encoding': encoding }
    const server = await loopback(t, (_, response) => {
      response.writeHead(200, headers)
      // Byte by byte, so that no choice depends on how the network cuts a body.
      for (const byte of body) response.write(Buffer.of(byte))
      response.end()
    })
    const { pages, error } = await read(one, server.url)
    t.same(pages, [['/m', ['a']]], `${encoding}: ${error?.message}`)
  }
  const twice = await loopback(t, (_, response) => {
    response.setHeader('content-encoding', ['gzip', 'gzip'])
    response.end(gzipSync(gzipSync(plain)))
  })
  t.same((await read(one, twice.url)).pages, [['/m', ['a']]], 'the header twice')
  const list = await loopback(t, (_, response) => {
    response.setHeader('content-encoding', 'br')
    response.end(brotliCompressSync(`["${'a'.repeat(70_000)}"]`))
  })
  const whole = source(listing('/m', { entries: (body) => body as string[] }))
  t.equal(((await read(whole, list.url)).pages[0]?.[1][0] as string).length, 70_000, 'brotli that begins like a list')
  for (const encoding of ['lzma', 'gzip, lzma', Array.from({ length: 9 }, () => 'gzip').join()]) {
    const server = await loopback(
      t,
      (_, response) => void response.writeHead(200, { 'content-encoding': encoding }).end('x'),
    )
    t.match((await read(one, server.url)).error?.message, /content-encoding ".*"; gzip, br/, encoding)
  }
  const empty = await loopback(t, (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end())
  t.match((await read(one, empty.url)).error?.message, /200 with an empty body/)
})

t.test('a compressed body without end that comes to nothing', async (t) => {
  const nothing = Buffer.concat(Array.from({ length: 5000 }, () => gzipSync('')))
  const server = await loopback(t, (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    const pump = (): void => {
      while (!response.destroyed && response.write(nothing));
      response.once('drain', pump)
    }
    pump()
  })
  t.match(
    (await read(one, server.url, { limits: { maxBodyBytes: 1024 * 1024 } })).error?.message,
    /over 1 MiB, the most/,
  )
})

t.test('203 is an answer that a proxy has changed on the way', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: ['a'] }, 203, { etag: '"1"' }))
  const { pages, outcome } = await read(one, server.url)
  t.same(pages, [['/m', ['a']]])
  t.match(outcome?.validators, { '/m': { etag: '"1"' } })
})

t.test('headers that are too long are called that, once', async (t) => {
  const server = await loopback(t, (_, response) => json(response, {}, 200, { 'x-long': 'x'.repeat(17_000) }))
  const { error } = await read(one, server.url)
  t.equal(error?.message, 'the headers of the answer to GET /m are over 16 KiB, the most that is read')
  t.equal(server.requests.length, 1)
})

t.test(
  'a body that trickles ends after the time limit, an honest slow one does not',
  { timeout: 60_000 },
  async (t) => {
    const server = await loopback(t, ({ url }, response) => {
      const bytes = url === '/drip' || url === '/refused' ? 10 : 400
      if (url === '/refused') response.statusCode = 403
      response.write('{"data":["a"]')
      let sent = 0
      const timer = setInterval(() => {
        response.write(' '.repeat(bytes))
        if (++sent === 50) {
          clearInterval(timer)
          response.end('}')
        }
      }, 200)
      response.on('close', () => clearInterval(timer))
    })
    const [drip, refused, slow] = await Promise.all([
      timed(read(source(listing('/drip')), server.url, { timeoutMs: 1500 })),
      timed(read(source(listing('/refused')), server.url, { timeoutMs: 1500, apiKey: null })),
      timed(read(source(listing('/slow')), server.url, { timeoutMs: 1000 })),
    ])
    t.equal(
      drip.reading.error?.message,
      'the body of GET /drip trickles: less than 1 KiB a second for 1500 ms',
      'without advice: nothing that can be set helps',
    )
    t.ok(drip.ms < 4000, `${drip.ms} ms`)
    t.match(refused.reading.error, { message: /answered 403/ })
    t.match(causeOf(refused.reading.error!), { code: 'upstream-status', facts: { status: 403 } }, 'the status counts')
    t.ok(refused.ms < 4000, `${refused.ms} ms`)
    t.equal(slow.reading.error, null, '2 KB a second for ten times the limit')
    t.ok(slow.ms > 9500, `${slow.ms} ms`)
  },
)

async function timed<T>(reading: Promise<T>): Promise<{ reading: T; ms: number }> {
  const started = Date.now()
  return { reading: await reading, ms: Date.now() - started }
}
