/** DryRuns: the dry runs in progress; equal ones share one, and there are only so many at a time. */
import { TooManyRunsError } from '../../errors.js'
import { SyncQueue, type Work } from './run-queue.js'

// Each fetches with the caller's keys and holds a listing and its plan in memory.
const MOST_OF_A_USER = 2
const MOST = 8
const RETRY_AFTER_SECONDS = 5

export interface DryRunAsked<T> {
  /** Callers with one key, who ask for the same as the same user, share a run. */
  key: string
  /** `null`: nobody in particular. */
  userId: string | null
  work: Work<T>
  /** The caller's own; a run ends early only when each of its callers has gone. */
  signal?: AbortSignal | undefined
}

export class DryRuns<T> {
  private readonly running = new Map<string, { userId: string | null; queue: SyncQueue<T> }>()

  /** @param maxRunMs how long one may take, ms; default: as long as it takes */
  constructor(private readonly maxRunMs?: number) {}

  /** @throws TooManyRunsError; what the work throws */
  async join({ key, userId, work, signal }: DryRunAsked<T>): Promise<T> {
    const entry = this.running.get(key) ?? this.add(key, userId)
    try {
      return await entry.queue.join(key, work, { signal })
    } finally {
      if (!entry.queue.running && this.running.get(key) === entry) this.running.delete(key)
    }
  }

  private add(key: string, userId: string | null): { userId: string | null; queue: SyncQueue<T> } {
    const running = [...this.running.values()]
    const own = running.filter((entry) => entry.userId === userId).length
    if (own >= MOST_OF_A_USER)
      throw tooMany(`${own} other dry runs of yours are in progress, and ${MOST_OF_A_USER} may be at a time`)
    if (running.length >= MOST)
      throw tooMany(`${running.length} other dry runs are in progress, and ${MOST} may be at a time`)
    const entry = { userId, queue: new SyncQueue<T>(this.maxRunMs) }
    this.running.set(key, entry)
    return entry
  }
}

function tooMany(found: string): Error {
  return Object.assign(new TooManyRunsError(`${found}; try again when one has ended`), {
    retryAfter: RETRY_AFTER_SECONDS,
  })
}
