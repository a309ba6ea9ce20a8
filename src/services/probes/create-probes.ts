/** createProbes: the smallest requests to models, on demand and for models that a run has added. */
import type { Room, RoomContext } from '../room.js'
import type { WorkService } from '../work/work-service.js'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import { ProbeService, type ProbeServiceOptions } from './probe-service.js'

export interface ProbesNeeds extends Pick<ProbeServiceOptions, 'findModel'> {
  modelSync: Pick<ModelSyncService, 'events'>
  work: WorkService
}

export function createProbes(
  { reads: database, log, now, settings, providers, fetching }: RoomContext,
  { findModel, modelSync, work }: ProbesNeeds,
): Room<ProbeService> {
  const { probe: enabled, probeNew, probeBudget: budget } = settings
  const service = new ProbeService({
    ...{ database, log, now, enabled, budget, fetching, findModel },
    providers: providers.setups,
  })
  const probesNew = enabled && probeNew
  if (probesNew) probeAddedModels(modelSync, (ids) => void service.askFor(work, ids))
  return {
    service,
    start: () => {
      if (probesNew) service.register(work)
    },
    stop: () => service.close(),
  }
}

/** After a run, not while it lasts: what a model answers must not delay the result. */
function probeAddedModels({ events }: ProbesNeeds['modelSync'], probe: (ids: readonly string[]) => void): void {
  const added: string[] = []
  events.on('applied', ({ changes }) => {
    for (const { kind, modelId } of changes) if (kind === 'added') added.push(modelId)
  })
  events.on('finished', () => probe(added.splice(0)))
}
