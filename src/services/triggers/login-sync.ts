/** LoginSync: starts a background sync at login if the last one is too old. */
import { checkMembers, type KnownMembers } from '../../core/input/known-members.js'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import type { SyncLog } from '../log.js'
import type { SyncStatusService } from '../runs/sync-status-service.js'

export interface StaleOptions {
  /** Days after the last success from which a sync is due. Default: MODEL_SYNC_STALE_DAYS. */
  maxAgeDays?: number | undefined
  /** Who logged in: the run carries it, and uses this user's own keys where there are active ones. */
  userId?: string | null | undefined
}

const DAY_MS = 24 * 60 * 60 * 1000
// While an upstream is down each login would ask it again.
const PAUSE_MS = 60 * 60 * 1000

export class LoginSync {
  /** Whose syncs are looked at or under way: a user's own, or the backend's (`null`). */
  private readonly busy = new Set<string | null>()
  private readonly begun = new Set<Promise<void>>()
  /** One after the other, so that of two logins the first counts. */
  private lookup: Promise<unknown> = Promise.resolve()
  private closed = false

  constructor(
    private readonly options: {
      modelSync: Pick<ModelSyncService, 'syncModels'>
      userSyncs: {
        hasKeys(userId: string): Promise<boolean>
        syncModels(userId: string, options: { trigger: 'login' }): Promise<SyncResult>
      }
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
   * Returns at once and does the rest in the background. A user with active keys syncs with these, when the last sync with them is too long ago;
   * everybody else with the backend's. One sync of each kind at a time, and no sooner than an hour after the last run, whatever came of it. Throws
   * nothing but TypeError for an option that there is none of, and for a `maxAgeDays` that is no number of days.
   */
  syncIfStale(options: StaleOptions = {}): void {
    checkMembers('syncIfStale', options, { maxAgeDays: true, userId: true } satisfies KnownMembers<StaleOptions>)
    const { maxAgeDays = this.options.staleDays, userId = null } = options
    if (!Number.isFinite(maxAgeDays) || maxAgeDays < 0)
      throw new TypeError(`maxAgeDays is ${String(maxAgeDays)}, expected a number of days, 0 or more`)
    if (!this.options.allowed) return
    const sync = this.syncBehind(maxAgeDays, userId === '' ? null : userId).finally(() => this.begun.delete(sync))
    this.begun.add(sync)
  }

  /** Waits for what was begun; the services end their runs. */
  async close(): Promise<void> {
    this.closed = true
    await Promise.all(this.begun)
  }

  private async syncBehind(maxAgeDays: number, userId: string | null): Promise<void> {
    try {
      const looking = this.lookup.then(() => this.ownerOf(userId))
      this.lookup = looking.catch(() => undefined)
      const owner = await looking
      if (this.busy.has(owner)) return
      this.busy.add(owner)
      try {
        if ((await this.isDue(maxAgeDays, owner)) && !this.closed) await this.sync(owner, userId)
      } finally {
        this.busy.delete(owner)
      }
    } catch (error) {
      this.options.log.error({ err: error }, 'Model sync at login failed')
    }
  }

  private async ownerOf(userId: string | null): Promise<string | null> {
    return userId !== null && (await this.options.userSyncs.hasKeys(userId)) ? userId : null
  }

  private async isDue(maxAgeDays: number, owner: string | null): Promise<boolean> {
    const { last, scheduledSuccessAt } = await this.options.status.lastRuns(owner)
    const age = (at: string | null): number => (at === null ? Infinity : this.options.now() - Date.parse(at))
    return age(scheduledSuccessAt) > maxAgeDays * DAY_MS && age(last?.startedAt ?? null) >= PAUSE_MS
  }

  private async sync(owner: string | null, userId: string | null): Promise<void> {
    const { log, modelSync, userSyncs } = this.options
    const { success, runId, errors } =
      owner === null
        ? await modelSync.syncModels({ trigger: 'login', userId })
        : await userSyncs.syncModels(owner, { trigger: 'login' })
    if (!success) log.warn({ runId, errors }, 'Model sync at login completed with errors')
  }
}
