/** What each failure is called: whoever decides something reads these codes, and never the words. */
import { createServer } from 'node:net'
import t from 'tap'
import { causeOf, type Cause } from '../../src/core/records/problem.js'
import { describeProblem } from '../../src/core/records/problem-text.js'
import { json, loopback } from '../support/loopback.js'
import { KEY, listing, read, source } from './reading.js'

const one = source(listing('/m'))

t.test('an answer that is no listing', async (t) => {
  const cases: [
    found: { code: string; facts: object },
    status: number,
    body: string,
    headers?: Record<string, string>,
  ][] = [
    [{ code: 'upstream-status', facts: { status: 401 } }, 401, '{"error":"no such key"}'],
    [{ code: 'upstream-status', facts: { status: 404 } }, 404, ''],
    [{ code: 'upstream-status', facts: { status: 503 } }, 503, '<html>down</html>'],
    [
      { code: 'upstream-without-models', facts: { status: 500 } },
      500,
      '{"detail":{"error":"LLM Model List not loaded in"}}',
    ],
    [{ code: 'upstream-tls', facts: { wants: 'ours' } }, 400, '<center>No required SSL certificate was sent</center>'],
    [{ code: 'malformed-answer', facts: { found: 'html' } }, 200, '<html>sign in</html>'],
    [{ code: 'malformed-answer', facts: { found: 'empty' } }, 200, ''],
    [{ code: 'malformed-answer', facts: { found: 'truncated' } }, 200, '{"data":["a"'],
    [{ code: 'malformed-answer', facts: { found: 'other' } }, 200, 'models: a'],
    [{ code: 'malformed-answer', facts: { found: 'shape' } }, 200, '{"models":["a"]}'],
    [{ code: 'upstream-redirect', facts: { anotherOrigin: true } }, 302, '', { location: 'http://127.0.0.1:9/m' }],
    [{ code: 'upstream-redirect', facts: { anotherOrigin: false } }, 302, ''],
    [{ code: 'upstream-redirect', facts: { anotherOrigin: false } }, 300, '{}'],
  ]
  let current = cases[0]!
  const server = await loopback(t, (_, response) => {
    const [, status, body, headers = {}] = current
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  for (const one of cases) {
    current = one
    const { error } = await read(source(listing('/m')), server.url, { retries: 0 })
    const cause = causeOf(error!)!
    t.match(cause, one[0], `${one[1]} ${one[2] || JSON.stringify(one[3] ?? {})}`)
    t.equal(describeProblem(JSON.parse(JSON.stringify(cause)) as Cause), error!.message, 'code and facts say it all')
  }
})

t.test('no answer at all', async (t) => {
  const silent = await loopback(t, () => undefined)
  const cause = async (url: string, options: Parameters<typeof read>[2] = {}): Promise<Cause | null> =>
    causeOf((await read(one, url, { retries: 0, ...options })).error!)
  t.match(await cause(silent.url, { timeoutMs: 200 }), { code: 'upstream-timeout', facts: {} })
  t.match(await cause('http://nobody.invalid'), { code: 'upstream-unreachable', facts: { missing: 'host' } })
  const garbage = createServer((socket) => socket.end('220 mail.example ESMTP\r\n')).listen(0, '127.0.0.1')
  const gone = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  t.teardown(() => garbage.close())
  t.teardown(() => gone.close())
  const portOf = (server: typeof gone): number => (server.address() as { port: number }).port
  await new Promise((resolve) => setImmediate(resolve))
  t.match(await cause(`http://127.0.0.1:${portOf(garbage)}`), { code: 'upstream-protocol', facts: { answered: true } })
  t.match(await cause(`http://127.0.0.1:${portOf(gone)}`), { code: 'upstream-broken-off', facts: {} })
  const closed = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => setImmediate(resolve))
  const port = portOf(closed)
  await new Promise((resolve) => closed.close(resolve))
  t.match(await cause(`http://127.0.0.1:${port}`), { code: 'upstream-unreachable', facts: { missing: 'connection' } })
})

t.test('what is too much, and what is not whole', async (t) => {
  const server = await loopback(t, ({ url }, response) => json(response, { data: [url], more: true }))
  const cause = async (...of: Parameters<typeof read>): Promise<unknown> => causeOf((await read(...of)).error!)
  t.match(await cause(one, server.url, { limits: { maxBodyBytes: 5 } }), { code: 'body-too-large', facts: {} })
  const endless = source(listing('/p', { next: (_, page) => ({ query: { page: String(page + 1) } }) }))
  t.match(await cause(endless, server.url, { limits: { maxPages: 3 } }), { code: 'too-many-pages', facts: {} })
  const turning = source(listing('/p', { next: () => ({ query: { page: '2' } }) }))
  t.match(await cause(turning, server.url), { code: 'repeated-page', facts: {} })
  const parts = await loopback(t, ({ url }, response) => {
    if (url === '/one') json(response, { data: ['a'] })
    else response.writeHead(404).end()
  })
  const { outcome } = await read(source(listing('/one'), listing('/two')), parts.url, { retries: 0 })
  t.match(outcome, { state: 'incomplete', cause: { code: 'upstream-status', facts: { status: 404 } } })
})

t.test('no fact holds the key', async (t) => {
  const answers: [status: number, body: string, headers: Record<string, string>][] = [
    [403, JSON.stringify({ error: { message: `the key ${KEY} may not` } }), {}],
    [302, '', { location: `http://${encodeURIComponent(KEY)}.example/` }],
    [302, '', { location: `mailto:${KEY}` }],
    [200, JSON.stringify({ [KEY]: 1 }), {}],
  ]
  for (const [status, body, headers] of answers) {
    const server = await loopback(t, (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    })
    const { error } = await read(source(listing(`/${KEY}`)), server.url, { retries: 0 })
    const told = `${JSON.stringify(causeOf(error!))} ${error!.message}`
    t.match(told, 'GET /', error!.message)
    t.notMatch(told.toLowerCase(), KEY.toLowerCase())
    t.notMatch(told.toLowerCase(), encodeURIComponent(KEY).toLowerCase())
  }
})
