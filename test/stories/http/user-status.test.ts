/** What a user with own keys is answered: last sync, what is new, whether a sync is due, all of that user's own syncs. */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { databaseKinds } from '../../support/databases.js'
import { startHost, type Answer } from '../../support/host.js'
import { loopback } from '../../support/loopback.js'

const BACKEND_KEY = 'sk-backend-0123456789abcdef'
const ANNA_KEY = 'sk-anna-0123456789abcdef-wxyz'
// As an older system's page shows it, to the letter.
const HISTORY = `-- Get recent syncs
SELECT 
  synced_at,
  total_new_models,
  sync_results
FROM model_sync_history
WHERE user_id = 'user-id'
ORDER BY synced_at DESC
LIMIT 10;
`

interface Status {
  keys: string
  lastSync: { runId: string; userId: string; total_new_models: number; success: boolean } | null
  lastSuccess: { runId: string } | null
  needsSync: boolean
  newModels: number
  held: number
  running: boolean
  standing: { state: string; reasons: { code: string; facts: { providers?: string[] } }[] }
}

for (const [kind, createDatabase] of databaseKinds)
  t.test(`on ${kind}`, async (t) => {
    const lists = new Map([
      [BACKEND_KEY, ['gpt-4o']],
      [ANNA_KEY, ['gpt-4o', 'gpt-4o-mine']],
    ])
    const asked: string[] = []
    const vendor = await loopback(t, (request, response) => {
      const key = (request.headers.authorization ?? '').replace(/^Bearer /, '')
      asked.push(key)
      const ids = lists.get(key)
      response.statusCode = ids === undefined ? 401 : 200
      response.setHeader('content-type', 'application/json')
      const data = (ids ?? []).map((id) => ({ id, object: 'model', created: 1700000000, owned_by: 'openai' }))
      response.end(JSON.stringify(ids === undefined ? { error: { message: 'no' } } : { object: 'list', data }))
    })
    const host = await startHost(t, await createDatabase(t), {
      settings: {
        user: (request: FastifyRequest) => (request.headers['x-user'] as string | undefined) ?? null,
        providers: ['openai'],
        providerOptions: { openai: { baseUrl: vendor.url, apiKey: BACKEND_KEY } },
        encryptionKey: randomBytes(32).toString('base64'),
      },
    })
    const as = <Body = Record<string, unknown>>(
      user: string,
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: string,
      payload?: object,
    ): Promise<Answer<Body>> =>
      host.request<Body>({
        method,
        url,
        headers: { 'x-user': user },
        ...(payload === undefined ? {} : { payload }),
      })
    const status = async (user: string, query = ''): Promise<Status> =>
      (await as<Status>(user, 'GET', `/models/sync${query}`)).body
    const saveKey = (user: string, apiKey = ANNA_KEY) => as(user, 'PUT', '/models/credentials/openai', { apiKey })

    await t.test('a first sync with own keys is the last sync of that user, and of nobody else', async (t) => {
      await saveKey('anna')
      t.match(await status('anna'), { keys: 'own', lastSync: null, needsSync: true, newModels: 0 })
      const { body: result } = await as<{ runId: string }>('anna', 'POST', '/models/sync')
      const { runId } = result
      t.match(await status('anna'), {
        keys: 'own',
        lastSync: { runId, userId: 'anna', total_new_models: 2, success: true },
        lastSuccess: { runId },
        needsSync: false,
        newModels: 2,
        standing: { state: 'ok', reasons: [] },
      })
      for (const user of ['bert', ''])
        t.match(await status(user), { keys: 'backend', lastSync: null, needsSync: true, newModels: 0 })
      t.match(await status('anna', '?keys=backend'), { keys: 'backend', lastSync: null, needsSync: true })
      t.match((await host.get<{ code: string }>('/models/sync?keys=own')).body, { code: /NO_USER/ })
    })

    await t.test('what is new is told until the user has looked', async (t) => {
      t.match((await as('anna', 'POST', '/models/sync/seen')).body, { newModels: 0 })
      t.match(await status('anna'), { newModels: 0 })
      lists.get(ANNA_KEY)!.push('gpt-4o-more')
      await as('anna', 'POST', '/models/sync')
      t.match(await status('anna'), { newModels: 1 })
      t.match(await status('bert'), { newModels: 0 })
    })

    await t.test('the backend’s sync, good or bad, is not the user’s', async (t) => {
      const own = await status('anna')
      lists.delete(BACKEND_KEY)
      t.match((await as('admin', 'POST', '/models/sync?keys=backend')).body, { success: false })
      t.match(await status('bert'), { lastSync: { userId: 'admin', success: false }, standing: { state: 'failing' } })
      t.match(await status('anna'), { lastSync: { runId: own.lastSync!.runId }, standing: { state: 'ok' } })
      lists.set(BACKEND_KEY, ['gpt-4o'])
      await as('admin', 'POST', '/models/sync?keys=backend')
    })

    await t.test('a key that is refused needs its user, and no operator', async (t) => {
      await saveKey('carla', 'sk-refused-0123456789abcdef')
      await as('carla', 'POST', '/models/sync')
      t.match(await status('carla'), {
        lastSync: { success: false },
        lastSuccess: null,
        needsSync: true,
        standing: { state: 'failing', reasons: [{ code: 'last-run-failed' }, { code: 'provider-failing' }] },
      })
      t.match((await host.get('/models/health')).body, { status: 'ok' })
      await as('carla', 'DELETE', '/models/credentials/openai')
      t.match(await status('carla'), { keys: 'backend', needsSync: false }, 'without a key: the backend’s again')
    })

    await t.test('held changes of a user', async (t) => {
      const kept = lists.get(ANNA_KEY)!
      lists.set(ANNA_KEY, [])
      await as('anna', 'POST', '/models/sync')
      t.match(await status('anna'), { held: 3, standing: { state: 'attention', reasons: [{ code: 'held' }] } })
      t.match(await status('bert'), { held: 0 })
      lists.set(ANNA_KEY, kept)
      await as('anna', 'POST', '/models/sync')
      t.match(await status('anna'), { held: 0, standing: { reasons: [] } })
    })

    await t.test('a sync at login looks at the user’s own syncs, and uses the user’s keys', async (t) => {
      const runs = async (user: string): Promise<{ keys: string; trigger: string; userId: string }[]> =>
        (await as<{ runs: [] }>(user, 'GET', '/models/sync/history?trigger=login')).body.runs
      const { modelSync } = host.app
      modelSync.triggers.syncIfStale({ userId: 'anna' })
      modelSync.triggers.syncIfStale({ userId: 'bert' })
      await new Promise((resolve) => setTimeout(resolve, 200))
      t.strictSame([await runs('anna'), await runs('bert')], [[], []], 'neither is due')
      await host.pool.query(`UPDATE model_sync.user_runs SET started_at = started_at - interval '40 days'`)
      t.match(await status('anna'), { needsSync: true })
      asked.length = 0
      modelSync.triggers.syncIfStale({ userId: 'anna' })
      modelSync.triggers.syncIfStale({ userId: 'anna' })
      modelSync.triggers.syncIfStale({ userId: 'bert' })
      while ((await status('anna')).needsSync) await new Promise((resolve) => setTimeout(resolve, 20))
      t.match(await runs('anna'), [{ keys: 'own', trigger: 'login', userId: 'anna' }])
      t.equal((await runs('anna')).length, 1)
      t.strictSame([...new Set(asked)], [ANNA_KEY])
      await host.pool.query(`UPDATE model_sync.sync_runs SET started_at = started_at - interval '40 days'`)
      modelSync.triggers.syncIfStale({ userId: 'bert' })
      while ((await status('bert')).needsSync) await new Promise((resolve) => setTimeout(resolve, 20))
      t.match(await runs('bert'), [{ keys: 'backend', trigger: 'login', userId: 'bert' }])
      t.ok(asked.includes(BACKEND_KEY))
    })

    await t.test('the history query of an older system runs as it stands', async (t) => {
      await saveKey('user-id')
      await as('user-id', 'POST', '/models/sync')
      await as('user-id', 'POST', '/models/sync?keys=backend')
      const client = await host.pool.connect()
      try {
        await client.query('SET search_path = public, model_sync')
        const { rows } = await client.query(HISTORY)
        t.match(rows, [
          { total_new_models: 0, sync_results: [{ provider: 'openai' }], synced_at: Date },
          { total_new_models: 3, sync_results: [{ provider: 'openai', newModels: 3 }] },
        ])
        t.equal(rows.length, 2, 'with the user’s own keys, and with the backend’s')
      } finally {
        await client.query('RESET search_path')
        client.release()
      }
    })
  })
