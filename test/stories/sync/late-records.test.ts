/** An answer that is recorded late: the provider's state is what the newest answer says, by when it came and not by when it was written down. */
import { randomBytes } from 'node:crypto'
import t from 'tap'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { heldUpstream } from '../../support/held-upstream.js'
import { startHost, statuses, type TestHost } from '../../support/host.js'
import { outOfTurn } from '../../support/out-of-turn.js'
import { startTcpProxy } from '../../support/tcp-proxy.js'

needsPostgres()

const V0 = ['gpt-4o', 'gpt-4o-mini', 'o3', 'o4-mini']
const V1 = [...V0, 'gpt-5']

const RECORDS_UNCHANGED = /fingerprint = jsonb_set/
const RECORDS_FAILURE = /consecutive_failures = consecutive_failures \+ 1/
const LOCKS = /FOR UPDATE(?! OF)/

const database = await createPostgresDatabase(t)
const proxy = await startTcpProxy(t, database.url!)
const upstream = await heldUpstream(t)
const settings = {
  providers: ['openai'],
  providerOptions: { openai: { baseUrl: upstream.url, apiKey: 'sk-openai-0123456789' } },
  user: () => 'anna',
  authorizeUser: [async () => undefined],
  encryptionKey: randomBytes(32).toString('base64'),
}
const late = await startHost(t, database, { settings: { ...settings, databaseUrl: proxy.through(database.url!) } })
const other = await startHost(t, database, { settings })

const seen = async (): Promise<string[]> =>
  (
    await other.pool.query<{ id: string }>(
      'SELECT provider_model_id AS id FROM model_sync.user_models WHERE unavailable_reason IS NULL ORDER BY 1',
    )
  ).rows.map(({ id }) => id)

type State = { lastError: string | null; consecutiveFailures: number; listed: string[] }

interface Side {
  sync(host: TestHost): Promise<SyncResult>
  state(): Promise<State>
}

const available = async (): Promise<string[]> => {
  const { body } = await other.get<{ models: { providerModelId: string }[] }>('/models?availability=available&limit=99')
  return body.models.map(({ providerModelId }) => providerModelId).sort()
}

const sides: [string, Side][] = [
  [
    'the backend',
    {
      sync: (host) => host.app.modelSync.syncModels(),
      state: async () => ({ ...(await other.get<State>('/providers/openai')).body, listed: await available() }),
    },
  ],
  [
    'a user’s own key',
    {
      sync: async (host) =>
        (await host.request<SyncResult>({ method: 'POST', url: '/models/sync?keys=own', payload: {} })).body,
      state: async () => ({
        ...(
          await other.pool.query<State>(
            `SELECT last_error AS "lastError", consecutive_failures AS "consecutiveFailures" FROM model_sync.user_providers`,
          )
        ).rows[0]!,
        listed: await seen(),
      }),
    },
  ],
]

for (const [whose, { sync, state }] of sides) {
  /** A sync of `late` whose answer is there, and which is about to send a statement. */
  const begin = async (answer: string[] | number, sent: RegExp) => {
    upstream.serve(answer)
    const { came, release } = proxy.holdAt(sent)
    const done = sync(late)
    await came
    await outOfTurn(other.pool)
    return { done, release }
  }

  t.test(`${whose}: a success that is recorded late does not take back a newer failure`, async (t) => {
    await other.request({
      method: 'PUT',
      url: '/models/credentials/openai',
      payload: { apiKey: 'sk-anna-0123456789abcdef-wxyz' },
    })
    upstream.serve(V0)
    await sync(other)
    for (const [answer, sent, status] of [
      [V0, RECORDS_UNCHANGED, 'not-modified'],
      [V1, LOCKS, 'ok'],
    ] as const) {
      const { done, release } = await begin([...answer], sent)
      upstream.serve(400)
      t.strictSame(statuses(await sync(other)), ['failed'])
      release()
      t.strictSame(statuses(await done), [status])
      t.match(await state(), { lastError: /400/, consecutiveFailures: 1, listed: [...answer].sort() }, status)
      upstream.serve([...answer])
      t.strictSame(statuses(await sync(other)), ['not-modified'])
      t.match(await state(), { lastError: null, consecutiveFailures: 0 }, 'the next one does')
    }
  })

  t.test(`${whose}: failures of before it are over all the same`, async (t) => {
    upstream.serve(400)
    for (let failures = 0; failures < 2; failures++) await sync(other)
    t.match(await state(), { consecutiveFailures: 2 })
    const { done, release } = await begin(V1, RECORDS_UNCHANGED)
    upstream.serve(400)
    await sync(other)
    release()
    await done
    t.match(await state(), { lastError: /400/, consecutiveFailures: 1 })
  })

  t.test(`${whose}: a failure that is recorded late counts nothing over a newer success`, async (t) => {
    const { done, release } = await begin(400, RECORDS_FAILURE)
    upstream.serve(V0)
    t.match(await sync(other), { success: true })
    release()
    t.match(await done, { success: true, providers: [{ status: 'not-modified' }] })
    t.match(await state(), { lastError: null, consecutiveFailures: 0, listed: V0.toSorted() })
  })

  t.test(`${whose}: of two failures the newer one is told`, async (t) => {
    const { done, release } = await begin(400, RECORDS_FAILURE)
    upstream.serve(404)
    await sync(other)
    release()
    t.match(await done, { success: false })
    t.match(await state(), { lastError: /404/, consecutiveFailures: 2 })
  })
}

t.test('a key that was refused meanwhile stays refused', async (t) => {
  const own = (host: TestHost) =>
    host.request<SyncResult>({ method: 'POST', url: '/models/sync?keys=own', payload: {} })
  upstream.serve(V0)
  await own(other)
  const { came, release } = proxy.holdAt(RECORDS_UNCHANGED)
  const done = own(late)
  await came
  upstream.serve(401)
  await own(other)
  release()
  await done
  t.match((await other.get('/models/credentials/openai')).body, { status: 'invalid', reason: /401/ })
})

t.test('a failure of before the database’s clock was set back is over with the next success', async (t) => {
  upstream.serve(400)
  await other.app.modelSync.syncModels()
  await other.pool.query(`UPDATE model_sync.providers SET failed_at = now() + interval '400 days'`)
  upstream.serve(V0)
  t.match(await other.app.modelSync.syncModels(), { success: true })
  t.match((await other.get('/providers/openai')).body, { lastError: null, consecutiveFailures: 0, healthy: true })
  upstream.serve(404)
  await other.app.modelSync.syncModels()
  t.match((await other.get('/providers/openai')).body, { lastError: /404/, consecutiveFailures: 1 })
})
