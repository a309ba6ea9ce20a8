/** UserShelf: what one user's keys can see, apart from the catalogue; the host's hooks and listeners hear nothing of it. */
import { observeSize, sizeAfter } from '../../core/plan/guards.js'
import { isRemoval } from '../../core/plan/plan.js'
import { pauses, withPauses } from '../../pauses.js'
import type { FailedAnswer, UnchangedAnswer } from '../../store/providers/applied-answer.js'
import type { Database } from '../../store/database.js'
import type { ProviderRow } from '../../store/providers/provider-rows.js'
import {
  applyUserPlan,
  readUserIndex,
  readUserValues,
  type UserApplication,
} from '../../store/user-keys/user-models.js'
import {
  ensureUserProvider,
  lockUserProvider,
  readUserProviderState,
  recordUserFailure,
  recordUserNotModified,
  recordUserSuccess,
} from '../../store/user-keys/user-providers.js'
import { credentialOf, fingerprintOf } from '../sync/fingerprint.js'
import { summarize } from '../sync/listing-summary.js'
import type { ListingCollector } from '../sync/collect-listing.js'
import { availableIn, nextDeprecation, type ApplicationInput } from '../sync/apply-to-catalogue.js'
import type { Choose, Chosen, ProviderSyncRequest } from '../sync/provider-sync-request.js'
import type { Cause } from '../../core/records/problem.js'
import { inWords } from '../sync/in-words.js'
import { heldBy, isKeyRefusal } from '../sync/provider-problem.js'
import type { RowDigests } from '../secret-digests.js'
import type { Shelf } from '../sync/sync-target.js'
import type { SyncContext } from '../sync/sync-context.js'

export class UserShelf implements Shelf {
  readonly database: Database

  constructor(
    private readonly context: SyncContext,
    private readonly userId: string,
    /** The keys that are used, by provider: since when they are the user's; `null`: we do not keep them. */
    private readonly keys: ReadonlyMap<string, string | null>,
  ) {
    this.database = context.database
  }

  digests(slug: string): RowDigests {
    return this.context.digests.row('user_providers', this.userId, slug)
  }

  readState(slug: string, database = this.database): ReturnType<Shelf['readState']> {
    return readUserProviderState(database, { userId: this.userId, provider: slug, keySince: this.keySince(slug) })
  }

  ensureRow({ slug }: { slug: string }): Promise<ProviderRow> {
    return ensureUserProvider(this.database, this.userId, slug)
  }

  readIndex(providerId: number, database: Database): ReturnType<Shelf['readIndex']> {
    return readUserIndex(database, providerId)
  }

  readValues(ids: readonly number[], database: Database): ReturnType<Shelf['readValues']> {
    return readUserValues(database, ids)
  }

  async apply(
    request: ProviderSyncRequest,
    _collector: ListingCollector,
    input: ApplicationInput,
    choose: Choose,
  ): Promise<void> {
    const { id } = input.first.row
    const keySince = this.keySince(request.source.slug)
    await applyUserPlan(
      this.context.database,
      (database) => lockUserProvider(database, id, keySince),
      async (locked, database) => {
        const chosen = await choose(locked, database)
        return chosen === null ? null : this.compose(request, input, chosen)
      },
    )
  }

  recordNotModified(answer: UnchangedAnswer, slug: string): Promise<boolean> {
    return recordUserNotModified(this.database, answer, this.keySince(slug))
  }

  recordFailure(
    failure: Omit<FailedAnswer, 'problem'>,
    cause: Cause,
    { apiKey, source }: ProviderSyncRequest,
  ): Promise<boolean> {
    const refused = isKeyRefusal(cause) ? this.digests(source.slug).of('credential', credentialOf(apiKey)) : null
    return recordUserFailure(
      this.database,
      { ...failure, problem: inWords(cause), refused },
      this.keySince(source.slug),
    )
  }

  private keySince(slug: string): string | null {
    return this.keys.get(slug) ?? null
  }

  private async compose(
    request: ProviderSyncRequest,
    { asked, fetched, at, approval }: ApplicationInput,
    { row, planned, plan }: Chosen,
  ): Promise<UserApplication> {
    const { desired, digests, warned } = planned.collected
    const heldCause = heldBy(plan)
    const held = new Set(plan.held.map(({ providerModelId }) => providerModelId))
    const partly = approval?.only != null
    const same =
      plan.held.length === 0 && !partly && request.markUnavailable && !plan.missed.some(({ misses }) => misses > 0)
    const fingerprint = same
      ? fingerprintOf(
          request,
          { ...fetched.validators },
          await withPauses(nextDeprecation(planned, plan, this.context.now()), pauses()),
          this.digests(request.source.slug),
        )
      : null
    return {
      userProviderId: row.id,
      plan,
      at,
      // Of a held change the row does not hold what the entry says; one that is warned of is read again, to be warned of again.
      digests: partly ? [] : rows(digests, (id) => held.has(id) || warned.has(id)),
      recordProvider: (database, changed) =>
        recordUserSuccess(
          database,
          {
            id: row.id,
            asked,
            at,
            seen: !plan.held.some(isRemoval) && !partly,
            fingerprint,
            listedModels: desired.size,
            listing: summarize(planned.collected, fetched.warnings),
            recentSizes: observeSize(
              approval !== null && plan.unavailable.length > 0 ? [] : row.recentSizes,
              sizeAfter(plan, availableIn(planned.index)),
              at,
            ),
            problem: heldCause === null ? null : inWords(heldCause),
          },
          changed,
        ),
    }
  }
}

function* rows(
  digests: ReadonlyMap<string, string>,
  isForgotten: (id: string) => boolean,
): Generator<{ id: string; digest: string | null }> {
  for (const [id, digest] of digests) yield { id, digest: isForgotten(id) ? null : digest }
}
