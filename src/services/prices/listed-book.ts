/** ListedBook: a book that is read over HTTP once a day, like a provider's list. */
import type { BaseLogger } from 'pino'
import { cleanFields } from '../../core/model/clean-fields.js'
import { offerKey, type Offer } from '../../core/model/offer.js'
import { sameValue } from '../../core/model/same-value.js'
import { FIELDS } from '../../core/model/model.js'
import type { BookName, BookWord } from '../../core/prices/book-word.js'
import { FILLED_FIELDS, knownFacts, type Facts } from '../../core/prices/facts.js'
import { pauses } from '../../pauses.js'
import type { Listing } from '../../sources/kit/source.js'
import type { FetchOutcome } from '../../upstream/fetch-outcome.js'
import type { FetchOptions, Validators } from '../../upstream/read-source.js'
import type { Book, OpenBook } from './book.js'

export interface ListedBookOptions {
  name: BookName
  listing: Listing
  /** Whose offer an entry speaks of; `null`: none that we know. Throws nothing. */
  offer(entry: unknown): Offer | null
  /** Reads the list unless it is as the validators say. @throws what fetchSource throws */
  fetch(asked: Pick<FetchOptions, 'previous' | 'onPage'>): Promise<FetchOutcome>
  log: Pick<BaseLogger, 'debug'>
  /** Wall clock, ms since 1970. */
  now(): number
}

type Said = Pick<BookWord, 'facts' | 'deprecationDate'>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
// Told apart are the versions that one client has seen.
const VERSION_DIGITS = 12

/**
 * Whatever the list says, it changes nothing that a provider states, and one that is away or wrong leaves things as they were: it is asked again an
 * hour later, and its data of the last time stand.
 */
export class ListedBook implements Book {
  private said: ReadonlyMap<string, Said> | null = null
  private validators: Validators | null = null
  /** ISO date, UTC. */
  private date = ''
  private due = -Infinity
  private asking: Promise<void> | null = null

  constructor(private readonly options: ListedBookOptions) {}

  async open(): Promise<OpenBook | null> {
    const now = this.options.now()
    if (now >= this.due) {
      this.due = now + DAY_MS
      this.asking = this.ask(now)
    }
    const { said, date, validators } = this
    if (said === null) return null
    const { name: book, listing } = this.options
    return {
      lookup: ({ provider, id }) => {
        const found = said.get(offerKey({ provider, id: id.replace(/^models\//, '') }))
        return found === undefined ? null : { book, date, ...found }
      },
      version: () => (validators?.[listing.path]?.sha256 ?? '').slice(0, VERSION_DIGITS),
    }
  }

  async settled(): Promise<void> {
    await this.asking
  }

  private async ask(now: number): Promise<void> {
    const { fetch, log, name } = this.options
    const read = new Map<string, Said>()
    const rest = pauses()
    try {
      const { state, validators, cause } = await fetch({
        previous: this.validators,
        onPage: async (_listing, entries) => {
          for (const entry of entries) {
            const pause = rest()
            if (pause !== undefined) await pause
            this.add(read, entry)
          }
        },
      })
      if (state === 'incomplete') throw new Error(`the list is incomplete: ${cause?.code ?? 'unknown'}`)
      if (state === 'complete') this.said = read
      this.validators = validators
      this.date = new Date(now).toISOString().slice(0, 10)
      log.debug({ book: name, offers: this.said?.size }, 'A price book has been read')
    } catch (error) {
      this.due = now + HOUR_MS
      log.debug({ err: error, book: name }, 'A price book could not be read; it is asked again in an hour')
    }
  }

  private add(read: Map<string, Said>, entry: unknown): void {
    const offer = this.options.offer(entry)
    if (offer === null) return
    const parsed = this.options.listing.parse(entry)
    if (parsed.kind !== 'model') return
    const { fields } = cleanFields(parsed.fields)
    const { deprecationDate = null, priceWindows = [] } = fields
    const facts: Facts = { ...knownFacts(fields), ...(priceWindows.length === 0 ? {} : { priceWindows }) }
    const said = { facts, ...(deprecationDate === null ? {} : { deprecationDate }) }
    const key = offerKey(offer)
    const other = read.get(key)
    read.set(key, other === undefined ? said : { ...said, facts: agreed(said.facts, other.facts) })
  }
}

/** Two entries of one offer: what both say, or one alone. */
function agreed(a: Facts, b: Facts): Facts {
  const both = { ...a, ...b }
  const doubted = FILLED_FIELDS.filter(
    (field) => field in a && field in b && !sameValue(FIELDS[field], a[field], b[field]),
  )
  return Object.fromEntries(Object.entries(both).filter(([field]) => !doubted.some((one) => one === field)))
}
