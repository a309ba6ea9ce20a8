/** The catalogue here and the one behind an API answer alike; and what a sync takes that names nobody. */
import pino from 'pino'
import t from 'tap'
import { openLocalBackend } from '../../../src/cli/backend/local-backend.js'
import { openRemoteBackend } from '../../../src/cli/backend/remote-backend.js'
import { CancelledError } from '../../../src/errors.js'
import { readSyncOptions } from '../../../src/options.js'
import { startServer } from '../../../src/server.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { captureLog } from '../../support/log-capture.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import { folder } from '../../cli/support.js'

needsPostgres()

const TOKEN = 'test-admin-token-of-the-server'
const silent = pino({ level: 'silent' })
const litellm = await startLoopbackLiteLLM({ models: manyRows(7) })
t.teardown(() => litellm.close())
const database = await createPostgresDatabase(t)
const settings = {
  databaseUrl: database.url!,
  litellm: { url: litellm.url, apiKey: litellm.key },
  priceBook: false,
}
const observer = { started: () => undefined, read: () => undefined, finished: () => undefined }
const never = new AbortController().signal

t.test('every read is the same on both ways', async (t) => {
  const dataDir = await folder(t)
  const server = { ...settings, providers: ['litellm'], port: 0, dataDir, adminToken: TOKEN, syncOnStartup: false }
  const backend = await startServer(server, captureLog().logger)
  t.teardown(() => backend.close())
  await backend.ready
  const local = await openLocalBackend(readSyncOptions({ ...settings, providers: ['litellm'] }), silent)
  t.teardown(() => local.close())
  const remote = openRemoteBackend({ url: backend.url, token: TOKEN })
  t.teardown(() => remote.close())

  t.match(await local.sync({}, observer, never), { success: true, newModels: 7, trigger: 'cli' })
  t.match(await remote.sync({}, observer, never), { success: true, unchangedModels: 7, trigger: 'manual' })
  litellm.models.pop()
  t.match(await remote.sync({ providers: ['litellm'] }, observer, never), { unavailableModels: 1 })

  const { models, nextCursor, total } = await local.models({ limit: 3, sort: '-name' })
  t.equal(models.length, 3)
  t.equal(total, 7)
  t.ok(nextCursor)
  t.strictSame(await remote.models({ limit: 3, sort: '-name' }), { models, nextCursor, total })
  const rest = { limit: 500, sort: '-name', cursor: nextCursor! }
  t.strictSame(await remote.models(rest), await local.models(rest))
  const { id } = models[0]!
  t.strictSame(await remote.model(id), JSON.parse(JSON.stringify(await local.model(id))))
  t.strictSame(await remote.changes({ kind: 'unavailable' }), await local.changes({ kind: 'unavailable' }))
  t.strictSame(await remote.runs({ limit: 2 }), await local.runs({ limit: 2 }))
  const [run] = (await local.runs({ limit: 1 })).runs
  t.strictSame(await remote.run(run!.runId), await local.run(run!.runId))
  t.strictSame(await remote.providers(), await local.providers())
  const names = [models[1]!.name, 'nobody-has-this', '']
  const how = { type: 'chat', strict: true, suggest: true } as const
  const resolved = await local.resolve(names, how)
  t.match(resolved, [
    { id: models[1]!.id },
    { code: 'FST_MODEL_SYNC_MODEL_NOT_FOUND' },
    { code: 'FST_MODEL_SYNC_NO_FALLBACK' },
  ])
  t.strictSame(await remote.resolve(names, how), JSON.parse(JSON.stringify(resolved)))
  t.strictSame(await remote.status(), await local.status())
  for (const one of [local, remote])
    await t.rejects(one.model('litellm/none'), { code: 'FST_MODEL_SYNC_NOT_FOUND' }, one.where)
})

t.test('whom a sync asks that names nobody: MODEL_SYNC_PROVIDERS, else what the address of LiteLLM says', async (t) => {
  const asked = async (providers: string[] | undefined): Promise<string[]> => {
    const local = await openLocalBackend(readSyncOptions({ ...settings, ...(providers && { providers }) }), silent)
    t.teardown(() => local.close())
    let slugs: string[] = []
    const started = (list: readonly { slug: string }[]): void => void (slugs = list.map(({ slug }) => slug))
    // Nobody is really asked: these would be upstreams out in the world.
    const aborted = AbortSignal.abort(new CancelledError('the test only wants to know whom it would ask'))
    const result = await local.sync({ dryRun: true }, { ...observer, started }, aborted)
    t.equal(result.totalModels, 0)
    return slugs
  }
  t.strictSame(await asked(['litellm']), ['litellm'])
  t.strictSame(await asked(undefined), ['litellm'], 'not everybody whom one could ask')
  const all = await asked(['all'])
  t.ok(all.includes('litellm') && all.includes('openrouter'), all.join())
  t.notOk(all.includes('groq'), 'a key that is needed and not set')
})
