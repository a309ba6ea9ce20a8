/** Subscriptions out of options and environment, and what is said of those that lack something. */
import t from 'tap'
import { newsSubscriptions, optionsFromEnv, readSyncOptions } from '../../src/options.js'

const URL_WITH_SECRET = 'https://hooks.example.com/services/T0/B0/very-secret'
const SECRET = `whsec_${'a'.repeat(32)}`
const read = (env: Record<string, string>) => newsSubscriptions(readSyncOptions(optionsFromEnv(env)))

t.test('from the environment', async (t) => {
  const news = { all: { type: 'webhook', url: URL_WITH_SECRET, secret: SECRET, kinds: ['added'] } }
  const subscriptions = read({ MODEL_SYNC_NEWS: JSON.stringify(news), MODEL_SYNC_NEWS_SLACK_URL: URL_WITH_SECRET })
  t.strictSame(
    subscriptions.map(({ name, target }) => `${name} ${target.type}`),
    ['all webhook', 'slack slack'],
  )
  t.strictSame(read({}), [])
})

t.test('what is wrong is said, and never shows an address or a secret', async (t) => {
  const cases: [object, RegExp][] = [
    [{ a: { type: 'webhook', url: URL_WITH_SECRET } }, /news\.a\): a webhook needs a `secret`/],
    [
      { a: { type: 'slack', url: URL_WITH_SECRET, secret: SECRET } },
      /news\.a\): a slack takes no `secret`, only `url`/,
    ],
    [{ a: { type: 'webhook', url: URL_WITH_SECRET, secret: SECRET, to: ['a@b.example'] } }, /a webhook takes no `to`/],
    [{ a: { type: 'email', to: ['a@b.example'], url: URL_WITH_SECRET } }, /an e-mail takes no `url`, only `to`/],
    ...['a@b.example\r\nBcc: c@d.example', 'a\u2028@b', 'a b', '@b', 'a@', 'a@b\u0085'].map((to): [object, RegExp] => [
      { a: { type: 'email', to: [to] } },
      /news\.a\.to\.0\) is .*one line/s,
    ]),
    [{ a: { type: 'slack' } }, /news\.a\): a slack needs a `url`/],
    [{ a: { type: 'email', to: ['x@example.com'] } }, /MODEL_SYNC_SMTP_URL/],
    [{ a: { type: 'slack', url: `ftp${URL_WITH_SECRET}` } }, /news\.a\.url\) is not valid/],
    [{ a: { type: 'webhook', url: URL_WITH_SECRET, secret: 'very-secret' } }, /news\.a\.secret\) is not valid/],
    [{ a: { type: 'slack', url: URL_WITH_SECRET, models: ['/(/'] } }, /pattern/],
    [{ slack: { type: 'slack', url: URL_WITH_SECRET } }, /which news has too/],
  ]
  for (const [news, message] of cases) {
    const env = {
      MODEL_SYNC_NEWS: JSON.stringify(news),
      ...('slack' in news ? { MODEL_SYNC_NEWS_SLACK_URL: URL_WITH_SECRET } : {}),
    }
    try {
      read(env)
      t.fail(`${message}`)
    } catch (error) {
      t.match((error as Error).message, message)
      t.notMatch((error as Error).message, /very-secret/)
    }
  }
})

t.test('addresses of mail, with a name or without', async (t) => {
  const env = { MODEL_SYNC_SMTP_URL: 'smtps://mail.example', MODEL_SYNC_NEWS_FROM: 'Model sync <news@example.com>' }
  for (const to of ['a@b.example', 'Tëam (models) <a+b@mail.example>', 'root@localhost'])
    t.match(read({ ...env, MODEL_SYNC_NEWS: JSON.stringify({ a: { type: 'email', to: [to] } }) }), [
      { target: { to: [to] } },
    ])
  t.throws(() => read({ MODEL_SYNC_NEWS_FROM: 'a@b.example\nBcc: c@d.example' }), /MODEL_SYNC_NEWS_FROM.*in one line/s)
})
