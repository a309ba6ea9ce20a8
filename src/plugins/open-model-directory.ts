/** Builds the model directory over the catalogue: with the models.json beside it, and the look upstream for what nobody has. */
import type { SyncSettings } from '../options.js'
import { createCatalogueLoader } from '../services/names/load-from-catalogue.js'
import { createFileLoader } from '../services/names/load-models-json.js'
import { withLocalModels } from '../services/names/with-models-json.js'
import { createModelDirectory, type ModelDirectory } from '../services/names/model-directory.js'
import type { ModelSyncService } from '../services/sync/model-sync-service.js'
import { OwnModels } from '../services/names/user-key-models.js'
import { ReactiveSync } from '../services/triggers/reactive-sync.js'
import type { SyncLog } from '../services/log.js'
import { openDatabase, type DatabasePool } from '../store/database.js'
import { readOwnResolvable } from '../store/models/read-resolvable.js'
import { encodingOf } from '../store/connection/text-encoding.js'
import type { ProviderSetups } from './provider-setups.js'

// A change is told by the watch on the revision; this is for a database that comes back, and how soon one that is away is noticed.
const TTL_MS = 5000
const MAX_PAUSE_MS = 10_000

export function openModelDirectory({
  pool,
  settings,
  log,
  providers,
  modelSync,
}: {
  pool: DatabasePool
  settings: SyncSettings
  log: SyncLog
  providers: ProviderSetups
  modelSync: ModelSyncService
}): ModelDirectory {
  const slugs = providers.setups.map(({ source }) => source.slug)
  const failed = (error: Error): void => log.warn({ err: error }, 'The models for resolving names could not be read')
  const database = openDatabase(pool, settings.schema)
  const defaults = {
    chat: settings.fallbackModel,
    embedding: settings.fallbackEmbeddingsModel,
    speech: settings.fallbackTtsModel,
    transcription: settings.fallbackSttModel,
  }
  const catalogue = createCatalogueLoader({
    database,
    providerOrder: [...new Set([...providers.defaults, ...slugs])],
    synced: providers.defaults,
  })
  const file = settings.modelsJsonPath
  const reactive =
    settings.reactiveSync && settings.enabled !== false
      ? new ReactiveSync({ sync: (options) => modelSync.syncModels(options), providers: providers.defaults, log })
      : null
  const respell = encodingOf(pool)?.fit
  return createModelDirectory({
    ...(file === undefined ? catalogue : withLocalModels(catalogue, createFileLoader({ path: file, failed }))),
    ttlMs: TTL_MS,
    maxPauseMs: MAX_PAUSE_MS,
    // What the database says is so: an operator may have switched every provider off.
    emptyIsAnAnswer: true,
    defaults,
    providers: providers.defaults,
    respell,
    own: new OwnModels({ defaults, failed, respell, read: (viewer) => readOwnResolvable(database, viewer) }),
    missed: (name) => reactive?.missed(name),
    failed: (error) => log.debug({ err: error }, 'The models for resolving names could not be read'),
  })
}
