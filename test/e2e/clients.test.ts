/** The files of GET /clients, read by the clients themselves: as programs, or by the schema that they ship. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import type { ClientName } from '../../src/core/clients/all-clients.js'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { startHost } from '../support/host.js'
import { modelRow } from '../support/loopback-litellm.js'
import { installClients, type Clients } from './clients/install.js'

needsPostgres()

// Installing takes a minute.
t.setTimeout(400_000)

const run = promisify(execFile)
const UNKNOWN = { mode: null, max_tokens: null, max_input_tokens: null, max_output_tokens: null }
const ROWS = [
  modelRow({
    model_name: 'everything',
    model_info: {
      ...{ mode: 'chat', max_input_tokens: 128_000, max_output_tokens: 16_384, supports_vision: true },
      ...{ supports_function_calling: true, supports_reasoning: false, supports_native_streaming: false },
      ...{ input_cost_per_token: 1e-7, output_cost_per_token: 1.25e-6, cache_read_input_token_cost: 2.5e-8 },
    },
  }),
  modelRow({
    model_name: 'nothing: "no" #1',
    litellm_params: { model: 'custom/nothing' },
    model_info: { ...UNKNOWN, input_cost_per_token: null, output_cost_per_token: null, supports_vision: null },
  }),
  modelRow({ model_name: 'no', model_info: { mode: 'completion' } }),
  modelRow({ model_name: 'for-responses', model_info: { mode: 'responses' } }),
  modelRow({ model_name: 'embeds', model_info: { mode: 'embedding' } }),
]
const CHATTING = ['everything', 'for-responses', 'no', 'nothing: "no" #1']

const clients = await installClients((line) => console.error(line))
if (typeof clients === 'string') {
  console.error(`\n!!! SKIPPED: real clients: ${clients}\n`)
  t.plan(0, `real clients: ${clients}`)
} else await t.test('each client reads its file', (t) => readAll(t, clients))

async function readAll(t: Test, { modules, llm }: Clients): Promise<void> {
  const host = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: structuredClone(ROWS) },
    settings: { priceBook: false },
  })
  await host.sync()
  const url = await host.app.listen({ host: '127.0.0.1', port: 0 })
  const folder = await mkdtemp(path.join(tmpdir(), 'clients-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = async (name: ClientName): Promise<{ at: string; text: string }> => {
    const { text, headers } = await host.get(`/clients/${name}`)
    const at = path.join(folder, name, /filename="(.+)"/.exec(String(headers['content-disposition']))?.[1] ?? '')
    await mkdir(path.dirname(at), { recursive: true })
    await writeFile(at, text)
    return { at, text }
  }
  const need = createRequire(path.join(modules, 'here.js'))
  const { parse } = need('yaml') as { parse(text: string): unknown }
  const program = async (name: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> =>
    (await run(path.join(modules, '.bin', name), args, { env: { ...process.env, ...env, HOME: folder }, cwd: folder }))
      .stdout

  await t.test('OpenCode, by its configuration and in the place of models.dev', async (t) => {
    const quiet = { OPENCODE_DISABLE_AUTOUPDATE: '1', GATEWAY_API_KEY: 'sk-test' }
    const config = { OPENCODE_CONFIG: (await file('opencode')).at, OPENCODE_DISABLE_MODELS_FETCH: '1' }
    const modelsDev = { OPENCODE_MODELS_URL: `${url}/clients/models.dev` }
    for (const [env, args, ids] of [
      [config, [], CHATTING],
      // Models without limits are none in this shape.
      [modelsDev, ['--refresh'], ['embeds', ...CHATTING.slice(0, 3)]],
    ] as const) {
      const shown = await program('opencode', ['models', 'gateway', '--verbose', ...args], { ...quiet, ...env })
      const models = new Map(
        shown
          .split(/^gateway\//m)
          .slice(1)
          .map((one) => [
            one.slice(0, one.indexOf('\n')),
            JSON.parse(one.slice(one.indexOf('\n'))) as Record<string, unknown>,
          ]),
      )
      t.strictSame([...models.keys()].sort(), ids)
      t.match(models.get('everything'), {
        cost: { input: 0.1, output: 1.25, cache: { read: 0.025 } },
        limit: { context: 128_000, output: 16_384 },
        capabilities: { reasoning: false, toolcall: true, attachment: true, input: { image: true } },
      })
    }
  })

  await t.test('Codex, by its model_catalog_json', async (t) => {
    await mkdir(path.join(folder, 'codex-home'), { recursive: true })
    const config = `model_catalog_json=${JSON.stringify((await file('codex')).at)}`
    const shown = await program('codex', ['-c', config, 'debug', 'models'], {
      CODEX_HOME: path.join(folder, 'codex-home'),
    })
    const { models } = JSON.parse(shown) as { models: { slug: string; context_window?: number }[] }
    t.strictSame(models.map(({ slug }) => slug).sort(), CHATTING)
    t.equal(models.find(({ slug }) => slug === 'everything')?.context_window, 128_000)
    t.equal(models.find(({ slug }) => slug === CHATTING[3])?.context_window ?? null, null)
  })

  await t.test('llm, by its extra-openai-models.yaml', async (t) => {
    const { at } = await file('llm')
    const { stdout } = await run(llm, ['models', '--options'], {
      env: { ...process.env, LLM_USER_PATH: path.dirname(at) },
    })
    for (const [kind, id] of [
      ['Chat', 'everything'],
      ['Chat', CHATTING[3]],
      ['Completion', 'no'],
      ['Responses', 'for-responses'],
    ])
      t.match(stdout, `OpenAI ${kind}: gateway/${id}`)
    t.notMatch(stdout, 'gateway/embeds')
  })

  await t.test('LibreChat, by the schema of its configuration', async (t) => {
    const { configSchema } = need('librechat-data-provider') as { configSchema: Schema }
    const read = configSchema.strict().safeParse(parse((await file('librechat')).text))
    t.equal(read.success, true, JSON.stringify(read.error?.issues))
    const { custom } = (read.data as { endpoints: { custom: Record<string, unknown>[] } }).endpoints
    t.match(custom[0], {
      apiKey: '${GATEWAY_API_KEY}',
      baseURL: `${host.litellm.url}/v1`,
      models: { default: CHATTING, fetch: false },
      tokenConfig: { everything: { prompt: 0.1, completion: 1.25, context: 128_000, cacheRead: 0.025 } },
    })
  })

  await t.test('Continue, by the schema of its configuration', async (t) => {
    const { configYamlSchema } = (await import(path.join(modules, '@continuedev/config-yaml/dist/index.js'))) as {
      configYamlSchema: Schema
    }
    const read = configYamlSchema.strict().safeParse(parse((await file('continue')).text))
    t.equal(read.success, true, JSON.stringify(read.error?.issues))
    const { models } = read.data as { models: { model: string; roles: string[]; capabilities?: string[] }[] }
    t.strictSame(
      models.map(({ model, roles }) => [model, roles[0]]),
      [['embeds', 'embed'], ...CHATTING.map((id) => [id, 'chat'])],
    )
    t.strictSame(models.find(({ model }) => model === 'everything')?.capabilities, ['tool_use', 'image_input'])
    t.notHas(
      models.find(({ model }) => model === CHATTING[3]),
      { capabilities: [] },
    )
  })
}

interface Schema {
  strict(): Schema
  safeParse(value: unknown): { success: boolean; data?: unknown; error?: { issues: unknown[] } }
}
