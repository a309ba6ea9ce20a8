/** When a provider is due for an automatic sync. Pure. */

export interface ScheduleState {
  /** The provider's own interval in minutes; `null`: the backend's. */
  intervalMinutes: number | null
  /** ISO 8601; `null`: never. */
  lastAttemptAt: string | null
  consecutiveFailures: number
}

/** From this many failures in a row on the pauses grow. */
export const FAILURES_BEFORE_BACKOFF = 5
const DAY_MINUTES = 24 * 60
const MINUTE_MS = 60_000
// Attempts start some milliseconds after their tick; a due time that is missed by so little must not wait for another whole interval.
const TOLERANCE = 0.1

/** Minutes from an attempt to the next: doubled with each failure from the fifth on, up to a day. */
export function pauseMinutes({ intervalMinutes, consecutiveFailures }: ScheduleState, baseMinutes: number): number {
  const interval = Math.max(baseMinutes, intervalMinutes ?? baseMinutes)
  const doublings = Math.max(0, consecutiveFailures - FAILURES_BEFORE_BACKOFF + 1)
  return Math.max(interval, Math.min(interval * 2 ** Math.min(doublings, 20), DAY_MINUTES))
}

/** ISO 8601; `null`: at once. */
export function nextAttemptAt(state: ScheduleState, baseMinutes: number): string | null {
  if (state.lastAttemptAt === null) return null
  return new Date(Date.parse(state.lastAttemptAt) + pauseMinutes(state, baseMinutes) * MINUTE_MS).toISOString()
}

/**
 * A provider without an interval or a back-off of its own is due each time, whenever somebody synced it by hand meanwhile.
 * @param now ms since 1970
 */
export function isDue(state: ScheduleState, baseMinutes: number, now: number): boolean {
  const next = nextAttemptAt(state, baseMinutes)
  if (next === null || pauseMinutes(state, baseMinutes) <= baseMinutes) return true
  return now >= Date.parse(next) - baseMinutes * MINUTE_MS * TOLERANCE
}
