/** waitWithin: a promise's value, waited for no longer than bounds allow. */

export type WaitBounds<T, Overdue> = {
  /** Any of them ends the wait; default: none. */
  signals?: readonly AbortSignal[]
  /** Takes a value that comes after the wait has ended. */
  late?(value: T): void
} & (
  | { timeoutMs?: null; overdue?: undefined }
  /** `null`: as long as it takes. `overdue` gives, or throws, what a wait that took too long comes to. */
  | { timeoutMs: number | null; overdue(timeoutMs: number): Overdue }
)

/** @throws the aborted signal's reason; what `overdue` throws; what `pending` rejects with */
export function waitWithin<T, Overdue = never>(
  pending: Promise<T>,
  { signals = [], late, timeoutMs, overdue }: WaitBounds<T, Overdue>,
): Promise<T | Overdue> {
  return new Promise((resolve, reject) => {
    let waiting = true
    let timer: NodeJS.Timeout | undefined
    const end = (settle: () => void): void => {
      if (!waiting) return
      waiting = false
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onAbort = (): void => end(() => reject(signals.find(({ aborted }) => aborted)?.reason))
    for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true })
    // A promise, since what is thrown inside it is its rejection.
    const giveUp = async (): Promise<Overdue> => overdue?.(timeoutMs ?? 0) as Overdue
    if (timeoutMs != null) timer = setTimeout(() => end(() => resolve(giveUp())), timeoutMs)
    pending.then(
      (value) => (waiting ? end(() => resolve(value)) : late?.(value)),
      (error: unknown) => end(() => reject(error)),
    )
    if (signals.some(({ aborted }) => aborted)) onAbort()
  })
}
