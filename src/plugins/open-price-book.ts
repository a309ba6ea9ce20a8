/** The price book by the options: a newer one is downloaded where an address is set. */
import type { SyncSettings } from '../options.js'
import { PriceBook } from '../services/prices/price-book.js'
import { downloadPriceBook } from '../services/prices/price-book-download.js'
import type { SyncLog } from '../services/log.js'
import type { HttpClient } from '../upstream/http-client.js'
import { USER_AGENT } from '../version.js'

export function openPriceBook(
  { priceBookUrl: url, timeoutMs, maxBodyBytes, maxEntries, maxValues }: SyncSettings,
  { log, now, client, signal }: { log: SyncLog; now: () => number; client: HttpClient; signal: AbortSignal },
): PriceBook {
  const read = (address: string) => () =>
    downloadPriceBook({
      ...{ client, userAgent: USER_AGENT, url: address, timeoutMs, signal },
      ...{ maxBodyBytes, maxEntries, maxValues },
    })
  return new PriceBook({ log, now, refresh: url === undefined ? null : read(url) })
}
