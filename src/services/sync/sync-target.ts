/** Shelf: where a provider's models are kept and its state; the catalogue's, or one user's. */
import type { CurrentValues } from '../../core/plan/deferred-change.js'
import type { FailedAnswer, UnchangedAnswer } from '../../store/providers/applied-answer.js'
import type { Database } from '../../store/database.js'
import { readIndex, readValues, type IndexedModel } from '../../store/models/read-current.js'
import {
  ensureProvider,
  readProviderState,
  recordFailure,
  recordNotModified,
  type ProviderRow,
} from '../../store/providers/provider-rows.js'
import type { AppliedBy } from '../../store/providers/run-results.js'
import type { ListingCollector } from './collect-listing.js'
import { inWords } from './in-words.js'
import { PlanApplication, type ApplicationInput } from './apply-to-catalogue.js'
import type { Choose, ProviderSyncRequest } from './provider-sync-request.js'
import type { Cause } from '../../core/records/problem.js'
import type { RowDigests } from '../secret-digests.js'
import type { SyncContext } from './sync-context.js'

/** What reads takes a `database`: the shelf's own, or the transaction that holds the provider's lock. */
export interface Shelf {
  readonly database: Database
  /** Of the provider's row. */
  digests(slug: string): RowDigests
  /** `row` `null`: the provider was never synced. `now`: the database's time, before the row was read. */
  readState(slug: string, database?: Database): Promise<{ row: ProviderRow | null; now: string }>
  ensureRow(provider: { slug: string; name: string }): Promise<ProviderRow>
  /** All models, and the provider's version that they belong to. */
  readIndex(providerId: number, database: Database): Promise<{ version: number; models: Map<string, IndexedModel> }>
  /** Upstream's values and the pins of these rows. */
  readValues(ids: readonly number[], database: Database): Promise<ReadonlyMap<number, CurrentValues>>
  /** Locks the provider and writes what `choose` decides, if anything. */
  apply(
    request: ProviderSyncRequest,
    collector: ListingCollector,
    input: ApplicationInput,
    choose: Choose,
  ): Promise<void>
  /** False: another answer was applied meanwhile, and nothing was written. */
  recordNotModified(answer: UnchangedAnswer, slug: string, applied: AppliedBy): Promise<boolean>
  /** False: a newer answer is there, and nothing was written. */
  recordFailure(failure: Omit<FailedAnswer, 'problem'>, cause: Cause, request: ProviderSyncRequest): Promise<boolean>
}

export class CatalogueShelf implements Shelf {
  readonly database: Database

  constructor(private readonly context: SyncContext) {
    this.database = context.database
  }

  digests(slug: string): RowDigests {
    return this.context.digests.row('providers', slug)
  }

  readState(slug: string, database = this.database): ReturnType<Shelf['readState']> {
    return readProviderState(database, slug)
  }

  ensureRow(provider: { slug: string; name: string }): Promise<ProviderRow> {
    return ensureProvider(this.database, provider)
  }

  readIndex(providerId: number, database: Database): ReturnType<Shelf['readIndex']> {
    return readIndex(database, providerId)
  }

  readValues(ids: readonly number[], database: Database): ReturnType<Shelf['readValues']> {
    return readValues(database, ids)
  }

  apply(
    request: ProviderSyncRequest,
    collector: ListingCollector,
    input: ApplicationInput,
    choose: Choose,
  ): Promise<void> {
    return new PlanApplication(this.context, request, collector).apply(input, choose)
  }

  recordNotModified(answer: UnchangedAnswer, _slug: string, applied: AppliedBy): Promise<boolean> {
    return recordNotModified(this.database, answer, applied)
  }

  recordFailure(failure: Omit<FailedAnswer, 'problem'>, cause: Cause): Promise<boolean> {
    return recordFailure(this.database, { ...failure, problem: inWords(cause) })
  }
}
