/** One run at a time: equal callers share a run, the others wait their turn. */

import { CancelledError, failure, TooManyRunsError } from '../../errors.js'

/** How one run is carried out. @param finishing called when nothing is left that could be cancelled */
export type Work<T> = (signal: AbortSignal, finishing: () => void) => Promise<T>

interface Turn<T> {
  key: string
  work: Work<T>
  abort: AbortController
  /** Nothing is left that could be cancelled. */
  finishing: boolean
  /** Callers who still want the result. */
  callers: number
  promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

// Runs of one catalogue follow each other; a caller behind so many others would wait longer than any client does.
export const MOST_WAITING = 20
const RETRY_AFTER_SECONDS = 30

export class SyncQueue<T> {
  private readonly waiting: Turn<T>[] = []
  private current: Turn<T> | null = null
  private idle: Promise<void> = Promise.resolve()
  /** Why no run starts any more; `null` while they do. */
  private closed: Error | null = null

  /** @param maxRunMs how long a run may take, ms; default: as long as it takes */
  constructor(private readonly maxRunMs?: number) {}

  get running(): boolean {
    return this.current !== null
  }

  /**
   * Joins the run with this key, in progress or waiting, or takes a turn behind the others.
   * @param options.signal the caller's own; a run ends early only when each of its callers has gone
   * @param options.automatic one that comes by itself, and waits however many others do
   * @throws TooManyRunsError
   */
  join(
    key: string,
    work: Work<T>,
    { signal, automatic = false }: { signal?: AbortSignal | undefined; automatic?: boolean } = {},
  ): Promise<T> {
    const turn =
      [this.current, ...this.waiting].find((other) => other?.key === key && !other.abort.signal.aborted) ??
      this.append(key, work, automatic)
    turn.callers += 1
    if (signal !== undefined) this.follow(turn, signal)
    if (this.closed !== null) endEarly(turn, this.closed)
    if (this.current === null) this.idle = this.drain()
    return turn.promise
  }

  /** Ends the run in progress early; false when there is none, or when it has done all that it will do. */
  cancel(reason: Error): boolean {
    if (this.current === null || this.current.finishing) return false
    endEarly(this.current, reason)
    return true
  }

  /** Ends all runs early and waits until the last has settled; one that is asked for afterwards is aborted from the start. */
  async close(reason: Error): Promise<void> {
    this.closed = reason
    for (const turn of this.waiting) endEarly(turn, reason)
    this.cancel(reason)
    await this.idle
  }

  private append(key: string, work: Work<T>, automatic: boolean): Turn<T> {
    if (!automatic && this.waiting.length >= MOST_WAITING) throw tooManyWaiting(this.waiting.length)
    let resolve!: (value: T) => void
    let reject!: (error: unknown) => void
    const promise = new Promise<T>((onResolve, onReject) => {
      resolve = onResolve
      reject = onReject
    })
    const turn = { key, work, abort: new AbortController(), finishing: false, callers: 0, promise, resolve, reject }
    this.waiting.push(turn)
    return turn
  }

  private follow(turn: Turn<T>, signal: AbortSignal): void {
    const leave = (): void => {
      turn.callers -= 1
      if (turn.callers === 0) endEarly(turn, signal.reason)
    }
    if (signal.aborted) leave()
    else {
      signal.addEventListener('abort', leave, { once: true })
      const forget = (): void => signal.removeEventListener('abort', leave)
      turn.promise.then(forget, forget)
    }
  }

  private async drain(): Promise<void> {
    for (let turn = this.waiting.shift(); turn !== undefined; turn = this.waiting.shift()) {
      this.current = turn
      const outcome = await settle(turn, this.maxRunMs)
      // Before its callers hear of it: none of them may join the run that has just ended.
      this.current = null
      outcome()
    }
  }
}

/** Carries a turn out; gives what tells its callers. Throws nothing. */
async function settle<T>(turn: Turn<T>, maxRunMs: number | undefined): Promise<() => void> {
  const timer =
    maxRunMs === undefined
      ? undefined
      : setTimeout(() => endEarly(turn, failure({ code: 'run-too-long', facts: { maxRunMs } })), maxRunMs)
  try {
    const value = await turn.work(turn.abort.signal, () => void (turn.finishing = true))
    return () => turn.resolve(value)
  } catch (error) {
    return () => turn.reject(error)
  } finally {
    clearTimeout(timer)
  }
}

/** With a reason of ours, since it becomes the error of whatever the run waits for. */
function endEarly(turn: Turn<unknown>, reason: unknown): void {
  turn.abort.abort(earlyEnd(reason))
}

/** The error of whatever a run waits for that somebody ends. */
export function earlyEnd(reason: unknown): Error {
  if (reason instanceof CancelledError) return reason
  const said = reason instanceof Error && reason.name !== 'AbortError' ? reason.message : undefined
  return failure({ code: 'cancelled', facts: { by: 'person', said } })
}

export function tooManyWaiting(found: number): Error {
  const message = `${found} runs wait for their turn, which is the most; try again when some have ended`
  return Object.assign(new TooManyRunsError(message), { retryAfter: RETRY_AFTER_SECONDS })
}
