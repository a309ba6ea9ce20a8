/** findOwnDoubted: the models with a value that is hard to believe among those that a viewer's own keys alone have shown. */
import type { ModelRecord } from '../../core/model/model-record.js'
import type { Database } from '../../store/database.js'
import { listModels, type ModelPosition } from '../../store/models/read-page.js'

/** Models that are read at once; a key shows some hundreds. */
const PAGE = 500

/**
 * Their internal ids.
 * @param fill as every read of them is filled, with its doubts
 * @throws when the database does not answer
 */
export async function findOwnDoubted(
  database: Database,
  viewer: string,
  fill: (models: readonly ModelRecord[]) => readonly ModelRecord[],
): Promise<number[]> {
  const found: number[] = []
  for (let after: ModelPosition | null = null; ;) {
    const filter = { viewer, ownAlone: true }
    const page = await listModels(database, { filter, sort: 'id', descending: false, limit: PAGE, after })
    for (const [at, { doubts, availability }] of fill(page.models).entries())
      if (doubts.length > 0 && availability === 'available') found.push(page.positions[at]!.rowId)
    if (page.last === null) return found
    after = page.last
  }
}
