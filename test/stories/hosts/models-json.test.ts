/** models.json beside a host: after every sync, from the answer that was applied last, and never a reason for a sync to fail. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { readSyncOptions } from '../../../src/options.js'
import { providerSetups } from '../../../src/plugins/provider-setups.js'
import { run } from '../../cli/support.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, statuses, type HostOptions, type TestHost } from '../../support/host.js'
import { loopback } from '../../support/loopback.js'

const VENICE = '0xb603e5c973fae19c86079a068abdc5c119c276e6117fb418a2248f6efd95612d'
const row = (Id: string, Name: string, more = ''): string =>
  `{"Id": "${Id}", "Name": "${Name}", "Stake": 10000000000000000000001, "IsDeleted": false${more}}`
const database = await createPostgresDatabase(t)

let feed = ''
let etag: string | null = null
let status = 200
const upstream = await loopback(t, (request, response) => {
  const unchanged = etag !== null && request.headers['if-none-match'] === etag
  response.writeHead(unchanged ? 304 : status, etag === null ? {} : { etag })
  response.end(unchanged ? undefined : feed)
})
const list = (...rows: string[]): string => `{"models": [${rows.join(', ')}]}`

async function place(t: Pick<Test, 'teardown'>): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'models-json-host-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return path.join(dir, 'models.json')
}

async function host(t: Test, file: string, settings: HostOptions['settings'] = {}): Promise<TestHost> {
  etag = null
  status = 200
  const started = await startHost(t, database, {
    settings: {
      litellm: undefined as never,
      modelsJsonPath: file,
      providerOptions: { morpheus: { baseUrl: `${upstream.url}/active_models.json` } },
      ...settings,
    },
  })
  await started.reset()
  return started
}

const names = async (file: string): Promise<string[]> =>
  (JSON.parse(await readFile(file, 'utf8')) as { models: { Name: string }[] }).models.map(({ Name }) => Name)

t.test('the story: a model that the file lacks is there after one sync, and the log tells it', async (t) => {
  const file = await place(t)
  await writeFile(file, list(row('0x11', 'mistral-31-24b'), row('0x22', 'old local')))
  const { sync, log } = await host(t, file)
  feed = list(
    row(VENICE, 'venice-uncensored'),
    row('0x33', 'gone', ', "X": 1').replace('false', 'true'),
    row('0x11', 'mistral-31-24b'),
  )
  const result = await sync()
  t.match(result, { success: true, newModels: 2, warnings: [], providers: [{ provider: 'morpheus' }] })
  t.strictSame(await names(file), ['venice-uncensored', 'mistral-31-24b', 'old local'])
  t.equal((await readFile(file, 'utf8')).match(/10000000000000000000001/g)?.length, 3)
  const said = log.messages(30)
  const told = said.slice(said.indexOf('Starting model synchronization...'))
  t.strictSame(
    told,
    [
      'Starting model synchronization...',
      `Fetching active models from ${upstream.url}/active_models.json`,
      'Successfully fetched 2 active models',
      'Model sync summary:',
      '  Added models (1): venice-uncensored',
      '  Updated models (0): None',
      '  Kept unchanged (1): 1 model',
      '  Local-only models (1): 1 model',
    ].concat(told.slice(8)),
  )
  t.match(
    log.lines().find(({ msg }) => msg === 'Model sync summary:'),
    { added: ['venice-uncensored'], unchanged: ['mistral-31-24b'], localOnly: ['old local'], written: true },
  )
})

t.test(
  'an unchanged sync mends it too: by 304, by hash, after a failure, in another process, and in feed order',
  async (t) => {
    const file = await place(t)
    const first = await host(t, file)
    feed = list(row('0xcc', 'c'), row('0xaa', 'a'), row('0xbb', 'b'))
    etag = '"one"'
    t.strictSame(statuses(await first.sync()), ['ok'])
    t.strictSame(await names(file), ['c', 'a', 'b'])
    for (const unchanged of ['"one"', null]) {
      etag = unchanged
      await rm(file)
      t.strictSame(statuses(await first.sync()), ['not-modified'])
      t.strictSame(await names(file), ['c', 'a', 'b'])
    }
    status = 500
    await rm(file)
    t.strictSame(statuses(await first.sync()), ['failed'])
    t.strictSame(await names(file), ['c', 'a', 'b'])
    status = 200

    const other = await place(t)
    const second = await startHost(t, database, {
      settings: {
        litellm: undefined as never,
        modelsJsonPath: other,
        providerOptions: { morpheus: { baseUrl: `${upstream.url}/active_models.json` } },
      },
    })
    t.strictSame(statuses(await second.sync()), ['not-modified'])
    t.strictSame(await names(other), ['c', 'a', 'b'])
  },
)

t.test('a catalogue from before the file was wanted: the answer is read once more', async (t) => {
  const file = await place(t)
  feed = list(row('0xaa', 'a'))
  const { pool, sync } = await host(t, file)
  await sync()
  await pool.query('TRUNCATE model_sync.listing_texts')
  await rm(file)
  t.match(await sync(), { success: true, unchangedModels: 1, updatedModels: 0 })
  t.strictSame(await names(file), ['a'])
  t.strictSame(statuses(await sync()), ['not-modified'])
})

t.test('upstream’s order alone is a difference; a dry run writes nothing', async (t) => {
  const file = await place(t)
  const { sync } = await host(t, file)
  feed = list(row('0xaa', 'a'), row('0xbb', 'b'))
  await sync({ dryRun: true })
  await t.rejects(readFile(file), { code: 'ENOENT' })
  await sync()
  feed = list(row('0xbb', 'b'), row('0xaa', 'a'))
  t.match(await sync(), { updatedModels: 0 })
  t.strictSame(await names(file), ['b', 'a'])
})

t.test('models that upstream drops stay, as local-only; while a removal is held the file stands as well', async (t) => {
  const file = await place(t)
  const { sync } = await host(t, file)
  feed = list(...['a', 'b', 'c', 'd'].map((name) => row(`0x${name}${name}`, name)))
  await sync()
  feed = list(row('0xdd', 'd'))
  t.strictSame(statuses(await sync()), ['held'])
  t.strictSame(await names(file), ['a', 'b', 'c', 'd'])
  feed = list(row('0xbb', 'b'), row('0xcc', 'c'), row('0xdd', 'd'))
  await sync()
  t.strictSame(await names(file), ['b', 'c', 'd', 'a'])
})

t.test('a rule that leaves a model out leaves it out of the file', async (t) => {
  const file = await place(t)
  const { sync } = await host(t, file, {
    providerOptions: { morpheus: { baseUrl: `${upstream.url}/x`, exclude: ['0xaa'] } },
  })
  feed = list(row('0xaa', 'a'), row('0xbb', 'b'))
  await sync()
  t.strictSame(await names(file), ['b'])
})

t.test('a file that cannot be written is a warning of the run, not its failure', async (t) => {
  const dir = path.dirname(await place(t))
  const { sync, log, get } = await host(t, path.join(dir, 'no', 'models.json'))
  feed = list(row('0xaa', 'a'))
  const result = await sync()
  t.match(result, { success: true, newModels: 1, warnings: [/^models\.json: .*folder .* is not there; make it$/] })
  t.ok(log.lines().some(({ msg }) => msg === 'models.json could not be brought up to date'))
  const { body } = await get<{ runs: { result: { warnings: string[] } }[] }>('/models/sync/history')
  t.equal(body.runs[0]?.result.warnings.length, 1, 'on record too')
})

t.test('a corrupt file is set aside with a warning', async (t) => {
  const file = await place(t)
  await writeFile(file, '{"models": [')
  const { sync } = await host(t, file)
  feed = list(row('0xaa', 'a'))
  t.match(await sync(), { success: true, warnings: [/^models\.json: .* is not JSON .* set aside/] })
  t.strictSame(await names(file), ['a'])
  t.ok((await readdir(path.dirname(file))).some((name) => name.endsWith('.corrupt')))
})

t.test('the option makes the list one of the providers that are synced', (t) => {
  const defaults = (more: object): string[] =>
    providerSetups(readSyncOptions({ modelsJsonPath: 'models.json', ...more }), { warn: () => undefined }).defaults
  t.strictSame(defaults({}), ['morpheus'])
  t.strictSame(defaults({ litellm: { url: 'http://127.0.0.1:4000' } }), ['litellm', 'morpheus'])
  t.strictSame(defaults({ providers: ['groq'] }), ['groq'])
  t.end()
})

async function holds(file: string, expected: string[]): Promise<void> {
  for (const giveUpAt = performance.now() + 20_000; ;) {
    const found = await names(file).catch(() => [])
    if (found.join() === expected.join()) return
    if (performance.now() > giveUpAt) throw new Error(`${file} holds ${found.join()}, not ${expected.join()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const needsTwo = { skip: database.url === null && 'needs PostgreSQL, which does not run here' }

t.test(
  'each replica keeps its own file: after a run it joined, and after one of which nobody here knew',
  needsTwo,
  async (t) => {
    const [here, there] = [await place(t), await place(t)]
    const one = await host(t, here)
    const two = await host(t, there)
    feed = list(row('0xaa', 'a'))
    await Promise.all([one.sync(), two.sync()])
    t.strictSame(await names(here), ['a'])
    t.strictSame(await names(there), ['a'], 'before the answer')
    feed = list(row('0xaa', 'a'), row('0xbb', 'b'))
    await one.sync()
    await holds(there, ['a', 'b'])
    t.notMatch(two.log.messages().slice(-3), [/Successfully fetched/])
    await rm(there)
    t.match(await one.sync(), { newModels: 0, updatedModels: 0 }, 'nothing has changed')
    await holds(there, ['a', 'b'])
    await rm(there)
    await mkdir(there)
    await one.sync()
    await two.log.waitFor('models.json could not be brought up to date', 20_000)
  },
)

t.test('the lines of the boot', async (t) => {
  const file = await place(t)
  feed = list(row('0xaa', 'a'))
  status = 200
  const { log } = await startHost(t, database, {
    settings: {
      litellm: undefined as never,
      modelsJsonPath: file,
      providerOptions: { morpheus: { baseUrl: upstream.url } },
      syncOnStartup: true,
      syncIntervalHours: 24,
    },
  })
  await log.waitFor('Starting background model sync (every 24 hours)')
  await log.waitFor('Model sync completed successfully during startup')
  t.strictSame(await names(file), ['a'])
})

t.test('model-sync models-json: without a database', async (t) => {
  const file = await place(t)
  await writeFile(file, list(row('0x22', 'mine')))
  feed = list(row('0xaa', 'a'))
  const env = { ACTIVE_MODELS_URL: `${upstream.url}/`, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const first = await run(['models-json', '--file', file], env)
  t.match(first, { code: 0, stderr: '' })
  t.match(first.stdout, /Added models \(1\): a\n.*Local-only models \(1\): 1 model\n.*was written\.\n$/s)
  t.strictSame(await names(file), ['a', 'mine'])
  t.match((await run(['models-json', '--json'], { ...env, MODELS_JSON_PATH: file })).json(), {
    file,
    written: false,
    unchanged: ['a'],
    localOnly: ['mine'],
  })
  status = 500
  t.match(await run(['models-json', '--file', file], env), { code: 1, stderr: /answered 500/ })
  status = 200
  t.match(await run(['models-json'], env), { code: 64, stderr: /--file PATH, or set MODELS_JSON_PATH/ })
  t.match(await run(['models-json', '--url', 'http://127.0.0.1:1'], env), { code: 64, stderr: /leave --url away/ })
})
