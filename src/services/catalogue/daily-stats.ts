/** DailyStats: how many models there were and what became of them, day by day (UTC), for charts. */
import type { DayStats } from '../../core/records/day-stats.js'
import { readDailyMoves, type DailyMoves } from '../../store/models/read-days.js'
import type { Database } from '../../store/database.js'

const COUNTERS = ['added', 'updated', 'unavailable', 'restored'] as const
const DAY_MS = 24 * 60 * 60 * 1000

export class DailyStats {
  constructor(private readonly options: { database: Database; now(): number }) {}

  /** @param days how many, today included. @returns the oldest first, each day, also those without a change */
  async days(days: number): Promise<DayStats[]> {
    const now = this.options.now()
    const dates = Array.from({ length: days }, (_, ago) => new Date(now - ago * DAY_MS).toISOString().slice(0, 10))
    const { moves, available } = await readDailyMoves(this.options.database, dates.at(-1) ?? '')
    const left = { ...available }
    const byDay = new Map<string, DailyMoves[]>()
    for (const move of moves) {
      const own = byDay.get(move.day)
      if (own === undefined) byDay.set(move.day, [move])
      else own.push(move)
    }
    // From now on backwards: what is there today is known, and so is what changed.
    return dates
      .map((day) => {
        const stats = { day, added: 0, updated: 0, unavailable: 0, restored: 0, available: { ...left } }
        for (const { provider, net, ...counts } of byDay.get(day) ?? []) {
          for (const counter of COUNTERS) stats[counter] += counts[counter]
          left[provider] = (left[provider] ?? 0) - net
        }
        return stats
      })
      .reverse()
  }
}
