/** Every option: default, bounds, variable, and what a wrong value is answered with. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import {
  autoSyncInterval,
  environmentVariables,
  optionsFromEnv,
  readServerOptions,
  readSyncOptions,
  syncsOnStartup,
  type ServerSettingsInput,
} from '../src/options.js'
import * as options from '../src/options.js'

// What the reference backend reads; a host's optionsFromEnv may leave out what only a server has.
const fromEnv = (env: Record<string, string>): ServerSettingsInput =>
  ('serverOptionsFromEnv' in options ? (options.serverOptionsFromEnv as typeof optionsFromEnv) : optionsFromEnv)(env)
const read = (env: Record<string, string>) => readServerOptions(fromEnv(env))

t.test('defaults', async (t) => {
  t.match(read({}), {
    dataDir: './data',
    schema: 'model_sync',
    host: '127.0.0.1',
    port: 8081,
    prefix: '',
    logLevel: 'info',
    syncOnStartup: true,
    timeoutMs: 15_000,
    maxBodyBytes: 64 * 1024 * 1024,
    concurrency: 8,
    maxRemovalPercent: 50,
    missesBeforeUnavailable: 1,
    staleDays: 30,
  })
  for (const name of [
    'databaseUrl',
    'adminToken',
    'autoSync',
    'enabled',
    'syncIntervalMinutes',
    'syncIntervalHours',
    'providers',
  ])
    t.notOk(name in read({}), `${name} has none`)
  t.strictSame(readSyncOptions({}).timeoutMs, 15_000)
})

const READ: [variable: string, text: string, path: string, value: unknown][] = [
  ['DATABASE_URL', 'postgres://u:p@h/d', 'databaseUrl', 'postgres://u:p@h/d'],
  ['DATABASE_URL', 'postgresql:///d', 'databaseUrl', 'postgresql:///d'],
  ['MODEL_SYNC_DATA_DIR', ' /var/data ', 'dataDir', '/var/data'],
  ['MODEL_SYNC_SCHEMA', 'catalogue_2', 'schema', 'catalogue_2'],
  ['HOST', '::', 'host', '::'],
  ['PORT', '0', 'port', 0],
  ['PORT', '65535', 'port', 65_535],
  ['MODEL_SYNC_PREFIX', '/api/v1', 'prefix', '/api/v1'],
  ['ADMIN_TOKEN', 'xyz-'.repeat(4), 'adminToken', 'xyz-'.repeat(4)],
  ['MODEL_SYNC_ALLOWED_HOSTS', 'a.example,.b.example,[::1]', 'allowedHosts', ['a.example', '.b.example', '[::1]']],
  ['MODEL_SYNC_DOCS', 'off', 'docs', false],
  ['MODEL_SYNC_TRUST_PROXY', '1', 'trustProxy', '1'],
  ['MODEL_SYNC_TRUST_PROXY', 'loopback, 10.0.0.0/8,fd00::/8', 'trustProxy', 'loopback, 10.0.0.0/8,fd00::/8'],
  [
    'ADMIN_TOKENS',
    `alice:${'xy'.repeat(8)}, bob:${'y:'.repeat(8)}`,
    'adminTokens',
    [`alice:${'xy'.repeat(8)}`, `bob:${'y:'.repeat(8)}`],
  ],
  ['READ_TOKENS', `a.b@c-d:${'xy'.repeat(8)}`, 'readTokens', [`a.b@c-d:${'xy'.repeat(8)}`]],
  ['MODEL_SYNC_RATE_LIMIT_RESOLVE', '0', 'rateLimitResolve', 0],
  ['LOG_LEVEL', 'trace', 'logLevel', 'trace'],
  ['LOG_LEVEL', 'INFO', 'logLevel', 'info'],
  ['LOG_LEVEL', 'Warning', 'logLevel', 'warn'],
  ['LOG_LEVEL', 'CRITICAL', 'logLevel', 'fatal'],
  ['LOG_LEVEL', '50', 'logLevel', 'error'],
  ['LITELLM_API_URL', 'https://litellm.example.com/base', 'litellm.url', 'https://litellm.example.com/base'],
  ['LITELLM_API_KEY', 'sk-1', 'litellm.apiKey', 'sk-1'],
  ['LITELLM_SYNC_INTERVAL', '1', 'syncIntervalMinutes', 1],
  ['LITELLM_SYNC_INTERVAL', '43200', 'syncIntervalMinutes', 43_200],
  ['MODEL_SYNC_INTERVAL_HOURS', '0.5', 'syncIntervalHours', 0.5],
  ['MODEL_SYNC_INTERVAL_HOURS', '720', 'syncIntervalHours', 720],
  ['MODEL_SYNC_PROVIDERS', ' litellm , all,', 'providers', ['litellm', 'all']],
  ['MODEL_SYNC_TIMEOUT_MS', '100', 'timeoutMs', 100],
  ['MODEL_SYNC_MAX_BODY_BYTES', '1024', 'maxBodyBytes', 1_024],
  ['MODEL_SYNC_CONCURRENCY', '64', 'concurrency', 64],
  ['MODEL_SYNC_MAX_REMOVAL_PERCENT', '0', 'maxRemovalPercent', 0],
  ['MODEL_SYNC_MISSES_BEFORE_UNAVAILABLE', '100', 'missesBeforeUnavailable', 100],
  ['MODEL_SYNC_STALE_DAYS', '0.25', 'staleDays', 0.25],
  ['MODEL_SYNC_PROXY', 'proxy.corp:3128', 'proxy', 'proxy.corp:3128'],
  ['MODEL_SYNC_PROXY', 'none', 'proxy', 'none'],
  ['MODEL_SYNC_PROXY_PRIVATE', 'yes', 'proxyPrivate', true],
  ['HTTP_PROXY', 'http://proxy.corp:3128', 'httpProxy', 'http://proxy.corp:3128'],
  ['http_proxy', 'http://proxy.corp:3128', 'httpProxy', 'http://proxy.corp:3128'],
  ['https_proxy', 'socks5://proxy', 'httpsProxy', 'socks5://proxy'],
  ['no_proxy', 'localhost,.corp', 'noProxy', 'localhost,.corp'],
  ...(
    ['LITELLM_AUTO_SYNC:autoSync', 'MODEL_SYNC_ENABLED:enabled', 'MODEL_SYNC_ON_STARTUP:syncOnStartup'] as const
  ).flatMap((pair) => {
    const [variable, path] = pair.split(':') as [string, string]
    return [
      ...['true', '1', 'YES', 'On', ' true '].map((text): [string, string, string, unknown] => [
        variable,
        text,
        path,
        true,
      ]),
      ...['false', '0', 'no', 'OFF'].map((text): [string, string, string, unknown] => [variable, text, path, false]),
    ]
  }),
]

t.test('each variable is read', async (t) => {
  for (const [variable, text, path, value] of READ) {
    const found = path
      .split('.')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], read({ [variable]: text }))
    t.strictSame(found, value, `${variable}=${text}`)
  }
  const tested = new Set(READ.map(([variable]) => variable))
  const issue2 = environmentVariables().filter(
    (name) => !/PRICE|REJECTED|MIN_REMOVALS|MAX_PAGES|PROVIDER_OPTIONS|_BASE_URL$/.test(name),
  )
  t.ok([...tested].every((name) => environmentVariables().includes(name.toUpperCase())))
  t.ok(issue2.length >= tested.size)
})

t.test('of a proxy variable the one in lower case wins, unless it is empty', async (t) => {
  t.equal(read({ HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower' }).httpsProxy, 'http://lower')
  t.equal(read({ HTTPS_PROXY: 'http://upper', https_proxy: ' ' }).httpsProxy, 'http://upper')
  t.throws(() => read({ MODEL_SYNC_PROXY: 'socks5://bob:hunter22@proxy' }), {
    message: /^MODEL_SYNC_PROXY \(proxy\) is not valid: (?!.*hunter22)/,
  })
})

t.test('an empty variable is an unset one', async (t) => {
  const all = Object.fromEntries(environmentVariables().map((name) => [name, name.length % 2 === 0 ? '' : '  ']))
  t.strictSame(fromEnv(all), {})
})

const WRONG: [variable: string, text: string, allowed: RegExp][] = [
  ['LITELLM_SYNC_INTERVAL', '0', /1 to 43200/],
  ['LITELLM_SYNC_INTERVAL', '-5', /1 to 43200/],
  ['LITELLM_SYNC_INTERVAL', 'abc', /whole number/],
  ['LITELLM_SYNC_INTERVAL', '99999', /1 to 43200/],
  ['LITELLM_SYNC_INTERVAL', '1.5', /whole number/],
  ['LITELLM_SYNC_INTERVAL', '60m', /whole number/],
  ['LITELLM_SYNC_INTERVAL', '1e3', /whole number/],
  ['LITELLM_SYNC_INTERVAL', '0x10', /whole number/],
  ['LITELLM_SYNC_INTERVAL', 'NaN', /whole number/],
  ['LITELLM_SYNC_INTERVAL', 'Infinity', /whole number/],
  ['MODEL_SYNC_INTERVAL_HOURS', '0', /to 720/],
  ['MODEL_SYNC_INTERVAL_HOURS', '0.0001', /to 720/],
  ['MODEL_SYNC_INTERVAL_HOURS', '721', /to 720/],
  ['MODEL_SYNC_INTERVAL_HOURS', 'daily', /number/],
  ['LITELLM_AUTO_SYNC', 'maybe', /true or false/],
  ['LITELLM_AUTO_SYNC', '2', /true or false/],
  ['MODEL_SYNC_ENABLED', 'enabled', /true or false/],
  ['MODEL_SYNC_ON_STARTUP', 'y', /true or false/],
  ['LITELLM_API_URL', 'localhost:4000', /did you mean http:\/\/localhost:4000\?/],
  ['LITELLM_API_URL', 'ftp://h', /expected an address with http/],
  ['MODEL_SYNC_SCHEMA', 'a-b', /at most 63 letters, digits and underscores/],
  ['MODEL_SYNC_SCHEMA', '1a', /no digit first/],
  ['MODEL_SYNC_SCHEMA', 'a'.repeat(64), /at most 63/],
  ['PORT', '65536', /0 to 65535/],
  ['PORT', '-1', /0 to 65535/],
  ['PORT', 'http', /whole number/],
  ['MODEL_SYNC_TRUST_PROXY', 'true', /how many proxies stand in front/],
  ['MODEL_SYNC_TRUST_PROXY', 'proxy.example', /their addresses and ranges/],
  ['MODEL_SYNC_TRUST_PROXY', '10.0.0.0/99', /is "10\.0\.0\.0\/99": expected how many proxies stand in front/],
  ['MODEL_SYNC_TRUST_PROXY', '10.0.0.300', /their addresses and ranges/],
  ['MODEL_SYNC_TRUST_PROXY', 'loopback, fd00::/129', /their addresses and ranges/],
  ['MODEL_SYNC_TRUST_PROXY', '0.0.0.0/0', /their addresses and ranges/],
  ['MODEL_SYNC_TRUST_PROXY', ':::', /their addresses and ranges/],
  ['MODEL_SYNC_PUBLIC_URL', 'http://models.example:99999', /expected a port up to 65535/],
  ['MODEL_SYNC_ALLOWED_HOSTS', 'https://models.example.com', /without scheme and port/],
  ['MODEL_SYNC_ALLOWED_HOSTS', 'models.example.com:8080', /without scheme and port/],
  ['MODEL_SYNC_DOCS', 'never', /true or false/],
  ['LOG_LEVEL', 'loud', /fatal, error, warn, info, debug, trace, silent/],
  ['LOG_LEVEL', 'infos', /did you mean info\?/],
  ['MODEL_SYNC_PREFIX', 'api', /a path such as \/api\/v1.*did you mean \/api\?/],
  ['MODEL_SYNC_PREFIX', '/api/', /did you mean \/api\?/],
  ['MODEL_SYNC_PROVIDERS', 'LiteLLM', /did you mean litellm\?/],
  ['MODEL_SYNC_PROVIDERS', ',', /expected at least one/],
  ['MODEL_SYNC_TIMEOUT_MS', '99', /100 to 600000/],
  ['MODEL_SYNC_MAX_BODY_BYTES', '1', /1024 to/],
  ['MODEL_SYNC_CONCURRENCY', '0', /1 to 64/],
  ['MODEL_SYNC_CONCURRENCY', '65', /1 to 64/],
  ['MODEL_SYNC_MAX_REMOVAL_PERCENT', '101', /0 to 100/],
  ['MODEL_SYNC_MISSES_BEFORE_UNAVAILABLE', '0', /1 to 100/],
  ['MODEL_SYNC_STALE_DAYS', '-1', /0 to 3650/],
]

t.test('a wrong value is named with what was found and what is allowed', async (t) => {
  for (const [variable, text, allowed] of WRONG) {
    const error = await Promise.resolve()
      .then(() => read({ [variable]: text }))
      .then(
        () => null,
        (thrown: Error & { code: string }) => thrown,
      )
    t.equal(error?.code, 'FST_MODEL_SYNC_OPTIONS', `${variable}=${text}`)
    t.ok(error?.message.includes(variable), `${error?.message}`)
    // Neither a list nor a long text is shown.
    if (text !== ',' && text.length < 30) t.ok(error?.message.includes(text), `${error?.message}`)
    t.match(error?.message, allowed)
  }
})

t.test('a wrong token of somebody is refused without being shown', async (t) => {
  for (const name of ['ADMIN_TOKENS', 'READ_TOKENS'])
    for (const text of [
      'hunter2hunter2hunter2',
      'alice:hunter2',
      `alice:${'hunter2 '.repeat(4)}x`,
      `:${'hunter2'.repeat(4)}`,
    ]) {
      const error = await Promise.resolve()
        .then(() => read({ [name]: text }))
        .then(
          () => null,
          (thrown: Error & { code: string }) => thrown,
        )
      t.equal(error?.code, 'FST_MODEL_SYNC_OPTIONS', text)
      t.match(error?.message, name)
      t.notMatch(error?.message, 'hunter2')
    }
})

t.test('a list of tokens that holds none closes nothing, and is refused', async (t) => {
  for (const name of ['ADMIN_TOKENS', 'READ_TOKENS'])
    for (const text of [',', ' ; ', ',\n,'])
      t.throws(() => read({ [name]: text }), {
        code: 'FST_MODEL_SYNC_OPTIONS',
        message: new RegExp(`${name}.*at least one`),
      })
})

t.test('a token has one holder', async (t) => {
  const [one, other] = ['hunter2'.repeat(3), 'hunter3'.repeat(3)]
  for (const [env, message] of [
    [{ ADMIN_TOKENS: `alice:${one},bob:${one}` }, /bob of ADMIN_TOKENS .* token of alice/],
    [{ ADMIN_TOKENS: `alice:${one}`, READ_TOKENS: `rita:${one}` }, /rita of READ_TOKENS .* token of alice/],
    [{ ADMIN_TOKEN: one, ADMIN_TOKENS: `alice:${other},bob:${one}` }, /bob of ADMIN_TOKENS .* token of ADMIN_TOKEN /],
    [{ READ_TOKENS: `rita:${one},ruth:${other},rolf:${other}` }, /rolf of READ_TOKENS .* token of ruth/],
    [{ ADMIN_TOKENS: `sync:${one}` }, /ADMIN_TOKENS .* the name sync/],
  ] as const) {
    t.throws(() => read(env), { code: 'FST_MODEL_SYNC_OPTIONS', message })
    t.throws(() => read(env), { message: /^(?!.*hunter)/ })
  }
  // The new one of somebody beside the old one, and an entry twice.
  read({ ADMIN_TOKENS: `alice:${one},alice:${other},alice:${one}` })
})

t.test('all that is wrong is said at once', async (t) => {
  t.throws(() => read({ PORT: 'x', LITELLM_AUTO_SYNC: 'x' }), {
    message: /PORT.*LITELLM_AUTO_SYNC|LITELLM_AUTO_SYNC.*PORT/,
  })
  t.throws(() => read({ PORT: '70000', LOG_LEVEL: 'x' }), { message: /PORT.*LOG_LEVEL|LOG_LEVEL.*PORT/ })
})

t.test('no message shows a secret', async (t) => {
  const secrets: Record<string, string>[] = [
    { DATABASE_URL: 'mysql://user:s3cret@host/db' },
    { ADMIN_TOKEN: 's3cret' },
    { CRON_SECRET: 's3cret' },
    { MODEL_SYNC_ENCRYPTION_KEY: 's3cret' },
    { MODEL_SYNC_WEBHOOK_SECRET: 's3cret' },
    { MODEL_SYNC_NEWS_SLACK_URL: 'hooks.example/s3cret' },
    { LITELLM_API_URL: 'http:/user:s3cret@host' },
    { LITELLM_API_URL: 'ftp://user:s3cret@host:99/x' },
  ]
  for (const env of secrets) {
    t.throws(() => read(env), { message: new RegExp(Object.keys(env)[0]!) })
    try {
      read(env)
    } catch (error) {
      t.notMatch((error as Error).message, 's3cret')
    }
  }
})

t.test('plain options: unknown ones are refused, the given object stays as it is', async (t) => {
  t.throws(() => readSyncOptions({ intervall: 5 } as object), {
    code: 'FST_MODEL_SYNC_OPTIONS',
    message: 'there is no option intervall',
  })
  t.throws(() => readSyncOptions({ litellm: { key: 'x' } } as object), {
    message: 'there is no option litellm.key; did you mean litellm.apiKey?',
  })
  t.throws(() => readSyncOptions({ port: 80 } as object), { message: 'there is no option port' }, 'a host has its own')
  t.throws(() => readSyncOptions({ timeoutMs: '500' } as object), {
    message: /MODEL_SYNC_TIMEOUT_MS \(timeoutMs\) is "500": expected a whole number from 100/,
  })
  t.throws(() => readSyncOptions({ timeoutMs: Number.NaN }), { message: /timeoutMs/ })
  const given = { litellm: {} }
  t.match(readSyncOptions(given), { litellm: {} })
  t.strictSame(given, { litellm: {} })
})

t.test('whether and how often: every combination', async (t) => {
  const none = undefined
  const cases: [
    autoSync: boolean | undefined,
    enabled: boolean | undefined,
    minutes: number | undefined,
    hours: number | undefined,
    expected: number | null,
  ][] = [
    [none, none, none, none, null],
    [true, none, none, none, 60],
    [true, none, 5, none, 5],
    [none, none, 5, none, null],
    [false, none, 5, none, null],
    [none, true, none, none, 1_440],
    [none, true, 30, none, 30],
    [none, true, none, 6, 360],
    [true, true, none, none, 60],
    [none, none, none, 2, 120],
    [none, none, none, 0.25, 15],
    [none, none, none, 0.55, 33],
    [none, none, 120, 2, 120],
    [true, none, 33, 0.55, 33],
    [false, none, none, 2, null],
    [false, true, none, 2, null],
    [true, false, 5, none, null],
    [none, false, none, 2, null],
  ]
  for (const [autoSync, enabled, syncIntervalMinutes, syncIntervalHours, expected] of cases) {
    const given = Object.fromEntries(
      Object.entries({ autoSync, enabled, syncIntervalMinutes, syncIntervalHours }).filter(
        ([, value]) => value !== undefined,
      ),
    )
    t.equal(autoSyncInterval(given), expected, JSON.stringify(given))
  }
  t.throws(() => read({ LITELLM_SYNC_INTERVAL: '60', MODEL_SYNC_INTERVAL_HOURS: '2' }), {
    code: 'FST_MODEL_SYNC_OPTIONS',
    message: /MODEL_SYNC_INTERVAL_HOURS.*2 hours.*LITELLM_SYNC_INTERVAL.*60 minutes/,
  })
  t.equal(syncsOnStartup(readSyncOptions({})), true)
  t.equal(syncsOnStartup(readSyncOptions({ syncOnStartup: false })), false)
  t.equal(syncsOnStartup(readSyncOptions({ enabled: false })), false)
  t.equal(syncsOnStartup(readSyncOptions({ enabled: true, syncOnStartup: false })), false)
})

t.test('.env.example lists exactly what is read', async (t) => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  const listed = [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]!)
  t.strictSame([...new Set(listed)].sort(), [...environmentVariables()].sort())
  const set = Object.fromEntries(
    [...text.matchAll(/^([A-Z][A-Z0-9_]*)=([^\n#]*)/gm)].map((match) => [match[1]!, match[2]!]),
  )
  t.equal(read(set).autoSync, true, 'copied to .env it turns auto-sync on')
})

t.test('CRON_SECRET that is too short: what is too short about it, and how to make a longer one', async (t) => {
  t.throws(() => read({ CRON_SECRET: 'too-short' }), {
    message:
      'CRON_SECRET (cronSecret) is not valid: expected at least 16 characters, found 9 (openssl rand -hex 32 makes one)',
  })
})

t.test('a variable that nobody reads', async (t) => {
  const slips: [name: string, meant: RegExp][] = [
    ['MODEL_SYNC_MAXX', /did you mean MODEL_SYNC_MAX_\w+ or MODEL_SYNC_MAX_/],
    ['MODEL_SYNC_PROVIDER', /did you mean MODEL_SYNC_PROVIDERS\?/],
    ['MODEL_SYNC_INTERVAL', /did you mean MODEL_SYNC_INTERVAL_HOURS\?/],
    ['MODEL_SYNC_ONSTARTUP', /did you mean MODEL_SYNC_ON_STARTUP\?/],
    ['MODEL_SYNC_TIMEOUT', /did you mean MODEL_SYNC_TIMEOUT_MS\?/],
    ['MODEL_SYNC_DATABASE_URL', /did you mean DATABASE_URL\?/],
  ]
  for (const [name, meant] of slips)
    t.throws(() => read({ [name]: '1' }), { code: 'FST_MODEL_SYNC_OPTIONS', message: meant }, name)

  const warned = (env: Record<string, string>): string[] => {
    const lines: string[] = []
    options.serverOptionsFromEnv(env, (line) => lines.push(line))
    return lines
  }
  t.same(warned({ MODEL_SYNC_VERSION: '7' }), ['there is no variable MODEL_SYNC_VERSION'], 'a deployment’s own')
  t.same(warned({ LITELLM_AUTOSYNC: 'true' }), [
    'there is no variable LITELLM_AUTOSYNC; did you mean LITELLM_AUTO_SYNC?',
  ])
  t.same(
    warned({
      MODEL_SYNC_MAXX: '',
      // What Kubernetes sets for a service called model-sync.
      MODEL_SYNC_SERVICE_HOST: '10.0.0.1',
      MODEL_SYNC_SERVICE_PORT: '8081',
      MODEL_SYNC_SERVICE_PORT_HTTP: '8081',
      MODEL_SYNC_PORT: 'tcp://10.0.0.1:8081',
      MODEL_SYNC_PORT_8081_TCP: 'tcp://10.0.0.1:8081',
      MODEL_SYNC_PORT_8081_TCP_ADDR: '10.0.0.1',
      // Other programs'.
      LITELLM_MASTER_KEY: 'sk-1',
      LITELLM_API_BASE: 'nowhere',
      OPENAI_API_BASE: 'nowhere',
      // Named by another option.
      MODEL_SYNC_OPENAI_COMPATIBLE: 'mybox=http://box:8000;key=MODEL_SYNC_MYBOX_KEY',
      MODEL_SYNC_MYBOX_KEY: 'sk-1',
    }),
    [],
    'what is not ours is none of our business',
  )
})
