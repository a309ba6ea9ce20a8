/** Further attempts at what may pass: exponential back-off with full jitter, or as long as `Retry-After` asks. */
import { FetchProblem } from './fetch-problem.js'

/** ms before the first further attempt, at most; doubles with each. */
const BASE_MS = 500
const MAX_BACKOFF_MS = 10_000
const MAX_RETRY_AFTER_MS = 30_000

export interface RetryPace {
  /** Further attempts after the first. */
  retries: number
  signal: AbortSignal
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** 0 up to 1. */
  random(): number
  /** Wall clock, ms. */
  now(): number
}

/**
 * What `attempt` gives, as soon as it gives something. Own code: undici's retry handler and p-retry wait on their own timers, and the former
 * goes on with a range in the middle of a body that may have changed.
 * @throws the last attempt's error; an error that is no transient FetchProblem at once; the signal's reason between two attempts
 */
export async function withRetries<T>(attempt: () => Promise<T>, pace: RetryPace): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    pace.signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof FetchProblem) || !error.transient) throw error
      if (attempts > pace.retries) throw attempts === 1 ? error : error.with({ attempts })
      await pace.wait(delayMs(error.retryAfter, attempts, pace), pace.signal)
    }
  }
}

function delayMs(retryAfter: string | null, attempts: number, pace: RetryPace): number {
  const asked = retryAfter === null ? null : retryAfterMs(retryAfter, pace.now())
  if (asked !== null) return Math.min(asked, MAX_RETRY_AFTER_MS)
  return Math.round(pace.random() * Math.min(BASE_MS * 2 ** (attempts - 1), MAX_BACKOFF_MS))
}

/** `null` when the header is neither whole seconds nor a date. @see RFC 9110, section 10.2.3 */
export function retryAfterMs(header: string, now: number): number | null {
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = /[a-z]/i.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
