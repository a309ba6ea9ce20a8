/** Variables that other programs have set: they neither stop anything nor send anybody anywhere. */
import t from 'tap'
import { optionsFromEnv, readSyncOptions } from '../../../src/options.js'
import { providerSetups } from '../../../src/plugins/provider-setups.js'
import { addressVariable } from '../../../src/sources/kit/source.js'
import { sources } from '../../../src/sources/all-sources.js'
import { run } from '../../cli/support.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { json, loopback } from '../../support/loopback.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

const database = await createPostgresDatabase(t)
const litellm = await startLoopbackLiteLLM()
t.teardown(() => litellm.close())
const OURS = { DATABASE_URL: database.url!, LITELLM_API_URL: litellm.url, LITELLM_API_KEY: litellm.key }

/** What every other program on the machine might want, none of it an address that we could use. */
const FOREIGN: Record<string, string> = {
  ...Object.fromEntries(
    sources
      .filter(({ slug }) => !['litellm', 'morpheus'].includes(slug))
      .map((source) => [addressVariable(source), 'unix:/run/gateway.sock']),
  ),
  OPENAI_API_KEY: 'sk-of-another-program',
  AWS_REGION: 'not a region',
  // A host's own: iisnode's, and what the command line has no use for.
  PORT: String.raw`\\.\pipe\iisnode`,
  HOST: 'x86_64-conda-linux-gnu',
  NODE_ENV: 'development',
}

function defaults(env: Record<string, string>): string[] {
  return providerSetups(readSyncOptions(optionsFromEnv(env)), { warn: () => undefined }).defaults
}

t.test('a host with the variables of other programs starts, and asks LiteLLM alone', async (t) => {
  const { litellm: _, ...fromEnvironment } = optionsFromEnv(FOREIGN)
  const host = await startHost(t, database, { litellm, settings: fromEnvironment })
  const { providers, success } = await host.sync()
  t.ok(success)
  t.same(
    providers.map(({ provider }) => provider),
    ['litellm'],
  )
})

t.test('each command runs beside them', async (t) => {
  const env = { ...OURS, ...FOREIGN, MODEL_SYNC_PROVIDERS: 'litellm' }
  for (const args of [['sync'], ['plan'], ['list'], ['providers'], ['status'], ['history'], ['migrate']])
    t.match(await run(args, env), { code: 0 }, args.join(' '))
})

t.test('a command that syncs nothing does not mind the address of a provider whose key is set', async (t) => {
  const env = { ...OURS, ...FOREIGN }
  t.match(await run(['list'], env), { code: 0, stderr: '' })
  const ended = await run(['sync', '--providers', 'openai'], env)
  t.equal(ended.code, 1)
  t.match(
    ended.stderr,
    /OPENAI_BASE_URL \(providerOptions\.openai\.baseUrl\) is "unix:\/run\/gateway\.sock", expected an address/,
  )
  t.notMatch(ended.stderr, /ANTHROPIC|GROQ/)
})

t.test('the provider that is named without a key of its own is refused by its own variable only', async (t) => {
  for (const [slug, variable] of [
    ['anthropic', 'ANTHROPIC_BASE_URL'],
    ['azure', 'AZURE_OPENAI_ENDPOINT'],
    ['openrouter', 'OPENROUTER_BASE_URL'],
  ] as const) {
    const env = { [variable]: 'localhost:9000/v1', MODEL_SYNC_PROVIDERS: `${slug},litellm` }
    await t.rejects(startHost(t, database, { litellm, settings: optionsFromEnv(env) }), {
      code: 'FST_MODEL_SYNC_OPTIONS',
      message: `${variable} (providerOptions.${slug}.baseUrl) is "localhost:9000/v1", expected an address with http:// or https://; did you mean http://localhost:9000/v1?`,
    })
  }
  await t.rejects(
    startHost(t, database, {
      settings: optionsFromEnv({ AWS_REGION: 'not a region', MODEL_SYNC_PROVIDERS: 'bedrock' }),
    }),
    /^Error: AWS_REGION or AWS_DEFAULT_REGION \(providerOptions\.bedrock\.defaultBaseUrl\)|AWS_REGION or AWS_DEFAULT_REGION/,
  )
})

t.test('LITELLM_API_URL is read like the others: not where LiteLLM is not synced', (t) => {
  t.same(defaults({ LITELLM_API_URL: 'localhost:4000', MODEL_SYNC_PROVIDERS: 'groq' }), ['groq'])
  t.throws(
    () => defaults({ LITELLM_API_URL: 'localhost:4000' }),
    /LITELLM_API_URL.*did you mean http:\/\/localhost:4000\?/,
  )
  t.throws(() => defaults({ LITELLM_API_URL: 'localhost:4000', MODEL_SYNC_PROVIDERS: 'all' }), /LITELLM_API_URL/)
  t.end()
})

t.test('a default is not a wish to sync', (t) => {
  t.same(defaults({ NODE_ENV: 'development' }), ['litellm'])
  t.same(defaults({ NODE_ENV: 'development', MODELS_JSON_PATH: 'models.json' }), ['morpheus'])
  t.same(
    defaults({ MODELS_JSON_PATH: 'models.json', LITELLM_API_KEY: 'sk-1' }),
    ['morpheus'],
    'a key alone is no address',
  )
  t.same(defaults({ ACTIVE_MODELS_URL: 'https://active.example/list.json' }), ['morpheus'])
  t.same(defaults({ AWS_REGION: 'eu-central-1' }), ['litellm'])
  const setups = (env: Record<string, string>) =>
    providerSetups(readSyncOptions(optionsFromEnv(env)), { warn: () => undefined }).setups
  const address = (env: Record<string, string>, slug: string) =>
    setups(env).find(({ source }) => source.slug === slug)?.address
  t.equal(
    address({ NODE_ENV: 'development' }, 'morpheus'),
    'https://active.dev.mor.org/active_models.json',
    'it stays the default',
  )
  t.equal(address({ AWS_REGION: 'eu-central-1' }, 'bedrock'), 'https://bedrock.eu-central-1.amazonaws.com')
  t.equal(address({}, 'cloudflare'), null, 'an account of one’s own')
  const account = 'https://api.cloudflare.com/client/v4/accounts/0123abc'
  t.equal(address({ CLOUDFLARE_ACCOUNT_ID: '0123abc' }, 'cloudflare'), account)
  t.end()
})

t.test('what vendors’ clients put into the address is understood of the newer sellers, too', (t) => {
  for (const [slug, variable, given, expected] of [
    ['cloudflare', 'CLOUDFLARE_BASE_URL', '/client/v4/accounts/0123abc/ai/v1', '/client/v4/accounts/0123abc'],
    ['venice', 'VENICE_BASE_URL', '/api/v1', ''],
    ['kilo', 'KILO_BASE_URL', '/api/gateway', ''],
    ['friendli', 'FRIENDLI_BASE_URL', '/serverless/v1', ''],
    ['poe', 'POE_BASE_URL', '/v1', ''],
    ['baseten', 'BASETEN_BASE_URL', '/v1', ''],
    ['requesty', 'REQUESTY_BASE_URL', '/team/v1/', '/team'],
    ['watsonx', 'WATSONX_URL', '', ''],
  ] as const) {
    const env = { MODEL_SYNC_PROVIDERS: slug, [variable]: `https://seller.example${given}` }
    const { setups } = providerSetups(readSyncOptions(optionsFromEnv(env)), { warn: () => undefined })
    t.equal(setups.find(({ source }) => source.slug === slug)?.address, `https://seller.example${expected}`, variable)
  }
  t.end()
})

t.test('what lists models that cannot be called here is only synced by its name', (t) => {
  t.notOk(defaults({ MODEL_SYNC_PROVIDERS: 'all' }).includes('models-dev'))
  t.ok(defaults({ MODEL_SYNC_PROVIDERS: 'all', MODELS_DEV_BASE_URL: 'https://mirror.example' }).includes('models-dev'))
  t.same(defaults({ MODEL_SYNC_PROVIDERS: 'models-dev' }), ['models-dev'])
  t.end()
})

t.test(
  'an address that ends in /v1, as the vendor’s own SDK wants it, or that has a gateway’s path, is asked in the right place',
  async (t) => {
    const gateway = await loopback(t, (_request, response) =>
      json(response, { object: 'list', data: [{ id: 'gpt-4o', object: 'model', owned_by: 'openai', created: 1 }] }),
    )
    for (const [variable, slug, path, asked] of [
      ['OPENAI_BASE_URL', 'openai', '/v1', '/v1/models'],
      ['OPENAI_BASE_URL', 'openai', '/team/openai/v1/', '/team/openai/v1/models'],
      ['GROQ_BASE_URL', 'groq', '/openai/v1', '/openai/v1/models'],
      ['ANTHROPIC_BASE_URL', 'anthropic', '/anthropic', '/anthropic/v1/models?limit=1000'],
      ['MISTRAL_BASE_URL', 'mistral', '/gw/v1', '/gw/v1/models'],
    ] as const) {
      const key = `${slug.toUpperCase()}_API_KEY`
      const env = { ...OURS, [variable]: `${gateway.url}${path}`, [key]: 'sk-1234567890', MODEL_SYNC_PROVIDERS: slug }
      const ended = await run(['sync', '--dry-run', '--no-mark-unavailable'], env)
      t.equal(ended.code, 0, ended.stderr)
      t.equal(gateway.requests.at(-1)?.url, asked, `${variable} with ${path}`)
    }
  },
)

t.test('LITELLM_API_URL may end in /v1, and have a path in front', async (t) => {
  for (const path of ['', '/', '/v1', '/v1/', '/proxy/v1', '/proxy/']) {
    const proxy = await loopback(t, (request, response) =>
      request.url?.endsWith('/model/info')
        ? json(response, {
            data: [{ model_name: 'gpt-4o', litellm_params: { model: 'openai/gpt-4o' }, model_info: {} }],
          })
        : json(response, { object: 'list', data: [{ id: 'gpt-4o', object: 'model' }] }),
    )
    const ended = await run(['sync', '--dry-run', '--no-mark-unavailable'], {
      ...OURS,
      LITELLM_API_URL: proxy.url + path,
      MODEL_SYNC_PROVIDERS: 'litellm',
    })
    t.equal(ended.code, 0, ended.stderr)
    const base = path.startsWith('/proxy') ? '/proxy' : ''
    t.same(
      // The price map is asked for beside the sync, whenever that is.
      proxy.requests.map(({ url }) => url).filter((url) => !url.startsWith(`${base}/public/`)),
      ['/model/info', '/v1/models', '/model/deprecations'].map((asked) => base + asked),
      path,
    )
  }
})
