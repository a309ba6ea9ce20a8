/** createRuns: the runs that there were, how the last ones went, and what keeps their table in order. */
import type { Room, RoomContext } from '../room.js'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import { missingOf } from '../sync/skipped-providers.js'
import type { WorkService } from '../work/work-service.js'
import { DeadRuns } from './dead-runs.js'
import { RunHistory } from './run-history.js'
import { RunRetention } from './run-retention.js'
import { SyncStatusService, type SyncStatusOptions } from './sync-status-service.js'

/** The runs that there were, and: */
export interface Runs extends RunHistory {
  /** The last runs, whether a sync is due, which providers are well. */
  readonly status: SyncStatusService
}

export interface RunsRoom extends Room<Runs> {
  /** After each run, whosever it was: looks for runs that are dead, once in a while. Throws nothing. */
  tidy(): void
  /** Ends the runs of a predecessor that died. Throws nothing. */
  start(): Promise<void>
}

export interface RunsNeeds extends Pick<SyncStatusOptions, 'ownProviders'> {
  work: WorkService
  modelSync: Pick<ModelSyncService, 'events' | 'recorder'>
}

export function createRuns(context: RoomContext, { modelSync, work, ownProviders }: RunsNeeds): RunsRoom {
  const { database, reads, log, now, known, settings, alone, origin, providers, slugs, schedule, subscriptions } =
    context
  const retention = new RunRetention({ database, days: settings.historyDays, log, now })
  const deadRuns = new DeadRuns({ database, log, now, alone, replica: origin.replica })
  modelSync.events.on('started', () => deadRuns.endSometimes())
  const synced = providers.setups.filter(
    (setup) => providers.defaults.includes(setup.source.slug) && missingOf(setup) === null,
  )
  const status = new SyncStatusService({
    database: reads,
    staleDays: settings.staleDays,
    providers: slugs,
    news: subscriptions.map(({ name }) => name),
    expected: { ...schedule, providers: synced.map(({ source }) => source.slug), since: now() },
    refusal: () => modelSync.recorder.refusal,
    ownProviders,
    now,
  })
  return {
    service: Object.assign(new RunHistory({ database: reads, known }), { status }),
    tidy: () => deadRuns.endSometimes(),
    start: async () => {
      await deadRuns.endAtStart()
      await retention
        .start(work)
        .catch((error: unknown) => log.warn({ err: error }, 'Old runs stay until a server starts again'))
    },
    stop: () => Promise.all([retention.close(), deadRuns.close()]),
  }
}
