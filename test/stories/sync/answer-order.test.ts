/** Two processes sync from one upstream into one database: the catalogue ends as upstream's last word, whatever comes between. */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import { createPostgresDatabase, databaseKinds, type TestDatabase } from '../../support/databases.js'
import { heldUpstream, type HeldAnswer, type HeldUpstream } from '../../support/held-upstream.js'
import { startHost, statuses, type TestHost } from '../../support/host.js'
import { outOfTurn } from '../../support/out-of-turn.js'
import { emptyTables } from '../../support/empty-tables.js'
import { rollingDeploys } from './rolling-deploys.js'

const BASE = ['gpt-4o', 'gpt-4o-mini', 'o1', 'o3', 'o4-mini']
const V0 = [...BASE, 'gpt-5']
const V1 = [...BASE, 'gpt-5-mini']
const V2 = [...BASE, 'gpt-5-nano']

interface Fixture {
  upstream: HeldUpstream
  one: TestHost
  other: TestHost
  /** What `host` has available, sorted. */
  listed(host?: TestHost): Promise<string[]>
  reset(): Promise<void>
  provider(): Promise<Record<string, unknown>>
}

async function start(t: Test, database: TestDatabase, settings: object = {}): Promise<Fixture> {
  const upstream = await heldUpstream(t)
  const open = () =>
    startHost(t, database, {
      settings: {
        providers: ['openai'],
        providerOptions: { openai: { baseUrl: upstream.url, apiKey: 'sk-openai-0123456789' } },
        timeoutMs: 20_000,
        ...settings,
      },
    })
  const one = await open()
  const other = await open()
  return {
    upstream,
    one,
    other,
    listed: async (host = one) =>
      [...(await host.models()).values()]
        .filter(({ availability }) => availability === 'available')
        .map(({ providerModelId }) => providerModelId)
        .sort(),
    reset: async () => {
      await emptyTables(one.pool)
      upstream.serve(V0)
      upstream.requests.length = 0
    },
    provider: async () => (await one.get('/providers/openai')).body,
  }
}

/** Begins a sync whose request is held back. */
async function begin(
  upstream: HeldUpstream,
  host: TestHost,
): Promise<HeldAnswer & { done: ReturnType<TestHost['sync']> }> {
  const held = upstream.hold()
  const done = host.sync()
  await held.arrived
  await outOfTurn(host.pool)
  return { ...held, done }
}

for (const [kind, createDatabase] of databaseKinds)
  t.test(`order of answers on ${kind}`, async (t) => {
    const database = await createDatabase(t)
    const fixture = await start(t, database)
    const { upstream, one, other, listed, reset, provider } = fixture

    await t.test('a roll-back is seen although one process had just found the answer unchanged', async (t) => {
      await reset()
      await one.sync()
      const late = await begin(upstream, one)
      upstream.serve(V1)
      t.match(await other.sync(), { success: true, newModels: 1, unavailableModels: 1 })
      late.release()
      t.match(await late.done, { success: true, errors: [], providers: [{ status: 'not-modified' }] })
      t.same(await listed(), V1.toSorted())
      upstream.serve(V0)
      t.match(await other.sync(), { success: true, restoredModels: 1, unavailableModels: 1 })
      t.same(await listed(), V0.toSorted(), 'not stuck at what was rolled back')
      t.match(await one.sync(), { providers: [{ status: 'not-modified' }] })
    })

    await t.test('the late one fetches anew, and applies what upstream says by then', async (t) => {
      await reset()
      await one.sync()
      const late = await begin(upstream, one)
      upstream.serve(V1)
      await other.sync()
      upstream.serve(V2)
      late.release()
      t.match(await late.done, { success: true, newModels: 1 })
      t.same(await listed(), V2.toSorted())
    })

    await t.test('an older answer does not replace a newer one', async (t) => {
      await reset()
      await one.sync()
      upstream.serve(V1)
      const late = await begin(upstream, one)
      upstream.serve(V2)
      await other.sync()
      late.release()
      t.match(await late.done, { success: true, errors: [], newModels: 0 })
      t.same(await listed(), V2.toSorted())
      t.notOk((await one.models()).has('gpt-5-mini'), 'what was listed in between never came')
    })

    await t.test('nor does one on an empty catalogue', async (t) => {
      await reset()
      const late = await begin(upstream, one)
      upstream.serve(V1)
      await other.sync()
      late.release()
      t.match(await late.done, { success: true })
      t.same(await listed(), V1.toSorted())
    })

    await t.test('an answer that differs is older than one that was found unchanged after it', async (t) => {
      await reset()
      await one.sync()
      upstream.serve(V1)
      const late = await begin(upstream, one)
      upstream.serve(V0)
      t.match(await other.sync(), { providers: [{ status: 'not-modified' }] })
      late.release()
      t.match(await late.done, { success: true, newModels: 0, providers: [{ status: 'not-modified' }] })
      t.same(await listed(), V0.toSorted())
    })

    await t.test('two that find the answer unchanged at the same time ask once each', async (t) => {
      await reset()
      await one.sync()
      const late = await begin(upstream, one)
      await other.sync()
      late.release()
      t.strictSame(statuses(await late.done), ['not-modified'])
      t.equal(upstream.requests.length, 3)
    })

    await t.test('a late failure does not stand over a newer success', async (t) => {
      await reset()
      await one.sync()
      upstream.serve(403)
      const late = await begin(upstream, one)
      upstream.serve(V1)
      await other.sync()
      late.release()
      t.match(await late.done, { success: true, errors: [], providers: [{ status: 'not-modified' }] })
      t.match(await provider(), { consecutiveFailures: 0, lastError: null, healthy: true })
    })

    await t.test('a late "not modified" does not clear what is held', async (t) => {
      await reset()
      await one.sync()
      const late = await begin(upstream, one)
      upstream.serve([])
      t.match(await other.sync(), { success: false, heldChanges: V0.length })
      late.release()
      t.match(await late.done, { success: false, heldChanges: V0.length, providers: [{ status: 'held' }] })
      t.match(await provider(), { heldChanges: V0.length, lastError: /held/ })
      t.match((await one.get('/models/health')).body, { status: 'degraded' })
    })

    await t.test(
      'whoever is overtaken again and again ends with the result of the others, after three requests',
      async (t) => {
        await reset()
        await one.sync()
        upstream.requests.length = 0
        const late = await begin(upstream, one)
        let { release } = late
        for (const next of [V1, V2]) {
          upstream.serve(next)
          await other.sync()
          const again = upstream.hold()
          release()
          await again.arrived
          ;({ release } = again)
        }
        upstream.serve(V1)
        await other.sync()
        release()
        const result = await late.done
        t.match(result, { success: true, errors: [], totalModels: V1.length, providers: [{ status: 'not-modified' }] })
        t.match(result.warnings, [/^openai: .*newer answer/])
        t.match(await provider(), { consecutiveFailures: 0, lastError: null })
        t.same(await listed(), V1.toSorted())
        t.equal(upstream.requests.length, 6, 'three of each')
      },
    )

    await t.test('a provider that is switched off meanwhile stays off', async (t) => {
      await reset()
      await one.sync()
      upstream.serve(V1)
      const late = await begin(upstream, one)
      await other.request({ method: 'PATCH', url: '/providers/openai', payload: { enabled: false } })
      late.release()
      t.strictSame(statuses(await late.done), ['disabled'])
      t.same(await listed(), [])
      await other.request({ method: 'PATCH', url: '/providers/openai', payload: { enabled: true } })
      await one.sync()
      t.same(await listed(), V1.toSorted())
      const unchanged = await begin(upstream, one)
      await other.request({ method: 'PATCH', url: '/providers/openai', payload: { enabled: false } })
      unchanged.release()
      t.strictSame(statuses(await unchanged.done), ['disabled'])
      await other.request({ method: 'PATCH', url: '/providers/openai', payload: { enabled: true } })
    })

    await t.test('an undo that comes meanwhile is not undone by an answer that was on its way', async (t) => {
      await reset()
      await one.sync()
      upstream.serve(V1)
      const { runId } = await one.sync()
      const late = await begin(upstream, one)
      t.equal((await other.request({ method: 'POST', url: `/models/sync/history/${runId}/undo` })).status, 200)
      late.release()
      t.match(await late.done, { success: false, providers: [{ status: 'held' }] })
      t.ok((await listed()).includes('gpt-5'))
    })

    await t.test('an edit by hand while the request is on its way asks for no second one', async (t) => {
      await reset()
      await one.sync()
      upstream.serve(V1)
      const late = await begin(upstream, one)
      await other.request({ method: 'PATCH', url: '/models/openai/gpt-4o', payload: { contextLength: 7 } })
      late.release()
      t.match(await late.done, { success: true, newModels: 1 })
      t.equal(upstream.requests.length, 2)
      t.match((await one.models()).get('gpt-4o'), { contextLength: 7 })
      const unchanged = await begin(upstream, one)
      await other.request({ method: 'PATCH', url: '/models/openai/gpt-4o', payload: { contextLength: 8 } })
      unchanged.release()
      t.strictSame(statuses(await unchanged.done), ['not-modified'])
      t.equal(upstream.requests.length, 3)
    })
  })

t.test('random deploys of an upstream, with roll-backs', (t) => rollingDeploys(t, { deploys: 15, seed: 1 }))

t.test('edits by hand, without a pause, let every sync through with one request each', async (t) => {
  const database = await createPostgresDatabase(t)
  const { upstream, one, other, reset } = await start(t, database)
  await reset()
  await one.sync()
  let editing = true
  let edits = 0
  const edit = async (id: string) => {
    while (editing)
      await other.request({ method: 'PATCH', url: `/models/openai/${id}`, payload: { contextLength: ++edits } })
  }
  const editors = BASE.slice(0, 4).map(edit)
  upstream.requests.length = 0
  for (let round = 1; round <= 20; round++) {
    upstream.serve([...BASE, `gpt-5.${round}`])
    t.match(await one.sync(), { success: true, errors: [], newModels: 1 })
  }
  editing = false
  await Promise.all(editors)
  t.ok(edits > 20, `${edits} edits`)
  t.equal(upstream.requests.length, 20)
})

t.test('a pin that is set between plan and apply is planned with, from the same answer', async (t) => {
  const database = await createPostgresDatabase(t)
  const { upstream, one, listed, reset } = await start(t, database)
  await reset()
  await one.sync()
  upstream.serve(V1)
  const person = await one.pool.connect()
  await person.query('BEGIN')
  await person.query('SELECT FROM model_sync.providers FOR UPDATE')
  const done = one.sync()
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
  while ((await one.pool.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  // A local model with the id that upstream lists from now on: planned with what was read before, it would be added twice.
  await person.query(`INSERT INTO model_sync.models (
      provider_id, provider_model_id, origin, name, input_modalities, output_modalities, capabilities, other_prices, aliases, first_seen_at, updated_at
    )
    SELECT id, 'gpt-5-mini', 'local', 'by hand', '[]', '[]', '{}', '[]', '[]', now(), now() FROM model_sync.providers`)
  await person.query('UPDATE model_sync.providers SET version = version + 1')
  await person.query('COMMIT')
  person.release()
  t.match(await done, { success: true, errors: [], newModels: 0, updatedModels: 1, unavailableModels: 1 })
  t.same(await listed(), V1.toSorted())
  t.equal(upstream.requests.length, 2)
})

for (const [kind, createDatabase] of databaseKinds)
  t.test(`users' own keys on ${kind}`, async (t) => {
    const database = await createDatabase(t)
    const { upstream, one, other } = await start(t, database, {
      user: (request: FastifyRequest) => (request.headers['x-user'] as string | undefined) ?? null,
      authorizeUser: [async () => undefined],
      encryptionKey: randomBytes(32).toString('base64'),
    })
    const as = (host: TestHost, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) =>
      host.request({ method, url, headers: { 'x-user': 'anna' }, ...(payload === undefined ? {} : { payload }) })
    const sync = async (host: TestHost) => (await as(host, 'POST', '/models/sync?keys=own')).body
    const save = (apiKey: string) => as(one, 'PUT', '/models/credentials/openai', { apiKey })
    const listed = async () =>
      (
        (await as(one, 'GET', '/models?visibleTo=me&availability=available&limit=500')).body['models'] as {
          providerModelId: string
        }[]
      )
        .map(({ providerModelId }) => providerModelId)
        .sort()
    const begin = async (host: TestHost) => {
      const held = upstream.hold()
      const done = sync(host)
      await held.arrived
      return { ...held, done }
    }
    await save('sk-anna-0123456789abcdef-wxyz')

    await t.test('a roll-back is seen, and an older answer replaces no newer one', async (t) => {
      upstream.serve(V0)
      t.match(await sync(one), { success: true, newModels: V0.length })
      const late = await begin(one)
      upstream.serve(V1)
      await sync(other)
      late.release()
      t.match(await late.done, { success: true, providers: [{ status: 'not-modified' }] })
      upstream.serve(V0)
      await sync(other)
      t.same(await listed(), V0.toSorted())
      upstream.serve(V1)
      const older = await begin(one)
      upstream.serve(V2)
      await sync(other)
      older.release()
      await older.done
      t.same(await listed(), V2.toSorted())
    })

    await t.test('a late refusal of the key before does not stand against the new one', async (t) => {
      upstream.serve(401)
      const late = await begin(one)
      await save('sk-anna-another-0123456789')
      late.release()
      t.match(await late.done, { providers: [{ status: 'disabled' }] })
      t.match((await as(one, 'GET', '/models/credentials/openai')).body, { status: 'valid', reason: null })
    })

    await t.test('what a key showed does not come back after the key was deleted', async (t) => {
      upstream.serve(V1)
      await sync(one)
      for (const answer of [V2, V1]) {
        upstream.serve(answer)
        const late = await begin(one)
        await as(other, 'DELETE', '/models/credentials/openai')
        late.release()
        t.match(await late.done, { providers: [{ status: 'disabled' }] })
        t.same(await listed(), [])
        await save('sk-anna-another-0123456789')
        await sync(one)
      }
    })
  })
