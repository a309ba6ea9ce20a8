/** Waits for something no longer than its bounds allow. */
import type { PoolBounds } from './database-pool.js'

/**
 * The value, unless the time is over or a signal is aborted first.
 * @param late takes a value that comes after that
 * @param overdue makes the error for a wait that took too long
 * @throws the aborted signal's reason; what `overdue` makes; what `pending` rejects with
 */
export function waitWithin<T>(
  pending: Promise<T>,
  { timeoutMs, signals }: Pick<PoolBounds, 'timeoutMs' | 'signals'>,
  { late, overdue }: { late(value: T): void; overdue(timeoutMs: number): Error },
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let waiting = true
    let timer: NodeJS.Timeout | undefined
    const stopWaiting = (): boolean => {
      if (!waiting) return false
      waiting = false
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
      return true
    }
    const fail = (reason: unknown): void => {
      if (stopWaiting()) reject(reason)
    }
    const onAbort = (): void => fail(signals.find(({ aborted }) => aborted)?.reason)
    for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true })
    if (timeoutMs !== null) timer = setTimeout(() => fail(overdue(timeoutMs)), timeoutMs)
    pending.then((value) => (stopWaiting() ? resolve(value) : late(value)), fail)
    if (signals.some(({ aborted }) => aborted)) onAbort()
  })
}
