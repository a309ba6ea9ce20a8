/** When a delivery that did not arrive is tried again, and when no more. Pure. */
import type { Attempts as AllAttempts } from '../../store/news/deliveries.js'
import type { NewsDeliveryProblem } from './delivery-error.js'

// 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then every four hours.
const FIRST_PAUSE_MS = 5000
const PAUSE_FACTOR = 4
const LONGEST_PAUSE_MS = 4 * 3_600_000
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000
const DEAD_AFTER_MS = 7 * 24 * 3_600_000

type Attempts = Pick<AllAttempts, 'failedAttempts' | 'failingSince'>

/** ms. @param random 0 up to 1 */
export function pauseBeforeRetry(
  { failedAttempts }: Attempts,
  { retryAfterMs }: NewsDeliveryProblem,
  random: number,
): number {
  if (retryAfterMs !== null) return Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS)
  const pause = Math.min(FIRST_PAUSE_MS * PAUSE_FACTOR ** failedAttempts, LONGEST_PAUSE_MS)
  // Subscriptions that failed together do not come back together.
  return Math.round(pause * (0.8 + 0.4 * random))
}

/** Why nothing is sent any more; `null`: it is tried again. @param now ms since 1970 */
export function reasonToGiveUp({ failingSince }: Attempts, { gone }: NewsDeliveryProblem, now: number): string | null {
  if (gone) return 'the receiver says that it is gone for good (410)'
  return failingSince !== null && now - Date.parse(failingSince) >= DEAD_AFTER_MS
    ? 'nothing has arrived for a week'
    : null
}
