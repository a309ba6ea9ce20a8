/** createTriggers: what starts a sync, from the clock and the boot to a login, a message from outside and an unknown name. */
import { checkMembers } from '../../core/input/known-members.js'
import type { Trigger } from '../../core/records/run-words.js'
import type { Room, RoomContext } from '../room.js'
import type { SyncStatusService } from '../runs/sync-status-service.js'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import type { SyncOptions } from '../sync/sync-request.js'
import type { UserSyncResult } from '../sync/sync-result.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import type { WorkService } from '../work/work-service.js'
import { LiteLLMIntegrationService } from './litellm-integration-service.js'
import { LoginSync, type StaleOptions } from './login-sync.js'
import { ReactiveSync } from './reactive-sync.js'
import { syncOnStartup } from './startup-sync.js'
import { SyncWebhook } from './sync-webhook.js'

/** What starts a sync. */
export interface Triggers {
  /** When the next automatic sync starts on one of the replicas, ISO 8601, as far as this one knows; `null`: auto-sync is off. */
  readonly nextSyncAt: string | null
  /** The same, as the database says now. Throws nothing. */
  readNextSyncAt(): Promise<string | null>
  /** @see LoginSync.syncIfStale */
  syncIfStale(options?: StaleOptions): void
  /** Syncs with the backend's own keys, then with those of each user who has active ones; the results in that order. @see ModelSyncService.syncModels */
  syncForAll(options: { trigger: Trigger }): Promise<UserSyncResult[]>
  /** Syncs that signed messages start. */
  readonly syncWebhook: SyncWebhook
}

export interface TriggersRoom extends Room<Triggers> {
  /** Looks upstream for a name that nobody has; unset: MODEL_SYNC_REACTIVE or MODEL_SYNC_ENABLED forbids it. */
  missed: ((name: string) => void) | undefined
}

export interface TriggersNeeds {
  modelSync: ModelSyncService
  work: WorkService
  /** The same sync, for a caller who resolves by what it brought. */
  syncModels(options: SyncOptions): Promise<SyncResult>
  userSyncs: {
    hasKeys(userId: string): Promise<boolean>
    syncModels(userId: string, options: { trigger: 'login' }): Promise<SyncResult>
    syncAll(options: { trigger: Trigger }): Promise<UserSyncResult[]>
  }
  status: Pick<SyncStatusService, 'lastRuns'>
}

export function createTriggers(context: RoomContext, needs: TriggersNeeds): TriggersRoom {
  const { reads: database, log, now, settings, providers, syncsOnStartup } = context
  const { modelSync, userSyncs } = needs
  const allowed = settings.enabled !== false
  const login = new LoginSync({ ...needs, staleDays: settings.staleDays, allowed, log, now })
  const syncWebhook = new SyncWebhook({ database, log, now, modelSync })
  const reactive =
    settings.reactiveSync && allowed
      ? new ReactiveSync({ sync: (options) => modelSync.syncModels(options), providers: providers.defaults, log })
      : null
  const interval = createInterval(context, needs)
  const keepsFile = settings.modelsJsonPath !== undefined
  let startup: Promise<void> | null = null
  return {
    missed: reactive === null ? undefined : (name) => reactive.missed(name),
    service: {
      get nextSyncAt() {
        return interval?.nextSyncAt ?? null
      },
      readNextSyncAt: async () => (await interval?.readNextSyncAt()) ?? null,
      syncIfStale: (options) => login.syncIfStale(options),
      syncForAll: async (options) => {
        checkMembers('syncForAll', options, { trigger: true })
        const { trigger } = options
        return [{ userId: null, ...(await needs.syncModels({ trigger })) }, ...(await userSyncs.syncAll({ trigger }))]
      },
      syncWebhook,
    },
    start: () => {
      // Started, never awaited: a slow upstream must not keep the server from booting.
      if (syncsOnStartup) startup = syncOnStartup(modelSync, log, { keepsFile })
      interval?.start()
    },
    // Waits for what it has begun; the runs themselves are ended beside it.
    stop: () => Promise.all([interval?.stop(), syncWebhook.close(), login.close(), startup]),
  }
}

interface Interval extends Pick<Triggers, 'nextSyncAt' | 'readNextSyncAt'> {
  start(): void
  stop(): Promise<void>
}

/** `null`: auto-sync is off. */
function createInterval(
  { scheduler, schedule: { intervalMinutes }, settings, log, now }: RoomContext,
  { modelSync, work }: Pick<TriggersNeeds, 'modelSync' | 'work'>,
): Interval | null {
  if (intervalMinutes === null) return null
  const integration = new LiteLLMIntegrationService({ modelSync, work, scheduler, log, intervalMinutes, now })
  return {
    get nextSyncAt() {
      return integration.nextSyncAt
    },
    readNextSyncAt: () => integration.readNextSyncAt(),
    start: () => {
      log.info('Starting automatic model synchronization service')
      if (settings.modelsJsonPath !== undefined)
        log.info(`Starting background model sync (every ${Math.round((intervalMinutes / 60) * 100) / 100} hours)`)
      // The startup sync is the first one; who has switched it off waits for the interval.
      integration.startAutoSync({ immediately: false })
    },
    stop: () => {
      log.info('Stopping automatic model synchronization service')
      return integration.stopAutoSync()
    },
  }
}
