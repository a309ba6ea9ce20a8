/** DatabaseClock: what time it is for the database, so that replicas agree on it whatever their own clocks say. */
import { readTime, type Database, type PooledDatabase } from '../store/database.js'

// A clock that drifts is off by a millisecond or two after ten minutes.
const MEASURED_EVERY_MS = 10 * 60_000
// Beyond that, somebody has set the wall clock, or the machine has slept, which the monotonic clock does not count.
const SUSPICIOUS_MS = 1000
const TIMEOUT_MS = 5000

export class DatabaseClock {
  private measuredAt = performance.now()
  /** By how many ms the process's wall clock is ahead of its monotonic clock. */
  private wallAhead = Date.now() - this.measuredAt
  /** ms since 1970 when the monotonic clock was at 0. */
  private origin = this.wallAhead
  private measuring = false

  private readonly database: Database

  constructor(database: PooledDatabase) {
    this.database = database.within({ timeoutMs: TIMEOUT_MS })
  }

  /** ms since 1970; this process's own time until the database has been asked. */
  readonly now = (): number => {
    const ticks = performance.now()
    const jumped = Math.abs(Date.now() - ticks - this.wallAhead) > SUSPICIOUS_MS
    if (jumped || ticks - this.measuredAt > MEASURED_EVERY_MS) void this.measure()
    return Math.floor(this.origin + ticks)
  }

  /** Throws nothing: a database that does not answer is asked again. */
  async measure(): Promise<void> {
    if (this.measuring) return
    this.measuring = true
    const asked = performance.now()
    const time = await readTime(this.database).catch(() => null)
    const answered = performance.now()
    this.measuring = false
    if (time === null) return
    this.origin = time - (asked + answered) / 2
    this.measuredAt = answered
    this.wallAhead = Date.now() - answered
  }
}
