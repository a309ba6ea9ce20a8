/** Every command, as a process of its own, on a real PostgreSQL with a loopback LiteLLM. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import pg from 'pg'
import t from 'tap'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { modelRow, startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { CLI_ARGUMENTS, folder, run, start, type Ended, type Env } from './support.js'

needsPostgres()

const KEY = 'sk-secret-of-the-proxy'
const PASSWORD = 'secret-of-the-database'
const names = ['gpt-4o', 'claude', 'gemini', 'mistral', 'llama']
const litellm = await startLoopbackLiteLLM({
  key: KEY,
  models: [...names.map((name) => modelRow({ model_name: name })), { ...modelRow(), model_name: '' }],
})
t.teardown(() => litellm.close())
const database = await createPostgresDatabase(t, { empty: true })
const cwd = await folder(t)
const env: Env = {
  DATABASE_URL: database.url!,
  LITELLM_API_URL: litellm.url,
  LITELLM_API_KEY: KEY,
  MODEL_SYNC_PROVIDERS: 'litellm',
  MODEL_SYNC_PRICE_BOOK: 'false',
  ADMIN_TOKEN: 'secret-of-the-administrator',
}
const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script')
const ESCAPE = '\u001b'
const said: string[] = []
const keep = (ended: Ended): Ended => {
  said.push(ended.stdout, ended.stderr)
  return ended
}
const cli = async (...args: string[]): Promise<Ended> => keep(await run(args, env))
const cliWith = async (changes: Env, ...args: string[]): Promise<Ended> => keep(await run(args, { ...env, ...changes }))
/** A process of its own. */
const spawned = async (...args: string[]): Promise<Ended> => keep(await start(args, { cwd, env }).ended)

t.test('before anything: each list is empty, and says so', async (t) => {
  const [migrated, list, changes] = await Promise.all([cli('migrate'), cli('list', '--json'), cli('changes')])
  t.match(migrated, { code: 0, stderr: '' })
  t.match(migrated.stdout, /migrations? applied in the PostgreSQL at 127|up to date in the PostgreSQL at 127/)
  t.match(list, { code: 0 })
  t.strictSame(list.json(), { models: [], total: 0 })
  t.match(changes, { code: 0, stdout: 'No changes.\n' })
})

t.test('the command line as older scripts call it: a dry run writes nothing', async (t) => {
  await cli('migrate')
  const before = await database.dump()
  const dry = await spawned('--providers', 'litellm', '--dry-run', '--verbose')
  t.equal(dry.code, 0, dry.stderr)
  t.match(dry.stdout, /\n {2}\+ litellm\/claude {2}claude, chat, 128000 tokens, \$2\.5 in, \$10 out per 1M\n/)
  t.match(dry.stdout, /litellm +ok +5 +\d+\.\d s +5 new, 2 rejected\n/)
  t.match(dry.stdout, /Would sync 5 models of 1 provider .*A dry run: nothing was written\.\n$/s)
  t.match(dry.stderr, /^Asking 1 provider: litellm$/m)
  t.match(dry.stderr, /^litellm: read 12 entries$/m)
  t.match(dry.stderr, /^warn: Skipping an entry: .*provider=litellm/m, 'what its troubleshooting greps for')
  t.match(
    dry.stderr,
    /^debug: Asking a provider \(provider=litellm, address=http:.*"\/model\/info".*conditional=false\)$/m,
  )
  t.match(dry.stderr, /^debug: A provider has answered \(provider=litellm, state=complete, requests=\d+, bytes=\d+\)$/m)
  t.equal(await database.dump(), before)
})

t.test('plan: the exit code says what there is', async (t) => {
  const [plain, detailed] = await Promise.all([cli('plan'), cli('plan', '--detailed-exitcode', '--json')])
  t.equal(plain.code, 0)
  t.match(
    plain.stdout,
    /Plan: 5 to add, 2 rejected; 0 unchanged, of 1 provider\.\n\nTo carry it out: model-sync apply \S+\n$/,
  )
  t.notMatch(plain.stdout, '\u001b[', 'no colour in a pipe')
  t.equal(detailed.code, 2)
  t.match(detailed.json(), { dryRun: true, success: true, plan: { providers: [{ provider: 'litellm' }] } })
  t.equal(plain.stdout.includes(detailed.json<{ planHash: string }>().planHash), true, 'the same plan, the same hash')
})

t.test('sync, and what it leaves behind', async (t) => {
  const synced = await spawned()
  t.equal(synced.code, 0, synced.stderr)
  const runId = /Run (\S+), revision \d+\.\n$/.exec(synced.stdout)?.[1]
  t.ok(runId, synced.stdout)
  const [list, filtered, show, changes, history, one, status, providers] = await Promise.all([
    cli('list'),
    cli('list', '--search', 'gem', '--limit', '3', '--json'),
    cli('show', 'litellm/gpt-4o'),
    cli('changes', '--since', '1h', '--kind', 'added', '--json'),
    cli('history', '--json'),
    cli('history', runId!),
    cli('status', '--json'),
    cli('providers', '--json'),
  ])
  t.match(list.stdout, /^ID +MODE +CONTEXT +IN +OUT +STATE\nlitellm\/claude +chat +128000 +\$2\.5 +\$10 +available\n/)
  t.match(list.stdout, /5 of 5 models\.\n$/)
  t.match(filtered.json(), { models: [{ id: 'litellm/gemini', inputCostPerToken: '0.0000025' }], total: 1 })
  t.match(
    show.stdout,
    /^litellm\/gpt-4o\n.* {2}inputCostPerToken +0\.0000025 \(\$2\.5 per 1M\) +\(upstream\)\n.*Last changes\n/s,
  )
  t.equal(changes.json<{ changes: unknown[] }>().changes.length, 5)
  t.match(history.json(), { runs: [{ runId, trigger: 'cli', success: true, result: { newModels: 5 } }] })
  t.match(one.stdout, new RegExp(`^${runId}: cli, from .*, ok\nPROVIDER`))
  t.match(status.json(), { lastSync: { runId }, needsSync: false, held: 0, models: { totalModels: 5 } })
  const [first] = providers.json<{ providers: Record<string, unknown>[] }>().providers
  t.match(first, { slug: 'litellm', keyPresent: true, availableModels: 5, lastError: null })
  for (const { code, stderr } of [list, show, changes, history, one, status, providers])
    t.strictSame({ code, stderr }, { code: 0, stderr: '' })
})

t.test('status: the exit code says whether something needs a person', async (t) => {
  const told = async (...args: string[]): Promise<string> => {
    const { code, stdout } = await cli('status', ...args)
    return `${code} ${/^State +(.*)$/m.exec(stdout)?.[1]}`
  }
  t.equal(await told('--exit-code'), '0 in step')
  litellm.setFault('/model/info', { kind: 'html' })
  litellm.setFault('/v1/models', { kind: 'html' })
  await cli('sync')
  t.equal(await told('--exit-code'), '2 failing')
  t.equal(await told(), '0 failing', 'without the option it is no error')
  const { stdout } = await cli('status')
  t.match(stdout, /^Failure +the last sync failed for litellm: model-sync sync --providers litellm$/m)
  t.match((await cli('status', '--exit-code', '--json')).json(), { standing: { state: 'failing' } })
  litellm.setFault('/model/info', null)
  litellm.setFault('/v1/models', null)
  await cli('sync')
  const { code, stderr } = await cliWith({ MODEL_SYNC_SCHEMA: 'nothing_yet' }, 'status', '--exit-code')
  t.equal(code, 2, `never synced ${stderr}`)
})

t.test('export: two are equal though a sync ran between them', async (t) => {
  const [json, csv, ts] = await Promise.all([
    cli('export', '--format', 'json'),
    cli('export', '--format', 'csv', '--search', 'claude'),
    cli('export', '--format', 'ts', '--mode', 'embedding'),
  ])
  t.strictSame(
    json.json<{ id: string }[]>().map(({ id }) => id),
    ['claude', 'gemini', 'gpt-4o', 'llama', 'mistral'].map((name) => `litellm/${name}`),
  )
  t.match(csv.stdout, /^id,provider,.*\r\nlitellm\/claude,litellm,claude,.*\r\n$/)
  t.match(ts.stdout, /export const models: readonly CatalogueModel\[\] = \[\n\]\n$/)
  litellm.setShuffle(1)
  const again = await cli('sync')
  litellm.setShuffle(null)
  t.equal(again.code, 0)
  t.equal((await cli('export')).stdout, json.stdout)
})

t.test('export of a client’s file: what anybody may call, and no filter is overlooked', async (t) => {
  const { code, stdout, stderr } = await cli('export', '--format', 'opencode')
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  const { gateway } = (JSON.parse(stdout) as { provider: Record<string, { options: object; models: object }> }).provider
  t.strictSame(Object.keys(gateway?.models ?? {}), ['claude', 'gemini', 'gpt-4o', 'llama', 'mistral'])
  t.match(gateway?.options, { baseURL: `${litellm.url}/v1` })
  const filtered = await cli('export', '--format', 'opencode', '--search', 'claude')
  t.equal(filtered.code, 64)
  t.match(filtered.stderr, '--search')
})

t.test('held, planned, approved, and stale', async (t) => {
  const dear = modelRow({ model_name: 'gpt-4o', model_info: { input_cost_per_token: 0.001 } })
  litellm.models.splice(0, 1, dear)
  const synced = await cli('sync')
  t.equal(synced.code, 1, 'what waits for a person is no success')
  t.match(synced.stdout, /litellm +held +5 .*5 unchanged, 1 held, 2 rejected; /)
  const plan = await cli('plan', '--detailed-exitcode')
  t.equal(plan.code, 2)
  t.match(
    plan.stdout,
    /! litellm\/gpt-4o {2}held \(price-jump\): inputCostPerToken 0\.0000025 \(\$2\.5 per 1M\) → 0\.001/,
  )
  const hash = /model-sync apply (\S+)/.exec(plan.stdout)![1]!

  litellm.models.push(modelRow({ model_name: 'late' }))
  const stale = await cli('apply', hash)
  t.equal(stale.code, 1)
  t.match(stale.stderr, /^error: the plan is stale/m)
  t.match(stale.stdout, /\+ litellm\/late /)
  const fresh = /apply the new plan|To carry the new plan out: model-sync apply (\S+)/.exec(stale.stdout)![1]!
  const applied = await cli('apply', fresh, '--only', 'litellm/gpt-4o', '--json')
  t.equal(applied.code, 0, applied.stderr)
  t.match(applied.json(), { success: true, updatedModels: 1, newModels: 0, trigger: 'cli' })
  t.match((await cli('show', 'litellm/gpt-4o', '--json')).json(), { inputCostPerToken: '0.001' })
  const [last, none] = [await cli('sync', '--json'), await cli('plan', '--detailed-exitcode')]
  t.match(last.json(), { newModels: 1 })
  t.match(none, { code: 0 })
  t.match(none.stdout, /^Plan: nothing to do.* 6 unchanged, of 1 provider\.\n$/m)
})

t.test('an upstream that fails: exit 1, and the reason', async (t) => {
  const wrong = { LITELLM_API_KEY: 'sk-wrong' }
  const [synced, planned] = [await cliWith(wrong, 'sync'), await cliWith(wrong, 'plan', '--detailed-exitcode')]
  t.equal(synced.code, 1)
  t.match(synced.stdout, /litellm +failed .*401/)
  t.equal(planned.code, 1)
  t.match(planned.stderr, /^error: litellm: .*401/m)
})

t.test(
  'on a terminal: bars and colours, no colours with NO_COLOR',
  { skip: !hasScript && 'there is no script(1)' },
  async (t) => {
    const onTerminal = async (changes: Env): Promise<string> => {
      const command = [process.execPath, ...CLI_ARGUMENTS, 'sync', '--force-update'].join(' ')
      const { stdout } = await promisify(execFile)('script', ['-qefc', command, '/dev/null'], {
        cwd,
        env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env, ...changes },
      })
      return stdout
    }
    const [coloured, plain] = await Promise.all([onTerminal({}), onTerminal({ NO_COLOR: '1' })])
    t.match(coloured, `${ESCAPE}[32mok${ESCAPE}[39m`)
    t.match(coloured, /litellm [█░]{24} /)
    t.notMatch(plain, `${ESCAPE}[3`)
    t.match(plain, /litellm +ok /)
  },
)

t.test('wrong usage is 64, what fails is 1, both on stderr alone', async (t) => {
  const cases: [code: number, stderr: RegExp, args: string[], changes?: Env][] = [
    [64, /^model-sync: There is no command "sycn"; did you mean sync\?\nmodel-sync --help says/, ['sycn']],
    [64, /no option --frobnicate\nmodel-sync list --help says/, ['list', '--frobnicate']],
    [64, /^model-sync: there is no provider "qqq"; the providers are: litellm, /, ['--providers', 'qqq']],
    [64, /not the hash of a plan/, ['apply', 'nonsense']],
    [64, /--since is "yesterday"; expected ISO 8601/, ['changes', '--since', 'yesterday']],
    [64, /--url is "ftp:\/\/x", expected an address with http/, ['list', '--url', 'ftp://x']],
    [64, /--url is .*did you mean http:\/\/localhost:8081\?/, ['list', '--url', 'localhost:8081']],
    [
      64,
      /^model-sync: there is no provider "litelm"; did you mean litellm\? The providers are: /,
      ['plan', '--providers', 'litelm'],
    ],
    [
      1,
      /there is no variable MODEL_SYNC_MAX_PAGE; did you mean MODEL_SYNC_MAX_PAGES\?/,
      ['list'],
      { MODEL_SYNC_MAX_PAGE: '5' },
    ],
    // Before the database, which is not there.
    [
      64,
      /no provider "openia"; did you mean openai\?/,
      ['sync', '--providers', 'openia'],
      { DATABASE_URL: 'postgres://127.0.0.1:9/x' },
    ],
    [
      1,
      /MODEL_SYNC_PROVIDERS \(providers\) names "openia", .*did you mean openai\?/,
      ['list'],
      { DATABASE_URL: 'postgres://127.0.0.1:9/x', MODEL_SYNC_PROVIDERS: 'openia' },
    ],
    [1, /there is no model "litellm\/none"; .* model-sync list --search none finds/, ['show', 'litellm/none']],
    [1, /LITELLM_SYNC_INTERVAL is "soon", expected a whole number/, ['list'], { LITELLM_SYNC_INTERVAL: 'soon' }],
    [1, /cannot be prepared: .*ECONNREFUSED/, ['list'], { DATABASE_URL: `postgres://u:${PASSWORD}@127.0.0.1:9/x` }],
    [1, /DATABASE_URL \(databaseUrl\) cannot be read/, ['list'], { DATABASE_URL: `postgres://u:${PASSWORD}@[x` }],
    [1, /The server at http:\/\/127\.0\.0\.1:9 does not answer/, ['list', '--url', 'http://127.0.0.1:9/']],
    [1, /has no \/models: expected the address of a model-sync server/, ['list', '--url', litellm.url + '/nowhere']],
  ]
  const ended = await Promise.all(cases.map(([, , args, changes = {}]) => cliWith(changes, ...args)))
  for (const [index, [code, stderr, args]] of cases.entries()) {
    t.equal(ended[index]!.code, code, args.join(' '))
    t.match(ended[index]!.stderr, stderr)
    t.equal(ended[index]!.stdout, '')
  }
})

t.test('a reader that goes away early is no error', async (t) => {
  const { child, ended } = start(['export'], { cwd, env })
  child.stdout.destroy()
  t.match(await ended, { code: 0, stderr: '' })
})

t.test('a provider that is named and has no key: exit 1, as the admin route says that it was no success', async (t) => {
  const [named, unnamed] = [
    await cli('sync', '--providers', 'openai'),
    await cliWith({ MODEL_SYNC_PROVIDERS: 'litellm,openai' }, 'sync'),
  ]
  t.match(named, { code: 1, stdout: /openai\s+skipped.*no API key/ })
  t.match(unnamed, { code: 0, stdout: /openai\s+skipped/ })
})

t.test('the exit code of wrong usage, the version, the help', async (t) => {
  const [wrong, version, help] = await Promise.all([spawned('sycn'), cli('--version'), cli('help', 'plan')])
  t.match(wrong, { code: 64, stdout: '', stderr: /did you mean sync/ })
  t.match(version, { code: 0, stdout: /^\d+\.\d+\.\d+\n$/ })
  t.match(help, { code: 0, stdout: /Usage: model-sync plan \[options\]/ })
})

t.test('no secret is ever told', async (t) => {
  t.ok(said.length > 50)
  for (const secret of [KEY, PASSWORD, env['ADMIN_TOKEN']!, new URL(database.url!).password + '@'])
    t.notMatch(said.join(''), secret)
})

t.test('every run has ended', async (t) => {
  const pool = new pg.Pool(database.poolConfig)
  t.teardown(() => pool.end())
  const { rows } = await pool.query(
    'SELECT count(*)::integer AS open FROM model_sync.sync_runs WHERE finished_at IS NULL',
  )
  t.strictSame(rows, [{ open: 0 }])
})
