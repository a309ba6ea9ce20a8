/** Signed messages that start a sync, and intervals that are learned, through a host. */
import t, { type Test } from 'tap'
import { Webhook } from 'standardwebhooks'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, type HostOptions, type TestHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const URL = '/models/sync/webhook/litellm'
const database = await createPostgresDatabase(t)

async function host(t: Test, settings: HostOptions['settings'] = {}): Promise<TestHost> {
  const started = await startHost(t, database, {
    litellm: { models: [modelRow()] },
    settings: { webhookSecret: SECRET, ...settings },
  })
  await started.reset()
  return started
}

let count = 0
function signed(body: string, { id = `msg_${++count}`, secret = SECRET, at = new Date() } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
    'content-type': 'application/json',
  }
}
const send = (host: TestHost, headers: Record<string, string>, payload = '{}', url = URL) =>
  host.request<{ code: string; message: string }>({ method: 'POST', url, headers, payload })

t.test('a message signed by the public package starts a sync, one for several that come together', async (t) => {
  const app = await host(t)
  const finished = new Promise((resolve) => app.app.modelSync.on('finished', resolve))
  const body = '{"any": "thing",   "spaced": 1}'
  t.match(await send(app, signed(body), body), { status: 202, body: { provider: 'litellm', accepted: true } })
  t.match(await send(app, { ...signed('plain'), 'content-type': 'text/plain' }, 'plain'), { status: 202 })
  const empty = signed('')
  t.match(await app.request({ method: 'POST', url: URL, headers: { ...empty, 'content-type': 'text/plain' } }), {
    status: 202,
  })
  t.match(await finished, { trigger: 'reactive', newModels: 1, providers: [{ provider: 'litellm' }] })
  const { body: history } = await app.get<{ runs: object[] }>('/models/sync/history')
  t.equal(history.runs.length, 1)
})

t.test('a message is taken once, by whatever replica', async (t) => {
  const app = await host(t)
  const headers = signed('{}')
  t.match(await send(app, headers), { status: 202 })
  t.match(await send(app, headers), { status: 409, body: { code: 'FST_MODEL_SYNC_CONFLICT', message: /taken before/ } })
  const other = await startHost(t, database, { litellm: { models: [] }, settings: { webhookSecret: SECRET } })
  t.match(await send(other, headers), { status: 409 })
})

t.test('what is not signed, wrongly signed, changed or too old is a 401, and starts nothing', async (t) => {
  const app = await host(t)
  const minutes = (count: number) => new Date(Date.now() + count * 60_000)
  const wrong = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
  const good = signed('{}')
  for (const [what, headers, body] of [
    ['nothing', {}, '{}'],
    ['another secret', signed('{}', { secret: wrong }), '{}'],
    ['another body', signed('{}'), '{"a": 1}'],
    ['another id', { ...good, 'webhook-id': 'msg_other' }, '{}'],
    ['another version', { ...good, 'webhook-signature': good['webhook-signature'].replace('v1,', 'v1a,') }, '{}'],
    ['no signature', { ...good, 'webhook-signature': '' }, '{}'],
    ['six minutes ago', signed('{}', { at: minutes(-6) }), '{}'],
    ['in six minutes', signed('{}', { at: minutes(6) }), '{}'],
    ['a time that is none', { ...good, 'webhook-timestamp': 'now' }, '{}'],
  ] as [string, Record<string, string>, string][])
    t.match(await send(app, headers, body), { status: 401, body: { code: 'FST_MODEL_SYNC_UNAUTHORIZED' } }, what)
  const several = { ...good, 'webhook-signature': `v1,AAAA ${good['webhook-signature']}` }
  t.match(await send(app, several), { status: 202 }, 'one of several is right, as while a secret is changed')
  t.equal((await app.pool.query('SELECT FROM model_sync.webhook_messages')).rows.length, 1)
  t.notMatch(app.log.text(), SECRET.slice(6))
})

t.test('a provider that does not exist; and the other routes still take JSON alone', async (t) => {
  const app = await host(t)
  t.match(await send(app, signed('{}'), '{}', '/models/sync/webhook/nobody'), {
    status: 400,
    body: { code: 'FST_MODEL_SYNC_UNKNOWN_PROVIDER' },
  })
  const text = { method: 'POST', url: '/models/sync', headers: { 'content-type': 'text/plain' }, payload: 'x' } as const
  t.match(await app.request(text), { status: 415 })
})

t.test('off without a secret; a wrong one stops the start without showing it', async (t) => {
  const app = await startHost(t, database, { litellm: { models: [] } })
  t.match(await send(app, signed('{}')), { status: 404, body: { message: /MODEL_SYNC_WEBHOOK_SECRET/ } })
  await t.rejects(host(t, { webhookSecret: 'much too short' }), {
    code: 'FST_MODEL_SYNC_OPTIONS',
    message: /^MODEL_SYNC_WEBHOOK_SECRET \(webhookSecret\) is not valid/,
  })
})

t.test('closing drops what waits', async (t) => {
  const app = await host(t)
  await send(app, signed('{}'))
  const started = performance.now()
  await app.app.close()
  t.ok(performance.now() - started < 1900)
  t.equal((await app.pool.query('SELECT FROM model_sync.sync_runs')).rows.length, 0)
})

t.test('learned intervals: shown with their reason, kept to, and below an operator’s own', async (t) => {
  const app = await host(t, { adaptive: true, autoSync: true, syncIntervalHours: 12 })
  const provider = async () => (await app.get('/providers/litellm')).body
  await app.sync()
  t.match(await provider(), { effectiveInterval: 720, intervalReason: null }, 'until it is learned, the backend’s own')
  const { rows } = await app.pool.query<{ times: string[] }>('SELECT change_times AS times FROM model_sync.providers')
  t.equal(rows[0]?.times.length, 1)
  await app.sync()
  t.same(
    (await app.pool.query('SELECT change_times AS times FROM model_sync.providers')).rows,
    rows,
    'nothing has changed',
  )
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString()
  await app.pool.query('UPDATE model_sync.providers SET change_times = $1', [
    JSON.stringify([hours(13), hours(9), hours(5), hours(1)]),
  ])
  t.match(await provider(), {
    interval: null,
    effectiveInterval: 120,
    intervalReason: /change about every 4 hours \(the last 4 changes\); asked every 2 hours/,
  })
  const result = await app.app.modelSync.syncModels({ trigger: 'interval' })
  t.match(result, {
    runId: null,
    providers: [{ status: 'skipped', warnings: [/not due before .* change about every 4 hours/] }],
  })
  await app.request({ method: 'PATCH', url: '/providers/litellm', payload: { interval: 300 } })
  t.match(await provider(), { interval: 300, effectiveInterval: 300, intervalReason: null })
})

t.test(
  'after ten wrong signatures an address is told to wait, which is logged once, and a right one is never delayed',
  async (t) => {
    const app = await host(t)
    const wrong = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
    const { 'webhook-signature': _, ...unsigned } = signed('{}')
    for (let index = 0; index < 15; index += 1) t.equal((await send(app, unsigned)).status, 401, 'unsigned is no guess')
    for (let index = 0; index < 10; index += 1) t.equal((await send(app, signed('{}', { secret: wrong }))).status, 401)
    for (const seconds of ['1', '2', '4', '8']) {
      const refused = await send(app, signed('{}', { secret: wrong }))
      t.match(refused, {
        status: 429,
        body: { code: 'FST_MODEL_SYNC_TOO_MANY_GUESSES', message: /wrong tokens or signatures/ },
        headers: { 'retry-after': seconds },
      })
      t.equal((await send(app, signed('{}'))).status, 202, `at once, ${seconds} s of back-off or not`)
    }
    t.equal((await send(app, signed('other'), '{}')).status, 429, 'a good signature of another body is a wrong one')
    const lines = app.log.lines().filter(({ msg }) => /wrong token or signature/.test(msg))
    t.match(lines, [{ level: 40, address: '127.0.0.1', wrongTokens: 1 }])
    t.equal(lines.length, 1, 'once in a minute')
  },
)
