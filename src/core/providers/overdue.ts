/** Which providers have gone without a successful sync for longer than their interval explains. Pure. */
import { pauseMinutes, type ScheduleState } from './due.js'

export interface OverdueProvider {
  slug: string
  /** ISO 8601; `null`: never. */
  lastSuccessAt: string | null
  /** The provider's own, or the backend's. */
  intervalMinutes: number
}

// One interval is what may pass; of the second it could be that a sync takes long or fails once.
const INTERVALS = 2
const SPARE_MINUTES = 5
const MINUTE_MS = 60_000

/**
 * @param scheduled slugs of those that automatic syncs take
 * @param states of those that were ever synced
 * @param since from when on this process could have synced, ms since 1970, as `now`
 */
export function overdueProviders(
  scheduled: readonly string[],
  states: readonly (ScheduleState & { slug: string; enabled: boolean; lastSuccessAt: string | null })[],
  { baseMinutes, since, now }: { baseMinutes: number; since: number; now: number },
): OverdueProvider[] {
  return scheduled.flatMap((slug) => {
    const state = states.find((candidate) => candidate.slug === slug)
    if (state?.enabled === false) return []
    const lastSuccessAt = state?.lastSuccessAt ?? null
    const schedule = { intervalMinutes: state?.intervalMinutes ?? null, lastAttemptAt: null, consecutiveFailures: 0 }
    const intervalMinutes = pauseMinutes(schedule, baseMinutes)
    const from = Math.max(since, lastSuccessAt === null ? -Infinity : Date.parse(lastSuccessAt))
    const overdue = now - from > (INTERVALS * intervalMinutes + SPARE_MINUTES) * MINUTE_MS
    return overdue ? [{ slug, lastSuccessAt, intervalMinutes }] : []
  })
}
