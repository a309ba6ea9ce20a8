/** LiteLLMIntegrationService: the interval auto-sync of all replicas together; delegates each run to the ModelSyncService. */
import { SimpleIntervalJob, Task, type ToadScheduler } from 'toad-scheduler'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import { SingleFlight } from '../single-flight.js'
import { waitWithin } from '../../wait-within.js'
import type { Claim } from '../work/claim.js'
import type { Conclusion } from '../work/held-claims.js'
import type { WorkService } from '../work/work-service.js'
import type { SyncLog } from '../log.js'
import type { SyncResult } from '../../core/records/sync-result.js'

export interface LiteLLMIntegrationServiceOptions {
  modelSync: Pick<ModelSyncService, 'syncModels'>
  /** Where the replicas share the next run: whichever is awake then claims it. */
  work: Pick<WorkService, 'register' | 'unregister' | 'plan' | 'moveOn' | 'nextDue'>
  scheduler: Pick<ToadScheduler, 'addSimpleIntervalJob' | 'removeById'>
  log: SyncLog
  /** Between the starts of two runs, minutes; fractions allowed. */
  intervalMinutes: number
  /** The database's time, ms since 1970. */
  now(): number
}

const KIND = 'tick'
const JOB_ID = 'fastify-model-sync auto-sync'
const MINUTE_MS = 60_000
// In memory: whether the next run that is known of is over.
const WATCH_MS = 500
// Between two looks when it is, and nobody has moved it on.
const LOOK_MS = 5000
// A run that does not answer its abort must not keep the server from closing.
const CLOSE_TIMEOUT_MS = 5000

export class LiteLLMIntegrationService {
  private abort = new AbortController()
  private started = false
  private isPlanned = false
  private nextAt: number | null = null
  private lookedAt = -Infinity
  private readonly runs = new SingleFlight(() => this.runOnce())
  private readonly looks = new SingleFlight(() => this.lookOnce())

  constructor(private readonly options: LiteLLMIntegrationServiceOptions) {}

  /** When the next run starts on one of the replicas, ISO 8601, as far as this one knows; `null` while auto-sync is off. */
  get nextSyncAt(): string | null {
    return this.nextAt === null ? null : new Date(this.nextAt).toISOString()
  }

  /** The same, as the database says now. Throws nothing: without an answer it is what is known. */
  async readNextSyncAt(): Promise<string | null> {
    if (this.started) await this.looks.run()
    return this.nextSyncAt
  }

  /**
   * Starts the interval. A second call does nothing.
   * @param immediately sync at once too; false where a startup sync does, or is not wanted
   */
  startAutoSync({ immediately = true }: { immediately?: boolean } = {}): void {
    if (this.started) return
    const { log, scheduler, work, intervalMinutes, now } = this.options
    log.info(`Starting auto-sync with interval: ${intervalMinutes} minutes`)
    this.started = true
    this.isPlanned = false
    this.abort = new AbortController()
    // Until the database has answered.
    this.nextAt = now() + this.everyMs
    work.register(KIND, { most: 1, carryOut: (claim) => this.carryOut(claim) })
    const task = new Task(JOB_ID, () => this.watch())
    scheduler.addSimpleIntervalJob(
      new SimpleIntervalJob({ milliseconds: WATCH_MS, runImmediately: true }, task, { id: JOB_ID }),
    )
    if (immediately) void this.runs.run()
  }

  /** Ends the interval of this replica at once; a run in progress is aborted, and waited for at most 5 seconds. */
  async stopAutoSync(): Promise<void> {
    if (!this.started) return
    this.started = false
    this.nextAt = null
    this.options.work.unregister(KIND)
    this.options.scheduler.removeById(JOB_ID)
    this.abort.abort(new Error('auto-sync was stopped'))
    if (this.runs.running !== null)
      await waitWithin(this.runs.running, { timeoutMs: CLOSE_TIMEOUT_MS, overdue: () => undefined })
    await this.looks.running
    this.options.log.info('Auto-sync stopped')
  }

  private get everyMs(): number {
    return this.options.intervalMinutes * MINUTE_MS
  }

  /** Throws nothing: work that fails would not come again. */
  private async carryOut(claim: Claim): Promise<Conclusion> {
    // At once, so that each replica knows the next; the claim is kept, so that another begins anew should this one die.
    await this.moveOn(claim)
    await this.runs.run()
    // What came due meanwhile is left out.
    const next = await this.moveOn(claim)
    return { nextDueAt: next ?? this.options.now() + this.everyMs }
  }

  private async moveOn(claim: Claim): Promise<number | null> {
    const { work, log } = this.options
    try {
      const next = await work.moveOn(claim, this.everyMs)
      if (next !== null) this.know(next)
      return next
    } catch (error) {
      log.debug(
        { err: error },
        'The database refused to plan the next automatic sync; it is planned when this one has ended',
      )
      return null
    }
  }

  private watch(): void {
    if (this.isPlanned && this.options.now() < (this.nextAt ?? 0) + WATCH_MS) return
    if (performance.now() - this.lookedAt >= LOOK_MS) void this.looks.run()
  }

  private async lookOnce(): Promise<void> {
    this.lookedAt = performance.now()
    const { work, log } = this.options
    try {
      const pace = { kind: KIND, key: 'catalogue', everyMs: this.everyMs }
      const next = this.isPlanned ? await work.nextDue(KIND) : await work.plan(pace)
      // Whoever has removed the row has left nothing to wait for.
      this.isPlanned = next !== null
      if (next !== null) this.know(next)
    } catch (error) {
      log.debug({ err: error }, 'When the next automatic sync is due is not known; asking again')
    }
  }

  private know(next: number): void {
    if (this.started) this.nextAt = Math.round(next)
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
