/** Without DATABASE_URL: the embedded database, alone and while a server holds it. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { readServerInfo } from '../../src/embedded/server-info.js'
import { startServer } from '../../src/server.js'
import { captureLog } from '../support/log-capture.js'
import { manyRows, startLoopbackLiteLLM } from '../support/loopback-litellm.js'
import { copyPgliteCluster } from '../support/pglite-databases.js'
import { folder, run, start, type Ended, type Env } from '../cli/support.js'

const litellm = await startLoopbackLiteLLM({ models: manyRows(3) })
t.teardown(() => litellm.close())
const cwd = await folder(t)
const dataDir = path.join(cwd, 'data')
await copyPgliteCluster(dataDir)
const env: Env = {
  LITELLM_API_URL: litellm.url,
  LITELLM_API_KEY: litellm.key,
  MODEL_SYNC_PROVIDERS: 'litellm',
}
/** A process of its own, since one process cannot hold the data directory twice. */
const spawned = (...args: string[]): Promise<Ended> => start(args, { cwd, env }).ended
const cli = (...args: string[]): Promise<Ended> => run(args, { ...env, MODEL_SYNC_DATA_DIR: dataDir })

t.test('alone', async (t) => {
  const synced = await spawned('sync')
  t.equal(synced.code, 0, synced.stderr)
  t.match(synced.stdout, 'Synced 3 models of 1 provider')
  t.equal(await readServerInfo(dataDir), null, 'it has let go of the data directory')
  t.match((await cli('list', '--json')).json(), { total: 3 })
})

t.test('while a server holds it', async (t) => {
  const log = captureLog()
  const backend = await startServer(
    {
      port: 0,
      prefix: '/api',
      dataDir,
      litellm: { url: litellm.url, apiKey: litellm.key },
      providers: ['litellm'],
      syncOnStartup: false,
    },
    log.logger,
  )
  t.teardown(() => backend.close())
  await backend.ready
  const url = `${backend.url}/api`
  t.equal((await readServerInfo(dataDir))?.url, url, 'the server says where it serves, with its prefix')

  t.test('it says so, and offers --url', async (t) => {
    const refused = await spawned('list')
    t.equal(refused.code, 1)
    t.equal(refused.stdout, '')
    t.match(refused.stderr, `go through it with --url ${url}`)
  })

  t.test('every command goes through it, with the token that it has generated for itself', async (t) => {
    litellm.models.push(...manyRows(4, { seed: 2 }).slice(3))
    const planned = await cli('plan', '--url', url, '--detailed-exitcode')
    t.equal(planned.code, 2, planned.stderr)
    const [, hash = '', connection] = /model-sync apply (\S+)( .*)?\n$/.exec(planned.stdout) ?? []
    t.equal(connection, ` --url ${url}`, 'the command that it proposes reaches the same catalogue')
    const applied = await cli('apply', hash, '--url', url)
    t.equal(applied.code, 0, applied.stderr)
    t.match(applied.stdout, /1 new, 3 unchanged/)
    litellm.models.pop()
    const stale = await cli('apply', hash, '--url', url)
    t.equal(stale.code, 1)
    t.match(stale.stderr, 'the plan is stale')
    t.match(stale.stdout, 'To carry the new plan out')
    const dry = await spawned('--dry-run', '--url', url, '--json')
    t.match(dry.json(), { dryRun: true, unavailableModels: 1 }, 'all that the server would sync')
    const synced = await cli('sync', '--providers', 'litellm', '--url', `${url}/`)
    t.match(synced.stdout, /1 unavailable/)
    const reads = [
      ['list'],
      ['show', 'litellm/vendor-0/model-00000'],
      ['providers'],
      ['history'],
      ['changes'],
      ['status'],
      ['export'],
      ['migrate'],
    ]
    for (const { code, stderr } of await Promise.all(reads.map((args) => cli(...args, '--url', url))))
      t.strictSame({ code, stderr }, { code: 0, stderr: '' })
    t.match(await cli('--force-update', '--url', url), { code: 64, stderr: /need --providers/ })
  })

  t.test('a wrong token, and what the generated one is not sent to', async (t) => {
    const refused = await cli('sync', '--url', url, '--token', 'a-token-that-is-not-the-right-one')
    t.equal(refused.code, 1)
    t.match(refused.stderr, /refuses \(401\): the token is not the right one\. Set ADMIN_TOKEN, or pass --token-file/)
    const elsewhere = await cli('list', '--url', litellm.url)
    t.equal(elsewhere.code, 1)
    const token = (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim()
    t.notMatch(JSON.stringify(litellm.requests), token)
  })
})
