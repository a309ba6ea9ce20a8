/** PriceBooks: all books that there are, asked in the order in which they are trusted. */
import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Doubt } from '../../core/model/doubt.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import { findBookDoubts } from '../../core/prices/book-doubts.js'
import { knownFacts } from '../../core/prices/facts.js'
import type { BookWord } from '../../core/prices/book-word.js'
import { offerOf, type Offer } from '../../core/model/offer.js'
import type { Book } from './book.js'

/** What the books say today. */
export interface OpenBooks {
  /** One word of each book that names this seller's offer, in the order of the books. Throws nothing. */
  words(offer: Offer): BookWord[]
  /** Differs when {@link words} may say otherwise. Throws nothing. */
  version(): string
}

// Told apart are the versions that one client has seen.
const VERSION_DIGITS = 12

/** How long a sync waits for a book that is read for the first time, ms: as long as a good answer takes. */
const FIRST_READING_MS = 2000

export class PriceBooks {
  constructor(
    private readonly books: readonly Book[],
    /** Wall clock, ms since 1970. */
    private readonly now: () => number = Date.now,
  ) {}

  /** `null`: there is none. Throws nothing. @param day ISO date, UTC; default: today */
  async open(day?: string): Promise<OpenBooks | null> {
    const open = (await Promise.all(this.books.map((book) => book.open(day)))).filter((book) => book !== null)
    if (open.length === 0) return null
    return {
      words: (offer) => open.map((book) => book.lookup(offer)).filter((word) => word !== null),
      version: () =>
        open.length === 1
          ? open[0]!.version()
          : hash('sha256', open.map((book) => book.version()).join(' '), 'hex').slice(0, VERSION_DIGITS),
    }
  }

  /** What the books have against a provider's models; `null`: there is none. Throws nothing. */
  async opinionOn(provider: string): Promise<((providerModelId: string, fields: DesiredFields) => Doubt[]) | null> {
    await this.open()
    await Promise.race([this.settled(), sleep(FIRST_READING_MS, undefined, { ref: false })])
    const books = await this.open()
    if (books === null) return null
    const now = new Date(this.now()).toISOString()
    return (providerModelId, { deprecationDate = null, ...fields }) => {
      const offer = offerOf({ provider, providerModelId, ownedBy: fields.ownedBy ?? null })
      const words = offer === null ? [] : books.words(offer)
      return offer === null || words.length === 0
        ? []
        : findBookDoubts({ ...knownFacts(fields), deprecationDate }, words, offer, now)
    }
  }

  /** Waits for data that are being read. Throws nothing. */
  async settled(): Promise<void> {
    await Promise.all(this.books.map((book) => book.settled()))
  }
}
