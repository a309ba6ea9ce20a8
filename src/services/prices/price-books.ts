/** PriceBooks: all books that there are, asked in the order in which they are trusted. */
import { hash } from 'node:crypto'
import type { BookWord } from '../../core/prices/book-word.js'
import type { Offer } from '../../core/model/offer.js'
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

export class PriceBooks {
  constructor(private readonly books: readonly Book[]) {}

  /** `null`: there is none. Throws nothing. */
  async open(): Promise<OpenBooks | null> {
    const open = (await Promise.all(this.books.map((book) => book.open()))).filter((book) => book !== null)
    if (open.length === 0) return null
    return {
      words: (offer) => open.map((book) => book.lookup(offer)).filter((word) => word !== null),
      version: () =>
        open.length === 1
          ? open[0]!.version()
          : hash('sha256', open.map((book) => book.version()).join(' '), 'hex').slice(0, VERSION_DIGITS),
    }
  }

  /** Waits for data that are being read. Throws nothing. */
  async settled(): Promise<void> {
    await Promise.all(this.books.map((book) => book.settled()))
  }
}
