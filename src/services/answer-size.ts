/** howManyFit: how many rows of a page fit into one answer, however large they are. */
import type { Steps } from './slices.js'

// Whatever the limit: an answer is in memory several times over, and so are those of others; and it is written in one go, some 20 ms a MiB.
const MOST_BYTES = 4 * 1024 * 1024
// For what stands around the rows.
const ENVELOPE_BYTES = 16 * 1024
// A character is six bytes at most: \u001f.
const BYTES_A_CHARACTER = 6
const BYTES_A_VALUE = 24
const ROWS_A_STEP = 50

/** @returns 1 at least, so that a list goes on behind a row that is too large by itself. Throws nothing */
export function howManyFit(rows: readonly unknown[]): number {
  let left = MOST_BYTES - ENVELOPE_BYTES
  if (rows.reduce<number>((sum, row) => sum + mostBytes(row), 0) <= left) return rows.length
  for (const [index, row] of rows.entries()) {
    left -= Buffer.byteLength(JSON.stringify(row)) + 1
    if (left < 0) return Math.max(1, index)
  }
  return rows.length
}

/**
 * How many rows fit from the first on, and how many bytes are left for other lists of the same answer.
 * @param left bytes; default: a whole answer. Throws nothing
 */
export function* fittingSteps(
  rows: readonly unknown[],
  left = MOST_BYTES - ENVELOPE_BYTES,
): Steps<{ count: number; left: number }> {
  let rest = left
  for (const [count, row] of rows.entries()) {
    const bytes = Buffer.byteLength(JSON.stringify(row)) + 1
    // Later lists may have smaller rows, but what is shown should not depend on that.
    if (bytes > rest) return { count, left: 0 }
    rest -= bytes
    if (count % ROWS_A_STEP === 0) yield
  }
  return { count: rows.length, left: rest }
}

/** No fewer than its JSON has: a tenth of the time that it takes to write it, which most pages are spared. */
function mostBytes(value: unknown): number {
  if (typeof value === 'string') return BYTES_A_CHARACTER * value.length + 2
  if (typeof value !== 'object' || value === null) return BYTES_A_VALUE
  let sum = 2
  if (Array.isArray(value)) for (const member of value) sum += mostBytes(member) + 1
  else
    for (const name in value)
      sum += BYTES_A_CHARACTER * name.length + 4 + mostBytes((value as Record<string, unknown>)[name])
  return sum
}
