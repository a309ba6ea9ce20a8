/** Reads one listing page by page, from an answer that is there already, and hands each page on. */
import { createHash } from 'node:crypto'
import type { HttpAnswer } from './http-client.js'
import type { Listing, NextPage } from '../sources/kit/source.js'
import { MAX_ENTRY_DEPTH, type AnswerLimits } from './answer-limits.js'
import { boundEntries } from './bound-entries.js'
import { nextAddress } from './addresses.js'
import { parseJson, type OnText } from './read-json.js'
import type { Cause } from '../core/records/problem.js'
import { FetchProblem, labelOf, malformed } from './fetch-problem.js'
import type { PageReader } from './read-page.js'

const REPEATED: Cause = { code: 'repeated-page', facts: {} }
const NOT_WHOLE: Cause = { code: 'incomplete-listing', facts: { cause: null } }

// A page of this size, and the one behind it, are not in memory at the same time.
const MOST_BYTES_AHEAD = 8 * 1024 * 1024

export interface ListingPages {
  reader: PageReader
  limits: AnswerLimits
  /** Awaited while the next page comes, unless this one is very large, and before the one behind that is asked for, so that pages never pile up; what it throws ends the listing. */
  onPage(entries: readonly unknown[], heapBytes: number): void | Promise<void>
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
  const seen = new Set<string>()
  const visited = new Set([url.href])
  const rows = new RowCount(listing)
  let replaced = 0
  const onText: OnText = (text, count) => {
    replaced += count
    pages.onText?.(text)
  }
  let at = url
  let answer = first
  let total = 0
  let bytes = 0
  for (let page = 1; ; page++) {
    if (seen.has(answer.sha256))
      throw new FetchProblem(REPEATED, `a page repeats: page ${page} of ${labelOf(at)} equals an earlier one`)
    seen.add(answer.sha256)
    bytes += answer.body.bytes
    if (bytes > pages.limits.maxListingBytes) throw tooLarge(url, pages.limits)
    const { limits } = pages
    const { entries, heapBytes, next, missing } = await readPage(listing, answer, page, at, { rows, onText, limits })
    total += entries.length
    if (total > limits.maxEntries) throw tooMany(url, limits)
    const { sha256 } = answer
    const ahead = next === null || answer.body.bytes > MOST_BYTES_AHEAD ? null : follow(next, page)
    // Its failure is told below, after this page has been given; until then nobody listens.
    void ahead?.catch(() => {})
    await pages.onPage(entries, heapBytes)
    if (missing !== null) throw new FetchProblem(NOT_WHOLE, `${labelOf(url)} is not whole: ${missing}`)
    if (next === null && replaced > 0)
      pages.onWarning(
        `${labelOf(url)} has ${replaced === 1 ? 'a' : `${replaced} times`} NaN or Infinity, which is no JSON; it counts as unknown`,
      )
    if (next === null) return listing.next === undefined ? sha256 : combined(seen)
    answer = await (ahead ?? follow(next, page))
  }

  /** Asks for the page behind `page`. */
  async function follow(next: NextPage, page: number): Promise<HttpAnswer> {
    if (page === pages.limits.maxPages)
      throw new FetchProblem(
        { code: 'too-many-pages', facts: {} },
        `${labelOf(url)} has more than ${pages.limits.maxPages} pages`,
        { remedy: 'pages' },
      )
    at = resolveNext(url, at, next)
    if (visited.has(at.href))
      throw new FetchProblem(REPEATED, `a page repeats: page ${page} of ${labelOf(url)} leads to an earlier one`)
    visited.add(at.href)
    return pages.reader.read(listing, at, null)
  }
}

/** Only this function holds the whole body; while a page is handed on, the entries are all that is left of it. */
async function readPage(
  listing: Listing,
  answer: HttpAnswer,
  page: number,
  at: URL,
  { rows, onText, limits }: { rows: RowCount; onText: OnText; limits: AnswerLimits },
): Promise<{ entries: readonly unknown[]; heapBytes: number; next: NextPage | null; missing: string | null }> {
  const { value: body, deepest, heapBytes } = await parseJson(answer.body, labelOf(at), limits, onText)
  try {
    const given = listing.entries(body, page)
    const entries = deepest > MAX_ENTRY_DEPTH ? boundEntries(given) : given
    const next = listing.next?.(body, page) ?? null
    if (listing.missing === undefined) return { entries, heapBytes, next, missing: null }
    rows.add(entries)
    return { entries, heapBytes, next, missing: next === null ? listing.missing(body, rows.given) : null }
  } catch (error) {
    const said = error instanceof Error ? error.message : 'an answer of another shape'
    throw new FetchProblem(malformed('shape'), said.includes(labelOf(at)) ? said : `${labelOf(at)}: ${said}`)
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

function tooMany(url: URL, { maxEntries }: AnswerLimits): FetchProblem {
  return new FetchProblem(
    { code: 'too-many-entries', facts: {} },
    `${labelOf(url)} has more than ${maxEntries} entries`,
    { remedy: 'entries' },
  )
}

function tooLarge(url: URL, { maxListingBytes }: AnswerLimits): FetchProblem {
  return new FetchProblem(
    { code: 'listing-too-large', facts: {} },
    `the pages of ${labelOf(url)} are over ${maxListingBytes} bytes together`,
    { remedy: 'listing' },
  )
}

function resolveNext(first: URL, current: URL, next: NextPage): URL {
  let url: URL | null
  try {
    url = nextAddress(first, current, next)
  } catch {
    throw new FetchProblem(malformed('shape'), `${labelOf(current)} gives a next address that is no URL`)
  }
  if (url === null)
    throw new FetchProblem(
      { code: 'upstream-redirect', facts: { anotherOrigin: true } },
      `the next page of ${labelOf(current)} points to another origin, where nothing is sent`,
    )
  return url
}

function combined(hashes: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const page of hashes) hash.update(page)
  return hash.digest('hex')
}
