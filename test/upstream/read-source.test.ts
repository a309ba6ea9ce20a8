/** Reading a source: order of listings, headers, what may be done without, what makes an answer incomplete. */
import t from 'tap'
import type { Listing, NextPage } from '../../src/sources/kit/source.js'
import { fetchSource, type FetchOptions } from '../../src/upstream/read-source.js'
import { createHttpClient } from '../../src/upstream/http-client.js'
import { json, loopback } from '../support/loopback.js'
import { KEY, listing, read, source } from './reading.js'

t.test('one listing: entries, headers, counters, and no key in the address', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: ['a', 'b'] }, 200, { etag: 'W/"1"' }))
  const what = source(listing('/model/info?full=a%20b', { headers: { 'X-Version': '7', Accept: 'application/vnd.x' } }))
  const { outcome, pages } = await read(what, `${server.url}/proxy/`)
  t.same(pages, [['/model/info?full=a%20b', ['a', 'b']]])
  t.match(outcome, { state: 'complete', problem: null, warnings: [], requests: 1, bytes: '{"data":["a","b"]}'.length })
  t.match(outcome?.validators['/model/info?full=a%20b'], { etag: 'W/"1"', sha256: /^[0-9a-f]{64}$/ })
  const [request] = server.requests
  t.equal(request?.url, '/proxy/model/info?full=a%20b')
  t.match(request?.headers, {
    authorization: `Bearer ${KEY}`,
    'user-agent': 'fastify-model-sync/test',
    'x-version': '7',
    accept: 'application/vnd.x',
  })
  t.notMatch(request?.headers, { 'if-none-match': /./ })
})

t.test('without a key no header of the key is sent; a user in the address neither', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [] }))
  const { outcome } = await read(source(listing('/m')), server.url.replace('//', '//bob:hunter22@'), { apiKey: null })
  t.equal(outcome?.state, 'complete')
  t.equal(server.requests[0]?.headers.authorization, undefined)
  t.equal(server.requests[0]?.headers.accept, 'application/json')
})

t.test('the address may be the whole address, with a query', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [] }))
  await read(source(listing('')), `${server.url}/active_models.json?v=1`)
  await read(source(listing('/x?b=2')), `${server.url}?v=1`)
  t.same(
    server.requests.map(({ url }) => url),
    ['/active_models.json?v=1', '/x?v=1&b=2'],
  )
})

t.test('a byte order mark is no trouble, and letters cut in two by the network neither', async (t) => {
  // Each below the 1 MiB that one text may have.
  const texts = Array.from({ length: 3 }, () => '模型'.repeat(150_000))
  const bytes = Buffer.from('\uFEFF' + JSON.stringify({ data: [...texts, 'é'] }))
  const server = await loopback(t, async (_, response) => {
    response.write(bytes.subarray(0, 13))
    await new Promise((resolve) => setTimeout(resolve, 30))
    response.end(bytes.subarray(13))
  })
  const { pages } = await read(source(listing('/m')), server.url)
  t.ok(texts.every((text, at) => pages[0]?.[1][at] === text) && pages[0]?.[1][3] === 'é')
})

t.test('a refused listing that the source does without', async (t) => {
  const server = await loopback(t, ({ url }, response) =>
    url === '/info' ? json(response, { error: { message: 'no' } }, 403) : json(response, { data: ['m'] }),
  )
  const seen: unknown[] = []
  const without = (complete: boolean) => (refusal: unknown) => {
    seen.push(refusal)
    return { warning: 'prices are unknown', complete }
  }
  const whole = await read(source(listing('/info', { without: without(true) }), listing('/v1')), server.url)
  t.same(seen, [{ status: 403, ids: [] }])
  t.match(whole.outcome, { state: 'complete', problem: null, warnings: ['prices are unknown'] })
  t.same(whole.pages, [['/v1', ['m']]])

  seen.length = 0
  const part = await read(
    source(listing('/v1'), listing('/info', { without: without(false) }), listing('/v2')),
    server.url,
  )
  t.same(seen, [{ status: 403, ids: ['m'] }])
  t.match(part.outcome, {
    state: 'incomplete',
    problem: /GET \/info answered 403 \(no\)/,
    warnings: ['prices are unknown'],
    validators: {},
  })
  t.equal(part.pages.length, 2, 'what follows is read')
})

t.test('every listing refused: the first refusal, whatever the source does without', async (t) => {
  const server = await loopback(t, ({ url }, response) => json(response, {}, url === '/info' ? 401 : 403))
  const without = () => ({ warning: 'w', complete: true })
  for (const last of [listing('/v1'), listing('/v1', { without }), listing('/v1', { without: () => null })]) {
    const { error, pages } = await read(source(listing('/info', { without }), last), server.url)
    t.match(error, { code: 'FST_MODEL_SYNC_UPSTREAM', message: /^GET \/info answered 401/ })
    t.same(pages, [])
  }
  const { error } = await read(source(listing('/info', { without: () => null }), listing('/v1')), server.url)
  t.match(error?.message, /^GET \/info answered 401/)
})

t.test('only refusals can be done without: not a malformed answer, not a timeout', async (t) => {
  const server = await loopback(t, ({ url }, response) => {
    if (url === '/stall') return
    response.end('{')
  })
  const without = () => t.fail('was asked')
  const later = listing('/v1')
  const malformed = await read(source(listing('/cut', { without: without as never }), later), server.url)
  t.match(malformed.error, { code: 'FST_MODEL_SYNC_MALFORMED_ANSWER', message: /truncated/ })
  const stalled = await read(source(listing('/stall', { without: without as never }), later), server.url, {
    timeoutMs: 100,
  })
  t.match(stalled.error, { code: 'FST_MODEL_SYNC_UPSTREAM', message: /header timeout/ })
})

t.test('a later listing that fails makes the answer incomplete, the first one fails the provider', async (t) => {
  const server = await loopback(t, ({ url }, response) =>
    url === '/bad' ? void response.end('<html>') : json(response, { data: [1] }),
  )
  const later = await read(source(listing('/good'), listing('/bad'), listing('/good?2')), server.url)
  t.match(later.outcome, { state: 'incomplete', problem: /^GET \/bad answered HTML/, validators: {} })
  t.same(later.pages, [['/good', [1]]])
  const first = await read(source(listing('/bad'), listing('/good')), server.url)
  t.match(first.error, { code: 'FST_MODEL_SYNC_MALFORMED_ANSWER' })
  t.same(first.pages, [])
})

t.test('a refused first listing and a later one that breaks: nothing was read, so the provider fails', async (t) => {
  const server = await loopback(t, ({ url }, response) =>
    url === '/info' ? json(response, {}, 404) : void response.destroy(),
  )
  const without = () => ({ warning: 'w', complete: true })
  const { error } = await read(source(listing('/info', { without }), listing('/v1')), server.url)
  t.match(error?.message, /broke off.*GET \/v1/)
})

t.test('an answer of another shape carries the words of the source', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { models: [] }))
  const { error } = await read(source(listing('/m')), server.url)
  t.match(error, { code: 'FST_MODEL_SYNC_MALFORMED_ANSWER', message: 'GET /m: expected an object with a list `data`' })
  const odd = listing('/m', { entries: (body) => (body as { no: { such: unknown[] } }).no.such })
  t.match((await read(source(odd), server.url)).error, {
    code: 'FST_MODEL_SYNC_MALFORMED_ANSWER',
    message: /^GET \/m: /,
  })
})

t.test('entries come with their text to the letter, of each page, but not where the source makes them', async (t) => {
  const pages = [
    '\uFEFF{"data":[ {"id":"ä", "fee":1e-06},{"id":"b"}],"more":true}',
    '{"data":[{"id":"c","fee":1.10}],"more":false}',
  ]
  const server = await loopback(t, ({ url = '' }, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(pages[url.includes('page=2') ? 1 : 0])
  })
  const next = (body: unknown, page: number): NextPage | null =>
    (body as { more: boolean }).more ? { query: { page: String(page + 1) } } : null
  const texts = async (more: Partial<Listing>): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = []
    const onPage: FetchOptions['onPage'] = (_listing, entries, _bytes, textOf) =>
      void found.push(...[...entries].map((_, index) => textOf?.(index)))
    const { outcome } = await read(source(listing('/models', more)), server.url, { onPage })
    t.equal(outcome?.state, 'complete')
    return found
  }
  t.strictSame(await texts({ next }), ['{"id":"ä", "fee":1e-06}', '{"id":"b"}', '{"id":"c","fee":1.10}'])
  t.strictSame(await texts({ entries: (body) => [...(body as { data: unknown[] }).data] }), [undefined, undefined])
})

t.test('what onPage throws comes out as it is, and it is awaited', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [1] }))
  const own = new Error('own')
  const { error } = await read(source(listing('/a')), server.url, { onPage: () => Promise.reject(own) })
  t.equal(error, own)
  let inside = 0
  await read(source(listing('/a'), listing('/b')), server.url, {
    async onPage() {
      t.equal(++inside, 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      inside--
    },
  })
})

t.test('a signal cancels before, during headers, during the body, during a wait', async (t) => {
  const server = await loopback(t, ({ url }, response) => {
    if (url === '/busy') json(response, {}, 503)
    if (url === '/body') response.write('{"data":[')
  })
  for (const [path, ms] of [
    ['/headers', 0],
    ['/headers', 60],
    ['/body', 60],
    ['/busy', 60],
  ] as const) {
    const abort = new AbortController()
    if (ms === 0) abort.abort()
    else setTimeout(() => abort.abort(), ms)
    const wait = (_: number, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    const { error } = await read(source(listing(path)), server.url, { signal: abort.signal, wait })
    t.match(error, { code: 'FST_MODEL_SYNC_CANCELLED' }, `${path} ${ms}`)
  }
  t.equal(server.requests.length, 3, 'cancelled before: nothing is sent')
})

t.test('close ends idle connections and what still runs', async (t) => {
  const server = await loopback(t, ({ url }, response) =>
    url === '/m' ? json(response, { data: [] }) : void response.write('{'),
  )
  const client = createHttpClient({ timeoutMs: 60_000 })
  const request = { headers: {}, timeoutMs: 60_000, maxBodyBytes: 1000, signal: new AbortController().signal }
  await client.request({ ...request, url: new URL('/m', server.url) })
  t.equal(await server.sockets(), 1, 'kept alive')
  const running = client.request({ ...request, url: new URL('/stall', server.url) })
  const ended = t.rejects(running)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await client.close()
  await ended
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(await server.sockets(), 0)
  await t.rejects(
    fetchSource(source(listing('/m')), {
      ...request,
      address: server.url,
      apiKey: null,
      client,
      previous: null,
      userAgent: 'x',
      wait: () => Promise.resolve(),
      random: Math.random,
      now: Date.now,
      onPage: () => {},
    }),
    { code: 'FST_MODEL_SYNC_UPSTREAM', message: /client is closed/ },
  )
})
