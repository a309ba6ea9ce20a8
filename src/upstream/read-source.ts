/** Reads all listings of a source over HTTP: conditionally where the last answer is known, page by page where there are several. */
import type { HttpAnswer, HttpClient } from './http-client.js'
import type { Listing, Source } from '../sources/kit/source.js'
import { DEFAULT_LIMITS, type AnswerLimits } from './answer-limits.js'
import { listingAddress } from './addresses.js'
import { CallableNames } from './callable-names.js'
import type { Cause } from '../core/records/problem.js'
import { describeProblem } from '../core/records/problem-text.js'
import { failure } from '../errors.js'
import { DetailReader } from './entry-details.js'
import { told } from './remedy.js'
import { readListing, type EntryText } from './read-listing.js'
import { PageReader } from './read-page.js'
import { NO_GATEWAY, type Gateway } from './gateway.js'
import type { FetchOutcome } from './fetch-outcome.js'
import { FetchProblem, throwIfCancelled } from './fetch-problem.js'
import { createRedactor } from './redact.js'
import { oneLine } from './refusal.js'
import { sentSecrets } from './sent-secrets.js'
import { createEntryRedactor } from './redact-entries.js'
import { SentEntries, type Entries } from './sent-entries.js'
import { comparably } from './comparable.js'
import { etagOf, isUnchanged, renewed, type Validator, type Validators } from './validators.js'

export type { Validators }

export interface FetchOptions {
  /** Base URL of the provider, perhaps with a path; a user in it is not sent. */
  address: string
  /** `null`: the request goes without. */
  apiKey: string | null
  /** What is set of the source's `key.settings`. Default: nothing. */
  settings?: Readonly<Record<string, string>>
  /** Default: none. */
  gateway?: Gateway
  client: HttpClient
  /** Of the last answer that was applied whole; `null`: fetch unconditionally. */
  previous: Validators | null
  /** ms, for the headers of each request and for each pause of its body, which must bring 1 KiB a second meanwhile. */
  timeoutMs: number
  /** Default: those of {@link DEFAULT_LIMITS}. */
  limits?: Partial<AnswerLimits>
  /** Further attempts of one request. Default 2. */
  retries?: number
  userAgent: string
  signal: AbortSignal
  /** Resolves after `ms`, or rejects when the signal is aborted before. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** 0 up to 1: jitter. */
  random(): number
  /** Wall clock, ms; only for `Retry-After` dates. */
  now(): number
  /**
   * Called page by page, in the order of the listings, and awaited; what it throws comes out of `fetchSource` as it is.
   * @param heapBytes what the entries take, about
   * @param textOf where the entries are as they were sent
   */
  onPage(listing: Listing, entries: Entries, heapBytes: number, textOf?: EntryText): void | Promise<void>
  /** Each page's body to the letter, with `null` for NaN and Infinity, before its entries are given. */
  onText?(listing: Listing, text: string): void
}

/** Characters of one message or warning. */
const MAX_MESSAGE = 600

/** An answer, or why there is none. */
type Result = HttpAnswer | FetchProblem

interface Passed {
  listing: Listing
  result: Result
  before: Validator
}

/**
 * Reads every listing in its order. When nothing has changed since `previous`, no body is parsed and `onPage` is never called; otherwise all
 * listings are given whole. A source with a paged listing is always read.
 * @throws UpstreamError | MalformedAnswerError when nothing could be read, and for a body over the cap, too many pages and a page that repeats
 * @throws CancelledError when the signal is aborted
 */
export async function fetchSource(source: Source, options: FetchOptions): Promise<FetchOutcome> {
  const { apiKey, settings = {}, gateway = NO_GATEWAY } = options
  const { address } = options
  const sent = sentSecrets({ source, address, apiKey, settings, gateway })
  const redactKeys = createRedactor([...sent, ...Object.values(settings)])
  const redact = (text: string): string => oneLine(redactKeys(text), MAX_MESSAGE)
  try {
    return await new SourceReading(source, options, redact, createEntryRedactor(sent)).run()
  } catch (error) {
    if (!(error instanceof FetchProblem)) throw error
    throw failure(told(error, { source, hasKey: apiKey !== null, redact }))
  }
}

class SourceReading {
  readonly #source: Source
  readonly #options: FetchOptions
  readonly #redact: (text: string) => string
  readonly #reader: PageReader
  readonly #limits: AnswerLimits
  readonly #details: DetailReader
  /** Takes out what was sent, and nothing else. */
  readonly #echoes: (text: string) => string
  readonly #warnings: string[] = []
  readonly #validators: Validators = {}
  /** Listings of which at least one page was given. */
  #given = 0
  #firstRefusal: FetchProblem | null = null
  #cause: Cause | null = null
  /** For the listings that may be done without, which judge by what the others gave. */
  readonly #ids: (string | null)[] = []
  readonly #names = new CallableNames()

  constructor(
    source: Source,
    options: FetchOptions,
    redact: (text: string) => string,
    echoes: (text: string) => string,
  ) {
    this.#echoes = echoes
    this.#source = source
    this.#options = options
    this.#redact = redact
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    const { maxBodyBytes } = this.#limits
    const { retries = 2, settings = {}, gateway = NO_GATEWAY } = options
    this.#reader = new PageReader(source, { ...options, maxBodyBytes, retries, settings, gateway }, redact)
    this.#details = new DetailReader(this.#reader, { ...options, limits: this.#limits })
  }

  async run(): Promise<FetchOutcome> {
    const hasKey = this.#options.apiKey !== null
    const listings = this.#source.listings.filter(({ needsKey }) => needsKey !== true || hasKey)
    const known = listings.every((listing) => listing.next === undefined) ? this.#options.previous : null
    /** As long as nothing has changed: what the listings so far answered. */
    let passed: Passed[] | null = known === null ? null : []
    for (const listing of listings) {
      const before = passed === null ? undefined : known?.[listing.path]
      const result = await this.#ask(listing, before?.etag ?? null)
      if (
        passed !== null &&
        before !== undefined &&
        (isUnchanged(result, before) || this.#hasOnlyFailed(listing, result))
      ) {
        passed.push({ listing, result, before })
        continue
      }
      const goesOn = (await this.#takePassed(passed ?? [])) && (await this.#take(listing, result))
      passed = null
      if (!goesOn) break
    }
    throwIfCancelled(this.#options.signal, this.#source.slug)
    if (passed !== null && passed.length > 0) return this.#notModified(passed)
    if (this.#given === 0 && this.#firstRefusal !== null) throw this.#firstRefusal
    if (this.#cause !== null) return this.#outcome('incomplete', {})
    const part = await this.#names.ofAPart(this.#source, this.#reader, { ...this.#options, limits: this.#limits })
    if (part !== null) this.#warnings.push(part)
    return { ...this.#outcome('complete', this.#validators), seesPart: part !== null }
  }

  /** The first page of a listing, 304 when that is what an `etag` brought, or why there is none. A limit of ours fails the provider at once. */
  async #ask(listing: Listing, etag: string | null): Promise<Result> {
    try {
      const answer = await this.#reader.read(listing, listingAddress(this.#options.address, listing.path), etag)
      return listing.comparable === undefined || answer.status !== 200
        ? answer
        : await comparably(answer, this.#limits, (body) => listing.comparable?.(body))
    } catch (error) {
      if (error instanceof FetchProblem && (error.kind !== 'limit' || listing.optional !== undefined)) return error
      throw error
    }
  }

  /** For now, and nothing is lost by it: what was known of it is known still. */
  #hasOnlyFailed(listing: Listing, result: Result): boolean {
    if (!isTolerated(listing, result) || !(result instanceof FetchProblem)) return false
    const { kind, status } = result
    return kind !== 'refused' || status === null || (listing.without?.({ status, ids: [] }) ?? null) === null
  }

  /** The first change is found: what was passed over as unchanged is read after all, and what came without a body asked for again. */
  async #takePassed(passed: readonly Passed[]): Promise<boolean> {
    for (const { listing, result } of passed) {
      const bodyless = !(result instanceof FetchProblem) && result.status === 304
      if (!(await this.#take(listing, bodyless ? await this.#ask(listing, null) : result))) return false
    }
    return true
  }

  /** Gives a listing's pages on, or settles that it is missing. Whether the next listing is to be read. */
  async #take(listing: Listing, result: Result): Promise<boolean> {
    if (result instanceof FetchProblem) return this.#miss(listing, result, result.kind === 'refused')
    const { onPage, onText, address } = this.#options
    const keeps = this.#source.listings.slice(this.#source.listings.indexOf(listing) + 1).some((later) => later.without)
    let given = false
    const note = (entry: unknown): void => {
      if (keeps) this.#ids.push(listing.identify(entry))
      this.#names.add(listing, entry)
    }
    const taken = (): void => {
      given = true
      this.#given++
    }
    const give = async (entries: Entries, heapBytes: number, textOf?: EntryText): Promise<void> => {
      if (entries instanceof SentEntries) {
        entries.onEntry = note
        await onPage(listing, entries, heapBytes, textOf)
        // Until here one of them may turn out to be no JSON; then nothing was given.
        taken()
        return
      }
      taken()
      for (const entry of entries) note(entry)
      const complete = await this.#details.complete(listing, entries)
      await onPage(listing, complete, heapBytes, complete === entries ? textOf : undefined)
    }
    try {
      const url = listingAddress(address, listing.path)
      const sha256 = await readListing(listing, url, result, {
        reader: this.#reader,
        limits: this.#limits,
        onPage: give,
        onText: onText === undefined ? undefined : (text) => onText(listing, text),
        onWarning: (warning) => this.#warnings.push(warning),
      })
      const untold = this.#details.warningOf(listing)
      if (untold !== null) this.#warnings.push(this.#redact(untold))
      // What was not told is asked for again, although the list stays the same.
      this.#validators[listing.path] =
        untold === null
          ? { etag: listing.next === undefined ? this.#etagOf(result) : null, sha256 }
          : { etag: null, sha256: '' }
      return true
    } catch (error) {
      if (!(error instanceof FetchProblem)) throw error
      if (isTolerated(listing, error) && !given) return this.#miss(listing, error, false)
      if (error.kind === 'limit') throw error
      return given ? this.#missPart(error) : this.#miss(listing, error, false)
    }
  }

  /** It is kept, so one that repeats what the request was sent with is none. */
  #etagOf(answer: HttpAnswer): string | null {
    const etag = etagOf(answer)
    return etag === null || this.#echoes(etag) !== etag ? null : etag
  }

  /** `refused`: the listing itself, not one of its later pages. */
  async #miss(listing: Listing, problem: FetchProblem, refused: boolean): Promise<boolean> {
    if (refused) this.#firstRefusal ??= problem
    const status = problem.status
    const without = refused && status !== null ? (listing.without?.({ status, ids: this.#ids }) ?? null) : null
    if (without === null || status === null) {
      if (this.#given === 0) throw refused ? (this.#firstRefusal ?? problem) : problem
      if (!isTolerated(listing, problem)) return this.#missPart(problem)
      this.#warnings.push(this.#optionalWarning(listing, problem))
      return true
    }
    const warning = without.warning === null ? null : this.#redact(without.warning)
    if (warning === null) await this.#options.onPage(listing, [], 0)
    else this.#warnings.push(warning)
    if (without.complete) this.#validators[listing.path] = { etag: null, sha256: '', refused: { status, warning } }
    else this.#cause ??= this.#told(problem)
    return true
  }

  /** Something is missing, and nothing further is asked for. */
  #missPart(problem: FetchProblem): false {
    this.#cause ??= this.#told(problem)
    return false
  }

  #optionalWarning(listing: Listing, problem: FetchProblem): string {
    return this.#redact(`${describeProblem(problem.reason)}; ${listing.optional}`)
  }

  #told(problem: FetchProblem): Cause {
    const hasKey = this.#options.apiKey !== null
    return told(problem, { source: this.#source, hasKey, redact: this.#redact })
  }

  #notModified(passed: readonly Passed[]): FetchOutcome {
    for (const { listing, result, before } of passed) {
      if (before.refused !== undefined)
        this.#warnings.push(...(before.refused.warning === null ? [] : [before.refused.warning]))
      else if (result instanceof FetchProblem) this.#warnings.push(this.#optionalWarning(listing, result))
      const kept = renewed(result, before)
      this.#validators[listing.path] =
        kept.etag !== null && this.#echoes(kept.etag) !== kept.etag ? { ...kept, etag: null } : kept
    }
    return this.#outcome('not-modified', this.#validators)
  }

  #outcome(state: FetchOutcome['state'], validators: Validators): FetchOutcome {
    const { requests, bytes } = this.#reader
    return { state, cause: this.#cause, warnings: this.#warnings, validators, requests, bytes, seesPart: false }
  }
}

/** A failure that the other listings are complete without. Whoever refuses it otherwise than `without` knows has failed too. */
function isTolerated({ optional }: Listing, result: Result): boolean {
  return optional !== undefined && result instanceof FetchProblem
}
