/** Many dry runs over HTTP: equal ones fetch once, a third of one user is 429 with Retry-After. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { heldUpstream } from '../../support/held-upstream.js'
import { startHost } from '../../support/host.js'

t.test('48 equal dry runs fetch once; a third one of the same user waits for its turn', async (t) => {
  const upstream = await heldUpstream(t)
  upstream.serve(['gpt-4o', 'gpt-4.1'])
  const host = await startHost(t, await createPostgresDatabase(t), {
    settings: {
      providers: ['openai'],
      providerOptions: { openai: { baseUrl: upstream.url, apiKey: 'sk-0123456789abcdef0123' } },
      timeoutMs: 30_000,
      user: ({ headers }) => (typeof headers['x-user'] === 'string' ? headers['x-user'] : null),
    },
  })
  const dryRun = (user: string, more: object = {}) =>
    host.request<{ planHash?: string; code?: string; message?: string }>({
      method: 'POST',
      url: '/models/sync',
      headers: { 'x-user': user },
      payload: { dryRun: true, ...more },
    })
  const [first, second] = [upstream.hold(), upstream.hold()]
  const equal = Array.from({ length: 48 }, () => dryRun('anna'))
  await first.arrived
  const other = dryRun('anna', { markUnavailable: false })
  await second.arrived

  const third = await dryRun('anna', { forceUpdate: true })
  t.match(third, { status: 429, body: { statusCode: 429, code: 'FST_MODEL_SYNC_TOO_MANY_RUNS' } })
  t.equal(third.headers['retry-after'], '5')
  t.equal((await dryRun('ben')).status, 200, 'another user has places of their own')
  t.equal(upstream.requests.length, 3)

  first.release()
  second.release()
  const answers = await Promise.all([...equal, other])
  t.ok(answers.every(({ status }) => status === 200))
  t.equal(new Set((await Promise.all(equal)).map(({ body }) => body.planHash)).size, 1)
  t.equal((await dryRun('anna', { forceUpdate: true })).status, 200, 'and then there is room')
})
