/** createPrices: prices over time, and the price books that fill in for what a provider does not say. */
import type { Room, RoomContext } from '../room.js'
import { litellmBook, modelsDevBook } from './known-books.js'
import { PriceBook } from './price-book.js'
import { downloadPriceBook } from './price-book-download.js'
import { PriceBooks } from './price-books.js'
import { PriceService } from './price-service.js'

export interface PricesRoom extends Room<PriceService> {
  /** `null`: they are switched off. */
  books: PriceBooks | null
}

export function createPrices(context: RoomContext): PricesRoom {
  const { reads: database, now, settings } = context
  const closing = new AbortController()
  const books = settings.priceBook ? openPriceBooks(context, closing.signal) : null
  return {
    service: new PriceService({ database, now, books }),
    books,
    stop: async () => {
      closing.abort()
      await books?.settled()
    },
  }
}

/** In the order in which they are trusted. */
function openPriceBooks(context: RoomContext, signal: AbortSignal): PriceBooks {
  const listed = [litellmBook(context, signal), modelsDevBook(context, signal)]
  return new PriceBooks([openPriceBook(context, signal), ...listed.filter((book) => book !== null)], context.now)
}

/** A newer one is downloaded where an address is set. */
function openPriceBook({ settings, log, now, fetching }: RoomContext, signal: AbortSignal): PriceBook {
  const { priceBookUrl: url, timeoutMs, maxBodyBytes, maxEntries, maxValues } = settings
  const { client, userAgent } = fetching
  const read = (address: string) => () =>
    downloadPriceBook({
      ...{ client, userAgent, url: address, timeoutMs, signal },
      ...{ maxBodyBytes, maxEntries, maxValues },
    })
  return new PriceBook({ log, now, refresh: url === undefined ? null : read(url) })
}
