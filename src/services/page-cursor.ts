/** Keyset pages: what a list takes and gives, and the opaque cursor between two of them. */
import type { PageQuery } from '../core/schema/page.js'
import { CursorError } from '../errors.js'
import { howManyFit } from './answer-size.js'

export const DEFAULT_LIMIT = 50

/** Of the rows of one page and one more: the page, shorter where its rows are too large for one answer, and its last row when there is a further page. */
export function cut<T>(rows: readonly T[], limit: number): { page: T[]; last: T | undefined } {
  const some = rows.slice(0, limit)
  const page = some.slice(0, howManyFit(some))
  return { page, last: rows.length > page.length ? page.at(-1) : undefined }
}

/** Where a page ends, as a text that nobody needs to read. */
export function writeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** @throws CursorError when it is none of ours */
export function readCursor(cursor: string): unknown[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(position) && position.every((part) => ['string', 'number'].includes(typeof part))) return position
  } catch {
    // Said below, with what to do.
  }
  throw wrongCursor()
}

export function wrongCursor(): Error {
  return new CursorError(
    'the cursor is not one of this query; leave it out to start from the first page, and pass nextCursor on as it is',
  )
}

/**
 * A page of a list that is in memory as a whole.
 * @param keyOf what no two of its rows have in common
 * @param query.limit default: as many as fit into one answer
 * @throws CursorError when no row has the cursor's key: the list has changed, or the cursor is another's
 */
export function pageOf<T>(
  rows: readonly T[],
  keyOf: (row: T) => readonly (string | number)[],
  { limit = rows.length, cursor }: PageQuery,
): { page: T[]; next: string | null } {
  const key = cursor === undefined ? null : JSON.stringify(readCursor(cursor))
  const before = key === null ? -1 : rows.findIndex((row) => JSON.stringify(keyOf(row)) === key)
  if (key !== null && before === -1) throw wrongCursor()
  const { page, last } = cut(rows.slice(before + 1), limit)
  return { page, next: last === undefined ? null : writeCursor(keyOf(last)) }
}
