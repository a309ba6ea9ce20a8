/** Carries one provider's plan out: what is written beside the plan, the host's hook, and who is told. */
import { followDrift } from '../../core/providers/drift.js'
import type { ProviderResult } from '../../core/records/sync-result.js'
import { observeChange } from '../../core/providers/learned-interval.js'
import type { Asked } from '../../core/plan/answer-standing.js'
import { isByRule, observeSize, sizeAfter, type ObservedSize } from '../../core/plan/guards.js'
import { changesCatalogue, dateAfter, isRemoval, type Plan } from '../../core/plan/plan.js'
import { settleMarks } from '../../core/plan/undo-marks.js'
import { pauses, withPauses } from '../../pauses.js'
import type { FetchOutcome } from '../../upstream/fetch-outcome.js'
import type { Fingerprint } from '../../store/providers/applied-answer.js'
import { applyPlan, type Application } from '../../store/models/apply-plan.js'
import { changesOf } from '../../store/changes/write-changes.js'
import type { Database } from '../../store/database.js'
import { packEntries, readEntries, type EntryChunk, type PackedEntry } from '../../store/models/upstream-entries.js'
import { saveListingTexts, type ListingText } from '../../store/providers/kept-answers.js'
import type { IndexedModel } from '../../store/models/read-current.js'
import { recordSuccess } from '../../store/providers/provider-rows.js'
import { sameEntry } from './entry-digest.js'
import { fingerprintOf } from './fingerprint.js'
import { callOnApply } from './host-hook.js'
import { describeAppliedPlan, type AppliedChange } from '../applied-changes.js'
import { summarize } from './listing-summary.js'
import type { ListingCollector } from './collect-listing.js'
import { inWords } from './in-words.js'
import { heldBy } from './provider-problem.js'
import type { Approval, Choose, Chosen, Planned, ProviderSyncRequest } from './provider-sync-request.js'
import type { SyncContext } from './sync-context.js'

/** An answer with what its plan is carried out with. */
export interface ApplicationInput {
  /** As it was planned before the provider was locked. */
  first: Chosen
  asked: Asked
  fetched: FetchOutcome
  /** The answers to keep, by their listing's path. */
  texts: ReadonlyMap<string, string>
  at: string
  runId: string
  approval: Approval | null
  /** What the run's result says of the provider when that is applied. */
  resultOf(chosen: Chosen): ProviderResult
}

// Of both sides, so that not all entries of a catalogue are there at once.
const ENTRIES_COMPARED = 1_000

export class PlanApplication {
  constructor(
    private readonly context: SyncContext,
    private readonly request: ProviderSyncRequest,
    private readonly collector: ListingCollector,
  ) {}

  /** Writes what `choose` decides, if anything. @throws HookError; what the database throws */
  async apply(input: ApplicationInput, choose: Choose): Promise<void> {
    const { database: catalogue, now, applied } = this.context
    const { slug } = this.request.source
    const first = await this.compose(input, input.first, catalogue)
    const written = await applyPlan(catalogue, { providerId: input.first.row.id, now }, async (locked, database) => {
      const chosen = await choose(locked, database)
      if (chosen === null) return null
      return chosen === input.first ? first : this.compose(input, chosen, database)
    })
    if (written !== null) await applied({ provider: slug, runId: input.runId }, () => this.describe(written))
  }

  private describe({ plan, facts }: Pick<Application, 'plan' | 'facts'>): Promise<AppliedChange[]> {
    return withPauses(describeAppliedPlan(this.request.source.slug, changesOf(plan, facts), plan), pauses())
  }

  private async compose(input: ApplicationInput, chosen: Chosen, database: Database): Promise<Application> {
    const { row, planned } = chosen
    const { runId, approval, asked } = input
    const { hooks } = this.context
    const { slug } = this.request.source
    const plan = {
      ...chosen.plan,
      entryOnly: approval?.only ? [] : await this.entriesThatDiffer(chosen.plan.entryOnly, planned.index, database),
    }
    const pinned = [...planned.index.values()].filter(({ pinnedUnavailable }) => pinnedUnavailable)
    const facts = { values: planned.values, pinnedUnavailable: new Set(pinned.map(({ id }) => id)) }
    // Where nothing changes, the catalogue reads as before, and its revision stays.
    const rewrite =
      this.request.forceUpdate && approval === null && changesCatalogue(plan) ? rewritten(planned, plan) : []
    const entries = await this.packEntries(planned, plan, rewrite)
    const held = heldBy(plan)
    // Not while a removal is held: the missing models were not seen.
    const seen = !plan.held.some(isRemoval) && !approval?.only
    return {
      providerId: row.id,
      cause: 'upstream',
      actor: 'sync',
      recordProvider: async (database, changed, at) => {
        if (seen) await saveListingTexts(database, row.id, keptTexts(input))
        await recordSuccess(
          database,
          {
            id: row.id,
            asked,
            at,
            seen,
            fingerprint: approval?.only ? null : await this.fingerprint(planned, plan, input.fetched),
            listedModels: planned.collected.desired.size,
            listing: summarize(planned.collected, input.fetched.warnings),
            heldChanges: plan.held.length,
            recentSizes: sizesAfter({ ...chosen, plan }, approval, at),
            changeTimes: changesCatalogue(plan) ? observeChange(row.changeTimes, at) : row.changeTimes,
            problem: held === null ? null : inWords(held),
            drift: followDrift(row.drift, planned.collected.members, at),
            applied: { runId, result: input.resultOf(chosen) },
          },
          changed,
        )
      },
      plan,
      facts,
      marks: settleMarks(plan, planned.index),
      runId,
      entries,
      rewrite,
      ...(hooks.onApply === undefined
        ? {}
        : {
            beforeCommit: async (client) => callOnApply(hooks, client, await this.describe({ plan, facts }), slug),
          }),
    }
  }

  /** Of models whose fields are as they were: those whose entry really says something else, not only in another order. */
  private async entriesThatDiffer(
    entryOnly: readonly string[],
    index: Planned['index'],
    database: Database,
  ): Promise<string[]> {
    // Neighbours in the database lie in the same chunks.
    const candidates = entryOnly
      .flatMap((providerModelId) => {
        const id = index.get(providerModelId)?.id
        return id === undefined ? [] : [{ providerModelId, id }]
      })
      .sort((a, b) => a.id - b.id)
    const differing: string[] = []
    for (let from = 0; from < candidates.length; from += ENTRIES_COMPARED) {
      const some = candidates.slice(from, from + ENTRIES_COMPARED)
      const stored = await readEntries(
        database,
        some.map(({ id }) => id),
      )
      for (const { providerModelId, id } of some) {
        const json = await this.collector.entryOf(providerModelId)
        if (json !== null && !sameEntry(stored.get(id), JSON.parse(json))) differing.push(providerModelId)
      }
    }
    return differing
  }

  private async packEntries(
    { collected, index }: Planned,
    plan: Plan,
    rewrite: readonly number[],
  ): Promise<EntryChunk[] | AsyncIterable<EntryChunk>> {
    const rewritten = new Set(rewrite)
    const held = new Set(plan.held.map(({ providerModelId }) => providerModelId))
    const ids = function* (): Generator<string> {
      for (const list of [plan.added, plan.updated, plan.restored, plan.renamed])
        for (const { providerModelId } of list) yield providerModelId
      yield* plan.entryOnly
      if (rewritten.size > 0)
        for (const { id, providerModelId } of index.values()) if (rewritten.has(id)) yield providerModelId
    }
    const { collector } = this
    // Compared field by field next time: without an entry (a listing of names) the digest says nothing of the fields that are kept, and of a
    // held or a taken back change the row does not hold what the entry says. One that is warned of is read again, to be warned of again.
    const digestOf = (id: string, hasEntry: boolean): string | null =>
      !hasEntry || held.has(id) || collected.warned.has(id) || (index.get(id)?.undone ?? null) !== null
        ? null
        : (collected.digests.get(id) ?? null)
    const ready: EntryChunk[] = []
    const seen = new Set<string>()
    const wanted = new Set(collected.chunks.length > 0 ? ids() : [])
    for (const { data, models } of collected.chunks) {
      if (!models.every(({ providerModelId }) => wanted.has(providerModelId))) continue
      for (const { providerModelId } of models) seen.add(providerModelId)
      const digested = models.map(({ providerModelId: id }) => ({
        providerModelId: id,
        digest: digestOf(id, data !== null),
      }))
      ready.push({ data, models: digested })
    }
    // One by one, so that the texts of all entries are never there at once.
    const entries = async function* (): AsyncGenerator<PackedEntry> {
      const rest = pauses()
      for (const id of ids()) {
        await rest()
        const desired = collected.desired.get(id)
        if (desired === undefined || desired === 'same' || seen.has(id)) continue
        seen.add(id)
        const json = await collector.entryOf(id)
        yield [id, { json, digest: digestOf(id, json !== null) }]
      }
    }
    // Packing entries takes its time, and others wait for the lock; only where there are very many they are packed as they are written.
    const chunks = async function* (): AsyncGenerator<EntryChunk> {
      yield* ready
      yield* packEntries(entries())
    }
    if (collector.packed) return chunks()
    for await (const chunk of packEntries(entries())) ready.push(chunk)
    return ready
  }

  /** Not kept while the same body would mean something else next time. */
  private async fingerprint(planned: Planned, plan: Plan, fetched: FetchOutcome): Promise<Fingerprint | null> {
    const openMisses = plan.missed.some(({ misses }) => misses > 0)
    if (plan.held.length > 0 || openMisses || !this.request.markUnavailable) return null
    const next = await withPauses(nextDeprecation(planned, plan, this.context.now()), pauses())
    const digests = this.context.digests.row('providers', this.request.source.slug)
    return fingerprintOf(this.request, { ...fetched.validators }, next, digests)
  }
}

function sizesAfter({ row, planned, plan }: Chosen, approval: Approval | null, at: string): ObservedSize[] {
  // What a rule of the operator takes out was never there, as far as accidents go.
  const excluded = plan.unavailable.filter(isByRule).length
  // What a person asked for is the new normal: the next removals are measured against it.
  const sizes =
    approval !== null && plan.unavailable.length > 0
      ? []
      : row.recentSizes.map((observed) => ({ ...observed, size: observed.size - excluded }))
  return observeSize(sizes, sizeAfter(plan, availableIn(planned.index)), at)
}

function keptTexts({ texts, fetched }: ApplicationInput): ListingText[] {
  return [...texts].map(([path, text]) => ({ path, text, sha256: fetched.validators[path]?.sha256 ?? '' }))
}

/** A forced update writes each listed row anew, whether or not a field of it changed. Returns the rows' ids. */
function rewritten({ collected, index }: Planned, plan: Plan): number[] {
  const written = new Set([...plan.updated, ...plan.restored].map(({ id }) => id))
  return [...collected.desired.keys()].flatMap((providerModelId) => {
    const model = index.get(providerModelId)
    return model === undefined || model.values === null || written.has(model.id) ? [] : [model.id]
  })
}

/** Models that the provider's side lists. */
export function availableIn(index: ReadonlyMap<string, IndexedModel>): number {
  let available = 0
  for (const model of index.values()) if (model.origin === 'synced' && model.listedReason === null) available += 1
  return available
}

/** ISO date from which on the same answer means something else; `null`: there is none. A model at each step. `now`: ms since 1970. */
export function* nextDeprecation(
  { collected, index }: Planned,
  plan: Plan,
  now: number,
): Generator<undefined, string | null> {
  const today = new Date(now).toISOString().slice(0, 10)
  let next: string | null = null
  const consider = (date: string | null): void => {
    if (date !== null && date >= today && (next === null || date < next)) next = date
  }
  for (const list of [plan.added, plan.updated])
    for (const change of list) {
      yield
      consider(dateAfter(change))
    }
  if (index.size === 0) return next
  for (const id of collected.desired.keys()) {
    yield
    consider(index.get(id)?.deprecationDate ?? null)
  }
  return next
}
