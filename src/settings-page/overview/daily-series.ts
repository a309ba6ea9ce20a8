/** Days in numbers as the pictures need them. */
import type { Day } from '../api/further-routes.js'
import { providerName } from '../parts/names.js'
import type { ChartSeries } from '../parts/chart.js'

/** Lines beyond these would not be told apart. */
const MOST_LINES = 7

export interface Pictures {
  /** Seconds since the epoch, ascending. */
  times: number[]
  sizes: ChartSeries[]
  changes: ChartSeries[]
  /** All changes. */
  sum: number
}

/** @param days in any order */
export function dailySeries(days: readonly Day[]): Pictures {
  const sorted = days.toSorted((a, b) => a.day.localeCompare(b.day))
  const largest = (slug: string) => Math.max(...sorted.map(({ available }) => available[slug] ?? 0))
  const slugs = [...new Set(sorted.flatMap(({ available }) => Object.keys(available)))].sort(
    (a, b) => largest(b) - largest(a),
  )
  const lines = slugs.slice(0, slugs.length > MOST_LINES + 1 ? MOST_LINES : MOST_LINES + 1)
  const rest = slugs.slice(lines.length)
  const sizes = lines.map((slug, color): ChartSeries => {
    const values = sorted.map(({ available }) => available[slug] ?? null)
    return { title: providerName(slug), color, kind: 'line', values }
  })
  if (rest.length > 0) {
    const values = sorted.map(({ available }) => rest.reduce((sum, slug) => sum + (available[slug] ?? 0), 0))
    sizes.push({ title: `${rest.length} others`, color: lines.length, kind: 'line', values })
  }
  return {
    times: sorted.map(({ day }) => Date.parse(day) / 1000),
    sizes,
    changes: stacked(sorted),
    sum: sorted.reduce((sum, day) => sum + totalOf(day), 0),
  }
}

// Bars that stand on one another: the sum of all first, then what is left without its top.
function stacked(days: readonly Day[]): ChartSeries[] {
  const unavailable = days.map((day) => totalOf(day))
  const updated = days.map(({ added, restored, updated }) => added + restored + updated)
  const added = days.map(({ added, restored }) => added + restored)
  return [
    { title: 'Unavailable', color: 5, kind: 'bars', values: unavailable },
    { title: 'Updated', color: 0, kind: 'bars', values: updated },
    { title: 'Added or back', color: 2, kind: 'bars', values: added },
  ]
}

function totalOf({ added, updated, unavailable, restored }: Day): number {
  return added + updated + unavailable + restored
}
