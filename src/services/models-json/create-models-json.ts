/** createModelsJson: the host's models.json, which each sync keeps in step. */
import type { Room, RoomContext } from '../room.js'
import { ModelsJsonService } from './models-json-service.js'
import { MODELS_JSON_PROVIDER } from './upstream-list.js'

/** `service` is `null` where there is no such file. */
export function createModelsJson({
  database,
  settings: { modelsJsonPath: file },
  log,
  now,
  providers,
  scheduler,
}: RoomContext): Room<ModelsJsonService | null> {
  const setup = providers.setups.find(({ source }) => source.slug === MODELS_JSON_PROVIDER)
  const isKept = file !== undefined && setup !== undefined
  return { service: isKept ? new ModelsJsonService({ database, file, setup, log, now, scheduler }) : null }
}
