/** RevisionWatch: tells listeners when the catalogue has changed, whichever process changed it, by one cheap read for all of them. */
import { waitWithin } from '../../wait-within.js'
import type { Hints } from '../hints.js'

export interface RevisionWatchOptions {
  /** The catalogue's revision now. */
  read(): Promise<number>
  /** Ms between two reads while somebody watches, or has asked a follower lately. */
  intervalMs: number
  /** What makes it read at once. Default: nothing. */
  hints?: Pick<Hints, 'on'>
  /** Monotonic, ms. Default `performance.now`. */
  clock?(): number
}

/** A promise that it gives is waited for by those who ask while it reads. */
type Listener = (revision: number) => unknown

/** Keeps something in memory that is right for one revision. */
export interface RevisionFollower {
  /** To be called by each reader. `null`: what is in memory may be used; else once this has resolved. Throws nothing. */
  current(): Promise<void> | null
  end(): void
}

// Since somebody asked a follower last: until then the revision is read as often as for those who watch.
const READERS_MS = 30_000
// Without any: nobody needs to know, but for those that cannot wait when they come back.
const IDLE_MS = 10_000
// A database that does not answer keeps nobody from reading what is in memory.
const LONGEST_WAIT_MS = 250

export class RevisionWatch {
  private readonly watching = new Set<Listener>()
  private readonly following = new Set<Listener>()
  private timer: NodeJS.Timeout | null = null
  private unhear: (() => void) | null = null
  private known: number | null = null
  private reading: Promise<void> | null = null
  private readonly clock: () => number
  private checkedAt = -Infinity
  private askedAt = -Infinity

  constructor(private readonly options: RevisionWatchOptions) {
    this.clock = options.clock ?? (() => performance.now())
  }

  /**
   * @param listener told the revision as soon as it is read for the first time, then after each change
   * @returns ends it
   */
  watch(listener: Listener): () => void {
    return this.add(this.watching, listener)
  }

  /** The same for what costs nothing while nobody asks: then the revision is read less often, and the first who asks waits for it. */
  follow(listener: Listener): RevisionFollower {
    return {
      current: () => {
        const wasActive = this.isActive
        this.askedAt = this.clock()
        if (wasActive || this.askedAt - this.checkedAt < this.options.intervalMs) return null
        this.plan()
        return waitWithin(this.check(), { timeoutMs: LONGEST_WAIT_MS, overdue: () => undefined })
      },
      end: this.add(this.following, listener),
    }
  }

  private get isActive(): boolean {
    return this.watching.size > 0 || this.clock() - this.askedAt < READERS_MS
  }

  private add(listeners: Set<Listener>, listener: Listener): () => void {
    listeners.add(listener)
    if (this.known !== null) listener(this.known)
    // What is read already may be older than what the hint is about.
    this.unhear ??=
      this.options.hints?.on('revision', () => void (this.reading ?? Promise.resolve()).then(() => this.check())) ??
      null
    if (this.timer === null || listeners === this.watching) void this.check()
    this.plan()
    return () => {
      listeners.delete(listener)
      if (this.watching.size + this.following.size > 0 || this.timer === null) return
      clearTimeout(this.timer)
      this.timer = null
      this.unhear?.()
      this.unhear = null
      this.known = null
    }
  }

  private plan(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    const pause = this.isActive ? this.options.intervalMs : IDLE_MS
    this.timer = setTimeout(() => {
      void this.check()
      this.plan()
    }, pause).unref()
  }

  /** Throws nothing: a database that does not answer is asked again. Callers share a read: a database slower than the interval must not gather a queue. */
  private check(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => (this.reading = null))
    return this.reading
  }

  private async readOnce(): Promise<void> {
    const askedAt = this.clock()
    const revision = await this.options.read().catch(() => null)
    if (revision === null) return
    this.checkedAt = askedAt
    if (revision === this.known) return
    this.known = revision
    await Promise.all([...this.watching, ...this.following].map((listener) => listener(revision)))
  }
}
