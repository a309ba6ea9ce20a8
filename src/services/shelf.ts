/** Shelf: where a provider's models are kept and its state; the catalogue's, or one user's. */
import type { ObservedSize } from '../catalog/guard.js'
import { openDatabase, type Database } from '../store/database.js'
import { readIndex, readValues, type IndexedModel } from '../store/model-index.js'
import {
  ensureProvider,
  readProviders,
  recordFailure,
  recordNotModified,
  type ProviderRow,
} from '../store/provider-store.js'
import type { ListingCollector } from './listing-collector.js'
import { PlanApplication, type ApplicationInput } from './plan-application.js'
import type { ProviderSyncRequest, Values } from './planned.js'
import type { Problem } from './problem.js'
import type { SyncContext } from './sync-context.js'

export interface Shelf {
  /** `null`: the provider was never synced. */
  readRow(slug: string): Promise<ProviderRow | null>
  ensureRow(provider: { slug: string; name: string }): Promise<ProviderRow>
  /** All models, and the provider's version that they belong to. */
  readIndex(providerId: number): Promise<{ version: number; models: Map<string, IndexedModel> }>
  /** Upstream's values and the pins of these rows. */
  readValues(ids: readonly number[]): Promise<Values>
  /** False: the models have changed since the plan was made, and nothing was written. */
  apply(request: ProviderSyncRequest, collector: ListingCollector, input: ApplicationInput): Promise<boolean>
  recordNotModified(id: number, at: string, validators: Record<string, unknown>, sizes: ObservedSize[]): Promise<void>
  recordFailure(id: number, at: string, problem: Problem, request: ProviderSyncRequest): Promise<void>
}

export class CatalogueShelf implements Shelf {
  private readonly database: Database

  constructor(private readonly context: SyncContext) {
    this.database = openDatabase(context.pool, context.schema)
  }

  async readRow(slug: string): Promise<ProviderRow | null> {
    const [row = null] = await readProviders(this.database, [slug])
    return row
  }

  ensureRow(provider: { slug: string; name: string }): Promise<ProviderRow> {
    return ensureProvider(this.database, provider)
  }

  readIndex(providerId: number): ReturnType<Shelf['readIndex']> {
    return readIndex(this.database, providerId)
  }

  readValues(ids: readonly number[]): Promise<Values> {
    return readValues(this.database, ids)
  }

  apply(request: ProviderSyncRequest, collector: ListingCollector, input: ApplicationInput): Promise<boolean> {
    return new PlanApplication(this.context, request, collector).apply(input)
  }

  recordNotModified(id: number, at: string, validators: Record<string, unknown>, sizes: ObservedSize[]): Promise<void> {
    return recordNotModified(this.database, id, at, validators, sizes)
  }

  recordFailure(id: number, at: string, { line }: Problem): Promise<void> {
    return recordFailure(this.database, id, at, line)
  }
}
