/** Runs of several replicas over one database: joined, cancelled, seen and taken over wherever they run. */
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { RunProgress } from '../../../src/core/records/run-progress.js'
import type { RunRecord } from '../../../src/core/records/run-record.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

needsPostgres()

const database = await createPostgresDatabase(t)
const litellm = await startLoopbackLiteLLM({ models: manyRows(5) })
t.teardown(() => litellm.close())
const open = (replica: string): Promise<TestHost> =>
  startHost(t, database, { litellm, settings: { replica, timeoutMs: 8000 } })
const one = await open('one')
const two = await open('two')

const fetches = (): number => litellm.requests.filter(({ url }) => url.startsWith('/model/info')).length

async function eventually<T>(read: () => Promise<T | null | undefined | false>, ms = 8000): Promise<T> {
  for (const giveUpAt = performance.now() + ms; ;) {
    const found = await read()
    if (found) return found
    if (performance.now() > giveUpAt) throw new Error('what was waited for did not come')
    await delay(30)
  }
}

const inProgress = async (host: TestHost): Promise<RunProgress | null> =>
  (await host.get<{ progress: RunProgress | null }>('/models/sync')).body.progress

t.beforeEach(async () => {
  await one.reset(manyRows(5))
  litellm.requests.length = 0
})

t.test('an equal POST joins the run of another replica and gets its result; another one waits its turn', async (t) => {
  litellm.setFault('/v1/models', { kind: 'delay', ms: 600, times: 1 })
  const first = one.sync()
  await eventually(async () => fetches() > 0 || litellm.requests.length > 0)
  const [joined, other] = await Promise.all([two.sync(), two.sync({ forceUpdate: true })])
  const result = await first
  t.equal(joined.runId, result.runId)
  t.same(joined, result)
  t.not(other.runId, result.runId)
  const { runs } = (await two.get<{ runs: RunRecord[] }>('/models/sync/history')).body
  t.equal(runs.length, 2)
  t.ok(runs[0]!.startedAt >= runs[1]!.finishedAt!, 'one after the other')
})

t.test('how far a run is, is seen on each replica, with the name of the one that carries it out', async (t) => {
  litellm.setFault('/v1/models', { kind: 'delay', ms: 1900, times: 1 })
  const running = one.sync()
  const progress = await eventually(() => inProgress(two))
  t.match(progress, { replica: 'one', trigger: 'manual', providers: [{ provider: 'litellm' }] })
  t.match((await two.get('/models/sync')).body, { running: true })
  const result = await running
  t.equal(progress.runId, result.runId)
  t.match((await two.get('/models/sync')).body, { running: false, progress: null })
})

t.test('the events of another replica’s run reach whoever listens here', async (t) => {
  const told: [string, unknown][] = []
  const stop = two.app.modelSync.sync.watchRuns((name, data) => void told.push([name, data]))
  t.teardown(stop)
  litellm.setFault('/v1/models', { kind: 'delay', ms: 1900, times: 1 })
  const { runId } = await one.sync()
  await eventually(async () => told.some(([name]) => name === 'finished'))
  t.equal(told[0]?.[0], 'started')
  t.match(told.at(-1), ['finished', { runId, success: true }])
})

t.test('DELETE ends a run on whichever replica, within two seconds', async (t) => {
  litellm.setFault('/v1/models', { kind: 'hang' })
  const running = one.request<SyncResult>({ method: 'POST', url: '/models/sync' })
  await eventually(async () => (await two.get('/models/sync')).body['running'] === true)
  const before = performance.now()
  t.same((await two.request({ method: 'DELETE', url: '/models/sync' })).body, { cancelled: true })
  t.ok(performance.now() - before < 2000)
  t.match((await running).body, { success: false, problems: [{ code: 'cancelled' }] })
  t.same((await two.request({ method: 'DELETE', url: '/models/sync' })).body, { cancelled: false })
  litellm.setFault('/v1/models', null)
  t.match(await two.sync(), { success: true })
})

t.test('who has lost its lease writes nothing, and its result says so; the heir ends the run', async (t) => {
  litellm.setFault('/v1/models', { kind: 'delay', ms: 700, times: 1 })
  const late = one.request<SyncResult>({ method: 'POST', url: '/models/sync' })
  await eventually(async () => litellm.requests.length > 0)
  // As after a pause that was longer than the lease.
  await one.pool.query(
    "UPDATE model_sync.work SET leased_until = now() - interval '1 second', holder = gen_random_uuid()",
  )
  await one.pool.query("UPDATE model_sync.work SET token = token + 1 WHERE state = 'running'")
  const { body } = await late
  t.match(body, { success: false, problems: [{ code: 'lease-lost' }, { code: 'lease-lost' }], newModels: 0 })
  const heir = await eventually(async () => {
    const { runs } = (await two.get<{ runs: RunRecord[] }>('/models/sync/history')).body
    return runs.find(({ finishedAt }) => finishedAt !== null)
  }, 15_000)
  t.equal(heir.runId, body.runId)
  t.equal(heir.takenOver, 'one')
  t.match(heir.result, { success: true, newModels: 5, takenOver: 'one', problems: [] })
  t.equal((await two.models()).size, 5)
})

t.test('what was applied before a take-over is kept: only the rest is asked again', async (t) => {
  await one.sync()
  const [{ run_id: runId }] = (
    await one.pool.query<{ run_id: string }>("SELECT run_id FROM model_sync.providers WHERE slug = 'litellm'")
  ).rows as [{ run_id: string }]
  // Its process ended after the provider was applied, before the run was put on record.
  await one.pool.query('UPDATE model_sync.sync_runs SET finished_at = NULL, result = NULL, success = NULL')
  await one.pool.query(
    "UPDATE model_sync.work SET state = 'running', ended_at = NULL, outcome = NULL, leased_until = now(), holder_name = 'gone', began_by = 'gone'",
  )
  litellm.requests.length = 0
  const run = await eventually(async () => {
    const { body } = await two.get<RunRecord>(`/models/sync/history/${runId}`)
    return body.finishedAt !== null && body
  }, 15_000)
  t.equal(litellm.requests.length, 0)
  t.match(run.result, { success: true, newModels: 5, takenOver: 'gone', runId })
})

t.test('a replica that closes hands its run on at once', async (t) => {
  const leaving = await open('leaving')
  await eventually(async () => (await leaving.app.modelSync.work.replicas()).some(({ name }) => name === 'two'), 15_000)
  litellm.setFault('/v1/models', { kind: 'hang' })
  const running = leaving.request<SyncResult>({ method: 'POST', url: '/models/sync' })
  await eventually(async () => litellm.requests.length > 0)
  litellm.setFault('/v1/models', null)
  await leaving.app.close()
  t.match((await running).body, { success: false, problems: [{ code: 'cancelled', facts: { by: 'closing' } }] })
  const run = await eventually(async () => {
    const { runs } = (await two.get<{ runs: RunRecord[] }>('/models/sync/history')).body
    return runs.find(({ finishedAt }) => finishedAt !== null)
  }, 15_000)
  t.match(run, { success: true, takenOver: 'leaving', result: { newModels: 5 } })
})

t.test('a caller whose signal is aborted changes nothing for a caller on another replica', async (t) => {
  litellm.setFault('/v1/models', { kind: 'delay', ms: 800, times: 1 })
  const leaving = new AbortController()
  const first = one.app.modelSync.syncModels({ signal: leaving.signal })
  await eventually(async () => litellm.requests.length > 0)
  const second = two.sync()
  await delay(150)
  leaving.abort()
  t.match(await second, { success: true, newModels: 5 })
  t.match(await first, { success: true })
})

t.test('a stale plan is refused with the new plan, also where another replica carries it out', async (t) => {
  const { planHash } = await one.sync({ dryRun: true })
  await one.sync()
  litellm.models.push(...manyRows(6).slice(5))
  const { status, body } = await two.request({ method: 'POST', url: '/models/sync', payload: { planHash } })
  t.equal(status, 409)
  t.match(body, { code: 'FST_MODEL_SYNC_PLAN_STALE', plan: Object })
})

t.test('a hook of the host may take longer than a lease', async (t) => {
  const onApply = (): Promise<void> => delay(1600)
  const slow = await startHost(t, database, { litellm, settings: { replica: 'slow', leaseSeconds: 1, onApply } })
  t.match(await slow.sync(), { success: true, newModels: 5 })
})
