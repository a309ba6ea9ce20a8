/** Keyset pages: what a list takes and gives, and the opaque cursor between two of them. */
import { CursorError } from '../errors.js'

/** A page, 1 to 500 long; `cursor` is what the page before gave as `nextCursor`. */
export interface PageQuery {
  limit?: number | undefined
  cursor?: string | undefined
}

export const DEFAULT_LIMIT = 50

/** Of the rows of one page and one more: the page, and its last row when there is a further page. */
export function cut<T>(rows: readonly T[], limit: number): { page: T[]; last: T | undefined } {
  const page = rows.slice(0, limit)
  return { page, last: rows.length > limit ? page.at(-1) : undefined }
}

/** Where a page ends, as a text that nobody needs to read. */
export function writeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** @throws CursorError when it is none of ours */
export function readCursor(cursor: string): unknown[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(position)) return position
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
