/** News: each change is told once, whatever the receiver does; on both databases, with a clock of the test's own. */
import { randomUUID } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { addDays } from '../../../src/core/model/deprecation.js'
import { openDatabase, type PooledDatabase } from '../../../src/store/database.js'
import { askForWork } from '../../../src/store/work/ask-for-work.js'
import { claimWork } from '../../../src/store/work/claim-work.js'
import { finishWork } from '../../../src/store/work/held-work.js'
import { Claim } from '../../../src/services/work/claim.js'
import { compileNewsFilter, type NewsFilter, type NewsTarget } from '../../../src/core/news/subscription.js'
import { requiresTls } from '../../../src/services/news/deliver-mail.js'
import { describeNews } from '../../../src/services/news/news-text.js'
import { NewsService } from '../../../src/services/news/news-service.js'
import { SecretDigests } from '../../../src/services/secret-digests.js'
import { createHttpClient } from '../../../src/upstream/http-client.js'
import { databaseKinds } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { manyRows } from '../../support/litellm-rows.js'
import { startNewsReceiver, type NewsReceiver } from '../../support/news-receiver.js'

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** `work`: one round of everything that is due, unless somebody else is at it. */
type News = NewsService & { work(): Promise<void> }

interface Setting {
  host: TestHost
  receiver: NewsReceiver
  clock: { now: number }
  open(t: Test, target?: NewsTarget, filter?: NewsFilter, options?: { publicOnly?: boolean }): Promise<News>
}

const suites: Record<string, (t: Test, setting: Setting) => Promise<void>> = {
  'a run is one message, signed, with what its models cost; nothing new is no message': async (t, setting) => {
    const { host, receiver, open } = setting
    const news = await open(t)
    host.litellm.models.push(
      ...manyRows(1, { seed: 9 }).map((row) => ({
        ...row,
        model_name: 'acme-9',
        model_info: { ...row.model_info, input_cost_per_token: 0.0000025, output_cost_per_token: 0.00001 },
      })),
    )
    const { runId } = await host.sync()
    await news.work()
    await host.sync()
    await news.work()
    t.equal(receiver.received.length, 1)
    const [message] = receiver.received
    const verified = new Webhook(SECRET).verify(message!.body, message!.headers as Record<string, string>)
    t.match(verified, { type: 'models.changed', data: { runId, parts: 1 } })
    const changes = message!.json.data.changes as { modelId: string; kind: string; tokenCost: string }[]
    t.equal(changes.filter(({ kind }) => kind === 'added').length, host.litellm.models.length)
    t.equal(changes.find(({ modelId }) => modelId === 'litellm/acme-9')?.tokenCost, '$2.50 in / $10 out per 1M tokens')
    t.throws(() => new Webhook(SECRET).verify(`${message!.body} `, message!.headers as Record<string, string>))
  },

  'edits by hand, a provider that is switched off and what was taken back are told too': async (t, setting) => {
    const { host, receiver, open } = setting
    const { runId } = await host.sync()
    const news = await open(t)
    await news.work()
    t.equal(receiver.received.length, 0, 'what was before the subscription is no news')
    const [id] = [...(await host.models()).values()].map((model) => model.id)
    await host.request({ method: 'PATCH', url: `/models/${id}`, payload: { contextLength: 77 } })
    await news.work()
    await host.request({ method: 'PATCH', url: '/providers/litellm', payload: { enabled: false } })
    await news.work()
    await host.request({ method: 'PATCH', url: '/providers/litellm', payload: { enabled: true } })
    await news.work()
    await host.request({ method: 'POST', url: `/models/sync/history/${runId}/undo` })
    await news.work()
    const told = receiver.received.map(({ json }) => json.data as { counts: object; runId: string | null })
    t.match(told[0], { runId: null, counts: { updated: 1 } })
    const size = host.litellm.models.length
    t.strictSame(
      told.slice(1).map(({ counts }) => counts),
      [{ unavailable: size }, { restored: size }, { unavailable: size }],
    )
  },

  'what upstream says beneath a pin is no news; a filter takes its part': async (t, setting) => {
    const { host, receiver, open } = setting
    await host.sync()
    const [first, second] = host.litellm.models
    const id = `litellm/${first!.model_name}`
    await host.request({ method: 'PATCH', url: `/models/${id}`, payload: { contextLength: 77 } })
    const all = await open(t)
    const one = await open(t, { type: 'slack', url: receiver.url }, { models: ['*/no-such-*'] })
    first!.model_info.max_input_tokens = 4242
    await host.sync()
    await all.work()
    t.equal(receiver.received.length, 0)
    second!.model_info.max_input_tokens = 4243
    await host.sync()
    await Promise.all([all.work(), one.work()])
    t.equal(receiver.received.length, 1)
    t.match(receiver.received[0]!.json.data, { counts: { updated: 1 } })
  },

  'what price books say otherwise is told once, and again only where it is another value': async (t, setting) => {
    const { host, receiver, open } = setting
    const news = await open(t, undefined, { kinds: ['doubt'] })
    const [row] = manyRows(1, { seed: 9 })
    const info = { ...row!.model_info, litellm_provider: 'openai', mode: 'chat', max_input_tokens: 128_000 }
    const prices = { input_cost_per_token: 0.005, output_cost_per_token: 0.000015 }
    const model = { ...row!, model_name: 'gpt-4o-2024-05-13', model_info: { ...info, ...prices } }
    host.litellm.models.splice(0, host.litellm.models.length, model)
    const { warnings } = await host.sync()
    t.match(warnings, [/1 new value is not what price books say: litellm\/gpt-4o-2024-05-13 inputCostPerToken 0\.005/])
    Object.assign(model.model_info, { description: 'another text' })
    t.strictSame((await host.sync()).warnings, [], 'the doubt is none of this sync’s')
    t.strictSame((await host.sync({ forceUpdate: true })).warnings, [])
    await news.work()
    await news.work()
    const [message] = receiver.received
    const doubts = [
      { modelId: 'litellm/gpt-4o-2024-05-13', field: 'inputCostPerToken', value: '0.005', reason: 'unit' },
    ]
    t.match(message?.json, { type: 'models.doubted', data: { provider: 'litellm', count: 1, doubts } })
    model.model_info.output_cost_per_token = 0.000016
    t.match((await host.sync()).warnings, [/ outputCostPerToken 0\.000016, expected 0\.000015 by genai-prices/])
    await news.work()
    t.equal(receiver.received.length, 2)
  },

  'what is switched off while an attempt is under way stays off, however that ends': async (t, setting) => {
    const { host, receiver, clock, open } = setting
    const news = await open(t)
    await host.sync()
    receiver.behave('hang')
    const attempt = news.work()
    while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const [name] = (await news.list()).map((record) => record.name)
    await news.change(name!, { enabled: false })
    await attempt
    t.match(await news.list(), [{ state: 'disabled', disabledReason: 'switched off by hand' }])
    clock.now += DAY
    await news.work()
    t.equal(receiver.received.length, 1)
    receiver.behave({ status: 204 })
    await news.change(name!, { enabled: true })
    await news.work()
    t.equal(receiver.accepted().length, 1, 'and comes when it is switched on')
  },

  'a receiver that fails, hangs and dies gets each message in the end, in order and under one id': async (
    t,
    setting,
  ) => {
    const { host, receiver, clock, open } = setting
    const news = await open(t)
    await host.sync()
    receiver.behave({ status: 500 })
    await news.work()
    await news.work()
    t.equal(receiver.received.length, 1, 'not before the pause is over')
    host.litellm.models.pop()
    await host.sync()
    clock.now += MINUTE
    receiver.behave('hang')
    await news.work()
    clock.now += 5 * MINUTE
    receiver.behave('reset')
    await news.work()
    const [state] = await news.list()
    t.match(state, { state: 'failing', pending: 2, lastDeliveredAt: null, type: 'webhook' })
    t.match(state!.lastError, /^127\.0\.0\.1:\d+ gave no answer \(\w+\)$/)
    t.notMatch(JSON.stringify(state), /secret-path/)
    clock.now += 60 * MINUTE
    receiver.behave({ status: 204 })
    await news.work()
    t.equal(new Set(receiver.received.slice(0, 4).map(({ headers }) => headers['webhook-id'])).size, 1)
    t.strictSame(
      receiver.accepted().map(({ json }) => Object.keys(json.data.counts as object)),
      [['added'], ['unavailable']],
    )
    t.match((await news.list())[0], { state: 'active', pending: 0, lastError: null })
  },

  'Retry-After is honoured': async (t, setting) => {
    const { host, receiver, clock, open } = setting
    const news = await open(t)
    await host.sync()
    receiver.behave({ status: 429, headers: { 'retry-after': '7200' } })
    await news.work()
    receiver.behave({ status: 204 })
    clock.now += 119 * MINUTE
    await news.work()
    t.equal(receiver.received.length, 1)
    clock.now += 2 * MINUTE
    await news.work()
    t.equal(receiver.accepted().length, 1)
  },

  'an endpoint that is dead for a week is disabled and says so; switched on again it gets everything': async (
    t,
    setting,
  ) => {
    const { host, receiver, clock, open } = setting
    const news = await open(t)
    await host.sync()
    receiver.behave({ status: 503 })
    for (let hours = 0; hours < 8 * 24; hours += 5) {
      await news.work()
      clock.now += 5 * 60 * MINUTE
    }
    t.match((await news.list())[0], { state: 'disabled', disabledReason: 'nothing has arrived for a week', pending: 1 })
    t.match(host.log.messages(50).at(-1), /News is no longer sent/)
    const { length } = receiver.received
    await news.work()
    t.equal(receiver.received.length, length)
    receiver.behave({ status: 204 })
    t.match(await news.change('team', { enabled: true }), { state: 'active' })
    await news.work()
    t.equal(receiver.accepted().length, 1)
    receiver.behave({ status: 410 })
    await news.test('team')
    await news.work()
    t.match((await news.list())[0], { state: 'disabled', disabledReason: /410/ })
    await t.rejects(news.test('nobody'), { code: 'FST_MODEL_SYNC_NOT_FOUND' })
  },

  'replicas share the work: nothing is sent twice': async (t, setting) => {
    const { host, receiver, open } = setting
    const replicas = [await open(t), await open(t), await open(t)]
    await host.sync()
    await Promise.all(replicas.map((news) => news.work()))
    t.equal(receiver.received.length, 1)
  },

  'what died while it was sending is sent again, by whoever comes': async (t, setting) => {
    const { host, receiver, open } = setting
    const news = await open(t)
    await host.sync()
    receiver.behave('hang')
    const dying = news.work()
    while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const other = await open(t)
    await other.work()
    t.equal(receiver.received.length, 1, 'while the lease holds nobody else sends')
    receiver.behave({ status: 204 })
    await host.pool.query(`UPDATE model_sync.work SET leased_until = now() WHERE kind = 'news team'`)
    await other.work()
    await dying.catch(() => undefined)
    t.equal(receiver.accepted().length, 1)
    t.equal(receiver.received[0]!.headers['webhook-id'], receiver.received[1]!.headers['webhook-id'])
  },

  'the end of a model is told 30, 7 and 1 day before, once each, also when nobody ran that day': async (t, setting) => {
    const { host, receiver, clock, open } = setting
    const news = await open(t, undefined, { kinds: ['deprecation'] })
    const today = new Date(clock.now).toISOString().slice(0, 10)
    const add = (providerModelId: string, days: number) =>
      host.request({
        method: 'POST',
        url: '/models',
        payload: { provider: 'house', providerModelId, deprecationDate: addDays(today, days), replacedBy: 'newer' },
      })
    await add('far', 400)
    await add('near', 32)
    const told: string[] = []
    // The server is down from the 20th to the 27th day.
    for (let day = 0; day < 35; day++, clock.now += DAY) {
      if (day >= 20 && day < 27) continue
      await news.work()
      await news.work()
      for (const { json } of receiver.received.splice(0)) {
        const { models } = json.data as { models: { modelId: string; daysLeft: number }[] }
        told.push(...models.map(({ modelId, daysLeft }) => `${day}: ${modelId} ${daysLeft}`))
      }
    }
    t.strictSame(told, ['2: house/near 30', '27: house/near 5', '31: house/near 1'])
  },

  'very many endings come in parts, and once; for people the first ones and how many there are': async (t, setting) => {
    const { host, receiver, clock, open } = setting
    await host.reset(manyRows(450, { seed: 4 }))
    await host.sync()
    const news = await open(t, undefined, { kinds: ['deprecation'] })
    await news.work()
    const slack = await open(t, { type: 'slack', url: receiver.url }, { kinds: ['deprecation'], models: ['litellm/*'] })
    await slack.work()
    const day = addDays(new Date(clock.now).toISOString().slice(0, 10), 5)
    await host.pool.query('UPDATE model_sync.models SET deprecation_date = $1', [day])
    await host.pool.query('UPDATE model_sync.catalogue SET revision = revision + 1')
    await news.work()
    const told = receiver.received.splice(0).map(({ json }) => json.data as Record<string, unknown[]>)
    t.match(
      told.map(({ part, parts, count }) => [part, parts, count]),
      [
        [1, 3, 450],
        [2, 3, 450],
        [3, 3, 450],
      ],
    )
    t.strictSame(
      told.map(({ models }) => models?.length),
      [200, 200, 50],
    )
    await slack.work()
    await slack.work()
    await news.work()
    t.match(
      receiver.received.map(({ json }) => json),
      [{ text: /450 models end soon/ }],
    )
    t.match(JSON.stringify(receiver.received[0]?.json), /and 4\d\d more/)
  },

  'a very long value is cut': async (t, setting) => {
    const { host, receiver, open } = setting
    await host.sync()
    const news = await open(t)
    await news.work()
    const [model] = (await host.models()).values()
    const description = 'é'.repeat(16_000)
    await host.request({ method: 'PATCH', url: `/models/${model!.id}`, payload: { description } })
    await news.work()
    const [change] = receiver.received[0]!.json.data.changes as { field: string; to: string }[]
    t.equal(change?.field, 'description')
    t.equal(change?.to, `${'é'.repeat(2000)}…`)
  },

  'the same failure is told once a day': async (t, setting) => {
    const { host, receiver, clock, open } = setting
    const news = await open(t)
    host.litellm.setFault('/model/info', { kind: 'status', status: 400 })
    const fail = async () => {
      await host.sync()
      await news.work()
    }
    await fail()
    await fail()
    t.equal(receiver.received.length, 1)
    t.match(receiver.received[0]!.json, { type: 'sync.failed', data: { errors: [/^litellm: /] } })
    await host.pool.query(`UPDATE model_sync.news_told SET at = at - interval '25 hours'`)
    await fail()
    t.equal(receiver.received.length, 2)
    clock.now += MINUTE
  },

  'members that nobody reads, and those that are gone, are told once': async (t, setting) => {
    const { host, receiver, open } = setting
    const news = await open(t, undefined, { kinds: ['drift'] })
    const sync = async () => {
      await host.sync()
      await news.work()
      return receiver.received.splice(0).map(({ json }) => json as { type: string; data: object })
    }
    const infos = () => host.litellm.models.map(({ model_info }) => model_info as Record<string, unknown>)
    const touch = () => (infos()[0]!['max_tokens'] = Math.round(Math.random() * 1e6))
    t.strictSame(await sync(), [])
    for (const info of infos()) info['price_of_thought'] = 'sk-proj-a1B2c3D4e5F6g7H8i9J0'
    const [told, ...more] = await sync()
    t.strictSame(more, [])
    t.match(told, {
      type: 'provider.drift',
      data: {
        members: [
          {
            ...{ provider: 'litellm', kind: 'unread', listing: '/model/info', path: 'model_info.price_of_thought' },
            ...{ looksLike: 'text', entries: 4, of: 4 },
          },
        ],
      },
    })
    t.notMatch(JSON.stringify(told), /a1B2c3/)
    touch()
    t.strictSame(await sync(), [], 'it is as it was')
    for (const info of infos()) delete info['price_of_thought']
    await sync()
    for (const info of infos()) info['price_of_thought'] = 1
    t.strictSame(await sync(), [], 'it is back')
    t.strictSame(await (await open(t, undefined, { kinds: ['drift'], providers: ['openai'] })).work(), undefined)
    t.strictSame(receiver.received, [])

    for (const [how, count] of [
      ['gone', 1],
      ['still gone', 0],
      ['back', 0],
      ['gone once more', 1],
    ] as const) {
      const mode = how === 'back' ? 'chat' : null
      for (const info of infos()) info['mode'] = mode
      touch()
      const [message] = await sync()
      t.equal(message === undefined ? 0 : 1, count, how)
      if (message === undefined) continue
      t.match(message.data, { members: [{ kind: 'vanished', path: 'model_info.mode', entries: 0, of: 4 }] }, how)
      t.match(describeNews(message as never).lines, [
        'litellm: model_info.mode (text) is gone from the entries; 0 of 4 still state it',
      ])
    }
  },

  'the event change tells what this process has committed, also by hand': async (t, { host }) => {
    const told: string[] = []
    const listener = ({
      kind,
      modelId,
      field,
      runId,
    }: {
      kind: string
      modelId: string
      field: string | null
      runId: string | null
    }) => void told.push(`${kind} ${modelId} ${field} ${runId === null ? 'by hand' : 'by a run'}`)
    host.app.modelSync.on('change', listener)
    t.teardown(() => host.app.modelSync.off('change', listener))
    host.litellm.models.splice(1)
    const id = `litellm/${host.litellm.models[0]!.model_name}`
    await host.sync()
    await host.request({ method: 'PATCH', url: `/models/${id}`, payload: { contextLength: 77 } })
    host.litellm.models[0]!.model_info.max_input_tokens = 4242
    await host.sync()
    await host.request({ method: 'PATCH', url: '/providers/litellm', payload: { enabled: false } })
    t.strictSame(told, [
      `added ${id} null by a run`,
      `updated ${id} contextLength by hand`,
      `unavailable ${id} null by hand`,
    ])
  },

  'Slack gets plain text, one line for each change': async (t, setting) => {
    const { host, receiver, open } = setting
    const news = await open(t, { type: 'slack', url: receiver.url })
    await host.request({
      method: 'POST',
      url: '/models',
      payload: { provider: 'house', providerModelId: '<!here>&co\n• *forged* <http://x|x>\u001b[2J\u0085\u202e' },
    })
    await news.work()
    const { text, blocks } = receiver.received[0]!.json
    t.equal(text, 'Models: 1 added')
    t.match(
      blocks?.[1]?.text.text,
      /^• house\/<!here>&co • \*forged\* <http:\/\/x\|x> \[2J +added: price per token unknown$/,
    )
    t.match(blocks?.[1]?.text, { type: 'plain_text' })
  },

  'e-mail goes over SMTP': async (t, setting) => {
    const { host, open } = setting
    const mail = await startMailServer(t)
    const target = { type: 'email', to: ['ops@example.com'], from: 'models@example.com', smtpUrl: mail.url } as const
    const news = await open(t, target)
    const { body } = await host.request<{ id: string }>({
      method: 'POST',
      url: '/models',
      payload: { provider: 'house', providerModelId: 'one', inputCostPerToken: '0', outputCostPerToken: '0.000002' },
    })
    await news.work()
    t.equal(mail.messages.length, 1)
    t.match(mail.messages[0], /^Subject: Models: 1 added\r$/m)
    t.match(mail.messages[0], `${body.id} added: $0 in / $2 out per 1M tokens`)
    t.match(mail.messages[0], /^Auto-Submitted: auto-generated\r$/m)
    t.match((await news.list())[0], { target: '1 person', state: 'active' })
  },

  'e-mail and its password do not go to a server in clear text, unless it is on this machine': async (t, setting) => {
    const mail = await startMailServer(t)
    const smtpUrl = `${mail.url.replace('//', '//user:password@')}?requireTLS=true`
    const news = await setting.open(t, { type: 'email', to: ['ops@example.com'], from: 'models@example.com', smtpUrl })
    await news.test('team')
    await news.work()
    t.match((await news.list())[0]?.lastError, /the mail server did not take it/)
    t.strictSame(mail.messages, [])
    for (const host of ['mail.example.com', '10.0.0.5', '127.evil.example', '[2001:db8::1]', 'localhost.example'])
      t.equal(requiresTls(`smtp://user:password@${host}:587`), true, host)
    for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])
      t.equal(requiresTls(`smtp://${host}:25`), false, host)
    t.equal(requiresTls('smtp://mail.example.com?requireTLS=false'), false, 'asked otherwise')
    t.equal(requiresTls('smtp://mail.example.com?ignoreTLS=true'), false, 'asked otherwise')
    t.equal(requiresTls('smtps://mail.example.com'), false, 'TLS from the first byte')
  },

  'a target in the private network is refused when it is connected to, and no redirect is followed': async (
    t,
    setting,
  ) => {
    const { host, receiver, clock, open } = setting
    await host.sync()
    for (const name of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      const url = receiver.url.replace('127.0.0.1', name)
      const news = await open(t, { type: 'slack', url }, undefined, { publicOnly: true })
      await news.test('team')
      await news.work()
      t.match((await news.list())[0]?.lastError, /private, loopback or link-local/, name)
      clock.now += DAY
    }
    t.equal(receiver.received.length, 0)
    receiver.behave({ status: 307, headers: { location: receiver.url } })
    const news = await open(t, { type: 'slack', url: receiver.url })
    await news.work()
    t.equal(receiver.received.length, 1)
    t.match((await news.list())[0]?.lastError, /redirect is not followed/)
  },
}

for (const [kind, createDatabase] of databaseKinds) {
  t.test(kind, async (t) => {
    const host = await startHost(t, await createDatabase(t), { settings: { minRemovals: 1000, maxPriceFactor: 1e9 } })
    for (const [name, suite] of Object.entries(suites)) {
      await t.test(name, async (t) => {
        await host.reset(manyRows(4, { seed: 3 }))
        const receiver = await startNewsReceiver()
        t.teardown(() => receiver.close())
        const clock = { now: Date.now() }
        const open: Setting['open'] = async (t, target, filter = {}, { publicOnly = false } = {}) => {
          const client = createHttpClient({ timeoutMs: 300, publicOnly })
          const database = openDatabase(host.pool, 'model_sync')
          const kinds: string[] = []
          const news = new NewsService({
            database,
            log: host.log.logger,
            digests: new SecretDigests([Buffer.alloc(32, 1)]),
            subscriptions: [
              {
                name: 'team',
                target: target ?? { type: 'webhook', url: receiver.url, secret: SECRET },
                wants: compileNewsFilter(filter),
              },
            ].map((subscription) =>
              target?.type === 'slack' && filter.models ? { ...subscription, name: 'other' } : subscription,
            ),
            client,
            userAgent: 'test',
            timeoutMs: 300,
            random: () => 0.5,
            now: () => clock.now,
            work: { register: (kind) => void kinds.push(kind), ask: async () => null, hasten: async () => undefined },
          })
          t.teardown(async () => {
            await news.close()
            await client.close()
          })
          await news.register()
          return Object.assign(news, { work: () => workOnce(database, news, kinds) })
        }
        await suite(t, { host, receiver, clock, open })
      })
    }
  })
}

/** As the replicas do: with a claim, which one of them has at a time. */
async function workOnce(database: PooledDatabase, news: NewsService, kinds: readonly string[]): Promise<void> {
  const by = { call: randomUUID(), holder: { id: randomUUID(), name: 'test' }, leaseMs: 30_000 }
  for (const kind of kinds) {
    const name = kind.replace('news ', '')
    const work = { kind, key: name, lane: null, asked: null, mostWaiting: null, dueInMs: 0, claims: false }
    await askForWork(database, work, by)
    const { claimed } = await claimWork(database, { ...by, kinds: new Map([[kind, 1]]), except: [] })
    if (claimed[0] === undefined) continue
    const claim = new Claim(claimed[0], { ...by, alone: false, clock: () => performance.now() }, performance.now())
    try {
      await news.attend(name, claim)
    } finally {
      await finishWork(database, [claim])
    }
  }
}

/** As much of SMTP as it takes to receive a message. */
async function startMailServer(t: Test) {
  const messages: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let data: string | null = null
    socket.write('220 loopback ESMTP\r\n')
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      if (data !== null) {
        data += text
        if (!data.endsWith('\r\n.\r\n')) return
        messages.push(data)
        data = null
        socket.write('250 OK\r\n')
      } else if (text.startsWith('DATA')) {
        data = ''
        socket.write('354 go on\r\n')
      } else if (text.startsWith('QUIT')) socket.end('221 bye\r\n')
      else socket.write(text.startsWith('EHLO') ? '250 loopback\r\n' : '250 OK\r\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, messages }
}
