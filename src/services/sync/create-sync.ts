/** createSync: the one service that syncs, and the one that takes a sync back. */
import type { Room, RoomContext } from '../room.js'
import { DryRuns } from './dry-runs.js'
import { ModelSyncService, type ModelSyncServiceOptions } from './model-sync-service.js'
import type { RunProgress } from '../../core/records/run-progress.js'
import type { HostHooks } from './sync-context.js'
import type { SyncOptions } from './sync-request.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import { UndoService, type UndoOptions } from './undo-service.js'

/** The run in progress, and the way back from one that is over. */
export interface Syncs {
  /** Whether a run is in progress in this process. */
  readonly running: boolean
  /** How far the run in progress is; `null`: there is none in this process. */
  readonly runProgress: RunProgress | null
  /** @see UndoService.undo */
  undo(runId: string, options?: UndoOptions): Promise<SyncResult>
}

/** What every sync has in common, whoever's keys it uses. */
export type CommonSyncOptions = Omit<
  ModelSyncServiceOptions,
  'defaultProviders' | 'allProviders' | 'shelf' | 'runsTable' | 'hooks' | 'modelsJson' | 'untilLearned'
>

export interface SyncRoom extends Room<Syncs> {
  modelSync: ModelSyncService
  common: CommonSyncOptions
  /** For who resolves by what the sync brought. @see ModelSyncService.syncModels */
  syncModels(options?: SyncOptions): Promise<SyncResult>
}

export interface SyncNeeds extends Pick<ModelSyncServiceOptions, 'modelsJson' | 'opinionOn'> {
  hooks: HostHooks
  /** Brings what is in memory up to date. Throws nothing. */
  refresh(): Promise<void>
}

const MINUTE_MS = 60_000

export function createSync(
  context: RoomContext,
  { hooks, modelsJson = null, opinionOn, refresh }: SyncNeeds,
): SyncRoom {
  const { database, log, now, digests, providers, settings, origin, fetching, schedule } = context
  const maxRunMs = settings.maxRunMinutes * MINUTE_MS
  const dryRuns = new DryRuns<SyncResult>(maxRunMs)
  const common: CommonSyncOptions = {
    ...{ database, log, now, digests, origin, fetching, maxRunMs, dryRuns },
    providers: providers.setups,
    concurrency: settings.concurrency,
    intervalMinutes: schedule.intervalMinutes,
    ...(opinionOn === undefined ? {} : { opinionOn }),
  }
  const modelSync = new ModelSyncService({
    ...common,
    untilLearned: schedule.untilLearned,
    defaultProviders: providers.defaults,
    allProviders: providers.all,
    modelsJson,
    hooks,
  })
  const undo = new UndoService({ database, now, modelSync, dryRuns })
  return {
    modelSync,
    common,
    service: {
      get running() {
        return modelSync.running
      },
      get runProgress() {
        return modelSync.runProgress
      },
      undo: async (runId, options) => {
        const result = await undo.undo(runId, options)
        await refresh()
        return result
      },
    },
    syncModels: async (options) => {
      const result = await modelSync.syncModels(options)
      if (!result.dryRun) await refresh()
      return result
    },
    stop: () => modelSync.close(),
  }
}
