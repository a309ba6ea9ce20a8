/** Reads one listing page by page, from an answer that is there already, and hands each page on. */
import { createHash } from 'node:crypto'
import type { HttpAnswer } from './http-client.js'
import type { Listing, NextPage } from '../sources/kit/source.js'
import { MAX_ENTRY_DEPTH, type AnswerLimits } from './answer-limits.js'
import { boundEntries } from './bound-entries.js'
import { nextAddress } from './addresses.js'
import { measureJson, parseJson, type OnText } from './read-json.js'
import { causeOf } from '../core/records/problem.js'
import { FetchProblem, labelOf, malformed } from './fetch-problem.js'
import type { PageReader } from './read-page.js'
import { InvalidEntry, SentEntries, sentEntries, type Entries } from './sent-entries.js'

// A page of this size, and the one behind it, are not in memory at the same time.
const MOST_BYTES_AHEAD = 8 * 1024 * 1024

/** The JSON text of the entry at `index`, as it was sent; good until the page has been taken. */
export type EntryText = (index: number) => string

export interface ListingPages {
  reader: PageReader
  limits: AnswerLimits
  /** Awaited while the next page comes, unless this one is very large, and before the one behind that is asked for, so that pages never pile up; what it throws ends the listing. */
  onPage(entries: Entries, heapBytes: number, textOf?: EntryText): void | Promise<void>
  /** The body of each page, to the letter, with `null` for values that are no JSON. */
  onText?(text: string): void
  onWarning(warning: string): void
}

/**
 * All pages of `listing`, of which `first` is the first, read at `url`. Gives the SHA-256 of all pages, hex; of a listing that is never paged
 * that of its body.
 * @throws FetchProblem when a page fails, and when upstream counts more entries than its pages gave; of kind 'limit' for a page that repeats or
 * too many pages. A page is given whole or not at all.
 */
export async function readListing(listing: Listing, url: URL, first: HttpAnswer, pages: ListingPages): Promise<string> {
  const request = labelOf(url)
  const seen = new Set<string>()
  const visited = new Set([url.href])
  const rows = new RowCount(listing)
  let replaced = 0
  const onText: OnText = (text, count) => {
    replaced += count
    pages.onText?.(text)
  }
  const keepsText = pages.onText !== undefined
  let at = url
  let answer = first
  let total = 0
  let bytes = 0
  for (let page = 1; ; page++) {
    if (seen.has(answer.sha256))
      throw new FetchProblem({ code: 'repeated-page', facts: { request: labelOf(at), page, like: 'equal' } })
    seen.add(answer.sha256)
    bytes += answer.body.bytes
    const { limits } = pages
    if (bytes > limits.maxListingBytes)
      throw new FetchProblem({ code: 'listing-too-large', facts: { request, maxBytes: limits.maxListingBytes } })
    const read = await readPage(listing, answer, page, at, { rows, onText, keepsText, limits })
    const { entries, heapBytes, textOf, next, missing } = read
    total += entries.length
    if (total > limits.maxEntries)
      throw new FetchProblem({ code: 'too-many-entries', facts: { request, most: limits.maxEntries } })
    const { sha256, body } = answer
    const ahead = next === null || answer.body.bytes > MOST_BYTES_AHEAD ? null : follow(next, page)
    // Its failure is told below, after this page has been given; until then nobody listens.
    void ahead?.catch(() => {})
    try {
      await pages.onPage(entries, heapBytes, textOf)
    } catch (error) {
      // Whoever reads the whole says where it is no JSON.
      if (error instanceof InvalidEntry) await parseJson(body, request, limits)
      throw error
    }
    if (!(entries instanceof SentEntries)) body.release()
    if (missing !== null)
      throw new FetchProblem({ code: 'incomplete-listing', facts: { cause: null, request, missing } })
    if (next === null && replaced > 0)
      pages.onWarning(
        `${request} has ${replaced === 1 ? 'a' : `${replaced} times`} NaN or Infinity, which is no JSON; it counts as unknown`,
      )
    if (next === null) return listing.next === undefined ? sha256 : combined(seen)
    answer = await (ahead ?? follow(next, page))
  }

  /** Asks for the page behind `page`. */
  async function follow(next: NextPage, page: number): Promise<HttpAnswer> {
    if (page === pages.limits.maxPages)
      throw new FetchProblem({ code: 'too-many-pages', facts: { request, most: pages.limits.maxPages } })
    at = resolveNext(url, at, next)
    if (visited.has(at.href))
      throw new FetchProblem({ code: 'repeated-page', facts: { request, page, like: 'leads-back' } })
    visited.add(at.href)
    return pages.reader.read(listing, at, null)
  }
}

interface Page {
  entries: Entries
  heapBytes: number
  /** `undefined`: where they lie in the body cannot be told, or the body is too large to be held as well. */
  textOf: EntryText | undefined
  next: NextPage | null
  missing: string | null
}

/** Only this function holds the whole body, unless its entries are read one by one; while a page is handed on, the entries are all that is left of it, and the bytes of one that is not large. */
async function readPage(
  listing: Listing,
  answer: HttpAnswer,
  page: number,
  at: URL,
  { rows, onText, keepsText, limits }: { rows: RowCount; onText: OnText; keepsText: boolean; limits: AnswerLimits },
): Promise<Page> {
  const shape = await measureJson(answer.body, labelOf(at), limits)
  const sent = keepsText ? null : sentEntries(listing, answer.body, shape)
  if (sent !== null)
    return { entries: sent, heapBytes: 0, textOf: (index) => sent.textAt(index), next: null, missing: null }
  const { value: body, heapBytes } = await parseJson(answer.body, labelOf(at), limits, onText, shape)
  try {
    const given = listing.entries(body, page)
    const entries = shape.deepest > MAX_ENTRY_DEPTH ? boundEntries(given) : given
    const places = answer.body.hasParts ? shape.placesOf(body, entries) : null
    const textOf =
      places === null
        ? undefined
        : (index: number) => answer.body.part(places[2 * index] ?? 0, places[2 * index + 1] ?? 0)
    const next = listing.next?.(body, page) ?? null
    if (listing.missing === undefined) return { entries, heapBytes, textOf, next, missing: null }
    rows.add(entries)
    return { entries, heapBytes, textOf, next, missing: next === null ? listing.missing(body, rows.given) : null }
  } catch (error) {
    const request = labelOf(at)
    const cause = error instanceof Error ? causeOf(error) : null
    if (cause?.code === 'malformed-answer') throw malformed({ ...cause.facts, request })
    // In the words of a host's own source.
    const said = error instanceof Error ? error.message : 'an answer of another shape'
    throw malformed({ request, found: 'shape', expected: { said } })
  }
}

/** Rows, not ids, which real lists repeat; a page whose ids have all come before is that page once more. */
class RowCount {
  given = 0
  private readonly ids = new Set<string>()

  constructor(private readonly listing: Listing) {}

  add(entries: readonly unknown[]): void {
    const known = this.ids.size
    let nameless = 0
    for (const entry of entries) {
      const id = this.listing.identify(entry)
      if (id === null) nameless += 1
      else this.ids.add(id)
    }
    if (this.ids.size > known || nameless > 0) this.given += entries.length
  }
}

function resolveNext(first: URL, current: URL, next: NextPage): URL {
  let url: URL | null
  try {
    url = nextAddress(first, current, next)
  } catch {
    throw malformed({ request: labelOf(current), found: 'shape', expected: { nextAddress: true } })
  }
  if (url === null)
    throw new FetchProblem({
      code: 'upstream-redirect',
      facts: { request: labelOf(current), anotherOrigin: true, how: 'next-page' },
    })
  return url
}

function combined(hashes: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const page of hashes) hash.update(page)
  return hash.digest('hex')
}
