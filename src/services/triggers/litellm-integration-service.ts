/** LiteLLMIntegrationService: the interval auto-sync; delegates each run to the ModelSyncService. */
import { AsyncTask, LongIntervalJob, SimpleIntervalJob, type ToadScheduler } from 'toad-scheduler'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import { SingleFlight } from '../single-flight.js'
import { waitWithin } from '../../wait-within.js'
import type { SyncLog } from '../log.js'
import type { SyncResult } from '../../core/records/sync-result.js'

export interface LiteLLMIntegrationServiceOptions {
  modelSync: Pick<ModelSyncService, 'syncModels'>
  scheduler: Pick<ToadScheduler, 'addSimpleIntervalJob' | 'addLongIntervalJob' | 'removeById'>
  log: SyncLog
  /** Between the starts of two runs, minutes; fractions allowed. */
  intervalMinutes: number
  /** Wall clock, ms since 1970. */
  now(): number
}

const JOB_ID = 'fastify-model-sync auto-sync'
const MINUTE_MS = 60_000
// setTimeout counts in 32 bits: from 2^31 ms (24.8 days) on a SimpleIntervalJob throws.
const LONGEST_SIMPLE_INTERVAL_MS = 2 ** 31 - 1
// A run that does not answer its abort must not keep the server from closing.
const CLOSE_TIMEOUT_MS = 5000

export class LiteLLMIntegrationService {
  private abort = new AbortController()
  private started = false
  private nextAt: number | null = null
  private readonly runs = new SingleFlight(() => this.runOnce())

  constructor(private readonly options: LiteLLMIntegrationServiceOptions) {}

  /** When the next run starts, ISO 8601; `null` while auto-sync is off. */
  get nextSyncAt(): string | null {
    return this.nextAt === null ? null : new Date(this.nextAt).toISOString()
  }

  /**
   * Starts the interval. A second call does nothing.
   * @param immediately sync at once too; false where a startup sync does, or is not wanted
   */
  startAutoSync({ immediately = true }: { immediately?: boolean } = {}): void {
    if (this.started) return
    const { log, scheduler, intervalMinutes } = this.options
    log.info(`Starting auto-sync with interval: ${intervalMinutes} minutes`)
    this.started = true
    this.abort = new AbortController()
    this.plan()
    // The task never throws: what a synchronous throw in a job does to the process is an uncaughtException.
    const task = new AsyncTask(JOB_ID, () => this.tick())
    const milliseconds = Math.round(intervalMinutes * MINUTE_MS)
    if (milliseconds > LONGEST_SIMPLE_INTERVAL_MS)
      scheduler.addLongIntervalJob(new LongIntervalJob({ milliseconds }, task, { id: JOB_ID }))
    else
      scheduler.addSimpleIntervalJob(
        new SimpleIntervalJob({ milliseconds }, task, { id: JOB_ID, preventOverrun: true }),
      )
    if (immediately) void this.sync()
  }

  /** Ends the interval at once; a run in progress is aborted, and waited for at most 5 seconds. */
  async stopAutoSync(): Promise<void> {
    if (!this.started) return
    this.started = false
    this.nextAt = null
    this.options.scheduler.removeById(JOB_ID)
    this.abort.abort(new Error('auto-sync was stopped'))
    if (this.runs.running !== null)
      await waitWithin(this.runs.running, { timeoutMs: CLOSE_TIMEOUT_MS, overdue: () => undefined })
    this.options.log.info('Auto-sync stopped')
  }

  private tick(): Promise<void> {
    this.plan()
    return this.sync()
  }

  private plan(): void {
    this.nextAt = this.options.now() + this.options.intervalMinutes * MINUTE_MS
  }

  private sync(): Promise<void> {
    return this.runs.run()
  }

  private async runOnce(): Promise<void> {
    const { log, modelSync } = this.options
    try {
      log.info('Starting automatic model sync')
      logResult(log, await modelSync.syncModels({ trigger: 'interval', signal: this.abort.signal }))
    } catch (error) {
      log.error({ err: error }, 'Automatic model sync failed')
    }
  }
}

function logResult(log: SyncLog, result: SyncResult): void {
  const { totalModels, newModels, updatedModels, unavailableModels, errors, warnings, runId } = result
  if (result.success) {
    log.info(
      { runId, totalModels, newModels, updatedModels, unavailableModels, warnings },
      'Automatic model sync completed successfully',
    )
  } else {
    log.warn({ runId, errors, warnings }, 'Automatic model sync completed with errors')
  }
}
