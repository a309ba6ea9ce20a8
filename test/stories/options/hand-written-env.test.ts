/** Variables as people and other tools write them: what is plain is taken, the rest is answered with what to write. */
import t from 'tap'
import { optionsFromEnv, readServerOptions, readSyncOptions, serverOptionsFromEnv } from '../../../src/options.js'

const refusal = (env: Record<string, string>): string => {
  try {
    readServerOptions(serverOptionsFromEnv(env))
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

t.test('a byte order mark in front of the first line hides no variable', async (t) => {
  t.match(optionsFromEnv({ '\uFEFFLITELLM_API_URL': 'http://box:4000' }), { litellm: { url: 'http://box:4000' } })
  t.match(optionsFromEnv({ '\uFEFFMODEL_SYNC_PROVIDERS': 'openai' }), { providers: ['openai'] })
  t.match(refusal({ '\uFEFFMODEL_SYNC_MAXX': '1' }), 'did you mean MODEL_SYNC_MAX_')
})

t.test('quotes that Docker keeps are no part of a value', async (t) => {
  t.match(
    optionsFromEnv({
      LITELLM_API_URL: '"http://box:4000"',
      LITELLM_API_KEY: "'sk-1'",
      LITELLM_AUTO_SYNC: '"true"',
      MODEL_SYNC_TIMEOUT_MS: "'5000'",
      OPENAI_API_KEY: ' "sk-2" ',
      OPENAI_HEADERS: '{"a": "b"}',
    }),
    {
      litellm: { url: 'http://box:4000', apiKey: 'sk-1' },
      autoSync: true,
      timeoutMs: 5000,
      providerOptions: { openai: { apiKey: 'sk-2', headers: '{"a": "b"}' } },
    },
  )
  t.strictSame(optionsFromEnv({ LITELLM_API_KEY: '""' }), {}, 'and nothing between them is nothing')
  t.match(optionsFromEnv({ LITELLM_API_KEY: '"odd' }), { litellm: { apiKey: '"odd' } }, 'one alone belongs to it')
})

t.test('names in a list may stand behind commas, semicolons and blanks', async (t) => {
  for (const text of ['openai,anthropic', 'openai anthropic', 'openai; anthropic', ' openai,\n anthropic, '])
    t.strictSame(optionsFromEnv({ MODEL_SYNC_PROVIDERS: text }).providers, ['openai', 'anthropic'], text)
})

t.test('a number with a unit is answered with the bounds', async (t) => {
  t.equal(
    refusal({ MODEL_SYNC_TIMEOUT_MS: '15s' }),
    'MODEL_SYNC_TIMEOUT_MS is "15s", expected a whole number from 100 to 600000, digits alone',
  )
  t.match(refusal({ MODEL_SYNC_MAX_BODY_BYTES: '64MB' }), /from 1024 to 1073741824/)
  t.match(refusal({ MODEL_SYNC_MAX_REMOVAL_PERCENT: '50%' }), /expected a number from 0 to 100/)
})

t.test('a list where an object belongs is not called broken JSON', async (t) => {
  t.match(refusal({ MODEL_SYNC_PROVIDER_OPTIONS: '[]' }), /is no JSON object, expected one such as \{/)
  t.match(refusal({ MODEL_SYNC_NEWS: '{a: 1}' }), /is no JSON object, expected one such as \{/)
})

t.test('an endpoint without a scheme is spelled right, and its password is not shown', async (t) => {
  t.match(refusal({ MODEL_SYNC_OPENAI_COMPATIBLE: 'a=localhost:8000/v1' }), 'did you mean http://localhost:8000/v1?')
  const openaiCompatible = [{ slug: 'a', url: 'me:s3cret@box:8000' }]
  t.throws(() => readSyncOptions({ openaiCompatible }), /redacted|did you mean http:\/\/box:8000/)
  t.doesNotThrow(() => readSyncOptions({ openaiCompatible: [{ slug: 'a', url: 'http://me:s3cret@box:8000' }] }))
})

t.test('another name for the proxy’s address or key is spelled right, and its value is not shown', async (t) => {
  const warned = (env: Record<string, string>): string[] => {
    const lines: string[] = []
    t.strictSame(serverOptionsFromEnv(env, (line) => lines.push(line)).litellm, undefined, 'it is not used')
    return lines
  }
  for (const name of ['LITELLM_URL', 'LITELM_API_URL', 'LITELLM_BASE_URL', 'LITELLM_PROXY_URL', 'LITE_LLM_API_URL'])
    t.strictSame(warned({ [name]: 'http://user:pw@box:4000' }), [
      `there is no variable ${name}; did you mean LITELLM_API_URL?`,
    ])
  for (const name of ['LITELLM_KEY', 'LITELLM_API_TOKEN', 'LITELLM_APIKEY', 'LITELLLM_API_KEY'])
    t.strictSame(warned({ [name]: 'sk-secret' }), [`there is no variable ${name}; did you mean LITELLM_API_KEY?`])
  for (const name of ['LITELLM_SALT_KEY', 'LITELLM_MASTER_KEY', 'LITELLM_API_BASE', 'LITELLM_LOG', 'OLLAMA_URL'])
    t.strictSame(warned({ [name]: 'x' }), [], name)
  t.strictSame(warned({ LITELLM_URL: 'x', MODEL_SYNC_PROVIDERS: 'openai' }), [], 'LiteLLM is not asked')
  const lines: string[] = []
  const both = { LITELLM_URL: 'http://a', LITELLM_API_URL: 'http://b' }
  t.match(
    serverOptionsFromEnv(both, (line) => lines.push(line)),
    { litellm: { url: 'http://b' } },
  )
  t.strictSame(lines, [])
})

t.test('a secret that no header can carry is refused with the reason', async (t) => {
  for (const [variable, secret] of [
    ['ADMIN_TOKEN', 'geheimes-schlüsselwort'],
    ['ADMIN_TOKEN', 'sixteen characters\u2026'],
    ['CRON_SECRET', 'пароль-пароль-пароль'],
  ] as const) {
    const message = refusal({ [variable]: secret })
    t.match(message, new RegExp(`^${variable} .*expected ASCII characters alone, since clients send it in a header`))
    t.notMatch(message, secret)
  }
  t.equal(refusal({ ADMIN_TOKEN: 'a sentence of more than sixteen' }), '')
})

t.test('an interval in hours that is too short is answered in words', async (t) => {
  for (const hours of ['0.0001', '0', '721'])
    t.match(refusal({ MODEL_SYNC_INTERVAL_HOURS: hours }), /expected a number of hours from 0\.001 \(3\.6 s\) to 720/)
  t.match(refusal({ MODEL_SYNC_INTERVAL_HOURS: '1h' }), /expected a number of hours/)
  t.equal(refusal({ MODEL_SYNC_INTERVAL_HOURS: '0.001' }), '')
})

t.test('news without what their type needs are refused with the options', async (t) => {
  t.match(refusal({ MODEL_SYNC_NEWS: '{"ops": {"type": "webhook"}}' }), /MODEL_SYNC_NEWS \(news\.ops\).*needs a `url`/)
  t.match(refusal({ MODEL_SYNC_NEWS: '{"ops": {"type": "email", "to": ["a@b.c"]}}' }), /MODEL_SYNC_SMTP_URL/)
  t.match(
    refusal({ MODEL_SYNC_NEWS: '{"slack": {"type": "slack"}}', MODEL_SYNC_NEWS_SLACK_URL: 'https://a.b' }),
    /which news has too/,
  )
})
