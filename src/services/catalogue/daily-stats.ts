/** DailyStats: how many models there were and what became of them, day by day (UTC), for charts. */
import { readDailyMoves } from '../../store/models/read-days.js'
import { openDatabase, type Database, type DatabasePool } from '../../store/database.js'

/** One day; the numbers are models. */
export interface DayStats {
  /** ISO date, UTC. */
  day: string
  added: number
  updated: number
  unavailable: number
  restored: number
  /** By provider, at the end of the day. */
  available: Record<string, number>
}

const DAY_MS = 24 * 60 * 60 * 1000

export class DailyStats {
  private readonly database: Database

  constructor(private readonly options: { pool: DatabasePool; schema: string; now(): number }) {
    this.database = openDatabase(options.pool, options.schema)
  }

  /** @param days how many, today included. @returns the oldest first, each day, also those without a change */
  async days(days: number): Promise<DayStats[]> {
    const now = this.options.now()
    const dates = Array.from({ length: days }, (_, ago) => new Date(now - ago * DAY_MS).toISOString().slice(0, 10))
    const { moves, available } = await readDailyMoves(this.database, dates.at(-1) ?? '')
    const left = { ...available }
    // From now on backwards: what is there today is known, and so is what changed.
    return dates
      .map((day) => {
        const own = moves.filter((move) => move.day === day)
        const sum = (counter: 'added' | 'updated' | 'unavailable' | 'restored'): number =>
          own.reduce((total, move) => total + move[counter], 0)
        const stats = {
          day,
          added: sum('added'),
          updated: sum('updated'),
          unavailable: sum('unavailable'),
          restored: sum('restored'),
          available: { ...left },
        }
        for (const { provider, net } of own) left[provider] = (left[provider] ?? 0) - net
        return stats
      })
      .reverse()
  }
}
