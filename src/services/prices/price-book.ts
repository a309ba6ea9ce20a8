/** PriceBook: the public list prices of @pydantic/genai-prices, loaded when first asked for and read anew each day. */
import type { BaseLogger } from 'pino'
import { indexPriceBook, type BookProvider, type PriceBookIndex } from './price-book-index.js'

/** What we use of the package. `updatePrices` replaces its data for the whole process, after it has checked them. */
export interface PriceBookLibrary {
  findProvider(options: { providerId: string }): unknown
  updatePrices(factory: (options: { setProviderData(data: unknown): void }) => unknown): void
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

export class PriceBook {
  private loading: Promise<PriceBookLibrary | null> | null = null
  private index: PriceBookIndex | null = null
  /** ISO date, UTC, of the index. */
  private day = ''
  private refreshedAt = -Infinity
  private refreshing: Promise<void> | null = null

  constructor(private readonly options: PriceBookOptions) {}

  /**
   * Today's book. A newer one is fetched beside it, once a day, and never waited for; a host that calls the package's `updatePrices` is followed from
   * the next day on. Throws nothing.
   * @returns `null` when the package is not installed
   */
  async read(): Promise<PriceBookIndex | null> {
    const library = await (this.loading ??= this.load())
    if (library === null) return null
    const now = this.options.now()
    if (this.options.refresh !== null && now - this.refreshedAt >= DAY_MS) {
      this.refreshedAt = now
      this.refreshing = this.refresh(library, this.options.refresh)
    }
    const today = new Date(now).toISOString().slice(0, 10)
    if (this.index === null || this.day !== today) {
      this.index = indexPriceBook(
        (providerId) => library.findProvider({ providerId }) as BookProvider | undefined,
        today,
      )
      this.day = today
    }
    return this.index
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

  private async refresh(library: PriceBookLibrary, read: () => Promise<unknown>): Promise<void> {
    try {
      const data = await read()
      // Checked by the package; what it refuses leaves its data as they are. `null` would keep them silently.
      if (!Array.isArray(data) || data.length === 0) throw new Error('the answer is no list of providers')
      library.updatePrices(({ setProviderData }) => setProviderData(data))
      this.index = null
      this.options.log.debug({ providers: data.length }, 'The price book has been refreshed')
    } catch (error) {
      this.options.log.warn({ err: error }, 'The price book could not be refreshed; its prices are those it had')
    }
  }
}

// Typed by what we use: the package is optional, for who compiles against us too.
async function loadPackage(): Promise<PriceBookLibrary> {
  return (await import('@pydantic/genai-prices' as string)) as PriceBookLibrary
}
