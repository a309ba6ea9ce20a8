/** Completes the entries of a list by requests of their own: each answer is asked for once and remembered, a few at a time, so many in a reading. */
import { isRecord } from '../core/input/is-record.js'
import type { EntryDetails, Listing } from '../sources/kit/source.js'
import { listingAddress } from './addresses.js'
import type { AnswerLimits } from './answer-limits.js'
import { describeProblem } from '../core/records/problem-text.js'
import { FetchProblem, labelOf } from './fetch-problem.js'
import type { HttpClient } from './http-client.js'
import { parseJson } from './read-json.js'
import type { PageReader } from './read-page.js'

const AT_ONCE = 4
/** Of one answer: Ollama's holds the licence and a template. */
const MAX_BODY_BYTES = 8 * 1024 * 1024
/** In a row: nobody is there. */
const MOST_FAILURES = 3
/** Answers of one process; the oldest go first. */
const MOST_REMEMBERED = 2_000

/** By the client, which lives as long as the program that syncs; the digest in the key makes it the same answer for good. */
const REMEMBERED = new WeakMap<HttpClient, Map<string, unknown>>()

export interface DetailOptions {
  client: HttpClient
  /** Base URL of the provider. */
  address: string
  limits: Pick<AnswerLimits, 'maxValues'>
}

/** Of one reading. */
export class DetailReader {
  private asked = 0
  private failures = 0
  /** Entries that were not completed. */
  private left = 0
  private problem: FetchProblem | null = null
  private readonly known: Map<string, unknown>

  constructor(
    private readonly reader: PageReader,
    private readonly options: DetailOptions,
  ) {
    this.known = REMEMBERED.get(options.client) ?? new Map<string, unknown>()
    REMEMBERED.set(options.client, this.known)
  }

  /** The same entries, in their order. @throws CancelledError */
  async complete({ details }: Listing, entries: readonly unknown[]): Promise<readonly unknown[]> {
    if (details === undefined) return entries
    const wanted = entries.map((entry) => details.ask(entry))
    const open = new Map(wanted.flatMap((ask) => (ask === null || this.has(ask.key) ? [] : [[ask.key, ask.body]])))
    const queue = [...open]
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.work(details, queue)))
    return entries.map((entry, at) => {
      const ask = wanted[at] ?? null
      if (ask === null) return entry
      if (this.has(ask.key)) return withMember(entry, details.member, this.known.get(this.placeOf(ask.key)))
      this.left += 1
      return entry
    })
  }

  /** What was not told, for a warning; `null`: everything was. */
  warningOf({ details }: Listing): string | null {
    if (this.left === 0 || details === undefined) return null
    const reason =
      (this.problem === null ? null : describeProblem(this.problem.reason)) ??
      `no more than ${details.most} are asked for at once`
    return `${this.left} ${this.left === 1 ? 'model was' : 'models were'} not asked about: ${reason}; ${details.otherwise}`
  }

  private async work(details: EntryDetails, queue: (readonly [key: string, body: object])[]): Promise<void> {
    for (let next = this.take(details, queue); next !== undefined; next = this.take(details, queue)) {
      const [key, body] = next
      try {
        this.remember(key, details.pick(await this.answerTo(details, body)))
        this.failures = 0
      } catch (error) {
        if (!(error instanceof FetchProblem)) throw error
        // Gone since it was listed, or an address that this version does not have: nothing more to be told.
        if (error.status === 404) this.remember(key, undefined)
        else {
          this.failures += 1
          this.problem = error
        }
      }
    }
  }

  private take<Next>({ most }: EntryDetails, queue: Next[]): Next | undefined {
    if (this.asked >= most || this.failures >= MOST_FAILURES) return undefined
    const next = queue.shift()
    if (next !== undefined) this.asked += 1
    return next
  }

  private async answerTo({ path }: EntryDetails, body: object): Promise<unknown> {
    const url = listingAddress(this.options.address, path)
    const answer = await this.reader.post(url, JSON.stringify(body), MAX_BODY_BYTES)
    return (await parseJson(answer.body, labelOf(url, 'POST'), this.options.limits)).value
  }

  private placeOf(key: string): string {
    return `${this.options.address} ${key}`
  }

  private has(key: string): boolean {
    return this.known.has(this.placeOf(key))
  }

  private remember(key: string, picked: unknown): void {
    this.known.set(this.placeOf(key), picked)
    const [oldest] = this.known.keys()
    if (this.known.size > MOST_REMEMBERED && oldest !== undefined) this.known.delete(oldest)
  }
}

/** A new entry; the same where there is nothing to add, or nothing to add it to. */
function withMember(entry: unknown, member: string, picked: unknown): unknown {
  return isRecord(entry) && isRecord(picked) ? { ...entry, [member]: picked } : entry
}
