/** The catalogue loader: the available, shown models of the database, read when its revision has moved. */
import type { Database } from '../../store/database.js'
import { readResolvable } from '../../store/models/read-resolvable.js'
import { readRevision } from '../../store/revision.js'
import type { ModelLoader } from './model-loader.js'
import { orderProviders } from '../provider-order.js'

/**
 * Priorities and the order in the options decide between providers; both are part of the revision. @see orderProviders
 * @param providerOrder slugs, as in the options
 * @param synced slugs of the providers that are synced unless a request names others; those with a row are known from there
 */
export function createCatalogueLoader({
  database,
  providerOrder,
  synced,
}: {
  database: Database
  providerOrder: readonly string[]
  synced: readonly string[]
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
      return {
        models,
        rejected: 0,
        withheld,
        providerOrder: orderProviders(priorities, providerOrder),
        providers: [...synced, ...priorities.keys()],
      }
    },
  }
}
