/** OfferIndex: all entries by canonical name, in memory, each provider read again when its models have changed. */
import { canonicalName } from '../../core/model/canonical-name.js'
import { FILLED_FIELDS, knownFacts, type Facts, type FilledField } from '../../core/prices/facts.js'
import { offerKey, offerOf } from '../../core/model/offer.js'
import type { Database } from '../../store/database.js'
import { readOfferRows, readProviderStates, type OfferRow } from '../../store/models/read-offers.js'
import { SingleFlight } from '../single-flight.js'

export interface IndexedOffer {
  /** Public id's two halves. */
  provider: string
  providerModelId: string
  /** The row's internal id. */
  rowId: number
  canonicalName: string
  /** @see offerKey */
  offer: string
  /** What upstream says now; nothing of what it no longer lists or what was set by hand. */
  facts: Facts
}

/**
 * Names are told by a function of ours, which a generated column would have to repeat in SQL, and a stored one would go out of date with each version of
 * it. So they live here: some 20 MB for 50,000 models. A read asks for the providers' versions (36 rows) and loads only what has changed since.
 */
export class OfferIndex {
  private readonly providers = new Map<string, { state: string; offers: IndexedOffer[] }>()
  private readonly byName = new Map<string, IndexedOffer[]>()
  private readonly loading = new SingleFlight(() => this.load())
  private readonly texts = new Map<string, unknown>()

  constructor(private readonly database: Database) {}

  /** Makes the index current; concurrent callers share the work. @throws when the database does not answer */
  async update(): Promise<void> {
    // Whoever comes while it loads may know of a later change: asks again afterwards.
    await this.loading.running?.catch(() => undefined)
    await this.loading.run()
  }

  /** The entries of that name, in no order; those that are not available too. */
  named(name: string): readonly IndexedOffer[] {
    return this.byName.get(name) ?? []
  }

  private async load(): Promise<void> {
    const states = await readProviderStates(this.database)
    for (const provider of this.providers.keys()) if (!states.has(provider)) this.replace(provider, '', [])
    for (const [provider, state] of states) {
      if (this.providers.get(provider)?.state === state) continue
      // The rows may be newer than the state; they are then read once more.
      const offers: IndexedOffer[] = []
      for await (const rows of readOfferRows(this.database, provider))
        offers.push(...rows.flatMap((row) => this.indexed(provider, row) ?? []))
      this.replace(provider, state, offers)
    }
  }

  private replace(provider: string, state: string, offers: IndexedOffer[]): void {
    const left = new Set((this.providers.get(provider)?.offers ?? []).map((offer) => offer.canonicalName))
    for (const name of left) {
      const others = this.named(name).filter((offer) => offer.provider !== provider)
      if (others.length === 0) this.byName.delete(name)
      else this.byName.set(name, others)
    }
    for (const offer of offers) {
      const named = this.byName.get(offer.canonicalName)
      if (named === undefined) this.byName.set(offer.canonicalName, [offer])
      else named.push(offer)
    }
    if (state === '') this.providers.delete(provider)
    else this.providers.set(provider, { state, offers })
  }

  private indexed(provider: string, row: OfferRow): IndexedOffer | null {
    const listed = { provider, providerModelId: row.providerModelId, ownedBy: row.ownedBy }
    const [name, offer] = [canonicalName(listed), offerOf(listed)]
    if (name === null || offer === null) return null
    return {
      provider,
      providerModelId: row.providerModelId,
      rowId: row.rowId,
      canonicalName: name,
      offer: offerKey(offer),
      facts: row.speaks ? this.factsOf(row) : {},
    }
  }

  private factsOf(row: OfferRow): Facts {
    const value = (field: FilledField): unknown => {
      if (row.pinned.includes(field)) return null
      const raw = row[field]
      return typeof raw === 'string' ? this.shared(field, raw) : raw
    }
    return knownFacts(
      Object.fromEntries(FILLED_FIELDS.map((field) => [field, value(field)])) as Record<FilledField, unknown>,
    )
  }

  /** The same text, the same value: parsed and kept once. */
  private shared(field: FilledField, text: string): unknown {
    let value = this.texts.get(text)
    if (value === undefined) {
      value = ['inputModalities', 'outputModalities', 'capabilities'].includes(field)
        ? (JSON.parse(text) as unknown)
        : text
      this.texts.set(text, value)
    }
    return value
  }
}
