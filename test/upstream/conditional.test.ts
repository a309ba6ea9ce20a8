/** Conditional requests: what is the same is neither sent again nor parsed. */
import t from 'tap'
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { json, loopback } from '../support/loopback.js'
import { listing, read, source } from './reading.js'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

t.test('304 round trip, with a weak ETag', async (t) => {
  const server = await loopback(t, ({ headers }, response) => {
    if (headers['if-none-match'] === 'W/"v1"') return void response.writeHead(304, { etag: 'W/"v1"' }).end()
    json(response, { data: ['a'] }, 200, { etag: 'W/"v1"' })
  })
  const first = await read(source(listing('/m')), server.url)
  t.same(first.outcome?.validators, { '/m': { etag: 'W/"v1"', sha256: sha('{"data":["a"]}') } })
  const stored = JSON.parse(JSON.stringify(first.outcome!.validators))
  const second = await read(source(listing('/m')), server.url, { previous: stored })
  t.match(second.outcome, { state: 'not-modified', problem: null, requests: 1, bytes: 0 })
  t.same(second.outcome?.validators, stored)
  t.same(second.pages, [])
})

t.test('the same bytes without an ETag are not parsed, also when compressed now; other bytes are', async (t) => {
  let body = '{"data":["a"]}'
  let zip = false
  const server = await loopback(t, (_, response) => {
    if (zip) response.setHeader('content-encoding', 'gzip')
    response.end(zip ? gzipSync(body) : body)
  })
  const what = source(listing('/m', { entries: () => [t.fail('was parsed')] }))
  const previous = { '/m': { etag: null, sha256: sha(body) } }
  t.match((await read(what, server.url, { previous })).outcome, { state: 'not-modified', validators: previous })
  zip = true
  t.match((await read(what, server.url, { previous })).outcome, { state: 'not-modified' })
  body = '{"data":["b"]}'
  const changed = await read(source(listing('/m')), server.url, { previous })
  t.match(changed.outcome, { state: 'complete', validators: { '/m': { etag: null, sha256: sha(body) } } })
  t.same(changed.pages, [['/m', ['b']]])
})

t.test('the newest ETag is kept: of a 304, and of the same bytes under a new one', async (t) => {
  const body = '{"data":[]}'
  const server = await loopback(t, ({ url }, response) => {
    if (url === '/same') return void response.writeHead(200, { etag: '"new"' }).end(body)
    response.writeHead(304, url === '/bare' ? {} : { etag: '"new"' }).end()
  })
  const before = { etag: '"old"', sha256: sha(body) }
  const previous = { '/same': before, '/renewed': before, '/bare': before }
  const { outcome } = await read(source(listing('/same'), listing('/renewed'), listing('/bare')), server.url, {
    previous,
  })
  t.same(outcome?.validators, {
    '/same': { etag: '"new"', sha256: before.sha256 },
    '/renewed': { etag: '"new"', sha256: before.sha256 },
    '/bare': before,
  })
  t.equal(outcome?.state, 'not-modified')
})

t.test('one of two listings changed: both are given whole, in their order', async (t) => {
  for (const changed of ['/a', '/b']) {
    const server = await loopback(t, ({ url, headers }, response) => {
      if (headers['if-none-match'] === '"1"' && url !== changed) return void response.writeHead(304).end()
      json(response, { data: [url] }, 200, { etag: url === changed ? '"2"' : '"1"' })
    })
    const before = { etag: '"1"', sha256: sha('x') }
    const { outcome, pages } = await read(source(listing('/a'), listing('/b')), server.url, {
      previous: { '/a': before, '/b': before },
    })
    t.equal(outcome?.state, 'complete')
    t.same(pages, [
      ['/a', ['/a']],
      ['/b', ['/b']],
    ])
    t.equal(
      server.requests.length,
      changed === '/b' ? 3 : 2,
      'a listing after the first change is not asked conditionally',
    )
    t.same(outcome?.validators, {
      '/a': { etag: changed === '/a' ? '"2"' : '"1"', sha256: sha('{"data":["/a"]}') },
      '/b': { etag: changed === '/b' ? '"2"' : '"1"', sha256: sha('{"data":["/b"]}') },
    })
  }
})

t.test('the same bytes before a change are parsed from what has come, not asked for again', async (t) => {
  const server = await loopback(t, ({ url }, response) => json(response, { data: [url] }))
  const previous = { '/a': { etag: null, sha256: sha('{"data":["/a"]}') }, '/b': { etag: null, sha256: sha('x') } }
  const { outcome, pages } = await read(source(listing('/a'), listing('/b')), server.url, { previous })
  t.match(outcome, { state: 'complete', requests: 2 })
  t.equal(pages.length, 2)
})

t.test('a listing that nothing is known of counts as changed', async (t) => {
  const server = await loopback(t, ({ url, headers }, response) =>
    headers['if-none-match'] === undefined ? json(response, { data: [url] }) : void response.writeHead(304).end(),
  )
  const { outcome, pages } = await read(source(listing('/a'), listing('/b')), server.url, {
    previous: { '/a': { etag: '"1"', sha256: 'x' } },
  })
  t.equal(outcome?.state, 'complete')
  t.equal(pages.length, 2)
})

t.test('a remembered refusal is unchanged while its status stays, and warns again', async (t) => {
  let status = 403
  const server = await loopback(t, ({ url, headers }, response) => {
    if (url === '/info') return json(response, { data: ['info'] }, status)
    if (headers['if-none-match'] === '"1"') return void response.writeHead(304).end()
    json(response, { data: ['v1'] }, 200, { etag: '"1"' })
  })
  const what = source(
    listing('/info', { without: (refusal) => ({ warning: `refused with ${refusal.status}`, complete: true }) }),
    listing('/v1'),
  )
  const first = await read(what, server.url)
  const previous = first.outcome!.validators
  t.same(previous['/info'], { etag: null, sha256: '', refused: { status: 403, warning: 'refused with 403' } })
  const same = await read(what, server.url, { previous })
  t.match(same.outcome, { state: 'not-modified', warnings: ['refused with 403'], validators: previous })
  t.same(same.pages, [])

  status = 401
  const other = await read(what, server.url, { previous })
  t.match(other.outcome, { state: 'complete', warnings: ['refused with 401'] })
  t.same(other.pages, [['/v1', ['v1']]])

  status = 200
  const open = await read(what, server.url, { previous })
  t.match(open.outcome, { state: 'complete', warnings: [] })
  t.same(open.pages, [
    ['/info', ['info']],
    ['/v1', ['v1']],
  ])
  t.equal(open.outcome?.validators['/info']?.refused, undefined)
})

t.test('a later listing that fails: the first is given after all, and the answer is incomplete', async (t) => {
  const server = await loopback(t, ({ url, headers }, response) => {
    if (url === '/b') return json(response, {}, 400)
    if (headers['if-none-match'] !== undefined) return void response.writeHead(304).end()
    json(response, { data: ['a'] })
  })
  const before = { etag: '"1"', sha256: sha('x') }
  const { outcome, pages } = await read(source(listing('/a'), listing('/b')), server.url, {
    previous: { '/a': before, '/b': before },
  })
  t.match(outcome, { state: 'incomplete', problem: /GET \/b answered 400/, validators: {} })
  t.same(pages, [['/a', ['a']]])
})

t.test('304 to a question without a condition is no answer', async (t) => {
  const server = await loopback(t, (_, response) => void response.writeHead(304).end())
  t.match((await read(source(listing('/m')), server.url)).error, {
    code: 'FST_MODEL_SYNC_UPSTREAM',
    message: /answered 304; expected 200/,
  })
})

t.test('an ETag that no header can carry is not kept', async (t) => {
  const server = await loopback(t, (_, response) => {
    response.setHeader('etag', '"\u00e9"')
    response.end('{"data":[]}')
  })
  t.match((await read(source(listing('/m')), server.url)).outcome, { validators: { '/m': { etag: null } } })
})
