/** A real LiteLLM in front of the gateway, configured by our own export: it loads, and a sync of it finds nothing to change. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { ROOT } from '../support/root.js'
import { startHost } from './litellm/host.js'
import { installLiteLlm, pythonEnvironment, type Installation } from './litellm/install.js'
import { LiteLlmProxy, MASTER_KEY } from './litellm/proxy.js'

needsPostgres()

const run = promisify(execFile)
/** What 1,000 tokens in and 100 out cost. */
const COUNT = `
import json, os, litellm
litellm.register_model(json.loads(os.environ['PRICE_MAP']))
asked = dict(model='priced-as-number', custom_llm_provider='openai')
cost = litellm.cost_per_token(**asked, prompt_tokens=1000, completion_tokens=100)
print(json.dumps(dict(cost=cost, context=litellm.get_model_info(**asked)['max_input_tokens'])))
`

// Installing takes two minutes, each start ten seconds.
t.setTimeout(900_000)

const installation = await installLiteLlm((line) => console.error(line))
if (typeof installation === 'string') {
  console.error(`\n!!! SKIPPED: a config for a real LiteLLM: ${installation}\n`)
  t.plan(0, `real LiteLLM: ${installation}`)
} else {
  const proxy = await LiteLlmProxy.create(installation)
  t.teardown(() => proxy.dispose())
  await t.test('a config that was exported', (t) => comesBack(t, proxy, installation))
}

// Of what a wildcard stands for LiteLLM says less than of a model with a row of its own.
async function original(): Promise<string> {
  const [models = '', more = ''] = await Promise.all(
    ['models.yaml', 'models-to-export.yaml'].map((name) => readFile(new URL(`test/e2e/litellm/${name}`, ROOT), 'utf8')),
  )
  const [head = '', settings = ''] = models.split('\nrouter_settings:')
  const items = head.split(/\n(?= {2}- model_name: )/).filter((item) => !/^ {2}- model_name: \S+\*/.test(item))
  return `${items.join('\n')}\n${more.split('\nmodel_list:\n')[1]}\nrouter_settings:${settings}`
}

async function comesBack(t: Test, proxy: LiteLlmProxy, python: Installation): Promise<void> {
  const database = await createPostgresDatabase(t, { empty: true })
  const host = await startHost(t, {
    databaseUrl: String(database.url),
    litellm: { url: proxy.url, apiKey: MASTER_KEY },
    teams: () => ['beta'],
  })
  await proxy.start({ models: { text: await original() }, keys: 'master' })
  const first = await host.sync()
  t.strictSame(first.errors, [])
  const config = await host.text('/clients/litellm')
  t.notMatch(config, /secret-|internal-host|sk-e2e-/, 'no secret, and no address but the gateway’s')
  t.match(config, `api_base: "${proxy.url}/v1"`)

  await t.test('LiteLLM itself counts costs by the price map', async (t) => {
    const map = await host.text('/clients/litellm-price-map')
    const env = { ...pythonEnvironment(python.pythonPath), LITELLM_LOCAL_MODEL_COST_MAP: 'True', PRICE_MAP: map }
    const { stdout } = await run(python.python, ['-c', COUNT], { env })
    t.match(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), { context: 32_768, cost: [0.00125, 0.001] })
  })

  await t.test('a proxy loads it, and synced again the plan is empty', async (t) => {
    await proxy.start({ models: { text: config }, keys: 'master' })
    const dry = await host.sync({ dryRun: true })
    t.strictSame(dry.errors, [])
    const plan = dry.plan?.providers[0]
    t.strictSame(plan?.added, [])
    // Of a known name before another model LiteLLM's list of ends says what it knows of the name.
    const ends = ['litellm/gpt-4.1-2025-04-14', 'litellm/gpt-4o-2024-05-13', 'litellm/o3']
    const updated = plan?.updated.map(({ modelId, fields: { deprecationDate, replacedBy, ...fields } }) => [
      modelId,
      fields,
    ])
    t.strictSame(
      updated?.filter(([modelId, fields]) => !ends.includes(String(modelId)) || Object.keys(fields ?? {}).length > 0),
      [],
    )
    t.strictSame(
      plan?.unavailable.filter(({ modelId }) => !ends.includes(modelId)),
      [],
    )
    t.strictSame([plan?.restored, plan?.renamed, plan?.held, plan?.rejected], [[], [], [], []])
    t.equal((plan?.unchanged ?? 0) + (plan?.updated.length ?? 0), first.totalModels)
    t.ok(first.totalModels > 20)
  })
}
