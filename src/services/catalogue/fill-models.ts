/** ModelFiller: what reads show beyond upstream's word, filled from the price book and from other providers' entries; nothing is stored. */
import { findDoubts } from '../../core/model/doubt.js'
import { findBookDoubts, type Compared } from '../../core/prices/book-doubts.js'
import type { BookWord } from '../../core/prices/book-word.js'
import { knownFacts } from '../../core/prices/facts.js'
import { fillUnknown } from '../../core/prices/fill-unknown.js'
import { assumedMode } from '../../core/model/guess-mode.js'
import { CAPABILITIES } from '../../core/model/model.js'
import { offerKey, offerOf, type Offer } from '../../core/model/offer.js'
import type { Database } from '../../store/database.js'
import type { ModelRecord } from '../../core/model/model-record.js'
import { findDoubted, type DoubtedModel } from './find-doubted.js'
import { OfferIndex } from './offer-index.js'
import type { OpenBooks, PriceBooks } from '../prices/price-books.js'

export class ModelFiller {
  private readonly offers: OfferIndex

  constructor(
    private readonly options: {
      database: Database
      /** `null`: they are switched off. */
      priceBooks: PriceBooks | null
      /** Wall clock, ms since 1970. */
      now?(): number
    },
  ) {
    this.offers = new OfferIndex(options.database)
  }

  /** Call it before the rows are read, so that the two wait for the database together. @throws when the database does not answer */
  async prepare(): Promise<OpenBooks | null> {
    const [books] = await Promise.all([this.options.priceBooks?.open() ?? null, this.offers.update()])
    return books
  }

  /** Differs when another book would fill other things; `null`: there is no book. Throws nothing. */
  async bookVersion(): Promise<string | null> {
    return (await this.options.priceBooks?.open())?.version() ?? null
  }

  /** The models with what could be filled, and its provenance. `books` is what {@link prepare} gave. Throws nothing. */
  fill(models: readonly ModelRecord[], books: OpenBooks | null): ModelRecord[] {
    const now = this.now()
    return models.map((model) => {
      const offer = offerOf(model)
      const words = offer === null ? [] : (books?.words(offer) ?? [])
      const filled = this.filled(model, offer, words)
      const doubts = [
        ...findDoubts(filled, now),
        ...(offer === null ? [] : findBookDoubts(comparedOf(filled), words, offer, now)),
      ].filter(({ field }) => !(field in model.pins))
      return doubts.length === 0 ? filled : { ...filled, doubts }
    })
  }

  /** The rows of all entries with that canonical name. @throws when the database does not answer */
  async rowsNamed(canonicalName: string): Promise<number[]> {
    await this.offers.update()
    return this.offers.named(canonicalName).map(({ rowId }) => rowId)
  }

  /** Every available model with its doubts. @throws when the database does not answer */
  async doubted(): Promise<DoubtedModel[]> {
    const books = await this.prepare()
    return findDoubted(this.options.database, { books, offers: this.offers, now: this.now() })
  }

  private now(): string {
    return new Date((this.options.now ?? Date.now)()).toISOString()
  }

  private filled(model: ModelRecord, offer: Offer | null, words: readonly BookWord[]): ModelRecord {
    const facts = knownFacts({ ...model, capabilities: knownCapabilities(model) })
    const others = model.canonicalName === null ? [] : this.offers.named(model.canonicalName)
    const {
      facts: added,
      provenance,
      estimated,
    } = fillUnknown(
      {
        offer: offer === null ? null : offerKey(offer),
        canonicalName: model.canonicalName,
        facts,
        pinned: Object.keys(model.pins),
        foreignPrices: model.otherPrices.some(({ currency }) => currency !== 'USD'),
      },
      words,
      others.filter(({ provider }) => provider !== model.provider),
    )
    const assumed = added.mode === undefined ? assumptionOf(model) : null
    if (assumed !== null) {
      added.mode = assumed
      provenance['mode'] = 'assumed'
    }
    if (Object.keys(added).length === 0) return model
    return {
      ...model,
      ...added,
      capabilities: { ...model.capabilities, ...added.capabilities },
      provenance: { ...model.provenance, ...provenance },
      estimated,
    } as ModelRecord
  }
}

function assumptionOf({ mode, origin, pins, provider, providerModelId }: ModelRecord): string | null {
  const isOpen = mode === null && origin === 'synced' && !('mode' in pins)
  return isOpen ? assumedMode(provider, providerModelId) : null
}

function knownCapabilities({ capabilities }: ModelRecord): Record<string, boolean> {
  const known = CAPABILITIES.map((capability) => [capability, capabilities[capability] ?? null] as const)
  return Object.fromEntries(
    known.filter((entry): entry is [(typeof CAPABILITIES)[number], boolean] => entry[1] !== null),
  )
}

function comparedOf({ deprecationDate, priceWindows, ...model }: ModelRecord): Compared {
  return { ...knownFacts(model), priceWindows, deprecationDate }
}
