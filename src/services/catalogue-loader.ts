/** The catalogue loader: the available, shown models of the database, read when its revision has moved. */
import type { Database } from '../store/database.js'
import { readResolvable } from '../store/resolvable-query.js'
import { readRevision } from '../store/stats-query.js'
import type { ModelLoader } from './model-loader.js'

/**
 * An operator's `priority` of a provider decides first, lower numbers before higher; where priorities are equal, as all are unless they are set, the
 * order in the options does. Both are part of the revision.
 * @param providerOrder slugs, as in the options
 */
export function createCatalogueLoader({
  database,
  providerOrder,
}: {
  database: Database
  providerOrder: readonly string[]
}): ModelLoader {
  let known: number | null = null
  return {
    load: async () => {
      // The revision first: what is newer than it is read once more, and never missed.
      const revision = await readRevision(database)
      if (revision === known) return { models: null, rejected: 0 }
      const { models, withheld, priorities, isEmpty } = await readResolvable(database)
      if (isEmpty) throw new Error('the catalogue is empty: no sync has brought models yet')
      known = revision
      return { models, rejected: 0, withheld, providerOrder: orderBy(priorities, providerOrder) }
    },
  }
}

function orderBy(priorities: ReadonlyMap<string, number>, order: readonly string[]): string[] {
  const ranks = new Map(order.map((slug, index) => [slug, index]))
  const rank = (slug: string): number => ranks.get(slug) ?? order.length
  return [...priorities]
    .sort(([a, first], [b, second]) => first - second || rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([slug]) => slug)
}
