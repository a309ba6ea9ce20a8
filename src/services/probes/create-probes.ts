/** createProbes: the smallest requests to models, on demand and for models that a run has added. */
import type { Room, RoomContext } from '../room.js'
import type { ModelSyncService } from '../sync/model-sync-service.js'
import { ProbeService, type ProbeServiceOptions } from './probe-service.js'

export interface ProbesNeeds extends Pick<ProbeServiceOptions, 'findModel'> {
  modelSync: Pick<ModelSyncService, 'events'>
}

export function createProbes(
  { reads: database, log, now, settings, providers, fetching }: RoomContext,
  { findModel, modelSync }: ProbesNeeds,
): Room<ProbeService> {
  const { probe: enabled, probeNew, probeBudget: budget } = settings
  const service = new ProbeService({
    ...{ database, log, now, enabled, budget, fetching, findModel },
    providers: providers.setups,
  })
  if (enabled && probeNew) probeAddedModels(modelSync, service)
  return { service, stop: () => service.close() }
}

/** After a run, not while it lasts: what a model answers must not delay the result. */
function probeAddedModels({ events }: ProbesNeeds['modelSync'], probes: ProbeService): void {
  const added: string[] = []
  events.on('applied', ({ changes }) => {
    for (const { kind, modelId } of changes) if (kind === 'added') added.push(modelId)
  })
  events.on('finished', () => probes.probeAdded(added.splice(0)))
}
