/** The lines of the progress bars. */
import type { Output } from './output.js'
import { shorten } from './plain.js'

export interface Reading {
  slug: string
  /** Models that it had at last; 0: not known. */
  expected: number
  /** Read so far. */
  entries: number
  finished: boolean
}

const BAR_WIDTH = 24
const MOST_SLUG = 24
/** Entries at which the bar of a provider of unknown size is half full. */
const UNKNOWN = 200

/** One line each, those at work first, as many as the terminal has room for. */
export function drawBars(
  readings: readonly Reading[],
  size: { rows?: number; columns?: number },
  paint: Output['paint'],
): string[] {
  const { rows, columns } = { rows: known(size.rows, 24), columns: known(size.columns, 80) }
  // The cursor's own line, and one for the rest.
  const room = Math.max(1, rows - 2)
  const sorted = [...readings].sort((a, b) => rankOf(a) - rankOf(b))
  const shown = sorted.slice(0, room)
  const width = Math.min(MOST_SLUG, Math.max(...shown.map(({ slug }) => slug.length)))
  const lines = shown.map((reading) => {
    const filled = Math.round(BAR_WIDTH * shareOf(reading))
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`
    const name = shorten(reading.slug, width).padEnd(width)
    // Cut before it is painted: a line that breaks in two could not be taken away again.
    const [left, right] = cut(`${name} `, bar, ` ${wordsOf(reading)}`, columns)
    return reading.finished ? paint('green', left + right) : left + right
  })
  const others = readings.length - shown.length
  return others === 0 ? lines : [...lines, `… and ${others} more`.slice(0, columns - 1)]
}

function cut(name: string, bar: string, words: string, columns: number): [string, string] {
  const fits = name.length + bar.length + words.length < columns
  return fits ? [name + bar, words] : [shorten(name + words.trimStart(), Math.max(1, columns - 1)), '']
}

// A terminal of which nobody knows the size says 0.
function known(size: number | undefined, otherwise: number): number {
  return size === undefined || size === 0 ? otherwise : size
}

function rankOf({ entries, finished }: Reading): number {
  if (finished) return 2
  return entries > 0 ? 0 : 1
}

function shareOf({ entries, expected, finished }: Reading): number {
  if (finished) return 1
  // Full only when it is done; of what is not known the bar moves all the same, ever slower.
  return expected === 0 ? entries / (entries + UNKNOWN) : Math.min(entries / expected, 0.95)
}

function wordsOf({ entries, finished }: Reading): string {
  if (finished) return `${entries} read`
  return entries === 0 ? 'asking' : `${entries} so far`
}
