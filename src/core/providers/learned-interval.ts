/** How often a provider is worth asking, out of how often its models really change. Pure. */

export interface AdaptiveInterval {
  /** Whole minutes, from an hour to a day. */
  minutes: number
  /** In words, for an operator. */
  reason: string
}

const HOUR_MINUTES = 60
const DAY_MINUTES = 24 * 60
const MINUTE_MS = 60_000
// Enough for a median that one odd day does not move, few enough to follow a provider that changes its ways.
const KEPT = 12
// Of fewer nobody can say what is usual.
const GAPS_NEEDED = 3

/** The times of the last syncs that changed something, with one more. ISO 8601, the oldest first. */
export function observeChange(times: readonly string[], at: string): string[] {
  return [...times, at].slice(-KEPT)
}

/**
 * Half the time that usually passes between two changes, so that one is found in half of it; while nothing has changed for longer than that, the
 * silence counts as the usual time. An interval that is too long corrects itself: changes are then found at every sync, and half of that follows.
 * @param times of {@link observeChange}
 * @param now ms since 1970
 * @returns `null` while fewer than four changes are known
 */
export function adaptInterval(times: readonly string[], now: number): AdaptiveInterval | null {
  const moments = times.map((time) => Date.parse(time))
  const gaps = moments.slice(1).map((moment, index) => (moment - (moments[index] ?? moment)) / MINUTE_MS)
  const last = moments.at(-1)
  if (gaps.length < GAPS_NEEDED || last === undefined) return null
  const usual = median(gaps)
  const silence = (now - last) / MINUTE_MS
  const minutes = Math.round(Math.min(DAY_MINUTES, Math.max(HOUR_MINUTES, Math.max(usual, silence) / 2)))
  const every = `its models change about every ${spell(usual)} (the last ${moments.length} changes)`
  const quiet = silence > usual ? `, but not for ${spell(silence)}` : ''
  return { minutes, reason: `${every}${quiet}; asked every ${spell(minutes)}, between an hour and a day` }
}

/**
 * The schedule of a provider for which no operator has set an interval, with the reason of the interval; an operator's own stands.
 * @param untilLearned minutes
 */
export function withAdaptedInterval<State extends { intervalMinutes: number | null; changeTimes: readonly string[] }>(
  state: State,
  now: number,
  untilLearned: number,
): State & { intervalReason: string | null } {
  const adapted = state.intervalMinutes === null ? adaptInterval(state.changeTimes, now) : null
  const intervalMinutes = state.intervalMinutes ?? adapted?.minutes ?? untilLearned
  return { ...state, intervalMinutes, intervalReason: adapted?.reason ?? null }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

function spell(minutes: number): string {
  const [count, unit] =
    minutes < 2 * HOUR_MINUTES
      ? [minutes, 'minute']
      : minutes < 2 * DAY_MINUTES
        ? [minutes / HOUR_MINUTES, 'hour']
        : [minutes / DAY_MINUTES, 'day']
  const rounded = Math.round(count)
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`
}
