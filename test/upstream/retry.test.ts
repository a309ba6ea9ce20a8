/** Further attempts: for what, how often, and after how long. */
import t from 'tap'
import { json, loopback } from '../support/loopback.js'
import { listing, read, source } from './reading.js'

t.test('what may pass is tried again, with growing full jitter', async (t) => {
  for (const status of [429, 500, 502, 503, 504]) {
    const server = await loopback(t, (_, response, count) =>
      count < 3 ? json(response, {}, status) : json(response, { data: [1] }),
    )
    const { outcome, waits } = await read(source(listing('/m')), server.url)
    t.match(outcome, { state: 'complete', requests: 3 })
    t.same(waits, [250, 500])
  }
})

t.test('back-off doubles up to 10 s', async (t) => {
  const server = await loopback(t, (_, response) => json(response, {}, 500))
  const { error, waits } = await read(source(listing('/m')), server.url, { retries: 7, random: () => 0.999 })
  t.same(waits, [500, 999, 1998, 3996, 7992, 9990, 9990])
  t.match(error?.message, /answered 500; tried 8 times/)
})

t.test('what will not pass is not', async (t) => {
  for (const status of [400, 401, 403, 404, 410, 501]) {
    const server = await loopback(t, (_, response) => json(response, {}, status))
    const { error } = await read(source(listing('/m')), server.url)
    t.match(error?.message, new RegExp(`answered ${status}`))
    t.equal(server.requests.length, 1)
  }
})

t.test('a connection that breaks is tried again: before the headers, and in the body', async (t) => {
  for (const part of ['', '{"data"']) {
    const server = await loopback(t, (_, response, count) => {
      if (count === 2) return json(response, { data: [1] })
      if (part === '') return void response.destroy()
      response.writeHead(200, { 'content-length': '1000' }).write(part)
      setTimeout(() => response.destroy(), 20)
    })
    const { outcome, waits } = await read(source(listing('/m')), server.url)
    t.match(outcome, { state: 'complete', requests: 2 })
    t.same(waits, [250])
  }
})

t.test('a slow server is not made to do it again', async (t) => {
  const server = await loopback(t, ({ url }, response) => {
    if (url === '/body') response.write('{')
  })
  t.ok((await read(source(listing('/body')), server.url, { timeoutMs: 80 })).error)
  t.ok((await read(source(listing('/head')), server.url, { timeoutMs: 80 })).error)
  t.equal(server.requests.length, 2)
})

t.test('Retry-After: seconds, a date, capped at 30 s, nonsense ignored', async (t) => {
  for (const [header, ms] of [
    ['2', 2000],
    ['0', 0],
    ['3600', 30_000],
    ['99999999999999999999', 30_000],
    ['Sat, 21 Nov 2026 10:00:05 GMT', 5000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['Sat, 21 Nov 2026 19:00:00 GMT', 30_000],
    ['soon', 250],
    ['-1', 250],
    ['1.5', 250],
  ] as const) {
    const server = await loopback(t, (_, response, count) =>
      count === 1 ? json(response, {}, 503, { 'retry-after': header }) : json(response, { data: [] }),
    )
    const { outcome, waits } = await read(source(listing('/m')), server.url)
    t.equal(outcome?.state, 'complete')
    t.same(waits, [ms], header)
  }
})

t.test('no further attempts when none are wanted', async (t) => {
  const server = await loopback(t, (_, response) => json(response, {}, 503))
  const { error, waits } = await read(source(listing('/m')), server.url, { retries: 0 })
  t.match(error?.message, /^GET \/m answered 503$/)
  t.same(waits, [])
})
