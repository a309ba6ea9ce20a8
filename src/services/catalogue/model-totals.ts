/** ModelTotals: how many models a filter leaves. To count goes through all models, so it is done once in a revision, not once for each page. */
import { LRUCache } from 'lru-cache'
import type { Database } from '../../store/database.js'
import { countModels, type ModelFilter } from '../../store/models/read-models.js'
import { readRevision } from '../../store/revision.js'

/** Filters of one revision; more are hardly asked for before the next, and then those are counted again that were asked for longest ago. */
const MOST_FILTERS = 200

export class ModelTotals {
  private revision = -1
  private readonly totals = new LRUCache<string, Promise<number>>({ max: MOST_FILTERS })

  constructor(private readonly database: Database) {}

  /** Of all pages. @throws what the database throws; then nothing is kept */
  async of(filter: ModelFilter): Promise<number> {
    // What a viewer's own keys add moves without the catalogue's revision; a cheapest-first list is of given rows.
    if (filter.viewer != null || filter.rowIds !== undefined) return countModels(this.database, filter)
    // Before the count: one that meets a newer catalogue is at worst counted once more.
    const revision = await readRevision(this.database)
    if (revision !== this.revision) this.totals.clear()
    this.revision = revision
    const key = JSON.stringify(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)))
    const known = this.totals.get(key)
    if (known !== undefined) return known
    const counted = countModels(this.database, filter)
    this.totals.set(key, counted)
    counted.catch(() => this.totals.delete(key))
    return counted
  }
}
