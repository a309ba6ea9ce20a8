/** /models/news: who is told, whether it arrives, and what is said of a receiver that is dead. */
import t from 'tap'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost, type Answer } from '../support/host.js'
import { manyRows } from '../support/litellm-rows.js'
import { startNewsReceiver } from '../support/news-receiver.js'

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
const receiver = await startNewsReceiver()
t.teardown(() => receiver.close())
const host = await startHost(t, await createPostgresDatabase(t), {
  litellm: { models: manyRows(2) },
  settings: {
    allowUnauthenticated: false,
    authorize: [
      async ({ headers }) => {
        if (headers['x-role'] !== 'admin')
          throw Object.assign(new Error('admins only'), { statusCode: 403, code: 'HOST_REFUSED' })
      },
    ],
    news: {
      billing: { type: 'webhook', url: receiver.url, secret: SECRET },
      team: { type: 'slack', url: receiver.url, kinds: ['failure'] },
    },
    newsAllowPrivateTargets: true,
  },
})

const asAdmin = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object): Promise<Answer> =>
  host.request({ method, url, headers: { 'x-role': 'admin' }, ...(payload === undefined ? {} : { payload }) })

/** Waits until the subscription `billing` is like this. */
async function billing(expected: object): Promise<Record<string, unknown>> {
  for (let tries = 0; ; tries++) {
    const { body } = await asAdmin('GET', '/models/news')
    const found = (body['subscriptions'] as Record<string, unknown>[]).find(({ name }) => name === 'billing')!
    if (Object.entries(expected).every(([name, value]) => found[name] === value)) return found
    if (tries === 200) throw new Error(`expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const health = async (): Promise<unknown> => {
  const { status, disabledNews } = (await host.get('/models/health')).body
  return { status, disabledNews }
}

t.test('the list holds neither address nor secret, and is for administrators', async (t) => {
  const { status, body, text } = await asAdmin('GET', '/models/news')
  t.equal(status, 200)
  const idle = {
    state: 'active',
    pending: 0,
    nextAttemptAt: null,
    failingSince: null,
    lastError: null,
    lastDeliveredAt: null,
    disabledAt: null,
    disabledReason: null,
  }
  const target = `127.0.0.1:${receiver.port}`
  t.strictSame(body['subscriptions'], [
    { name: 'billing', type: 'webhook', target, ...idle },
    { name: 'team', type: 'slack', target, ...idle },
  ])
  t.notMatch(text, 'secret-path')
  t.notMatch(text, SECRET)
  for (const [method, url] of [
    ['GET', '/models/news'],
    ['PATCH', '/models/news/billing'],
    ['POST', '/models/news/billing/test'],
  ] as const)
    t.match(await host.request({ method, url }), { status: 403, body: { code: 'HOST_REFUSED' } }, `${method} ${url}`)
})

t.test('a test message arrives; a subscription that there is not is a 404', async (t) => {
  t.match(await asAdmin('POST', '/models/news/billing/test'), { status: 202, body: { name: 'billing' } })
  t.match(await billing({ pending: 0 }), { state: 'active', lastDeliveredAt: String })
  t.match(receiver.received, [{ json: { type: 'news.test', data: {} } }])
  t.match(await asAdmin('POST', '/models/news/nobody/test'), {
    status: 404,
    body: { code: 'FST_MODEL_SYNC_NOT_FOUND', message: /"nobody".*billing, team/ },
  })
  t.equal((await asAdmin('PATCH', '/models/news/nobody', { enabled: true })).status, 404)
  for (const payload of [{}, { enabled: 'yes' }, { enabled: true, more: 1 }])
    t.match(await asAdmin('PATCH', '/models/news/billing', payload), {
      status: 400,
      body: { code: 'FST_MODEL_SYNC_VALIDATION' },
    })
})

t.test('switched off by hand: nothing is sent, and health says so; on again: everything', async (t) => {
  receiver.received.length = 0
  t.match(await asAdmin('PATCH', '/models/news/billing', { enabled: false }), {
    body: { state: 'disabled', disabledReason: 'switched off by hand' },
  })
  await host.request({ method: 'POST', url: '/models/sync', headers: { 'x-role': 'admin' } })
  t.strictSame(await health(), { status: 'degraded', disabledNews: ['billing'] })
  await asAdmin('PATCH', '/models/news/billing', { enabled: true })
  while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  t.match(receiver.received, [{ json: { type: 'models.changed', data: { counts: { added: 2 } } } }])
  await billing({ pending: 0, state: 'active' })
  t.strictSame(await health(), { status: 'ok', disabledNews: [] })
})

t.test('a receiver that has taken nothing for a week is given up, and that is said in three places', async (t) => {
  receiver.behave({ status: 500 })
  await asAdmin('POST', '/models/news/billing/test')
  t.match(await billing({ state: 'failing' }), { lastError: /answered 500/, nextAttemptAt: String })
  t.strictSame(await health(), { status: 'ok', disabledNews: [] }, 'it may come back')
  // A week later, at the time of the next attempt.
  await host.pool.query(
    `UPDATE model_sync.news_subscriptions
    SET failing_since = failing_since - interval '7 days', next_attempt_at = NULL
    WHERE name = 'billing'`,
  )
  await asAdmin('PATCH', '/models/news/team', { enabled: true })
  t.match(await billing({ state: 'disabled' }), { disabledReason: 'nothing has arrived for a week', pending: 1 })
  t.strictSame(await health(), { status: 'degraded', disabledNews: ['billing'] })
  t.equal((await host.get('/models/health')).status, 200, 'no orchestrator should restart a host for that')
  t.match(host.log.text(), /PATCH \/models\/news\/billing \{\\"enabled\\": true\} tries again, and nothing is lost/)
  receiver.received.length = 0
  receiver.behave({ status: 204 })
  t.match(await asAdmin('PATCH', '/models/news/billing', { enabled: true }), { body: { disabledAt: null } })
  await billing({ pending: 0, state: 'active' })
  t.match(receiver.received, [{ json: { type: 'news.test' } }], 'what had waited')
  t.notMatch(host.log.text(), 'secret-path')
})
