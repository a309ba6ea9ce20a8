/** syncOnStartup: the first sync of a process. */
import type { SyncLog } from '../log.js'
import type { ModelSyncService } from '../sync/model-sync-service.js'

/** Throws nothing: the server goes on with the catalogue it has. @param keepsFile whether a models.json is kept in step, whose log has lines of its own */
export async function syncOnStartup(
  modelSync: Pick<ModelSyncService, 'syncModels'>,
  log: SyncLog,
  { keepsFile }: { keepsFile: boolean },
): Promise<void> {
  try {
    const result = await modelSync.syncModels({ trigger: 'startup' })
    const { totalModels, newModels, updatedModels, unavailableModels, errors, warnings, runId } = result
    const facts = { runId, totalModels, newModels, updatedModels, unavailableModels, warnings }
    if (!result.success) return log.error({ ...facts, errors }, 'Failed to sync models on startup')
    log.info(facts, 'Initial model sync completed')
    if (keepsFile) log.info('Model sync completed successfully during startup')
  } catch (error) {
    log.error({ err: error }, 'Failed to sync models on startup')
  }
}
