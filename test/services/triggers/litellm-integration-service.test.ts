/** The interval auto-sync: its log, its interval, overrun, failures, and stopping. */
import t from 'tap'
import { LongIntervalJob, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler'
import { LiteLLMIntegrationService } from '../../../src/services/triggers/litellm-integration-service.js'
import type { SyncOptions } from '../../../src/services/sync/sync-request.js'
import { makeResult } from '../../../src/services/sync/sync-result.js'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import { captureLog } from '../../support/log-capture.js'

const DAY_MINUTES = 24 * 60

function result(errors: string[] = []): SyncResult {
  const startedAt = '2026-01-01T00:00:00.000Z'
  const parts = { runId: 'run', trigger: 'interval', dryRun: false, startedAt, durationMs: 1, revision: 1 } as const
  const problems = errors.map((message) => ({ code: 'internal' as const, facts: { said: message } }))
  return makeResult({ ...parts, providers: [], problems })
}

/** A service on a clock that stands still, with a sync that does what it is told. */
function setUp(
  intervalMinutes: number,
  syncModels: (options?: SyncOptions) => Promise<SyncResult> = async () => result(),
  scheduler = new ToadScheduler(),
) {
  const log = captureLog()
  const jobs: unknown[] = []
  const calls: (SyncOptions | undefined)[] = []
  const service = new LiteLLMIntegrationService({
    modelSync: {
      syncModels: (options) => {
        calls.push(options)
        return syncModels(options)
      },
    },
    scheduler: {
      addSimpleIntervalJob: (job) => (jobs.push(job), scheduler.addSimpleIntervalJob(job)),
      addLongIntervalJob: (job) => (jobs.push(job), scheduler.addLongIntervalJob(job)),
      removeById: (id) => scheduler.removeById(id),
    },
    log: log.logger,
    intervalMinutes,
    now: () => Date.UTC(2026, 0, 1),
  })
  return { service, log, jobs, calls, scheduler }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

t.test('logs as documented, and delegates', async (t) => {
  const { service, log, calls } = setUp(60)
  t.equal(service.nextSyncAt, null)
  service.startAutoSync()
  service.startAutoSync()
  t.equal(service.nextSyncAt, '2026-01-01T01:00:00.000Z', 'in 60 minutes')
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
  t.match(calls[0], { trigger: 'interval', signal: AbortSignal })
  t.not(calls[0]?.forceUpdate, true)
  t.not(calls[0]?.markUnavailable, false)
})

t.test('errors in a result, and a sync that throws', async (t) => {
  const { service, log } = setUp(60, async () => result(['litellm: no']))
  service.startAutoSync()
  t.match(await log.waitFor('Automatic model sync completed with errors'), { errors: ['litellm: no'], level: 40 })
  await service.stopAutoSync()
  for (const throws of [
    () => Promise.reject(new Error('later')),
    () => {
      throw new Error('at once')
    },
  ]) {
    const { service, log } = setUp(60, throws)
    service.startAutoSync()
    t.match(await log.waitFor('Automatic model sync failed'), { err: { message: /later|at once/ }, level: 50 })
    await service.stopAutoSync()
  }
})

t.test('immediately: false leaves the first sync to the startup', async (t) => {
  const { service, calls } = setUp(60)
  service.startAutoSync({ immediately: false })
  await pause(20)
  t.equal(calls.length, 0)
  await service.stopAutoSync()
})

t.test('minutes are minutes, and from 24.8 days on a LongIntervalJob', async (t) => {
  const kinds: [minutes: number, kind: typeof SimpleIntervalJob | typeof LongIntervalJob][] = [
    [1, SimpleIntervalJob],
    [0.5, SimpleIntervalJob],
    [24 * DAY_MINUTES, SimpleIntervalJob],
    [35_791, SimpleIntervalJob],
    [35_792, LongIntervalJob],
    [43_200, LongIntervalJob],
  ]
  for (const [minutes, kind] of kinds) {
    const { service, jobs, log } = setUp(minutes)
    service.startAutoSync({ immediately: false })
    t.ok(jobs[0] instanceof kind, `${minutes} minutes`)
    t.same((jobs[0] as { schedule: object }).schedule, { milliseconds: minutes * 60_000 })
    t.match(log.messages(), [`Starting auto-sync with interval: ${minutes} minutes`])
    await service.stopAutoSync()
  }
})

t.test('a failed run does not stop the next', async (t) => {
  let runs = 0
  const { service, log } = setUp(0.05 / 60, async () => {
    runs += 1
    if (runs === 1) throw new Error('first')
    return result()
  })
  service.startAutoSync()
  await log.waitFor('Automatic model sync completed successfully')
  await service.stopAutoSync()
  t.ok(runs >= 2)
  const stoppedAt = runs
  await pause(150)
  t.equal(runs, stoppedAt, 'none after it was stopped')
})

t.test('a run that takes longer than the interval is not overtaken', async (t) => {
  let running = 0
  let most = 0
  let runs = 0
  const { service } = setUp(0.02 / 60, async () => {
    runs += 1
    most = Math.max(most, ++running)
    await pause(90)
    running -= 1
    return result()
  })
  service.startAutoSync()
  await pause(350)
  await service.stopAutoSync()
  t.equal(most, 1)
  t.ok(runs >= 2 && runs <= 5, `${runs} runs`)
  t.equal(running, 0)
})

t.test('stopping aborts the run and waits for it, 5 s at most', async (t) => {
  let ended = false
  const { service } = setUp(60, async (options) => {
    await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve))
    await pause(30)
    ended = true
    return result()
  })
  service.startAutoSync()
  await service.stopAutoSync()
  t.equal(ended, true)

  const { service: deaf } = setUp(60, () => new Promise(() => undefined))
  deaf.startAutoSync()
  const startedAt = performance.now()
  await deaf.stopAutoSync()
  const waited = performance.now() - startedAt
  t.ok(waited > 4000 && waited < 7000, `waited ${Math.round(waited)} ms for a run that does not answer`)
})

t.test('started again after it was stopped, it syncs again', async (t) => {
  const { service, calls, log } = setUp(60, async (options) => {
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
