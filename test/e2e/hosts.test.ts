/** Real hosts over HTTP, each with the packed package in a node_modules of its own: what a user of each sees and does. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { exec, packedHost } from '../slow/packed-host.js'
import { createPostgresDatabase } from '../support/databases.js'
import { documented } from '../support/documented.js'
import { startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { ROOT } from '../support/root.js'

const START_LIMIT_MS = 60_000
const OF_THE_HOST: object = { error: { code: 'no_token', login: '/login' } }
const PLUGINS = [
  'autoload',
  'caching',
  'compress',
  'cors',
  'helmet',
  'postgres',
  'rate-limit',
  'swagger',
  'under-pressure',
]

const litellm = await startLoopbackLiteLLM()
t.teardown(() => litellm.close())

const folder = await packedHost(t, [
  ...PLUGINS.map((name) => `@fastify/${name}`),
  'fastify-4',
  'fastify-type-provider-zod',
  'openapi-types',
  'zod',
  'esbuild',
  'tsup',
  'typescript',
])
await cp(fileURLToPath(new URL('test/e2e/hosts/', ROOT)), folder, { recursive: true })
const recipes = documented('docs/guide/hosts.md', 'js')
await writeFile(path.join(folder, 'recipe-1.js'), recipes[0]!)
await writeFile(path.join(folder, 'recipe-1.cjs'), recipes[1]!)
await writeFile(path.join(folder, 'recipe-2.js'), recipes[2]!)

interface Answer {
  status: number
  headers: Headers
  text: string
  body: Record<string, unknown>
}
type Ask = (method: string, url: string, options?: { token?: boolean; body?: object }) => Promise<Answer>

/** Starts a host on an empty database; ended by the test's teardown. */
async function start(
  t: Test,
  file: string,
  { cwd = folder, env = {} } = {},
): Promise<{ ask: Ask; process: ChildProcess }> {
  const database = await createPostgresDatabase(t, { empty: true })
  const child = spawn(process.execPath, [file], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url!,
      LITELLM_API_URL: litellm.url,
      LITELLM_API_KEY: litellm.key,
      MODEL_SYNC_ON_STARTUP: 'false',
      ...env,
    },
  })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const port = await portOf(child)
  const ask: Ask = async (method, url, { token = false, body } = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${url}`, {
      method,
      headers: {
        ...(token ? { authorization: 'Bearer admin' } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson && text !== '' ? JSON.parse(text) : {}) as Record<string, unknown>,
    }
  }
  return { ask, process: child }
}

async function portOf(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it does not listen: ${said}`)), START_LIMIT_MS)
    const listen = (chunk: Buffer): void => {
      said += String(chunk)
      const port = /listening (\d+)/.exec(said)?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      resolve(port)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', () => reject(new Error(`it has ended: ${said}`)))
  })
}

/** What an administrator does with the catalogue; the same in each host. */
async function administer(t: Test, ask: Ask, prefix = '', refusal = OF_THE_HOST): Promise<void> {
  const refused = await ask('POST', `${prefix}/models/sync`)
  t.strictSame(
    [refused.status, refused.headers.get('x-from'), refused.body],
    [401, 'the host', refusal],
    'the host’s own 401',
  )
  const synced = await ask('POST', `${prefix}/models/sync`, { token: true, body: {} })
  t.match(synced, { status: 200, body: { success: true, newModels: 5, providers: [{ provider: 'litellm' }] } })
  const list = await ask('GET', `${prefix}/models?limit=2`)
  t.match(list, { status: 200, body: { total: 5, models: [{ provider: 'litellm', pins: {}, stale: false }] } })
  t.match((await ask('GET', `${prefix}/v1/models`)).body, { object: 'list', data: [{ object: 'model' }] })
  t.match(await ask('GET', `${prefix}/models?limit=0`), { status: 400, body: { code: 'FST_MODEL_SYNC_VALIDATION' } })
  const [{ id = '' } = {}] = list.body['models'] as { id?: string }[]
  const model = `${prefix}/models/${id}`
  t.match(await ask('PATCH', model, { body: { contextLength: 4096 } }), { status: 401, body: refusal })
  t.match(await ask('PATCH', model, { token: true, body: { contextLength: 4096 } }), {
    status: 200,
    body: { contextLength: 4096, pins: { contextLength: 4096 } },
  })
  t.match(await ask('POST', `${prefix}/models/sync`, { token: true }), { body: { success: true, unchangedModels: 5 } })
  t.match(await ask('GET', `${prefix}/models/changes`), { body: { changes: [{ field: 'contextLength' }] } })
  t.match(await ask('GET', `${prefix}/models/health`), { status: 200, body: { status: 'ok' } })
  const local = { provider: 'litellm', providerModelId: 'mine', name: 'Mine' }
  t.match(await ask('POST', `${prefix}/models`, { token: true, body: local }), { status: 201, body: { name: 'Mine' } })
  t.match(await ask('DELETE', `${prefix}/models/litellm/mine`, { token: true }), { status: 204, text: '' })
  await openPage(t, ask, prefix)
}

async function openPage(t: Test, ask: Ask, prefix: string): Promise<void> {
  for (const [url, base] of [
    [`${prefix}/settings`, './settings/'],
    [`${prefix}/settings/`, './'],
  ] as const) {
    const page = await ask('GET', url)
    t.match(page, { status: 200, text: `<base href="${base}">` }, url)
    t.match(page.headers.get('content-security-policy'), "default-src 'none'", 'the page’s own policy')
    const script = /src="([^"]+\.js)"/.exec(page.text)?.[1] ?? ''
    const at = new URL(script, new URL(base, `http://host${url}`)).pathname
    const loaded = await ask('GET', at)
    t.match(loaded.headers.get('content-type'), 'javascript', at)
    t.equal(loaded.status, 200)
  }
  t.equal((await ask('GET', `${prefix}/settings/client/refresh-models-button.js`)).status, 200)
}

async function endPolitely(t: Test, child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  t.strictSame((await exited)[0], 0, 'closes')
}

t.test('a host with Zod, autoload and the usual plugins', async (t) => {
  const { ask, process: child } = await start(t, 'full.js')
  // By its own hook of serialization, as on its own routes.
  await administer(t, ask, '/api', { data: OF_THE_HOST })
  t.strictSame((await ask('GET', '/own')).body, { data: { at: 'home' } }, 'its own routes are as ever')
  const { headers } = await ask('GET', '/api/models')
  for (const name of ['x-ratelimit-limit', 'x-frame-options', 'content-encoding', 'etag'])
    t.ok(headers.get(name), `its plugins work on our routes: ${name}`)
  const { paths } = (await ask('GET', '/openapi.json')).body as { paths: Record<string, object> }
  t.ok(paths['/own'], 'Zod’s schemas are documented')
  t.match(paths['/api/models/sync'], { post: { responses: { 200: {} } } }, 'and ours')
  await endPolitely(t, child)
})

t.test('a host in CommonJS', async (t) => {
  const { ask, process: child } = await start(t, 'commonjs.cjs')
  await administer(t, ask)
  await endPolitely(t, child)
})

t.test('a host on Fastify 4, with the catalogue beside it', async (t) => {
  const { ask, process: child } = await start(t, 'fastify-4.js')
  await administer(t, ask, '/catalogue')
  t.strictSame((await ask('GET', '/own')).body, { data: { at: 'home' } })
  await endPolitely(t, child)
})

const REQUIRE = "import { createRequire as r } from 'module'; const require = r(import.meta.url);"
// What SST puts before each function.
const SST_BANNER = `${REQUIRE} import { fileURLToPath as topLevelFileURLToPath, URL as topLevelURL } from 'url'; const __filename = topLevelFileURLToPath(import.meta.url); const __dirname = topLevelFileURLToPath(new topLevelURL('.', import.meta.url));`
/** The esbuild options that CDK's NodejsFunction and SST's Function set by themselves, and those that their users add. */
const ESBUILD: Record<string, string[]> = {
  'cdk/index.js': ['--external:@aws-sdk/*', '--external:@smithy/*', '--minify', '--keep-names', '--sourcemap'],
  'cdk/index.mjs': ['--external:@aws-sdk/*', '--external:@smithy/*', '--format=esm', `--banner:js=${REQUIRE}`],
  'sst/bundle.mjs': [
    ...['--format=esm', '--main-fields=module,main', '--minify', '--keep-names', '--sourcemap'],
    ...['--external:sharp', `--banner:js=${SST_BANNER}`],
  ],
}

t.test('hosts that tsup, CDK and SST bundle, away from node_modules', async (t) => {
  const away = path.join(path.dirname(folder), `${path.basename(folder)}-bundles`)
  t.teardown(() => rm(away, { recursive: true, force: true }))
  await cp(path.join(folder, 'node_modules/fastify-model-sync/dist'), path.join(away, 'assets'), { recursive: true })
  await exec('npx', ['tsup'], { cwd: folder })
  const common = ['--bundle', 'server.js', '--platform=node', '--target=node22', '--external:pg-native']
  for (const [file, options] of Object.entries(ESBUILD))
    await exec('npx', ['esbuild', ...common, `--outfile=${file}`, '--log-level=error', ...options], { cwd: folder })
  for (const file of ['tsup/server.cjs', 'tsup/server.mjs', ...Object.keys(ESBUILD)])
    await t.test(file, async (t) => {
      await cp(path.join(folder, file), path.join(away, file))
      // As the folder of a function has it.
      await writeFile(path.join(away, 'package.json'), '{"type": "commonjs"}')
      const { ask, process: child } = await start(t, file, { cwd: away, env: { MODEL_SYNC_ASSETS_DIR: 'assets' } })
      await administer(t, ask)
      await endPolitely(t, child)
    })
})

t.test('a bundled host', async (t) => {
  const [recipe = ''] = documented('docs/guide/hosts.md', 'sh')
  const [bundle = '', copy = '', run = ''] = recipe.trim().split('\n')
  const shell = (command: string): Promise<unknown> => exec('sh', ['-c', command], { cwd: folder })
  await mkdir(path.join(folder, 'app'))
  await shell(bundle)
  // With CommonJS as with ES modules.
  await shell(
    `npx esbuild server.js --bundle --platform=node --format=esm --external:pg-native --outfile=app/server.mjs --banner:js="import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"`,
  )
  for (const file of ['app/server.cjs', 'app/server.mjs'])
    await t.test(`${file}, with node_modules`, async (t) => {
      const { ask, process: child } = await start(t, file)
      await administer(t, ask)
      await endPolitely(t, child)
    })
  await shell(copy)
  const away = path.join(path.dirname(folder), `${path.basename(folder)}-app`)
  t.teardown(() => rm(away, { recursive: true, force: true }))
  await mkdir(away)
  await rename(path.join(folder, 'app'), path.join(away, 'app'))
  const assets = /MODEL_SYNC_ASSETS_DIR=(\S+)/.exec(run)?.[1] ?? ''
  for (const file of ['app/server.cjs', 'app/server.mjs']) {
    await t.test(`${file}, alone, without its files`, async (t) => {
      await t.rejects(start(t, file, { cwd: away }), {
        message: /FST_MODEL_SYNC_OPTIONS .*store\/migrations.*in a bundle: copy .*assetsDir \(MODEL_SYNC_ASSETS_DIR\)/,
      })
    })
    await t.test(`${file}, alone, with a wrong folder`, async (t) => {
      await t.rejects(start(t, file, { cwd: away, env: { MODEL_SYNC_ASSETS_DIR: 'elsewhere' } }), {
        message: /MODEL_SYNC_ASSETS_DIR \(assetsDir\) is "elsewhere", and has no folder store\/migrations/,
      })
    })
    await t.test(`${file}, alone, with a copy of its files`, async (t) => {
      const { ask, process: child } = await start(t, file, { cwd: away, env: { MODEL_SYNC_ASSETS_DIR: assets } })
      await administer(t, ask)
      await endPolitely(t, child)
    })
  }
})
