/** PriceBook: the public list prices of @pydantic/genai-prices, loaded when first asked for and read anew each day. */
import type { BaseLogger } from 'pino'
import type { Book, OpenBook } from './book.js'
import { readBookProviders } from './book-providers.js'
import { indexPriceBook, type BookProvider, type PriceBookIndex } from './price-book-index.js'

/** What we use of the package. Newer data stay ours: its `updatePrices` would replace them for the host as well. */
export interface PriceBookLibrary {
  findProvider(options: { providerId: string }): unknown
}

export interface PriceBookOptions {
  log: Pick<BaseLogger, 'debug' | 'warn'>
  /** Wall clock, ms since 1970. */
  now(): number
  /** Default: the package, where it is installed. */
  load?: () => Promise<PriceBookLibrary>
  /** Reads newer data than those of the package; `null`: there is no address for them. */
  refresh: (() => Promise<unknown>) | null
}

const DAY_MS = 24 * 60 * 60 * 1000

export class PriceBook implements Book {
  private loading: Promise<PriceBookLibrary | null> | null = null
  private library: PriceBookLibrary | null = null
  private index: PriceBookIndex | null = null
  private another: { day: string; index: PriceBookIndex } | null = null
  /** By their ids; `null` as long as only the package's own are there. */
  private newer: ReadonlyMap<string, BookProvider> | null = null
  /** ISO date, UTC, of the index. */
  private day = ''
  /** ISO date, UTC, of the newer data. */
  private dated: string | null = null
  private refreshedAt = -Infinity
  private refreshing: Promise<void> | null = null

  constructor(private readonly options: PriceBookOptions) {}

  /**
   * Today's book. A newer one is fetched beside it, once a day, and never waited for; until there is one, a host that calls the package's
   * `updatePrices` is followed from the next day on. Throws nothing.
   * @returns `null` when the package is not installed
   */
  async read(): Promise<PriceBookIndex | null> {
    const library = await (this.loading ??= this.load())
    this.library = library
    if (library === null) return null
    const now = this.options.now()
    if (this.options.refresh !== null && now - this.refreshedAt >= DAY_MS) {
      this.refreshedAt = now
      this.refreshing = this.refresh(this.options.refresh)
    }
    const today = new Date(now).toISOString().slice(0, 10)
    if (this.index === null || this.day !== today) {
      this.index = indexPriceBook((id) => this.find(library, id), today)
      this.day = today
      this.another = null
    }
    return this.index
  }

  /** Of the day that was asked for last: who asks for many hours asks for those of a day one after another. */
  private indexOn(day: string): PriceBookIndex {
    const { library } = this
    if (this.another?.day !== day)
      this.another = {
        day,
        index: indexPriceBook((id) => (library === null ? undefined : this.find(library, id)), day),
      }
    return this.another.index
  }

  private find(library: PriceBookLibrary, providerId: string): BookProvider | undefined {
    return this.newer === null
      ? (library.findProvider({ providerId }) as BookProvider | undefined)
      : this.newer.get(providerId)
  }

  async open(day?: string): Promise<OpenBook | null> {
    const today = await this.read()
    if (today === null) return null
    const index = day === undefined || day === this.day ? today : this.indexOn(day)
    // The package does not say when it was made: it is as old as its newest price, or newer.
    const date = this.dated ?? index.newest()
    return {
      lookup: (offer) => {
        const facts = index.lookup(offer)
        return facts === null ? null : { book: 'genai-prices', date, facts }
      },
      version: () => index.version(),
    }
  }

  /** Waits for a refresh that is under way. Throws nothing. */
  async settled(): Promise<void> {
    await this.refreshing
  }

  private async load(): Promise<PriceBookLibrary | null> {
    try {
      return await (this.options.load ?? loadPackage)()
    } catch (error) {
      this.options.log.warn(
        { err: error },
        'The package @pydantic/genai-prices is not installed, so that unknown prices stay unknown: install it, or set MODEL_SYNC_PRICE_BOOK=false (priceBook)',
      )
      return null
    }
  }

  private async refresh(read: () => Promise<unknown>): Promise<void> {
    try {
      this.newer = readBookProviders(await read())
      this.index = null
      this.dated = new Date(this.refreshedAt).toISOString().slice(0, 10)
      this.options.log.debug({ providers: this.newer.size }, 'The price book has been refreshed')
    } catch (error) {
      this.options.log.warn({ err: error }, 'The price book could not be refreshed; its prices are those it had')
    }
  }
}

// Typed by what we use: the package is optional, for who compiles against us too.
async function loadPackage(): Promise<PriceBookLibrary> {
  return (await import('@pydantic/genai-prices' as string)) as PriceBookLibrary
}
