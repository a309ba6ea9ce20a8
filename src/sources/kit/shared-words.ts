/** SharedWords: what so many entries of a listing say that it is nobody's own. */
import { CreationDates } from './creation-dates.js'
import type { Listing } from './source.js'

/** By listing. */
export interface Shared {
  /** ISO 8601, UTC: dates that most entries share. */
  dates: ReadonlyMap<Listing, readonly string[]>
  /** Those of which each entry says what `Listing.common` is about. */
  common: ReadonlySet<Listing>
  /** Differ when an entry would be read otherwise. */
  marks: readonly string[]
}

export class SharedWords {
  private readonly dates = new Map<Listing, CreationDates>()
  /** Entries, and those of them that say it. */
  private readonly common = new Map<Listing, { entries: number; saying: number }>()

  /** Throws nothing. */
  add(listing: Listing, entry: unknown): void {
    let dates = this.dates.get(listing)
    if (dates === undefined) this.dates.set(listing, (dates = new CreationDates(listing.volatile)))
    dates.add(entry)
    if (listing.common === undefined) return
    const count = this.common.get(listing) ?? { entries: 0, saying: 0 }
    this.common.set(listing, count)
    count.entries += 1
    if (listing.common.isSaid(entry)) count.saying += 1
  }

  found(): Shared {
    const dates = new Map([...this.dates].map(([listing, found]) => [listing, found.shared()]))
    const common = [...this.common].flatMap(([listing, { entries, saying }]) => (entries === saying ? listing : []))
    const marks = [...[...dates.values()].flat(), ...common.map(({ path }) => `common ${path}`)]
    return { dates, common: new Set(common), marks }
  }
}
