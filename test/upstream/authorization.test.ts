/** Sources whose requests are proved by more than a key: when they are asked, and what happens when they cannot tell. */
import t from 'tap'
import type { Authorize, Credential, Source } from '../../src/sources/kit/source.js'
import { json, loopback } from '../support/loopback.js'
import { KEY, listing, read, source } from './reading.js'

const paged = listing('/m', { next: (_, page) => (page < 2 ? { query: { page: '2' } } : null) })

function proving(authorize: (credential: Credential) => Promise<Authorize>, what = source(paged)): Source {
  return { ...what, key: { ...what.key, variables: ['TEST_KEY'], settings: ['TEST_SECRET'] }, authorize }
}

t.test('made ready once, asked anew for each page, each attempt and each redirect', async (t) => {
  let ready = 0
  const asked: string[] = []
  const server = await loopback(t, ({ url }, response, count) => {
    if (count === 1) return json(response, {}, 503)
    if (count === 2) return void response.writeHead(307, { location: '/n?z=1' }).end()
    json(response, { data: [url] })
  })
  const what = proving(({ key, settings }) => {
    ready += 1
    t.equal(key, KEY)
    t.same(settings, { TEST_SECRET: 'hush-hush-1' })
    return Promise.resolve(({ url, headers }) => {
      asked.push(url.pathname + url.search)
      t.match(headers['user-agent'], /./)
      return Promise.resolve({ Authorization: `Proof ${asked.length}` })
    })
  })
  const { outcome } = await read(what, server.url, { settings: { TEST_SECRET: 'hush-hush-1' } })
  t.match(outcome, { state: 'complete', requests: 4 })
  t.equal(ready, 1)
  t.same(asked, ['/m', '/m', '/n?z=1', '/m?page=2'])
  t.same(
    server.requests.map(({ headers }) => headers.authorization),
    ['Proof 1', 'Proof 2', 'Proof 3', 'Proof 4'],
    'in place of the key',
  )
})

t.test('without a key nothing is proved', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [] }))
  const what = proving(() => Promise.reject(new Error('never asked')), source(listing('/m')))
  const { outcome } = await read(what, server.url, { apiKey: null })
  t.equal(outcome?.state, 'complete')
  t.equal(server.requests[0]?.headers.authorization, undefined)
})

t.test('a credential that does not do ends the listing before anything is sent, and names no secret', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [] }))
  const what = proving(() => Promise.reject(new Error(`no good: ${KEY} with hush-hush-1`)))
  const { error, waits } = await read(what, server.url, { settings: { TEST_SECRET: 'hush-hush-1' } })
  t.equal(error?.code, 'FST_MODEL_SYNC_UPSTREAM')
  t.match(error?.message, /no authorization for test: no good:.*redacted.*; set TEST_KEY/)
  t.notMatch(error?.message, KEY)
  t.notMatch(error?.message, 'hush-hush-1')
  t.same(server.requests, [])
  t.same(waits, [], 'it is not tried again')
})

t.test('one that takes too long, and one that is cancelled', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [] }))
  const hanging = proving(() => new Promise(() => {}))
  const { error } = await read(hanging, server.url, { timeoutMs: 50 })
  t.match(error?.message, /no authorization within 50 ms/)

  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('enough')), 20)
  const cancelled = await read(hanging, server.url, { signal: controller.signal })
  t.equal(cancelled.error?.code, 'FST_MODEL_SYNC_CANCELLED')
})

t.test('a token of its own is fetched through the same client', async (t) => {
  const server = await loopback(t, ({ url }, response) =>
    json(response, url === '/token' ? { token: 't-1' } : { data: [url] }),
  )
  const what = proving(async ({ fetch }) => {
    const { token } = (await (await fetch(`${server.url}/token`)).json()) as { token: string }
    return () => Promise.resolve({ authorization: `Bearer ${token}` })
  })
  t.equal((await read(what, server.url)).outcome?.state, 'complete')
  t.same(
    server.requests.map(({ url, headers }) => [url, headers.authorization]),
    [
      ['/token', undefined],
      ['/m', 'Bearer t-1'],
      ['/m?page=2', 'Bearer t-1'],
    ],
  )
})
