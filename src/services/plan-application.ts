/** Carries one provider's plan out: what is written beside the plan, the host's hook, and who is told. */
import { observeChange } from '../catalog/adaptive.js'
import { observeSize, sizeAfter } from '../catalog/guard.js'
import { changesCatalogue, isRemoval, type Plan } from '../catalog/plan.js'
import { settleMarks } from '../catalog/undone.js'
import type { FetchOutcome } from '../sources/fetch-source.js'
import type { Fingerprint } from '../store/applied-answer.js'
import { applyPlan } from '../store/apply-plan.js'
import { openDatabase } from '../store/database.js'
import { packEntries, readEntries } from '../store/entry-store.js'
import { saveListingTexts, type ListingText } from '../store/listing-text-store.js'
import type { IndexedModel } from '../store/model-index.js'
import { recordSuccess, type ProviderRow } from '../store/provider-store.js'
import type { WrittenModel } from '../store/write-models.js'
import { sameEntry } from './entry-digest.js'
import { fingerprintOf } from './fingerprint.js'
import { callOnApply, describeApplied } from './host-hook.js'
import type { ListingCollector } from './listing-collector.js'
import { describeHeld } from './problem.js'
import type { Approval, Planned, ProviderSyncRequest } from './planned.js'
import type { SyncContext } from './sync-context.js'

/** A plan with what it is carried out on. */
export interface ApplicationInput {
  row: ProviderRow
  planned: Planned
  /** After the guards, or as it was approved. */
  plan: Plan
  fetched: FetchOutcome
  /** The answers to keep, by their listing's path. */
  texts: ReadonlyMap<string, string>
  at: string
  runId: string
  approval: Approval | null
}

export class PlanApplication {
  constructor(
    private readonly context: SyncContext,
    private readonly request: ProviderSyncRequest,
    private readonly collector: ListingCollector,
  ) {}

  /** False: the provider's models have changed since the plan was made, and nothing was written. @throws HookError; what the database throws */
  async apply(input: ApplicationInput): Promise<boolean> {
    const { row, planned, at, runId, approval } = input
    const { hooks } = this.context
    const { slug } = this.request.source
    const plan = {
      ...input.plan,
      entryOnly: approval?.only ? [] : await this.entriesThatDiffer(input.plan.entryOnly, planned.index),
    }
    const marks = settleMarks(plan, planned.current)
    const rewrite = this.request.forceUpdate && approval === null ? rewritten(planned, plan) : []
    const packed = await this.packEntries(planned, plan, rewrite)
    const size = sizeAfter(plan, availableIn(planned.index))
    // What a person asked for is the new normal: the next removals are measured against it.
    const excluded = plan.unavailable.filter(({ reason }) => reason === 'excluded').length
    const sizes =
      approval !== null && plan.unavailable.length > 0
        ? []
        : row.recentSizes.map((observed) => ({ ...observed, size: observed.size - excluded }))
    // Not while a removal is held: the missing models were not seen.
    const seen = !plan.held.some(isRemoval) && !approval?.only
    const changes = await applyPlan(this.context.pool, this.context.schema, {
      abandoned: this.context.abandoned,
      providerId: row.id,
      cause: 'upstream',
      actor: 'sync',
      recordProvider: async (database, changed) => {
        if (seen) await saveListingTexts(database, row.id, keptTexts(input))
        await recordSuccess(
          database,
          {
            id: row.id,
            at,
            seen,
            fingerprint: approval?.only ? null : this.fingerprint(planned, plan, input.fetched),
            listedModels: planned.collected.desired.size,
            heldChanges: plan.held.length,
            recentSizes: observeSize(sizes, size, at),
            changeTimes: changesCatalogue(plan) ? observeChange(row.changeTimes, at) : row.changeTimes,
            error: describeHeld(plan)?.line ?? null,
          },
          changed,
        )
      },
      version: planned.version,
      plan,
      facts: {
        values: planned.values,
        pinnedUnavailable: new Set(
          [...planned.index.values()].filter((model) => model.pinnedUnavailable).map(({ id }) => id),
        ),
      },
      marks,
      runId,
      at,
      ...packed,
      rewrite,
      ...(hooks.onApply === undefined
        ? {}
        : {
            beforeCommit: (client, rows) => callOnApply(hooks, client, describeApplied(slug, plan.added, rows), slug),
          }),
    })
    if (changes === null) return false
    const told = describeApplied(slug, plan.added, changes)
    if (told.length > 0) this.context.applied({ provider: slug, runId, changes: told })
    return true
  }

  /** Of models whose fields are as they were: those whose entry really says something else, not only in another order. */
  private async entriesThatDiffer(entryOnly: readonly string[], index: Planned['index']): Promise<string[]> {
    const candidates = entryOnly.flatMap((providerModelId) => {
      const json = this.collector.entryOf(providerModelId)
      const id = index.get(providerModelId)?.id
      return json === null || id === undefined ? [] : [{ providerModelId, json, id }]
    })
    if (candidates.length === 0) return []
    const database = openDatabase(this.context.pool, this.context.schema)
    const stored = await readEntries(
      database,
      candidates.map(({ id }) => id),
    )
    return candidates
      .filter(({ id, json }) => !sameEntry(stored.get(id), JSON.parse(json)))
      .map(({ providerModelId }) => providerModelId)
  }

  private packEntries(
    { collected, index }: Planned,
    plan: Plan,
    rewrite: readonly { id: number }[],
  ): ReturnType<typeof packEntries> {
    const rewritten = new Set(rewrite.map(({ id }) => id))
    const held = new Set(plan.held.map(({ providerModelId }) => providerModelId))
    const ids = new Set([
      ...[...plan.added, ...plan.updated, ...plan.restored, ...plan.renamed].map(
        ({ providerModelId }) => providerModelId,
      ),
      ...plan.entryOnly,
      ...[...index.values()].filter(({ id }) => rewritten.has(id)).map(({ providerModelId }) => providerModelId),
    ])
    const { collector } = this
    // One by one, so that the texts of all entries are never there at once.
    const entries = function* (): Iterable<[string, { json: string | null; digest: string | null }]> {
      for (const id of ids) {
        const desired = collected.desired.get(id)
        if (desired === undefined || desired === 'same') continue
        const json = collector.entryOf(id)
        // Compared field by field next time: without an entry (a listing of names) the digest says nothing of the fields that are kept, and of a
        // held or a taken back change the row does not hold what the entry says.
        const digest =
          json === null || held.has(id) || (index.get(id)?.undone ?? null) !== null
            ? null
            : (collected.digests.get(id) ?? null)
        yield [id, { json, digest }]
      }
    }
    return packEntries(entries())
  }

  /** Not kept while the same body would mean something else next time. */
  private fingerprint(planned: Planned, plan: Plan, fetched: FetchOutcome): Fingerprint | null {
    const openMisses = plan.missed.some(({ misses }) => misses > 0)
    if (plan.held.length > 0 || openMisses || !this.request.markUnavailable) return null
    const next = nextDeprecation(planned, plan, this.context.now())
    return fingerprintOf(this.request, { ...fetched.validators }, next)
  }
}

function keptTexts({ texts, fetched }: ApplicationInput): ListingText[] {
  return [...texts].map(([path, text]) => ({ path, text, sha256: fetched.validators[path]?.sha256 ?? '' }))
}

/** A forced update writes each listed row anew, whether or not a field of it changed. */
function rewritten({ collected, index, values }: Planned, plan: Plan): WrittenModel[] {
  const written = new Set([...plan.updated, ...plan.restored].map(({ id }) => id))
  return [...collected.desired.keys()].flatMap((providerModelId) => {
    const id = index.get(providerModelId)?.id
    const known = id === undefined || written.has(id) ? undefined : values.get(id)
    return id === undefined || known === undefined ? [] : [{ id, ...known }]
  })
}

/** Models that the provider's side lists. */
export function availableIn(index: ReadonlyMap<string, IndexedModel>): number {
  let available = 0
  for (const model of index.values()) if (model.origin === 'synced' && model.listedReason === null) available += 1
  return available
}

/** ISO date from which on the same answer means something else; `null`: there is none. `now`: ms since 1970. */
export function nextDeprecation({ collected, index, values }: Planned, plan: Plan, now: number): string | null {
  const today = new Date(now).toISOString().slice(0, 10)
  const dates: (string | null)[] = [...plan.added, ...plan.updated].map(({ fields }) => fields.deprecationDate)
  for (const id of collected.desired.keys()) {
    const model = index.get(id)
    if (model !== undefined) dates.push(values.get(model.id)?.upstream.deprecationDate ?? model.deprecationDate)
  }
  return dates.filter((date) => date !== null && date >= today).sort()[0] ?? null
}
