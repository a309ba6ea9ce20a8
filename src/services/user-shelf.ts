/** UserShelf: what one user's keys can see, apart from the catalogue; the host's hooks and listeners hear nothing of it. */
import type { ObservedSize } from '../catalog/guard.js'
import { observeSize, sizeAfter } from '../catalog/guard.js'
import { isRemoval } from '../catalog/plan.js'
import { openDatabase, type Database } from '../store/database.js'
import type { ProviderRow } from '../store/provider-store.js'
import { applyUserPlan, readUserIndex, readUserValues } from '../store/user-model-store.js'
import {
  ensureUserProvider,
  readUserProviders,
  recordUserFailure,
  recordUserNotModified,
  recordUserSuccess,
} from '../store/user-provider-store.js'
import { credentialOf, fingerprintOf } from './fingerprint.js'
import type { ListingCollector } from './listing-collector.js'
import { availableIn, nextDeprecation, type ApplicationInput } from './plan-application.js'
import type { ProviderSyncRequest, Values } from './planned.js'
import { describeHeld, type Problem } from './problem.js'
import type { Shelf } from './shelf.js'
import type { SyncContext } from './sync-context.js'

export class UserShelf implements Shelf {
  private readonly database: Database

  constructor(
    private readonly context: SyncContext,
    private readonly userId: string,
  ) {
    this.database = openDatabase(context.pool, context.schema)
  }

  async readRow(slug: string): Promise<ProviderRow | null> {
    const [row = null] = await readUserProviders(this.database, this.userId, slug)
    return row
  }

  ensureRow({ slug }: { slug: string }): Promise<ProviderRow> {
    return ensureUserProvider(this.database, this.userId, slug)
  }

  readIndex(providerId: number): ReturnType<Shelf['readIndex']> {
    return readUserIndex(this.database, providerId)
  }

  readValues(ids: readonly number[]): Promise<Values> {
    return readUserValues(this.database, ids)
  }

  async apply(request: ProviderSyncRequest, _collector: ListingCollector, input: ApplicationInput): Promise<boolean> {
    const { row, planned, plan, fetched, at, approval } = input
    const { desired, digests } = planned.collected
    const held = new Set(plan.held.map(({ providerModelId }) => providerModelId))
    const partly = approval?.only != null
    const same =
      plan.held.length === 0 && !partly && request.markUnavailable && !plan.missed.some(({ misses }) => misses > 0)
    const fingerprint = same
      ? fingerprintOf(request, { ...fetched.validators }, nextDeprecation(planned, plan, this.context.now()))
      : null
    return applyUserPlan(this.context.pool, this.context.schema, {
      userProviderId: row.id,
      version: planned.version,
      plan,
      at,
      // Of a held change the row does not hold what the entry says.
      digests: partly ? new Map() : new Map([...digests].map(([id, digest]) => [id, held.has(id) ? null : digest])),
      recordProvider: (database, changed) =>
        recordUserSuccess(
          database,
          {
            id: row.id,
            at,
            seen: !plan.held.some(isRemoval) && !partly,
            fingerprint,
            listedModels: desired.size,
            recentSizes: observeSize(
              approval !== null && plan.unavailable.length > 0 ? [] : row.recentSizes,
              sizeAfter(plan, availableIn(planned.index)),
              at,
            ),
            error: describeHeld(plan)?.line ?? null,
          },
          changed,
        ),
      abandoned: this.context.abandoned,
    })
  }

  recordNotModified(id: number, at: string, validators: Record<string, unknown>, sizes: ObservedSize[]): Promise<void> {
    return recordUserNotModified(this.database, id, at, validators, sizes)
  }

  recordFailure(id: number, at: string, { line, refusedKey }: Problem, { apiKey }: ProviderSyncRequest): Promise<void> {
    const refused = refusedKey === true ? credentialOf(apiKey) : null
    return recordUserFailure(this.database, { id, at, error: line, refused })
  }
}
