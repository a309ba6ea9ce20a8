/** LoginSync: a sync behind the back of who logs in, when the last one is too long ago. */
import { checkMembers, type KnownMembers } from '../catalog/known-members.js'
import type { ModelSyncService } from './model-sync-service.js'
import type { SyncLog } from './sync-context.js'
import type { SyncStatusService } from './sync-status-service.js'

export interface StaleOptions {
  /** Days after the last success from which a sync is due. Default: MODEL_SYNC_STALE_DAYS. */
  maxAgeDays?: number | undefined
  /** Who logged in; the run carries it. */
  userId?: string | null | undefined
}

const DAY_MS = 24 * 60 * 60 * 1000
// While an upstream is down each login would ask it again.
const PAUSE_MS = 60 * 60 * 1000

export class LoginSync {
  private current: Promise<void> | null = null

  constructor(
    private readonly options: {
      modelSync: Pick<ModelSyncService, 'syncModels'>
      status: Pick<SyncStatusService, 'lastRuns'>
      staleDays: number
      /** False: MODEL_SYNC_ENABLED forbids it. */
      allowed: boolean
      log: SyncLog
      /** Wall clock, ms since 1970. */
      now(): number
    },
  ) {}

  /**
   * Returns at once; looks and syncs behind. One at a time, and no sooner than an hour after the last run, whatever became of it. Throws nothing
   * but TypeError for an option that there is none of, and for a `maxAgeDays` that is no number of days.
   */
  syncIfStale(options: StaleOptions = {}): void {
    checkMembers('syncIfStale', options, { maxAgeDays: true, userId: true } satisfies KnownMembers<StaleOptions>)
    const { maxAgeDays = this.options.staleDays, userId = null } = options
    if (!Number.isFinite(maxAgeDays) || maxAgeDays < 0)
      throw new TypeError(`maxAgeDays is ${String(maxAgeDays)}, expected a number of days, 0 or more`)
    if (!this.options.allowed) return
    this.current ??= this.syncBehind(maxAgeDays, userId).finally(() => {
      this.current = null
    })
  }

  /** Waits for what was begun; the service ends its runs. */
  async close(): Promise<void> {
    await this.current
  }

  private async syncBehind(maxAgeDays: number, userId: string | null): Promise<void> {
    const { log, modelSync, now } = this.options
    try {
      const { last, lastSuccess } = await this.options.status.lastRuns()
      const age = (run: { startedAt: string } | null): number =>
        run === null ? Infinity : now() - Date.parse(run.startedAt)
      if (age(lastSuccess) <= maxAgeDays * DAY_MS || age(last) < PAUSE_MS) return
      const { success, runId, errors } = await modelSync.syncModels({ trigger: 'login', userId })
      if (!success) log.warn({ runId, errors }, 'Model sync at login completed with errors')
    } catch (error) {
      log.error({ err: error }, 'Model sync at login failed')
    }
  }
}
