/** No message about an option repeats what may be a secret, wherever somebody has put it; and every schema of options is closed. */
import t from 'tap'
import { shownOption, shownText } from '../../../src/core/input/shown-option.js'
import {
  environmentVariables,
  newsSubscriptions,
  readServerOptions,
  readSyncOptions,
  serverOptionsFromEnv,
} from '../../../src/options.js'
import { serverSchema } from '../../../src/options/options-schema.js'
import { checkAddresses, providerSetups } from '../../../src/plugins/provider-setups.js'
import { readProxyRules } from '../../../src/upstream/proxy-rules.js'

/** Everything that is said about an environment on the way to a server: an error, warnings, lines of the log. */
function said(env: Record<string, string>): string {
  const lines: string[] = []
  const log = { warn: (...parts: unknown[]) => void lines.push(JSON.stringify(parts)) }
  try {
    const settings = readServerOptions(serverOptionsFromEnv(env, (line) => lines.push(line)))
    newsSubscriptions(settings)
    readProxyRules(settings, (problem) => lines.push(problem))
    const setups = providerSetups({ ...settings, providers: settings.providers ?? ['all'] }, log)
    checkAddresses(
      setups,
      setups.setups.map(({ source }) => source.slug),
    )
    lines.push(JSON.stringify(setups.setups.map(({ source }) => ({ ...source, key: source.key.variables }))))
  } catch (error) {
    lines.push(`${(error as Error).name}: ${(error as Error).message}`)
  }
  return lines.join('\n')
}

const PASTED: [pasted: string, secret: string][] = [
  ['sk-acme2025', 'acme2025'],
  ['hunter2-of-anna', 'hunter2'],
  ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  ['Bearer abcd1234.efgh5678', 'efgh5678'],
  ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'wJalr'],
  ['http:/anna:hunter2@box:99', 'hunter2'],
  ['box:4000/?api_key=hunter2', 'hunter2'],
  ['ftp://box/#access_token=hunter2', 'hunter2'],
  ['{"key":"sk-acme2025"}', 'acme2025'],
  ['-----BEGIN PRIVATE KEY----- MIIEvQIBADANBgkq', 'MIIEvQ'],
  ['mybox=http://box:8000/v1;key=sk-acme2025', 'acme2025'],
  ['mybox=http://box:8000/v1;key=AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  ['mybox=http://box:8000/v1;key=sk-acme,2025hunter2', 'hunter2'],
  ['mybox;key=hunter2', 'hunter2'],
]

t.test('whatever variable a secret was put into, nothing repeats it', async (t) => {
  const leaks: string[] = []
  for (const variable of environmentVariables())
    for (const [pasted, secret] of PASTED) {
      const text = said({ [variable]: pasted })
      if (text.includes(secret)) leaks.push(`${variable}=${pasted}: ${text.slice(0, 300)}`)
    }
  t.strictSame(leaks, [])
  t.match(said({ PORT: 'sk-acme2025' }), /PORT is a text of 11 characters, expected a whole number/)
})

t.test('nor in code, in a member or as the name of one', async (t) => {
  const secret = 'sk-acme2025'
  const given: object[] = [
    { litellm: { url: secret } },
    { litellm: { [secret]: 'x' } },
    { [secret]: 1 },
    { providers: [secret] },
    { timeoutMs: secret },
    { schema: `${secret}-` },
    { news: { [secret.toUpperCase()]: { type: 'slack', url: 'https://box' } } },
    { news: { team: { type: secret } } },
    { news: { team: { type: 'webhook', url: `https://box/${secret}`, secret } } },
    { news: { team: { type: 'email', to: [secret] } } },
    { providerOptions: { [secret.toUpperCase()]: {} } },
    { providerOptions: { openai: { apiKey: '', keySettings: { [secret]: secret } } } },
    { providerOptions: { openai: { policy: secret, timeoutMs: secret } } },
    { openaiCompatible: [{ slug: 'box', url: 'https://box', keyVariable: secret }] },
    { openaiCompatible: [{ slug: secret.toUpperCase(), url: secret }] },
    { smtpUrl: `smtp//anna:${secret}@box` },
  ]
  for (const input of given) {
    const thrown = (() => {
      try {
        providerSetups(readSyncOptions(input), { warn: () => undefined })
        newsSubscriptions(readSyncOptions(input))
      } catch (error) {
        return (error as Error).message
      }
      return null
    })()
    t.ok(thrown, `${JSON.stringify(input)} is refused`)
    t.notMatch(thrown ?? '', /acme2025/i)
  }
})

t.test('a name of its variable that is none is refused, and the right one is not', async (t) => {
  const read = (key: string, env: Record<string, string> = {}) =>
    serverOptionsFromEnv({ MODEL_SYNC_OPENAI_COMPATIBLE: `one=http://a, box=http://box:8000;key=${key}`, ...env })
  for (const key of ['sk-acme2025', 'mybox_key', '', '$MYBOX_KEY', 'AKIAIOSFODNN7EXAMPLE'])
    t.throws(() => read(key), {
      message: /^entry 2 of MODEL_SYNC_OPENAI_COMPATIBLE has something else behind ;key= than the name of a variable/,
    })
  t.match(read('MYBOX_KEY', { MYBOX_KEY: 'k' }).openaiCompatible?.[1], { keyVariable: 'MYBOX_KEY', apiKey: 'k' })
  t.match(read('AKIAIOSFODNN7EXAMPLE', { AKIAIOSFODNN7EXAMPLE: 'k' }).openaiCompatible?.[1], { apiKey: 'k' })
})

t.test('what is no secret is shown', async (t) => {
  for (const text of ['localhost:4000', 'abc', '60m', 'infos', '1.5', '/api/', 'LiteLLM', '2026-01-02', 'a b'])
    t.equal(shownText(text), JSON.stringify(text))
  t.equal(shownText('https://anna:pw@box.example/v1?key=1#x'), '"https://box.example/v1"')
  t.equal(shownText(''), '""')
  t.equal(shownOption('timeoutMs', 99), '99')
  t.equal(shownOption('CRON_SECRET', 'abc'), 'not valid')
})

interface Schema {
  type?: string
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  additionalProperties?: unknown
  anyOf?: Schema[]
  items?: Schema
}

function* objectsOf(schema: Schema, path: string): Generator<[string, Schema]> {
  if (schema.type === 'object') yield [path, schema]
  const inner = [
    ...Object.entries(schema.properties ?? {}),
    ...Object.entries(schema.patternProperties ?? {}),
    ...(schema.anyOf ?? []).map((one, index): [string, Schema] => [String(index), one]),
    ...(schema.items === undefined ? [] : [['items', schema.items] as [string, Schema]]),
  ]
  for (const [name, one] of inner) yield* objectsOf(one, `${path}.${name}`)
}

t.test('every object of the options takes the members that it has, and no others', async (t) => {
  const objects = [...objectsOf(serverSchema as unknown as Schema, 'options')]
  t.ok(objects.length > 8)
  t.strictSame(
    objects.filter(([, { additionalProperties }]) => additionalProperties !== false).map(([path]) => path),
    [],
  )
})

t.test('a name that is no slug is refused, so that nothing behind it goes unchecked', async (t) => {
  for (const name of ['Team', 'a b', '', 'te\nam', '__proto__'])
    t.throws(
      () =>
        readSyncOptions({ news: Object.fromEntries([[name, { type: 'webhook', url: 'https://box', secret: '' }]]) }),
      { code: 'FST_MODEL_SYNC_OPTIONS', message: /MODEL_SYNC_NEWS \(news\) has the name .*: expected a slug/ },
      JSON.stringify(name),
    )
  t.throws(() => readSyncOptions({ providerOptions: { OpenAI: { policy: 'nonsense' } as object } }), {
    message: /MODEL_SYNC_PROVIDER_OPTIONS \(providerOptions\) has the name "OpenAI": expected a slug/,
  })
  t.throws(() => readSyncOptions({ providerOptions: { openai: { headers: { 'x\ny': 'a' } } } }), { message: /headers/ })
})

t.test('an empty secret is no secret', async (t) => {
  const empty: object[] = [
    { news: { team: { type: 'webhook', url: 'https://box', secret: '' } } },
    { news: { team: { type: 'webhook', url: 'https://box', secret: 'whsec_' } } },
    { cronSecret: '' },
    { webhookSecret: '' },
    { webhookSecret: 'whsec_' },
    { encryptionKey: '' },
    { litellm: { apiKey: '' } },
    { providerOptions: { openai: { apiKey: '' } } },
    { providerOptions: { openai: { keySettings: { AWS_REGION: '' } } } },
    { openaiCompatible: [{ slug: 'box', url: 'https://box', apiKey: '' }] },
  ]
  for (const input of empty)
    t.throws(() => readSyncOptions(input), { code: 'FST_MODEL_SYNC_OPTIONS' }, JSON.stringify(input))
  t.throws(() => readServerOptions({ adminToken: '' }), { code: 'FST_MODEL_SYNC_OPTIONS' })
})

t.test(
  'a key that no header can carry is refused before anything is opened, by the name of its variable',
  async (t) => {
    for (const [env, variable] of [
      [{ LITELLM_API_KEY: 'sk-acme hunter2' }, 'LITELLM_API_KEY'],
      [{ LITELLM_API_KEY: 'sk-acme\nhunter2' }, 'LITELLM_API_KEY'],
      [{ OPENROUTER_API_KEY: 'hunter2-é' }, 'OPENROUTER_API_KEY'],
      [{ MODEL_SYNC_OPENAI_COMPATIBLE: 'box=http://box:1/v1;key=BOX_KEY', BOX_KEY: 'hunter2\thunter2' }, 'BOX_KEY'],
    ] as const) {
      const text = said(env)
      t.match(text, `Error: ${variable} (the key of `)
      t.match(text, /has a blank, a line break or a character beyond ASCII/)
      t.notMatch(text, 'hunter2')
    }
    t.notMatch(said({ LITELLM_API_KEY: 'sk-1', OPENROUTER_API_KEY: 'sk-or/v1=+~' }), /beyond ASCII/)
    t.match(said({ MODEL_SYNC_PROVIDER_OPTIONS: '{"opnrouter":{}}' }), /Error: .*opnrouter/)
    t.match(said({ MODEL_SYNC_PROVIDER_OPTIONS: '{"openrouter":{"polcy":"sync"}}' }), /Error: .*did you mean .*policy/)
  },
)
