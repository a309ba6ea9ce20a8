/** A server that answers from the first moment: 503 until the application is there. */
import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import t from 'tap'
import { openWaitingRoom } from '../../src/server/waiting-room.js'

t.test('503 with Retry-After as JSON or as a page, then the application', async (t) => {
  const room = await openWaitingRoom({ host: '127.0.0.1', port: 0 })
  t.teardown(() => room.close())
  t.match(room.url, /^http:\/\/127\.0\.0\.1:\d+$/)

  const waiting = await fetch(`${room.url}/models/sync`, { method: 'POST', body: 'x'.repeat(300_000) })
  t.equal(waiting.status, 503)
  t.match(waiting.headers.get('retry-after'), /^[1-9]\d*$/)
  t.equal(waiting.headers.get('cache-control'), 'private, no-store')
  t.match(await waiting.json(), {
    statusCode: 503,
    code: 'FST_MODEL_SYNC_STARTING',
    error: 'Service Unavailable',
    message: /starting.*try again/,
  })

  room.explain('the database <does> not "answer"')
  const page = await fetch(`${room.url}/settings`, { headers: { accept: 'text/html,*/*' } })
  t.equal(page.status, 503)
  t.match(page.headers.get('content-type'), /^text\/html/)
  const html = await page.text()
  t.match(html, 'location.reload()')
  t.notMatch(html, 'http-equiv="refresh"', 'which loads nothing where the address has a fragment')
  t.notMatch(html, '<does>')
  const policy = page.headers.get('content-security-policy') ?? ''
  for (const [, tag, text = ''] of html.matchAll(/<(script|style)>(.*?)<\/\1>/gs))
    t.match(policy, createHash('sha256').update(text).digest('base64'), `the policy lets the ${tag} in`)

  room.open(
    (_request, response) => void response.end('the application'),
    async () => true,
  )
  t.equal(await (await fetch(room.url)).text(), 'the application')
})

t.test(
  'what an orchestrator asks: alive from the first moment, ready with the catalogue, no longer while it closes',
  async (t) => {
    const room = await openWaitingRoom({ host: '127.0.0.1', port: 0 })
    t.teardown(() => room.close())
    let readable = true
    const status = async (path: string): Promise<number> => (await fetch(room.url + path)).status
    t.strictSame([await status('/livez'), await status('/readyz')], [200, 503])
    const refuses = (_request: unknown, response: ServerResponse): void => void response.writeHead(421).end()
    room.open(refuses, async () => readable)
    t.strictSame([await status('/livez'), await status('/readyz')], [200, 200], 'whatever host the application knows')
    readable = false
    t.strictSame([await status('/livez'), await status('/readyz')], [200, 503])
    t.equal(await status('/livez/more'), 421)
  },
)

t.test('a port that is taken, an IPv6 address', async (t) => {
  const room = await openWaitingRoom({ host: '127.0.0.1', port: 0 })
  t.teardown(() => room.close())
  await t.rejects(openWaitingRoom({ host: '127.0.0.1', port: Number(new URL(room.url).port) }), { code: 'EADDRINUSE' })
  const six = await openWaitingRoom({ host: '::1', port: 0 }).catch((error: NodeJS.ErrnoException) => error)
  if (six instanceof Error) return t.match(six.code, /EADDRNOTAVAIL|EAFNOSUPPORT/)
  t.match(six.url, /^http:\/\/\[::1\]:\d+$/)
  await six.close()
})

t.test('closing ends connections that stay open', async (t) => {
  const room = await openWaitingRoom({ host: '127.0.0.1', port: 0 })
  await (await fetch(room.url, { headers: { connection: 'keep-alive' } })).text()
  const startedAt = performance.now()
  await room.close()
  t.ok(performance.now() - startedAt < 3000)
  await t.rejects(fetch(room.url))
})
