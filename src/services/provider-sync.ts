/** One provider's part of a run: fetch, collect, plan, guard, apply. */
import { guardPlan, observeSize, releaseHeld } from '../catalog/guard.js'
import { makePlan } from '../catalog/planner.js'
import { restrictPlan, type CurrentModel, type Plan } from '../catalog/plan.js'
import type { ProviderStatus } from '../catalog/run.js'
import { CancelledError } from '../errors.js'
import { fetchSource, type FetchOutcome, type Validators } from '../sources/fetch-source.js'
import { openDatabase, type Database } from '../store/database.js'
import { readListingHashes } from '../store/listing-text-store.js'
import type { IndexedModel } from '../store/model-index.js'
import type { ProviderRow } from '../store/provider-store.js'
import { modelId } from '../catalog/model.js'
import { availableIn } from './plan-application.js'
import type { Approval, Planned, ProviderSyncRequest, Values } from './planned.js'
import { usableValidators, readsAlike } from './fingerprint.js'
import { ListingCollector, type Collected } from './listing-collector.js'
import { describePlan, type ProviderPlanDocument } from './plan-document.js'
import { describeFailure, describeHeld, describeRejected, type Problem } from './problem.js'
import type { Shelf } from './shelf.js'
import type { SyncContext } from './sync-context.js'
import { noCounts, type ProviderResult } from './sync-result.js'

export interface ProviderSyncOutcome {
  result: ProviderResult
}

export interface Preview {
  outcome: ProviderSyncOutcome
  /** As the guards leave it; `null`: the listing could not be planned. */
  plan: ProviderPlanDocument | null
  /** With all that is held let through: what an approval is for, however the guards judge by then. */
  approvable?: ProviderPlanDocument
}

// Somebody else's pin or switch may move the provider between plan and apply; that it happens three times in a row is not expected.
const APPLY_ATTEMPTS = 3

/** What fetching came to: nothing to do, a problem, or a listing that can be planned. */
type Prepared =
  | { kind: 'disabled' }
  | { kind: 'problem'; status: 'failed' | 'incomplete'; problem: Problem }
  | { kind: 'not-modified'; fetched: FetchOutcome; row: ProviderRow }
  | { kind: 'planned'; fetched: FetchOutcome; row: ProviderRow | null; planned: Planned; guarded: Plan }

export class ProviderSync {
  private readonly database: Database
  private readonly at: string
  private readonly collector: ListingCollector
  private readonly warnings: string[] = []
  /** By the listing's path, of a provider whose answers are kept. */
  private readonly texts = new Map<string, string>()
  private prepared: Prepared | null = null
  private fetchMs = 0
  private applyMs = 0

  constructor(
    private readonly context: SyncContext,
    private readonly request: ProviderSyncRequest,
    private readonly shelf: Shelf,
  ) {
    this.database = openDatabase(context.pool, context.schema)
    this.at = new Date(context.now()).toISOString()
    this.collector = new ListingCollector(request.source)
  }

  /** Fetches and plans, and writes nothing. Throws nothing: what goes wrong is told by {@link apply} and {@link preview}. */
  async prepare(): Promise<void> {
    try {
      this.prepared = await this.fetchAndPlan()
    } catch (error) {
      this.prepared = { kind: 'problem', status: 'failed', problem: this.problemOf(error) }
    }
  }

  /** What a run would do. Throws nothing. */
  async preview(): Promise<Preview> {
    const { prepared } = this
    if (prepared === null || prepared.kind === 'disabled') return { outcome: this.outcome('disabled'), plan: null }
    if (prepared.kind === 'problem') return { outcome: this.failure(prepared), plan: null }
    const { slug } = this.request.source
    if (prepared.kind === 'not-modified') {
      const { listedModels } = prepared.row
      const plan = describePlan(slug, { ...NOTHING, unchanged: listedModels })
      return { outcome: this.notModified(prepared.row), plan, approvable: plan }
    }
    const { guarded, planned } = prepared
    const leaving = releaseHeld(guarded).unavailable.map(({ providerModelId, reason }) => ({
      modelId: modelId(slug, providerModelId),
      reason,
    }))
    const impact = leaving.length === 0 ? [] : await this.askImpact(leaving)
    const plan = describePlan(slug, guarded, { ...planned.collected, impact })
    return {
      outcome: this.finished(guarded, planned.collected),
      plan,
      approvable: describePlan(slug, releaseHeld(guarded)),
    }
  }

  /** Carries out what was prepared. Throws nothing: a database that refuses is a failed provider too. */
  async apply(runId: string, approval: Approval | null = null): Promise<ProviderSyncOutcome> {
    const { prepared } = this
    const started = performance.now()
    try {
      if (prepared === null || prepared.kind === 'disabled') return this.outcome('disabled')
      if (prepared.kind === 'problem') return await this.recordProblem(prepared)
      if (prepared.kind === 'not-modified') return await this.passOver(prepared)
      const outcome = await this.applyPlanned(prepared, runId, approval)
      outcome.result.applyMs = Math.round(performance.now() - started)
      return outcome
    } catch (error) {
      const failed = { status: 'failed', problem: this.problemOf(error) } as const
      // The host's word is part of the provider's state; a database that refuses could not take it.
      return failed.problem.reason === 'on-apply'
        ? this.recordProblem(failed).catch(() => this.failure(failed))
        : this.failure(failed)
    }
  }

  private async fetchAndPlan(): Promise<Prepared> {
    const { slug } = this.request.source
    const row = await this.shelf.readRow(slug)
    if (row?.enabled === false) return { kind: 'disabled' }
    const fetched = await this.fetch(row)
    if ('line' in fetched) return { kind: 'problem', status: 'failed', problem: fetched }
    if (fetched.state === 'incomplete') {
      const line = `the listing is incomplete, so nothing was applied: ${fetched.problem}`
      return { kind: 'problem', status: 'incomplete', problem: { line, reason: 'incomplete-listing' } }
    }
    if (fetched.state === 'not-modified' && row !== null) return { kind: 'not-modified', fetched, row }
    return this.planFetched(fetched, row)
  }

  private async planFetched(fetched: FetchOutcome, row: ProviderRow | null): Promise<Prepared> {
    const planned = await this.plan(row)
    const { guards } = this.request.settings
    const { entries, rejected } = this.collector.worstListing(planned.collected)
    if (rejected.length * 100 > guards.maxRejectedPercent * entries) {
      return {
        kind: 'problem',
        status: 'failed',
        problem: describeRejected(rejected, entries, guards.maxRejectedPercent),
      }
    }
    const guarded = guardPlan(planned.plan, {
      ...guards,
      listed: planned.collected.desired.size + planned.collected.mentioned.size,
      available: availableIn(planned.index),
      sizes: row?.recentSizes ?? [],
      now: this.at,
    })
    return { kind: 'planned', fetched, row, planned, guarded }
  }

  /** The outcome, or why there is none. */
  private async fetch(row: ProviderRow | null): Promise<FetchOutcome | Problem> {
    const { context, request } = this
    const { guards, timeoutMs } = request.settings
    const started = performance.now()
    try {
      const outcome = await fetchSource(request.source, {
        ...context.fetching,
        timeoutMs,
        maxBodyBytes: guards.maxBodyBytes,
        maxPages: guards.maxPages,
        address: request.address,
        apiKey: request.apiKey,
        settings: request.keySettings,
        previous: await this.previous(row),
        signal: request.signal,
        now: context.now,
        onPage: (listing, entries) => {
          request.onEntries(entries.length)
          return this.collector.add(listing, entries)
        },
        ...(request.keepsTexts === true ? { onText: (listing, text) => void this.texts.set(listing.path, text) } : {}),
      })
      this.warnings.push(...outcome.warnings)
      return outcome
    } catch (error) {
      if (error instanceof CancelledError) throw error
      return describeFailure(error as Error)
    } finally {
      this.fetchMs = Math.round(performance.now() - started)
    }
  }

  /** What an unchanged answer is told by; `null` where the answer itself is wanted. */
  private async previous(row: ProviderRow | null): Promise<Validators | null> {
    const { request } = this
    if (row === null || request.forceUpdate) return null
    const validators = usableValidators(row.fingerprint, request, this.at)
    if (validators === null || request.keepsTexts !== true) return validators
    const hashes = await readListingHashes(this.database, row.id)
    const kept = Object.entries(validators).every(([path, { sha256 }]) => hashes.get(path) === sha256)
    return kept ? validators : null
  }

  private async plan(row: ProviderRow | null): Promise<Planned> {
    const { forceUpdate, markUnavailable, settings } = this.request
    const { version, models: index } =
      row === null ? { version: 0, models: new Map<string, IndexedModel>() } : await this.shelf.readIndex(row.id)
    const alike = !forceUpdate && readsAlike(row?.fingerprint ?? null, this.request)
    const collected = await this.collector.resolve((id, digest) => alike && index.get(id)?.digest === digest, settings)
    this.throwIfCancelled()
    const values = await this.readValues(index, collected)
    const current = new Map<string, CurrentModel>()
    for (const [id, model] of index) current.set(id, { ...model, values: values.get(model.id) ?? null })
    const plan = makePlan({
      current,
      desired: collected.desired,
      mentioned: collected.mentioned,
      excluded: settings.excludes,
      policy: settings.policy === 'sync' && !markUnavailable ? 'upsert-only' : settings.policy,
      missesBeforeUnavailable: settings.guards.missesBeforeUnavailable,
      today: this.at.slice(0, 10),
    })
    return { plan, version, collected, index, current, values }
  }

  /** Of the rows whose fields the plan looks at: those with another entry than before, renamed ones, and what was local and is gone. */
  private async readValues(index: ReadonlyMap<string, IndexedModel>, { desired }: Collected): Promise<Values> {
    const fresh = new Set([...desired.keys()].filter((id) => !index.has(id)).map((id) => id.toLowerCase()))
    const looked = [...index.values()].filter(({ providerModelId, wasLocal }) => {
      const said = desired.get(providerModelId)
      return said === undefined ? wasLocal || fresh.has(providerModelId.toLowerCase()) : said !== 'same'
    })
    return looked.length === 0 ? new Map() : this.shelf.readValues(looked.map(({ id }) => id))
  }

  private async applyPlanned(
    prepared: Extract<Prepared, { kind: 'planned' }>,
    runId: string,
    approval: Approval | null,
  ): Promise<ProviderSyncOutcome> {
    const { slug, name } = this.request.source
    const row = prepared.row ?? (await this.shelf.ensureRow({ slug, name }))
    for (let { planned, guarded } = prepared, attempt = 1; ; attempt++) {
      const plan = approval === null ? guarded : this.approvedPlan(guarded, approval)
      this.throwIfCancelled()
      if (
        await this.shelf.apply(this.request, this.collector, {
          row,
          planned,
          plan,
          fetched: prepared.fetched,
          texts: this.texts,
          at: this.at,
          runId,
          approval,
        })
      ) {
        return this.finished(plan, planned.collected)
      }
      // What was approved was approved for the state it was shown for.
      if (approval !== null || attempt === APPLY_ATTEMPTS) {
        const line = 'its models changed while the plan was carried out, so nothing was applied; try again'
        return await this.recordProblem({ status: 'failed', problem: { line, reason: 'moved' } })
      }
      const again = await this.planFetched(prepared.fetched, row)
      if (again.kind === 'problem') return await this.recordProblem(again)
      if (again.kind === 'planned') ({ planned, guarded } = again)
    }
  }

  private approvedPlan(guarded: Plan, { only }: Approval): Plan {
    const released = releaseHeld(guarded)
    if (only === null) return released
    const prefix = `${this.request.source.slug}/`
    const ids = new Set([...only].filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length)))
    // What was not chosen waits on.
    const held = guarded.held.filter(({ providerModelId }) => !ids.has(providerModelId))
    return { ...restrictPlan(released, ids), held }
  }

  private async passOver({ row, fetched }: Extract<Prepared, { kind: 'not-modified' }>): Promise<ProviderSyncOutcome> {
    const size = row.recentSizes.at(-1)?.size ?? row.listedModels
    await this.shelf.recordNotModified(
      row.id,
      this.at,
      { ...fetched.validators },
      observeSize(row.recentSizes, size, this.at),
    )
    return this.notModified(row)
  }

  private async recordProblem({
    status,
    problem,
  }: {
    status: 'failed' | 'incomplete'
    problem: Problem
  }): Promise<ProviderSyncOutcome> {
    // A cancelled run says nothing of its provider.
    if (problem.reason !== 'cancelled' && problem.reason !== 'database') {
      const { slug, name } = this.request.source
      const row = await this.shelf.ensureRow({ slug, name })
      await this.shelf.recordFailure(row.id, this.at, problem, this.request)
    }
    return this.failure({ status, problem })
  }

  private async askImpact(
    models: { modelId: string; reason: string }[],
  ): Promise<Awaited<ReturnType<NonNullable<SyncContext['hooks']['impact']>>>> {
    try {
      return (await this.context.hooks.impact?.(models)) ?? []
    } catch (error) {
      this.context.log.error({ err: error }, 'The host could not tell the impact of a plan')
      this.warnings.push(`the impact is not known: ${(error as Error).message}`)
      return []
    }
  }

  private finished(plan: Plan, collected: Collected): ProviderSyncOutcome {
    const { slug } = this.request.source
    const warnings = [...this.warnings, ...collected.warnings]
    for (const { providerModelId, reason } of collected.rejected) {
      this.context.log.warn({ provider: slug, model: providerModelId }, `Skipping an entry: ${reason}`)
    }
    const [rejected] = collected.rejected
    if (rejected !== undefined)
      warnings.push(
        `${collected.rejected.length} malformed entries were left out, the first because ${rejected.reason}`,
      )
    const held = describeHeld(plan)
    return this.outcome(held === null ? 'ok' : 'held', {
      ...(held === null ? {} : { error: held.line, reason: held.reason }),
      warnings,
      totalModels: collected.desired.size,
      newModels: plan.added.length,
      updatedModels: plan.updated.length,
      unavailableModels: plan.unavailable.length,
      restoredModels: plan.restored.length,
      renamedModels: plan.renamed.length,
      unchangedModels: plan.unchanged,
      rejectedModels: collected.rejected.length,
      filteredModels: collected.filtered,
      heldChanges: plan.held.length,
    })
  }

  private notModified({ listedModels }: ProviderRow): ProviderSyncOutcome {
    return this.outcome('not-modified', { totalModels: listedModels, unchangedModels: listedModels })
  }

  private failure({ status, problem }: { status: 'failed' | 'incomplete'; problem: Problem }): ProviderSyncOutcome {
    return this.outcome(status, { error: problem.line, reason: problem.reason })
  }

  private outcome(status: ProviderStatus, rest: Partial<ProviderResult> = {}): ProviderSyncOutcome {
    const { fetchMs, applyMs, warnings } = this
    return {
      result: { provider: this.request.source.slug, status, ...noCounts(), warnings, fetchMs, applyMs, ...rest },
    }
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof CancelledError) return { line: error.message, reason: 'cancelled' }
    this.context.log.error({ err: error, provider: this.request.source.slug }, 'Model sync of a provider failed')
    return describeFailure(error as Error)
  }

  private throwIfCancelled(): void {
    if (this.request.signal.aborted) throw new CancelledError('the run was cancelled before this provider was applied')
  }
}

const NOTHING: Plan = {
  added: [],
  updated: [],
  unavailable: [],
  restored: [],
  renamed: [],
  held: [],
  missed: [],
  entryOnly: [],
  undone: [],
  unchanged: 0,
}
