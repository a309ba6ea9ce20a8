/** Book: a list of what many sellers ask, a second opinion beside each seller's own word. */
import type { BookWord } from '../../core/prices/book-word.js'
import type { Offer } from '../../core/model/offer.js'

/** What a book says today. */
export interface OpenBook {
  /** `null`: it does not name this seller's offer for certain. Throws nothing. */
  lookup(offer: Offer): BookWord | null
  /** Differs when a lookup may answer otherwise; the same in each process. Throws nothing. */
  version(): string
}

export interface Book {
  /**
   * What is there now; newer data are read beside it, and never waited for. `null`: nothing yet. Throws nothing.
   * @param day ISO date, UTC, of which prices are wanted, where the book dates them; default: today
   */
  open(day?: string): Promise<OpenBook | null>
  /** Waits for data that are being read. Throws nothing. */
  settled(): Promise<void>
}
