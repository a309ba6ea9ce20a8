/** Whether and how often the backend syncs by itself. */
import { OptionsError } from '../errors.js'
import type { SyncSettings, SyncSettingsInput } from './settings.js'

const DEFAULT_INTERVAL_MINUTES = 60
const ENABLED_INTERVAL_MINUTES = 24 * 60
const SHORTEST_LEARNED_MINUTES = 60

/**
 * Whether and how often to sync by itself.
 * @returns minutes; `null`: not at all
 * @throws OptionsError when the two intervals disagree
 */
export function autoSyncInterval(settings: SyncSettingsInput): number | null {
  const { autoSync, enabled, syncIntervalMinutes, syncIntervalHours } = settings
  // 0.55 hours are 33.00000000000001 minutes otherwise.
  const fromHours = syncIntervalHours === undefined ? undefined : Math.round(syncIntervalHours * 60e6) / 1e6
  if (fromHours !== undefined && syncIntervalMinutes !== undefined && fromHours !== syncIntervalMinutes) {
    throw new OptionsError(
      `MODEL_SYNC_INTERVAL_HOURS (syncIntervalHours) is ${syncIntervalHours} hours and LITELLM_SYNC_INTERVAL (syncIntervalMinutes) is ${syncIntervalMinutes} minutes: set one of them, or both alike`,
    )
  }
  if (autoSync === false || enabled === false) return null
  if (autoSync !== true && enabled !== true && fromHours === undefined) return null
  return fromHours ?? syncIntervalMinutes ?? (autoSync === true ? DEFAULT_INTERVAL_MINUTES : ENABLED_INTERVAL_MINUTES)
}

/** How often it is looked whether a provider is due: what was learned may be as short as an hour. Minutes; `null`: not at all. @throws OptionsError */
export function tickInterval(settings: SyncSettingsInput): number | null {
  const minutes = autoSyncInterval(settings)
  return minutes !== null && settings.adaptive === true ? Math.min(minutes, SHORTEST_LEARNED_MINUTES) : minutes
}

/** Whether this boot starts with a sync. */
export function syncsOnStartup({ enabled, syncOnStartup }: SyncSettings): boolean {
  return enabled !== false && syncOnStartup
}
