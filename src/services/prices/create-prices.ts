/** createPrices: prices over time, and the price book that fills in for what a provider does not say. */
import type { Room, RoomContext } from '../room.js'
import { PriceBook } from './price-book.js'
import { downloadPriceBook } from './price-book-download.js'
import { PriceService } from './price-service.js'

export interface PricesRoom extends Room<PriceService> {
  /** `null`: it is switched off. */
  book: PriceBook | null
}

export function createPrices(context: RoomContext): PricesRoom {
  const { reads: database, now, settings } = context
  const closing = new AbortController()
  const book = settings.priceBook ? openPriceBook(context, closing.signal) : null
  return {
    service: new PriceService({ database, now }),
    book,
    stop: async () => {
      closing.abort()
      await book?.settled()
    },
  }
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
