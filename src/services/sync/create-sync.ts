/** createSync: the one service that syncs, and the one that takes a sync back. */
import type { Database } from '../../store/database.js'
import { readRun } from '../../store/runs/run-rows.js'
import type { Room, RoomContext } from '../room.js'
import type { WorkService } from '../work/work-service.js'
import { DryRuns } from './dry-runs.js'
import { CATALOGUE_LANE, ModelSyncService, type ModelSyncServiceOptions } from './model-sync-service.js'
import type { RunProgress } from '../../core/records/run-progress.js'
import { RunWatch, type RunListener } from './run-watch.js'
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
  /** The same of all replicas. `progress` `null`: nothing is known of it yet, as of an undo. */
  inProgress(): Promise<{ running: boolean; progress: RunProgress | null }>
  /** Tells how far runs are, on whichever replica. @returns ends it */
  watchRuns(listener: RunListener): () => void
  /** @see UndoService.undo */
  undo(runId: string, options?: UndoOptions): Promise<SyncResult>
}

/** What every sync has in common, whoever's keys it uses. */
export type CommonSyncOptions = Omit<
  ModelSyncServiceOptions,
  'defaultProviders' | 'allProviders' | 'shelf' | 'runsTable' | 'hooks' | 'modelsJson' | 'untilLearned' | 'work'
>

export interface SyncRoom extends Room<Syncs> {
  modelSync: ModelSyncService
  common: CommonSyncOptions
  /** For who resolves by what the sync brought. @see ModelSyncService.syncModels */
  syncModels(options?: SyncOptions): Promise<SyncResult>
}

export interface SyncNeeds extends Pick<ModelSyncServiceOptions, 'modelsJson' | 'opinionOn'> {
  hooks: HostHooks
  work: WorkService
  /** Brings what is in memory up to date. Throws nothing. */
  refresh(): Promise<void>
}

const MINUTE_MS = 60_000

export function createSync(
  context: RoomContext,
  { hooks, work, modelsJson = null, opinionOn, refresh }: SyncNeeds,
): SyncRoom {
  const { database, reads, log, now, digests, providers, settings, origin, fetching, schedule } = context
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
    work,
  })
  const undo = new UndoService({ database, now, modelSync, dryRuns })
  const { inProgress, watchRuns } = seen(modelSync, work, reads)
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
      inProgress,
      watchRuns,
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
    start: () => modelsJson?.follow(),
    stop: async () => {
      await modelSync.close()
      await modelsJson?.close()
    },
  }
}

/** How far runs are, on whichever replica. */
function seen(
  modelSync: ModelSyncService,
  work: WorkService,
  reads: Database,
): Pick<Syncs, 'inProgress' | 'watchRuns'> {
  const inProgress = async (): ReturnType<Syncs['inProgress']> => {
    const own = modelSync.runProgress
    if (own !== null) return { running: true, progress: own }
    const row = await work.inProgress(CATALOGUE_LANE)
    const progress = (row?.progress ?? null) as RunProgress | null
    return { running: row !== null || modelSync.running, progress }
  }
  const watch = new RunWatch({
    events: modelSync.events,
    // This process tells of its own.
    readElsewhere: async () => (modelSync.runProgress === null ? (await inProgress()).progress : null),
    readResult: async (runId) => (await readRun(reads, runId))?.result ?? null,
  })
  return { inProgress, watchRuns: (listener) => watch.watch(listener) }
}
