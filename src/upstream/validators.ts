/** What is remembered of an answer, so that the next one can be told to be the same without reading it. */
import type { FetchProblem } from './fetch-problem.js'
import type { HttpAnswer } from './http-client.js'

/** Of one listing. JSON, kept in the database. */
export interface Validator {
  /** Verbatim, weak or strong; `null` when there was none that can be sent back. */
  etag: string | null
  /** Hex, of the decompressed body; of a paged listing, of its pages' hashes; empty for a refused one. */
  sha256: string
  /** Only of a listing that was refused and that the source did without, with the rest complete. */
  refused?: { status: number; warning: string | null }
}

/** Of a source's listings, by `Listing.path`. */
export interface Validators {
  [path: string]: Validator
}

type Answered = Pick<HttpAnswer, 'status' | 'headers' | 'sha256'>

/** The same answer as the one remembered: 304, the same bytes, or refused with the same status. */
export function isUnchanged(result: Answered | FetchProblem, before: Validator): boolean {
  if (result instanceof Error) return result.kind === 'refused' && result.status === before.refused?.status
  return result.status === 304 || result.sha256 === before.sha256
}

/** Of a listing that `isUnchanged`: the newest ETag; a 304 need not repeat it. */
export function renewed(result: Answered | FetchProblem, before: Validator): Validator {
  if (result instanceof Error) return before
  return { etag: etagOf(result) ?? (result.status === 304 ? before.etag : null), sha256: before.sha256 }
}

/** `null` also for one that no request header could carry back. */
export function etagOf({ headers }: Pick<HttpAnswer, 'headers'>): string | null {
  const { etag } = headers
  return typeof etag === 'string' && /^[\x20-\x7e]{1,512}$/.test(etag) ? etag : null
}
