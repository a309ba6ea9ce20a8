/** ModelFiller: what reads show beyond upstream's word, filled from the price book and from other providers' entries; nothing is stored. */
import { findDoubts } from '../../core/model/doubt.js'
import { findDiscrepancies, type Discrepancy } from '../../core/prices/discrepancy.js'
import { FILLED_FIELDS, knownFacts, type Facts, type FilledField } from '../../core/prices/facts.js'
import { fillUnknown } from '../../core/prices/fill-unknown.js'
import { assumedMode } from '../../core/model/guess-mode.js'
import { CAPABILITIES, modelId } from '../../core/model/model.js'
import { offerKey, offerOf } from '../../core/model/offer.js'
import type { Database } from '../../store/database.js'
import type { ModelRecord } from '../../core/model/model-record.js'
import { readOfferRows, readProviderStates } from '../../store/models/read-offers.js'
import { OfferIndex } from './offer-index.js'
import type { PriceBook } from '../prices/price-book.js'
import { BOOK_PROVIDERS, type PriceBookIndex } from '../prices/price-book-index.js'

export class ModelFiller {
  private readonly offers: OfferIndex

  constructor(
    private readonly options: {
      database: Database
      /** `null`: it is switched off. */
      priceBook: PriceBook | null
      /** Wall clock, ms since 1970. */
      now?(): number
    },
  ) {
    this.offers = new OfferIndex(options.database)
  }

  /** Call it before the rows are read, so that the two wait for the database together. @throws when the database does not answer */
  async prepare(): Promise<PriceBookIndex | null> {
    const [book] = await Promise.all([this.options.priceBook?.read() ?? null, this.offers.update()])
    return book
  }

  /** Differs when another book would fill other things; `null`: there is no book. Throws nothing. */
  async bookVersion(): Promise<string | null> {
    return (await this.options.priceBook?.read())?.version() ?? null
  }

  /** The models with what could be filled, and its provenance. `book` is what {@link prepare} gave. Throws nothing. */
  fill(models: readonly ModelRecord[], book: PriceBookIndex | null): ModelRecord[] {
    const now = new Date((this.options.now ?? Date.now)()).toISOString()
    return models.map((model) => {
      const filled = this.filled(model, book)
      const doubts = findDoubts(filled, now).filter(({ field }) => !(field in model.pins))
      return doubts.length === 0 ? filled : { ...filled, doubts }
    })
  }

  /** The rows of all entries with that canonical name. @throws when the database does not answer */
  async rowsNamed(canonicalName: string): Promise<number[]> {
    await this.offers.update()
    return this.offers.named(canonicalName).map(({ rowId }) => rowId)
  }

  /**
   * Where upstream and the book are more than 1 % apart, over all available models; without a book, nowhere. By model, then by field.
   * @throws when the database does not answer
   */
  async discrepancies(): Promise<Discrepancy[]> {
    const book = (await this.options.priceBook?.read()) ?? null
    if (book === null) return []
    const providers = [...(await readProviderStates(this.options.database)).keys()].filter(
      (provider) => provider === 'litellm' || Object.hasOwn(BOOK_PROVIDERS, provider),
    )
    const found: Discrepancy[] = []
    for (const provider of providers.sort()) {
      for await (const rows of readOfferRows(this.options.database, provider))
        for (const row of rows.filter(({ speaks }) => speaks)) {
          const offer = offerOf({ provider, ...row })
          const listed = offer === null ? null : book.lookup(offer)
          if (listed !== null)
            found.push(...findDiscrepancies(modelId(provider, row.providerModelId), said(row), listed))
        }
    }
    return found
  }

  private filled(model: ModelRecord, book: PriceBookIndex | null): ModelRecord {
    const offer = offerOf(model)
    const facts = knownFacts({ ...model, capabilities: knownCapabilities(model) })
    const word = offer === null || book === null ? null : book.lookup(offer)
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
      word === null ? [] : [{ book: 'genai-prices', date: null, facts: word }],
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

/** Upstream's own prices and context length; what is pinned is a person's word. */
function said(row: { pinned: string[] } & { [Field in FilledField]: unknown }): Facts {
  const numbers = FILLED_FIELDS.filter(
    (field) => (field.endsWith('PerToken') || field === 'contextLength') && !row.pinned.includes(field),
  )
  return Object.fromEntries(numbers.flatMap((field) => (row[field] === null ? [] : [[field, row[field]]])))
}
