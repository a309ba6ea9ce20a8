/** The interval auto-sync: its log, its interval, overrun, failures, and stopping. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { ToadScheduler } from 'toad-scheduler'
import { LiteLLMIntegrationService } from '../../../src/services/triggers/litellm-integration-service.js'
import type { SyncOptions } from '../../../src/services/sync/sync-request.js'
import { makeResult } from '../../../src/services/sync/sync-result.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import { WorkService } from '../../../src/services/work/work-service.js'
import { openDatabase } from '../../../src/store/database.js'
import { migrate } from '../../../src/store/migrate.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { captureLog } from '../../support/log-capture.js'

const LEASE_MS = 1000
const SECOND = 1 / 60

function result(errors: string[] = []): SyncResult {
  const startedAt = '2026-01-01T00:00:00.000Z'
  const parts = { runId: 'run', trigger: 'interval', dryRun: false, startedAt, durationMs: 1, revision: 1 } as const
  const problems = errors.map((message) => ({ code: 'internal' as const, facts: { said: message } }))
  return makeResult({ ...parts, providers: [], problems })
}

const { poolConfig } = await createPostgresDatabase(t)
const pool = new pg.Pool({ ...poolConfig, max: 4 })
t.teardown(() => pool.end())
await migrate(pool, { schema: 'model_sync' })
t.beforeEach(async () => void (await pool.query('DELETE FROM model_sync.work; DELETE FROM model_sync.replicas')))

/** A replica with a sync that does what it is told. */
function setUp(
  t: Pick<Test, 'teardown'>,
  intervalMinutes: number,
  syncModels: (options?: SyncOptions) => Promise<SyncResult> = async () => result(),
) {
  const log = captureLog()
  const scheduler = new ToadScheduler()
  const calls: { at: number; options: SyncOptions | undefined }[] = []
  const replica = { id: randomUUID(), name: 'one of some', version: '1.2.3' }
  const database = openDatabase(pool, 'model_sync')
  const quiet = captureLog().logger
  const work = new WorkService({ database, replica, log: quiet, scheduler, leaseMs: LEASE_MS, alone: false })
  const service = new LiteLLMIntegrationService({
    modelSync: {
      syncModels: (options) => {
        calls.push({ at: Date.now(), options })
        return syncModels(options)
      },
    },
    work,
    scheduler,
    log: log.logger,
    intervalMinutes,
    now: () => Date.now(),
  })
  work.start()
  t.teardown(async () => {
    await service.stopAutoSync()
    await work.stop()
    scheduler.stop()
  })
  return { service, log, calls, work, scheduler }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

t.test('logs as documented, and delegates', async (t) => {
  const { service, log, calls } = setUp(t, 60)
  t.equal(service.nextSyncAt, null)
  service.startAutoSync()
  service.startAutoSync()
  t.ok(Math.abs(Date.parse(service.nextSyncAt ?? '') - Date.now() - 3_600_000) < 2000, 'in 60 minutes')
  await log.waitFor('Automatic model sync completed successfully')
  await service.stopAutoSync()
  t.equal(service.nextSyncAt, null)
  await service.stopAutoSync()
  t.strictSame(log.messages(), [
    'Starting auto-sync with interval: 60 minutes',
    'Starting automatic model sync',
    'Automatic model sync completed successfully',
    'Auto-sync stopped',
  ])
  t.match(log.lines()[2], { totalModels: 0, newModels: 0, updatedModels: 0, unavailableModels: 0, level: 30 })
  t.equal(calls.length, 1)
  t.match(calls[0]?.options, { trigger: 'interval', signal: AbortSignal })
  t.not(calls[0]?.options?.forceUpdate, true)
  t.not(calls[0]?.options?.markUnavailable, false)
})

t.test('errors in a result, and a sync that throws', async (t) => {
  const { service, log } = setUp(t, 60, async () => result(['litellm: no']))
  service.startAutoSync()
  t.match(await log.waitFor('Automatic model sync completed with errors'), { errors: ['litellm: no'], level: 40 })
  await service.stopAutoSync()
  for (const throws of [
    () => Promise.reject(new Error('later')),
    () => {
      throw new Error('at once')
    },
  ]) {
    const { service, log } = setUp(t, 60, throws)
    service.startAutoSync()
    t.match(await log.waitFor('Automatic model sync failed'), { err: { message: /later|at once/ }, level: 50 })
    await service.stopAutoSync()
  }
})

t.test('immediately: false leaves the first sync to the startup', async (t) => {
  const { service, calls } = setUp(t, 60)
  service.startAutoSync({ immediately: false })
  await pause(20)
  t.equal(calls.length, 0)
  await service.stopAutoSync()
})

t.test('minutes are minutes, and an interval may be longer than a timer', async (t) => {
  for (const minutes of [1, 0.5, 43_200]) {
    await pool.query('DELETE FROM model_sync.work; DELETE FROM model_sync.replicas')
    const { service, log } = setUp(t, minutes)
    service.startAutoSync({ immediately: false })
    const next = Date.parse((await service.readNextSyncAt()) ?? '')
    t.ok(Math.abs(next - Date.now() - minutes * 60_000) < 2000, `${minutes} minutes`)
    t.match(log.messages(), [`Starting auto-sync with interval: ${minutes} minutes`])
    await service.stopAutoSync()
  }
})

t.test('a failed run does not stop the next', async (t) => {
  let runs = 0
  const { service, log } = setUp(t, SECOND / 4, async () => {
    runs += 1
    if (runs === 1) throw new Error('first')
    return result()
  })
  service.startAutoSync({ immediately: false })
  await log.waitFor('Automatic model sync completed successfully', 10_000)
  await service.stopAutoSync()
  t.ok(runs >= 2)
  const stoppedAt = runs
  await pause(600)
  t.equal(runs, stoppedAt, 'none after it was stopped')
})

t.test('a run that takes longer than the interval is not overtaken, and what it has missed is left out', async (t) => {
  let running = 0
  let most = 0
  const { service, calls } = setUp(t, SECOND / 2, async () => {
    most = Math.max(most, ++running)
    await pause(1200)
    running -= 1
    return result()
  })
  service.startAutoSync({ immediately: false })
  await pause(5200)
  await service.stopAutoSync()
  t.equal(most, 1)
  t.ok(calls.length >= 3 && calls.length <= 4, `${calls.length} runs`)
  t.equal(running, 0)
  const steps = calls.slice(1).map(({ at }, index) => (at - calls[index]!.at) / 500)
  t.ok(
    steps.every((step) => Math.abs(step - Math.round(step)) < 0.4),
    `${steps.join(', ')} intervals apart`,
  )
})

t.test('replicas share the ticks: one run for each, none late, the same next one told by all', async (t) => {
  const replicas = [1, 2, 3].map(() => setUp(t, SECOND, async () => (await pause(100), result())))
  for (const { service } of replicas) service.startAutoSync({ immediately: false })
  await pause(6700)
  const told = await Promise.all(replicas.map(({ service }) => service.readNextSyncAt()))
  t.equal(new Set(told).size, 1, told.join())
  t.equal(replicas[0]!.service.nextSyncAt, told[0])
  const ticks = replicas.flatMap(({ calls }) => calls.map(({ at }) => at)).sort((a, b) => a - b)
  t.ok(ticks.length >= 5 && ticks.length <= 6, `${ticks.length} runs`)
  const late = ticks.map((at, index) => at - ticks[0]! - index * 1000)
  t.ok(
    late.every((ms) => Math.abs(ms) < 400),
    `${late.join(', ')} ms late`,
  )
})

t.test('a tick survives the death of the replica that has it', async (t) => {
  let end = (): void => undefined
  const dies = setUp(t, SECOND, () => new Promise((resolve) => (end = () => resolve(result()))))
  const heir = setUp(t, SECOND)
  dies.service.startAutoSync({ immediately: false })
  while (dies.calls.length === 0) await pause(20)
  heir.service.startAutoSync({ immediately: false })
  t.equal(heir.calls.length, 0, 'while it is alive')
  // From now on nothing prolongs its lease.
  dies.scheduler.stop()
  await heir.log.waitFor('Automatic model sync completed successfully', 10_000)
  const { rows } = await pool.query("SELECT count(*)::integer AS count FROM model_sync.work WHERE kind = 'tick'")
  t.same(rows, [{ count: 1 }])
  end()
})

t.test('after hours without any replica there is no burst: the next is one interval from the start', async (t) => {
  const first = setUp(t, 60)
  first.service.startAutoSync({ immediately: false })
  await first.service.readNextSyncAt()
  await first.service.stopAutoSync()
  await first.work.stop()
  await pool.query("UPDATE model_sync.work SET due_at = due_at - interval '9 hours'")
  const later = setUp(t, 60)
  later.service.startAutoSync({ immediately: false })
  const next = Date.parse((await later.service.readNextSyncAt()) ?? '')
  t.ok(Math.abs(next - Date.now() - 3_600_000) < 2000)
  await pause(500)
  t.equal(later.calls.length, 0)
})

t.test('a replica that comes later changes nothing, unless its interval is shorter', async (t) => {
  const first = setUp(t, 60)
  first.service.startAutoSync({ immediately: false })
  const next = await first.service.readNextSyncAt()
  await pause(300)
  const alike = setUp(t, 60)
  alike.service.startAutoSync({ immediately: false })
  t.equal(await alike.service.readNextSyncAt(), next)
  const shorter = setUp(t, 5)
  shorter.service.startAutoSync({ immediately: false })
  t.ok(Math.abs(Date.parse((await shorter.service.readNextSyncAt()) ?? '') - Date.now() - 300_000) < 2000)
  t.equal(await first.service.readNextSyncAt(), await shorter.service.readNextSyncAt())
})

t.test('stopping aborts the run and waits for it, 5 s at most', async (t) => {
  let ended = false
  const { service } = setUp(t, 60, async (options) => {
    await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve))
    await pause(30)
    ended = true
    return result()
  })
  service.startAutoSync()
  await service.stopAutoSync()
  t.equal(ended, true)

  const { service: deaf } = setUp(t, 60, () => new Promise(() => undefined))
  deaf.startAutoSync()
  const startedAt = performance.now()
  await deaf.stopAutoSync()
  const waited = performance.now() - startedAt
  t.ok(waited > 4000 && waited < 7000, `waited ${Math.round(waited)} ms for a run that does not answer`)
})

t.test('started again after it was stopped, it syncs again', async (t) => {
  const { service, calls, log } = setUp(t, 60, async (options) => {
    options?.signal?.throwIfAborted()
    return result()
  })
  service.startAutoSync()
  await service.stopAutoSync()
  log.clear()
  service.startAutoSync()
  await log.waitFor('Automatic model sync completed successfully', 1000)
  t.equal(calls.length, 2)
  await service.stopAutoSync()
})
