/** Days in numbers as the pictures need them. Pure. */
import type { DayStats } from '../../client/contract.js'
import { providerName } from '../parts/labels.js'
import type { ChartSeries } from '../parts/chart-options.js'

/** Lines beyond these would not be told apart. */
const MOST_LINES = 8

export interface Pictures {
  /** Seconds since the epoch, ascending. */
  times: number[]
  sizes: ChartSeries[]
  changes: ChartSeries[]
  /** All changes. */
  sum: number
}

/** From the first day on which there was something. @param days in any order */
export function dailySeries(days: readonly DayStats[]): Pictures {
  const all = days.toSorted((a, b) => a.day.localeCompare(b.day))
  const begin = all.findIndex((day) => totalOf(day) > 0 || Object.values(day.available).some((count) => count > 0))
  const sorted = begin === -1 ? [] : all.slice(begin)
  return {
    times: sorted.map(({ day }) => Date.parse(day) / 1000),
    sizes: sizesOf(sorted),
    changes: [
      bars('Unavailable', 5, sorted, ({ unavailable }) => unavailable),
      bars('Updated', 0, sorted, ({ updated }) => updated),
      bars('Added or back', 2, sorted, ({ added, restored }) => added + restored),
    ],
    sum: sorted.reduce((sum, day) => sum + totalOf(day), 0),
  }
}

// The largest providers each, what is left in one line.
function sizesOf(days: readonly DayStats[]): ChartSeries[] {
  const largest = (slug: string) => Math.max(...days.map(({ available }) => available[slug] ?? 0))
  const slugs = [...new Set(days.flatMap(({ available }) => Object.keys(available)))]
    .filter((slug) => largest(slug) > 0)
    .sort((a, b) => largest(b) - largest(a))
  const own = slugs.length > MOST_LINES ? slugs.slice(0, MOST_LINES - 1) : slugs
  const rest = slugs.slice(own.length)
  const line = (title: string, color: number, count: (available: DayStats['available']) => number): ChartSeries => ({
    title,
    color,
    kind: 'line',
    values: days.map(({ available }) => count(available)),
  })
  const lines = own.map((slug, color) => line(providerName(slug), color, (available) => available[slug] ?? 0))
  if (rest.length === 0) return lines
  const sum = (available: DayStats['available']) => rest.reduce((all, slug) => all + (available[slug] ?? 0), 0)
  return [...lines, line(`${rest.length} others`, own.length, sum)]
}

function bars(title: string, color: number, days: readonly DayStats[], count: (day: DayStats) => number): ChartSeries {
  return { title, color, kind: 'bars', values: days.map(count) }
}

function totalOf({ added, updated, unavailable, restored }: DayStats): number {
  return added + updated + unavailable + restored
}
