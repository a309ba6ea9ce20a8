/** Paged listings: to the end, in order, within one origin, and never for ever. */
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { NextPage } from '../../src/sources/kit/source.js'
import { json, loopback } from '../support/loopback.js'
import { listing, read, source } from './reading.js'

/** Goes where the body's `next` says. */
const paged = (path: string) => listing(path, { next: (body) => (body as { next?: NextPage }).next ?? null })
/** Counts `page` up while the body says `more`. */
const counted = (path: string) =>
  listing(path, {
    next: (body, page) => ((body as { more: boolean }).more ? { query: { page: String(page + 1) } } : null),
  })

t.test('by query and by url, in order, to the end', async (t) => {
  const server = await loopback(t, ({ url }, response) => {
    if (url === '/m?limit=2') return json(response, { data: [1, 2], next: { query: { after: 'a b/ü' } } })
    if (url?.includes('after')) return json(response, { data: [3], next: { url: `${server.url}/elsewhere?z=1` } })
    if (url === '/elsewhere?z=1') return json(response, { data: [4], next: { url: 'last' } })
    return json(response, { data: [5] })
  })
  const { outcome, pages } = await read(source(paged('/m?limit=2')), server.url)
  t.match(outcome, { state: 'complete', requests: 4 })
  t.same(
    pages.map(([, entries]) => entries),
    [[1, 2], [3], [4], [5]],
  )
  t.equal(new URL(server.requests[1]?.url ?? '', server.url).searchParams.get('after'), 'a b/ü')
  t.match(server.requests[1]?.url, /^\/m\?limit=2&after=/)
  t.ok(
    server.requests.every(({ headers }) => headers.authorization !== undefined),
    'the key goes along within the origin',
  )
  t.equal(server.requests[3]?.url, '/last')
})

t.test(
  'validators of the same pages are the same, of other pages others; the pages are read all the same',
  async (t) => {
    let last = 2
    const server = await loopback(t, ({ url }, response) =>
      url === '/m'
        ? json(response, { data: [1], more: true }, 200, { etag: '"1"' })
        : json(response, { data: [last], more: false }),
    )
    const first = await read(source(counted('/m')), server.url)
    const again = await read(source(counted('/m')), server.url, { previous: first.outcome!.validators })
    t.match(again.outcome, { state: 'complete', validators: first.outcome!.validators })
    t.equal(again.pages.length, 2)
    t.ok(server.requests.every(({ headers }) => headers['if-none-match'] === undefined))
    last = 3
    const other = await read(source(counted('/m')), server.url)
    t.not(other.outcome!.validators['/m']?.sha256, first.outcome!.validators['/m']?.sha256)
  },
)

t.test('a later page that fails makes the answer incomplete', async (t) => {
  for (const fail of ['status', 'network', 'parse', 'shape'] as const) {
    const server = await loopback(t, ({ url }, response) => {
      if (url === '/m') return json(response, { data: [1], more: true })
      if (fail === 'status') return json(response, { detail: 'odd' }, 500)
      if (fail === 'network') return void response.destroy()
      return void response.end(fail === 'parse' ? '{"data":[' : '{}')
    })
    const without = (): never => t.fail('a later page is no refused listing') as never
    const { outcome, pages } = await read(source({ ...counted('/m'), without }), server.url)
    t.match(outcome, { state: 'incomplete', problem: /GET \/m/, validators: {} }, fail)
    t.notMatch(outcome?.problem, 'page=2')
    t.same(pages, [['/m', [1]]])
  }
})

t.test('a page that repeats fails the provider: the same bytes, or an address that was there', async (t) => {
  const bytes = await loopback(t, (_, response, count) => json(response, { data: [count % 2], more: true }))
  const same = await read(source(counted('/m')), bytes.url)
  t.match(same.error, { code: 'FST_MODEL_SYNC_UPSTREAM', message: /a page repeats/ })
  t.equal(bytes.requests.length, 3)
  t.equal(same.pages.length, 2)

  const circle = await loopback(t, ({ url }, response, count) =>
    json(response, { data: [count], next: { url: url === '/m' ? '/n' : '/m' } }),
  )
  const visited = await read(source(paged('/m')), circle.url)
  t.match(visited.error, { code: 'FST_MODEL_SYNC_UPSTREAM', message: /a page repeats/ })
  t.equal(circle.requests.length, 2, 'it is not asked for again')
})

t.test('200 pages are read, 201 fail the provider', async (t) => {
  let most = 200
  const server = await loopback(t, ({ url }, response) => {
    const page = Number(new URL(url ?? '', 'http://x').searchParams.get('page') ?? 1)
    json(response, { data: [page], more: page < most })
  })
  const whole = await read(source(counted('/m')), server.url)
  t.match(whole.outcome, { state: 'complete', requests: 200 })
  most = 201
  const over = await read(source(counted('/m')), server.url)
  t.match(over.error, { code: 'FST_MODEL_SYNC_UPSTREAM', message: /more than 200 pages/ })
  t.equal(server.requests.length, 400)
})

t.test('a next address or a redirect of another origin fails the listing, and nothing is sent there', async (t) => {
  const foreign = await loopback(t, (_, response) => json(response, { data: ['stolen'] }))
  const server = await loopback(t, ({ url }, response) => {
    if (url === '/next') return json(response, { data: [1], next: { url: `${foreign.url}/steal` } })
    if (url === '/scheme') return json(response, { data: [1], next: { url: server.url.replace('http', 'https') } })
    if (url === '/no-url') return json(response, { data: [1], next: { url: 'http://[' } })
    response.writeHead(307, { location: `${foreign.url.replace('//', '//bob:hunter22@')}/steal?q=hunter22` }).end()
  })
  for (const path of ['/next', '/scheme']) {
    const { outcome } = await read(source(paged(path)), server.url)
    t.match(outcome, { state: 'incomplete', problem: /points to another origin/ })
  }
  t.match((await read(source(paged('/no-url')), server.url)).outcome, { state: 'incomplete', problem: /no URL/ })
  const moved = await read(source(listing('/moved')), server.url)
  t.match(moved.error, { code: 'FST_MODEL_SYNC_UPSTREAM', message: /points to another origin/ })
  t.notMatch(moved.error?.message, 'hunter22')
  const later = await read(source(paged('/moved'), listing('/x')), server.url)
  t.match(later.error?.message, /another origin/)
  t.same(foreign.requests, [])
  t.equal(await foreign.sockets(), 0)
})

t.test('redirects within the origin are followed three times', async (t) => {
  const server = await loopback(t, ({ url }, response) => {
    const left = Number(url?.slice(2))
    if (left === 0) return json(response, { data: ['there'] })
    const location = left % 2 === 1 ? `/r${left - 1}` : `${server.url}/r${left - 1}#x`
    response.writeHead(302, { location }).end()
  })
  const { pages, outcome } = await read(source(listing('/r3')), server.url)
  t.same(pages, [['/r3', ['there']]])
  t.equal(outcome?.requests, 4)
  t.match((await read(source(listing('/r4')), server.url)).error?.message, /redirected more than 3 times/)
  const lost = await loopback(t, (_, response) => void response.writeHead(302).end())
  t.match((await read(source(listing('/m')), lost.url)).error?.message, /answered 302 without a usable location/)
})

t.test('the next page comes while one is handed on, and no further one', async (t) => {
  const server = await loopback(t, ({ url }, response) => {
    const page = Number(new URL(url ?? '', 'http://loopback').searchParams.get('page') ?? 1)
    return json(response, { data: [page], more: page < 4 })
  })
  const askedMeanwhile: number[] = []
  const { outcome } = await read(source(counted('/m')), server.url, {
    onPage: async () => {
      await setTimeout(100)
      askedMeanwhile.push(server.requests.length)
    },
  })
  t.equal(outcome?.state, 'complete')
  t.same(askedMeanwhile, [2, 3, 4, 4])
})
