/** Paging that several upstreams share, and a total that does not fit. */
import t from 'tap'
import { alibaba } from '../../../src/sources/providers/alibaba/alibaba.js'
import { featherless } from '../../../src/sources/providers/featherless/featherless.js'
import { belowTotal, entriesOfPages, pageToken } from '../../../src/sources/kit/paging.js'
import { openrouter } from '../../../src/sources/providers/openrouter.js'
import { json, loopback } from '../../support/loopback.js'
import { KEY, listing, read, source } from '../../upstream/reading.js'

t.test('a token leads on, whatever stands in its place otherwise is the end', async (t) => {
  const next = pageToken('next', 'cursor')
  t.same(next({ next: 'a+b/=' }, 1), { query: { cursor: 'a+b/=' } })
  for (const body of [{}, { next: null }, { next: '' }, { next: 5 }, [], null]) t.equal(next(body, 1), null)
})

t.test('only a later page may lack its list', async (t) => {
  const entries = entriesOfPages('models')
  t.same(entries({ models: [1] }), [1])
  t.throws(() => entries({}), { code: 'FST_MODEL_SYNC_MALFORMED_ANSWER' })
  t.same(entries({}, 2), [])
  t.throws(() => entries({ error: 'overloaded' }, 2), { code: 'FST_MODEL_SYNC_MALFORMED_ANSWER' })

  const server = await loopback(t, ({ url }, response) =>
    json(response, url === '/m' ? { models: [1], next: 'x' } : {}),
  )
  const paged = listing('/m', { entries, next: pageToken('next', 'token') })
  t.match((await read(source(paged), server.url)).outcome, { state: 'complete' })
})

t.test('a total above what came is said, the first of several places counts', async (t) => {
  const missing = belowTotal('page.total', 'total')
  t.equal(missing({ page: { total: 3 }, total: 9 }, 3), null)
  t.match(missing({ page: { total: 4 } }, 3), 'it counts 4 models and gave 3')
  t.match(missing({ total: 4 }, 3), 'counts 4')
  t.equal(missing({ total: 2 }, 3), null)
  for (const body of [{}, { total: '9' }, null, [], { page: null }]) t.equal(missing(body, 0), null)
})

t.test('what is missing makes the listing incomplete; a page that comes twice adds nothing', async (t) => {
  const counted = listing('/m', {
    next: (body, page) => ((body as { more: boolean }).more ? { query: { page: String(page + 1) } } : null),
    missing: belowTotal('total'),
    identify: (entry) => (typeof entry === 'string' ? entry : null),
  })
  for (const { total, pages, state } of [
    { total: 3, pages: [['a', 'b'], ['c']], state: 'complete' },
    { total: 4, pages: [['a', 'b'], ['c']], state: 'incomplete' },
    {
      total: 4,
      pages: [
        ['a', 'b'],
        ['b', 'a'],
      ],
      state: 'incomplete',
    },
    {
      total: 4,
      pages: [
        ['a', 'b'],
        [5, 6],
      ],
      state: 'complete',
    },
  ]) {
    const server = await loopback(t, ({ url }, response, count) => {
      const page = url === '/m' ? 0 : 1
      json(response, { data: pages[page], total, more: page === 0, count })
    })
    const { outcome, pages: given } = await read(source(counted), server.url)
    t.equal(outcome?.state, state, JSON.stringify(pages))
    t.equal(given.length, 2)
    if (state === 'incomplete') t.match(outcome?.problem, /GET \/m is not whole: it counts 4 models and gave [23]$/)
  }
})

t.test('a listing for whoever has a key is not asked for without one', async (t) => {
  const server = await loopback(t, (_, response) => json(response, { data: [1] }))
  const what = source(listing('/m'), listing('/prices', { needsKey: true }))
  const without = await read(what, server.url, { apiKey: null })
  t.match(without.outcome, { state: 'complete', requests: 1, warnings: [] })
  t.same(Object.keys(without.outcome!.validators), ['/m'])
  const again = await read(what, server.url, { apiKey: null, previous: without.outcome!.validators })
  t.equal(again.outcome?.state, 'not-modified')
  t.match((await read(what, server.url, { apiKey: KEY })).outcome, { state: 'complete', requests: 2 })
})

t.test('featherless: empty pages beyond its offset, and an answer without pages, are not whole', async (t) => {
  const model = { id: 'acme/thinker', status: 'active' }
  const server = await loopback(t, ({ url }, response) => {
    const page = Number(new URL(url ?? '', 'http://x').searchParams.get('page'))
    const pagination = { current_page: page, per_page: 1000, total_items: 49587, total_pages: 50 }
    json(response, { data: page === 1 ? [model] : [], total: 49587, pagination })
  })
  const { outcome } = await read(featherless, server.url)
  t.match(outcome, { state: 'incomplete', requests: 2, problem: /counts 49587 models and gave 1/ })

  const legacy = await loopback(t, (_, response) => json(response, { data: [model] }))
  t.match((await read(featherless, legacy.url)).outcome, { state: 'incomplete', problem: /does not count its models/ })
})

t.test('openrouter: a next page that is missing', async (t) => {
  const server = await loopback(t, (_, response) =>
    json(response, { data: [{ id: 'a/b' }], total_count: 2, links: { next: null } }),
  )
  t.match((await read(openrouter, server.url)).outcome, { state: 'incomplete', problem: /counts 2 models and gave 1/ })
})

t.test('alibaba: a page that comes again', async (t) => {
  const models = Array.from({ length: 100 }, (_, count) => ({ model: `m-${count}` }))
  for (const [found, problem] of [
    [1, /page 2 was asked for and page 1 came/],
    [2, /counts 150 models and gave 100/],
  ] as const) {
    const server = await loopback(t, (_, response, count) => {
      const output = { total: 150, page_no: count === 1 ? 1 : found, page_size: 100, models }
      json(response, { success: true, request_id: `r-${count}`, output })
    })
    t.match((await read(alibaba, server.url)).outcome, { state: 'incomplete', problem })
  }
})
