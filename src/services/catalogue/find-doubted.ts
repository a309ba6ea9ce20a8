/** findDoubted: every available model of which a value is hard to believe, over the whole catalogue. */
import { findDoubts, type Doubt } from '../../core/model/doubt.js'
import { assumedMode } from '../../core/model/guess-mode.js'
import { modelId } from '../../core/model/model.js'
import { offerKey, offerOf } from '../../core/model/offer.js'
import { canonicalName } from '../../core/model/canonical-name.js'
import { findBookDoubts } from '../../core/prices/book-doubts.js'
import { knownFacts, PRICE_FIELDS, type Facts } from '../../core/prices/facts.js'
import { fillUnknown } from '../../core/prices/fill-unknown.js'
import { pauses } from '../../pauses.js'
import type { Database } from '../../store/database.js'
import { readPricedRows, readProviderStates, type PricedRow } from '../../store/models/read-offers.js'
import type { OpenBooks } from '../prices/price-books.js'
import type { OfferIndex } from './offer-index.js'

export interface DoubtedModel {
  rowId: number
  /** Public id. */
  modelId: string
  doubts: Doubt[]
}

/** Nothing that a doubt is about. */
const UNREAD = ['inputModalities', 'outputModalities', 'capabilities'] as const
const COMPARED = ['mode', 'contextLength', 'maxOutputTokens', ...PRICE_FIELDS] as const

interface Known {
  books: OpenBooks | null
  offers: Pick<OfferIndex, 'named'>
  /** ISO 8601. */
  now: string
}

/**
 * By provider, then by id: the doubts that a read of each model shows, without the work of reading it whole.
 * @throws when the database does not answer
 */
export async function findDoubted(database: Database, known: Known): Promise<DoubtedModel[]> {
  const rest = pauses()
  const found: DoubtedModel[] = []
  for (const provider of [...(await readProviderStates(database)).keys()].sort())
    for await (const rows of readPricedRows(database, provider))
      for (const row of rows) {
        const pause = rest()
        if (pause !== undefined) await pause
        const doubts = row.speaks ? doubtsOf(provider, row, known) : []
        if (doubts.length > 0) found.push({ rowId: row.rowId, modelId: modelId(provider, row.providerModelId), doubts })
      }
  return found
}

function doubtsOf(provider: string, row: PricedRow, { books, offers, now }: Known): Doubt[] {
  const listed = { provider, providerModelId: row.providerModelId, ownedBy: row.ownedBy }
  const offer = offerOf(listed)
  const words = offer === null ? [] : (books?.words(offer) ?? [])
  const values: Facts = Object.fromEntries(COMPARED.map((field) => [field, row[field]]))
  const own = knownFacts(values)
  if (words.length > 0) Object.assign(own, fillUnknown(unfilled(own), words, others()).facts)
  const mode = own.mode ?? (row.pinned.includes('mode') ? null : assumedMode(provider, row.providerModelId))
  const { createdAt, deprecationDate, otherPrices, priceWindows } = row
  const doubts = [
    ...findDoubts({ ...own, mode, createdAt, otherPrices, priceWindows }, now),
    ...(offer === null ? [] : findBookDoubts({ ...own, deprecationDate, priceWindows }, words, offer, now)),
  ]
  return doubts.filter(({ field }) => !row.pinned.includes(field))

  function unfilled(facts: Facts): Parameters<typeof fillUnknown>[0] {
    return {
      offer: offer === null ? null : offerKey(offer),
      canonicalName: canonicalName(listed),
      facts,
      pinned: [...row.pinned, ...UNREAD],
      foreignPrices: row.foreignPrices,
    }
  }

  function others(): ReturnType<OfferIndex['named']> {
    const name = canonicalName(listed)
    return name === null ? [] : offers.named(name).filter((one) => one.provider !== provider)
  }
}
