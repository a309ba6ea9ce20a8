/** Syncs of many users at once: a few ask, some wait, and the others are told to come back. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { loopback } from '../../support/loopback.js'

const AT_ONCE = 4
const WAITING = 20
const REFUSED = 3

t.test('four users at once, twenty wait, the next ones get 429; afterwards everybody is served', async (t) => {
  const gate = new EventTarget()
  let open = false
  let asking = 0
  let most = 0
  const vendor = await loopback(t, async (_request, response) => {
    asking += 1
    most = Math.max(most, asking)
    if (!open) await once(gate, 'open')
    asking -= 1
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[{"id":"gpt-4o"}]}')
  })
  const host = await startHost(t, await createPostgresDatabase(t), {
    settings: {
      authorize: [async () => undefined],
      authorizeUser: [async () => undefined],
      allowUnauthenticated: false,
      user: (request) => (request.headers['x-user'] as string | undefined) ?? null,
      providers: ['openai'],
      providerOptions: { openai: { baseUrl: vendor.url } },
      encryptionKey: randomBytes(32).toString('base64'),
    },
  })
  const as = (user: string, method: 'PUT' | 'POST', url: string, payload: object) =>
    host.request({ method, url, payload, headers: { 'x-user': user } })
  const users = Array.from({ length: AT_ONCE + WAITING + REFUSED }, (_, index) => `user-${index}`)
  for (const user of users)
    await as(user, 'PUT', '/models/credentials/openai', { apiKey: `sk-${user}-0123456789abcdef` })
  const asked = users.length
  asking = most = 0
  const answers: number[] = []
  const syncs = users.map(async (user) => {
    const { status, headers } = await as(user, 'POST', '/models/sync', {})
    answers.push(status)
    if (status === 429) t.ok(Number(headers['retry-after']) > 0)
  })
  while (answers.length < REFUSED || asking < AT_ONCE) await new Promise((resolve) => setTimeout(resolve, 10))
  t.strictSame(answers, Array(REFUSED).fill(429))
  open = true
  gate.dispatchEvent(new Event('open'))
  await Promise.all(syncs)
  t.equal(answers.filter((status) => status === 200).length, asked - REFUSED)
  t.equal(most, AT_ONCE, 'users whose providers were asked at the same time')
  t.equal((await as('user-0', 'POST', '/models/sync', {})).status, 200, 'every place was given back')
})
