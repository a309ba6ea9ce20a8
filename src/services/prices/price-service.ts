/** PriceService: what a model's prices were at a time, and what a request costs. */
import { costOf } from '../../core/prices/cost.js'
import type { Cost, PricePeriod, PricesAt, PriceSheet } from '../../core/prices/price-records.js'
import { checkMembers, type KnownMembers } from '../../core/input/known-members.js'
import { CostError, NotFoundError, PriceUnknownError } from '../../errors.js'
import { offerOf } from '../../core/model/offer.js'
import { windowsOfKeys, type PriceWindow } from '../../core/model/price-window.js'
import { bookProvenance } from '../../core/prices/book-word.js'
import { PRICE_FIELDS, type Facts } from '../../core/prices/facts.js'
import { sheetAt } from '../../core/prices/price-hours.js'
import { findModelIds } from '../../store/changes/read-changes.js'
import type { Database } from '../../store/database.js'
import { readOwnPrices, readPriceHistory, readPricesAt, readUnpriced } from '../../store/changes/read-prices.js'
import type { PriceBooks } from './price-books.js'
import { TOKEN_PRICES } from '../../store/changes/write-prices.js'

/** A time, as a Date or ISO 8601. */
export type Time = Date | string

export interface CostQuery {
  /** Public id, also one that the model had before. */
  model: string
  /** Of the whole prompt, those that were read from the cache included. Default 0. */
  inputTokens?: number | undefined
  /** Default 0. */
  outputTokens?: number | undefined
  /** Those of the prompt that were read from the cache. Default 0. */
  cacheReadTokens?: number | undefined
  /** Default: now. */
  at?: Time | undefined
  /** Whose private models count; `null` or unset: nobody's. */
  viewer?: string | null | undefined
}

const COST_QUERY: KnownMembers<CostQuery> = {
  model: true,
  inputTokens: true,
  outputTokens: true,
  cacheReadTokens: true,
  at: true,
  viewer: true,
}

// Years of daily changes of one model; a page of them is no use.
const MOST_PERIODS = 5000
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

export class PriceService {
  constructor(
    private readonly options: {
      database: Database
      now(): number
      /** Default: none. */
      books?: PriceBooks | null
    },
  ) {}

  /**
   * Upstream's prices beneath the pins, those of the hour where they depend on it. Of a model that never had a price on record a price book says what
   * its seller asks on that day; what else reads fill in is of today.
   * @param viewer whose private models count; of these only the prices since their last change are on record
   * @throws NotFoundError; CostError for a time that cannot be read
   */
  async at(model: string, time: Time = new Date(this.options.now()), viewer: string | null = null): Promise<PricesAt> {
    const at = this.readTime(time)
    const found = await this.find(model, viewer)
    const periods =
      'own' in found
        ? found.own.filter(({ validFrom }) => validFrom <= at)
        : await readPricesAt(this.options.database, found.ids, at)
    const sheet = toSheet(periods)
    if (periods.length > 0 || 'own' in found)
      return { model, at, ...sheetAt(sheet, sheet.priceWindows, at), filledFrom: null }
    const listed = await this.listed(found.ids, at)
    if (listed === null) return { model, at, ...sheet, filledFrom: null }
    const { priceWindows = [], ...facts } = listed.facts
    const filled = { ...sheet, ...facts, priceWindows }
    return { model, at, ...sheetAt(filled, priceWindows, at), filledFrom: listed.filledFrom }
  }

  /** What a price book says of that day; `null`: nothing, or the model has had a price of its own. */
  private async listed(ids: readonly number[], at: string): Promise<{ facts: Facts; filledFrom: string } | null> {
    const books = await this.options.books?.open(at.slice(0, 10))
    if (books == null || (await readPriceHistory(this.options.database, ids, 1)).length > 0) return null
    const unpriced = await readUnpriced(this.options.database, ids)
    const offer = unpriced === null ? null : offerOf(unpriced)
    const word =
      offer === null ? undefined : books.words(offer).find(({ facts }) => PRICE_FIELDS.some((field) => field in facts))
    if (word === undefined) return null
    const known = [...PRICE_FIELDS, 'priceWindows' as const].filter((field) => field in word.facts)
    return {
      facts: Object.fromEntries(known.map((field) => [field, word.facts[field]])),
      filledFrom: bookProvenance(word.book),
    }
  }

  /** Each price that the model ever had, the newest first. @throws NotFoundError */
  async history(model: string, viewer: string | null = null): Promise<PricePeriod[]> {
    const found = await this.find(model, viewer)
    return 'own' in found ? found.own : readPriceHistory(this.options.database, found.ids, MOST_PERIODS)
  }

  /**
   * @throws TypeError for a member that there is none of; NotFoundError; CostError for counts that are none
   * @throws PriceUnknownError where a price that is needed is not known: it is never taken for 0
   */
  async cost(query: CostQuery): Promise<Cost> {
    checkMembers('cost', query, COST_QUERY)
    const { model, at: time, viewer, ...counts } = query
    const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0 } = counts
    const usage = { inputTokens, outputTokens, cacheReadTokens }
    for (const [name, tokens] of Object.entries(usage))
      if (!Number.isSafeInteger(tokens) || tokens < 0)
        throw new CostError(`${name} is ${String(tokens)}, expected a whole number of tokens, 0 or more`)
    if (cacheReadTokens > inputTokens)
      throw new CostError(
        `cacheReadTokens is ${cacheReadTokens} and inputTokens ${inputTokens}; inputTokens counts the whole prompt, what was read from the cache included`,
      )
    const { at, ...sheet } = await this.at(model, time, viewer)
    const cost = costOf(sheet, usage)
    if ('unknown' in cost) {
      const kinds = cost.unknown.map(({ kind, currencies }) =>
        currencies.length === 0 ? kind : `${kind} (stated in ${currencies.join(', ')} only)`,
      )
      throw new PriceUnknownError(
        `the price of ${kinds.join(' and ')} tokens of ${model} at ${at} is not known in USD; pin the price with PATCH /models/${model}, or ask for a time at which it was known (GET /models/prices)`,
      )
    }
    return { model, at, currency: 'USD', ...cost }
  }

  /** The rows of the catalogue, else what the viewer's own keys alone have shown. @throws NotFoundError */
  private async find(model: string, viewer: string | null): Promise<{ ids: number[] } | { own: PricePeriod[] }> {
    const ids = await findModelIds(this.options.database, model)
    if (ids.length > 0) return { ids }
    const own = viewer === null ? null : await readOwnPrices(this.options.database, model, viewer)
    if (own === null)
      throw new NotFoundError(`there is no model "${model}", nor was there; GET /models?search= finds it`)
    return { own }
  }

  private readTime(time: Time): string {
    const date = typeof time === 'string' && !ISO.test(time) ? new Date(NaN) : new Date(time)
    if (Number.isNaN(date.getTime()))
      throw new CostError(`at is ${JSON.stringify(time)}, expected a time such as 2026-11-24 or 2026-11-24T12:00:00Z`)
    return date.toISOString()
  }
}

function toSheet(periods: readonly PricePeriod[]): PriceSheet & { priceWindows: PriceWindow[] } {
  const own = (kind: keyof typeof TOKEN_PRICES): string | null =>
    periods.find((period) => period.kind === kind && isTokenInUsd(period))?.price ?? null
  return {
    inputCostPerToken: own('input'),
    outputCostPerToken: own('output'),
    cacheReadCostPerToken: own('cache_read'),
    cacheWriteCostPerToken: own('cache_write'),
    priceWindows: windowsOfKeys(periods.flatMap((period) => windowPriceOf(period) ?? [])),
    otherPrices: periods
      .filter((period) => !(period.kind in TOKEN_PRICES && isTokenInUsd(period)) && windowPriceOf(period) === null)
      .map(({ kind, unit, currency, price }) => ({ kind, unit, currency, price })),
  }
}

/** `null`: it holds at all hours. */
function windowPriceOf({ kind, price }: PricePeriod): Parameters<typeof windowsOfKeys>[0][number] | null {
  const [, what = '', key = ''] = /^(\w+)@(.+)$/.exec(kind) ?? []
  return Object.hasOwn(TOKEN_PRICES, what)
    ? { field: TOKEN_PRICES[what as keyof typeof TOKEN_PRICES], key, price }
    : null
}

function isTokenInUsd({ unit, currency }: PricePeriod): boolean {
  return unit === 'token' && currency === 'USD'
}
