/** One provider's part of a run: what was prepared is shown or applied, and told. */
import { standingOf } from '../../core/plan/answer-standing.js'
import { observeSize, releaseHeld } from '../../core/plan/guards.js'
import { modelId } from '../../core/model/model.js'
import { countPlan } from '../../core/plan/plan-counts.js'
import { emptyPlan, restrictPlan, type Plan } from '../../core/plan/plan.js'
import type { ProviderStatus } from '../../core/records/run-words.js'
import { CancelledError } from '../../errors.js'
import type { FetchOutcome } from '../../upstream/read-source.js'
import type { Database } from '../../store/database.js'
import type { ProviderRow } from '../../store/providers/provider-rows.js'
import type { Collected } from './collect-listing.js'
import { inSlices } from '../slices.js'
import { summarize } from './listing-summary.js'
import { describePlan } from './plan-document.js'
import type { ProviderPlanDocument } from '../../core/plan/plan-document.js'
import type { Approval, Chosen, ProviderSyncRequest } from './provider-sync-request.js'
import type { Cause, ProblemCode } from '../../core/records/problem.js'
import { heldBy, problemOf } from './provider-problem.js'
import { ProviderPreparation, type PlannedAnswer, type Prepared } from './prepare-provider.js'
import type { Shelf } from './sync-target.js'
import type { SyncContext } from './sync-context.js'
import { noCounts, told } from './sync-result.js'
import type { ProviderResult } from '../../core/records/sync-result.js'

export interface Preview {
  result: ProviderResult
  /** As the guards leave it; `null`: the listing could not be planned. */
  plan: ProviderPlanDocument | null
  /** With all that is held let through: what an approval is for, however the guards judge by then. */
  approvable?: ProviderPlanDocument
}

// The first, and two more while somebody else's newer answers come in between: whoever asks that often has the news in the catalogue anyway.
const MOST_FETCHES = 3

const KEY_IS_GONE =
  'the key was replaced or taken away while this sync ran, so that nothing of what it shows was kept; sync again with the key of now'

// Of the entries that one listing skips: enough to see what is wrong, and no flood with each sync.
const MOST_LOGGED = 100

/** What says nothing of the provider: a run that was cancelled, a database that refuses, a plan that is stale. */
const NOT_OF_THE_PROVIDER: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'cancelled',
  'run-too-long',
  'database',
  'moved',
])

export class ProviderSync {
  private readonly at: string
  private preparation: ProviderPreparation
  private prepared: Prepared | null = null
  /** ms, of the requests whose answers were outdated. */
  private wastedMs = 0

  constructor(
    private readonly context: SyncContext,
    private readonly request: ProviderSyncRequest,
    private readonly shelf: Shelf,
  ) {
    this.at = new Date(context.now()).toISOString()
    this.preparation = new ProviderPreparation(context, request, shelf, this.at)
  }

  /** Fetches and plans, and writes nothing. Throws nothing: what goes wrong is told by {@link apply} and {@link preview}. */
  async prepare(): Promise<void> {
    try {
      this.prepared = await this.preparation.prepare()
    } catch (error) {
      this.prepared = { kind: 'problem', status: 'failed', problem: this.problemOf(error) }
    }
  }

  /** What a run would do. Throws nothing. */
  async preview(): Promise<Preview> {
    const { prepared } = this
    if (prepared === null || prepared.kind === 'disabled')
      return { result: this.disabled(prepared?.keyIsGone), plan: null }
    if (prepared.kind === 'problem') return { result: this.failure(prepared), plan: null }
    const { slug } = this.request.source
    if (prepared.kind === 'not-modified') {
      const { listedModels: unchanged, listing } = prepared.row
      const plan = await inSlices(
        describePlan(slug, emptyPlan(), { unchanged, filtered: listing?.filteredModels ?? 0 }),
      )
      return { result: this.notModified(prepared.row), plan, approvable: plan }
    }
    const { guarded, planned } = prepared
    const leaving = releaseHeld(guarded).unavailable.map(({ providerModelId, reason }) => ({
      modelId: modelId(slug, providerModelId),
      reason,
    }))
    const impact = leaving.length === 0 ? [] : await this.askImpact(leaving)
    const result = this.finished(guarded, planned.collected)
    const { unchangedModels: unchanged } = result
    const plan = await inSlices(describePlan(slug, guarded, { ...planned.collected, unchanged, impact }))
    return { result, plan, approvable: await inSlices(describePlan(slug, releaseHeld(guarded))) }
  }

  /** Carries out what was prepared. Throws nothing: a database that refuses is a failed provider too. */
  async apply(runId: string, approval: Approval | null = null): Promise<ProviderResult> {
    const started = performance.now()
    for (let fetches = 1; ; fetches++) {
      const result = await this.carryOut(runId, approval)
      if (result !== null) {
        result.applyMs = Math.max(0, Math.round(performance.now() - started - this.wastedMs))
        const { provider, status, fetchMs, applyMs } = result
        this.context.log.debug({ provider, status, fetchMs, applyMs }, 'A provider has been applied')
        return result
      }
      if (approval !== null || fetches === MOST_FETCHES) return this.othersResult()
      this.context.log.debug(
        { provider: this.request.source.slug },
        'A newer answer was applied meanwhile; asking again',
      )
      this.wastedMs += this.preparation.fetchMs
      this.preparation = new ProviderPreparation(this.context, this.request, this.shelf, this.at)
      await this.prepare()
    }
  }

  /** `null`: somebody else's newer answer was recorded meanwhile, and nothing was written. */
  private async carryOut(runId: string, approval: Approval | null): Promise<ProviderResult | null> {
    const { prepared } = this
    try {
      if (prepared === null || prepared.kind === 'disabled') return this.disabled(prepared?.keyIsGone)
      if (prepared.kind === 'problem') return await this.recordProblem(prepared)
      if (prepared.kind === 'not-modified') return await this.passOver(prepared)
      return await this.applyPlanned(prepared, runId, approval)
    } catch (error) {
      const failed = { status: 'failed', problem: this.problemOf(error) } as const
      // What the host says, or what nobody expected, is part of the provider's state; a database that refuses could not take it.
      return this.recordProblem(failed).catch(() => this.failure(failed))
    }
  }

  private async applyPlanned(
    prepared: PlannedAnswer,
    runId: string,
    approval: Approval | null,
  ): Promise<ProviderResult | null> {
    const { slug, name } = this.request.source
    const { fetched, planned, guarded } = prepared
    const { asked, collector, texts } = this.preparation
    const row = prepared.row ?? (await this.shelf.ensureRow({ slug, name }))
    const first: Chosen = { row, planned, plan: approval === null ? guarded : this.approvedPlan(guarded, approval) }
    let result: ProviderResult | null = null
    let problem: Cause | null = null
    this.preparation.throwIfCancelled()
    await this.shelf.apply(
      this.request,
      collector,
      { first, asked, fetched, texts, at: this.at, runId, approval },
      async (locked, database) => {
        const standing = standingOf(locked, asked, planned.version)
        let chosen: Chosen | null = null
        if (!locked.enabled) result = this.disabled(locked.keyIsGone)
        else if (standing === 'current') chosen = first
        // What was approved was approved for the state it was shown for.
        else if (approval !== null) problem = { code: 'moved', facts: { during: 'sync' } }
        else if (standing === 'moved') {
          // Under the lock, so that edits by hand, however many, hold a sync up only once.
          const again = await this.planAgain(fetched, database)
          if (again.kind === 'problem') problem = again.problem
          else chosen = { row: again.row ?? row, planned: again.planned, plan: again.guarded }
        }
        if (chosen !== null) result = this.finished(chosen.plan, chosen.planned.collected)
        return chosen
      },
    )
    return problem === null ? result : this.recordProblem({ status: 'failed', problem })
  }

  private async planAgain(fetched: FetchOutcome, database: Database): ReturnType<ProviderPreparation['planFetched']> {
    this.preparation.throwIfCancelled()
    const { row } = await this.shelf.readState(this.request.source.slug, database)
    return this.preparation.planFetched(fetched, row, database)
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

  private async passOver({
    row,
    fetched,
  }: Extract<Prepared, { kind: 'not-modified' }>): Promise<ProviderResult | null> {
    const { asked } = this.preparation
    const size = row.recentSizes.at(-1)?.size ?? row.listedModels
    const recentSizes = observeSize(row.recentSizes, size, this.at)
    const validators = { ...fetched.validators }
    const recorded = await this.shelf.recordNotModified(
      { id: row.id, asked, at: this.at, validators, recentSizes },
      row.slug,
    )
    return recorded ? this.notModified(row) : null
  }

  private async recordProblem({
    status,
    problem,
  }: {
    status: 'failed' | 'incomplete'
    problem: Cause
  }): Promise<ProviderResult | null> {
    if (!NOT_OF_THE_PROVIDER.has(problem.code)) {
      const { slug, name } = this.request.source
      const { id } = await this.shelf.ensureRow({ slug, name })
      const { asked } = this.preparation
      if (!(await this.shelf.recordFailure({ id, asked, at: this.at }, problem, this.request))) return null
    }
    return this.failure({ status, problem })
  }

  /** What somebody else's newer answer has left behind. */
  private async othersResult(): Promise<ProviderResult> {
    try {
      const { row } = await this.shelf.readState(this.request.source.slug)
      if (row === null || !row.enabled) return this.disabled(row === null || row.keyIsGone)
      this.preparation.warnings.push(
        'another sync has applied a newer answer meanwhile, and this result is of that one',
      )
      return this.notModified(row)
    } catch (error) {
      return this.failure({ status: 'failed', problem: this.problemOf(error) })
    }
  }

  private async askImpact(
    models: { modelId: string; reason: string }[],
  ): Promise<Awaited<ReturnType<NonNullable<SyncContext['hooks']['impact']>>>> {
    try {
      return (await this.context.hooks.impact?.(models)) ?? []
    } catch (error) {
      this.context.log.error({ err: error }, 'The host could not tell the impact of a plan')
      this.preparation.warnings.push(`the impact is not known: ${(error as Error).message}`)
      return []
    }
  }

  private finished(plan: Plan, collected: Collected): ProviderResult {
    const provider = this.request.source.slug
    for (const { providerModelId: model, reason } of collected.rejected.slice(0, MOST_LOGGED))
      this.context.log.warn({ provider, model }, `Skipping an entry: ${reason}`)
    const more = collected.rejected.length - MOST_LOGGED
    if (more > 0) this.context.log.warn({ provider, more }, `Skipping ${more} more entries`)
    const held = heldBy(plan)
    return this.result(held === null ? 'ok' : 'held', {
      ...(held === null ? {} : told(held)),
      ...countPlan(plan, collected.desired.size),
      ...summarize(collected, this.preparation.warnings),
    })
  }

  /** Of the listing that stands in the catalogue. */
  private notModified({ listedModels, listing, heldChanges, lastError, lastProblem }: ProviderRow): ProviderResult {
    const held = heldChanges > 0 && lastError !== null
    return this.result(held ? 'held' : 'not-modified', {
      // Its sentence stands as it was stored: an older version may have known less of it.
      ...(held ? { error: lastError, reason: lastProblem?.code ?? 'held', facts: lastProblem?.facts ?? {} } : {}),
      ...listing,
      warnings: [...new Set([...(listing?.warnings ?? []), ...this.preparation.warnings])],
      totalModels: listedModels,
      unchangedModels: listedModels,
      heldChanges,
    })
  }

  private failure({ status, problem }: { status: 'failed' | 'incomplete'; problem: Cause }): ProviderResult {
    return this.result(status, told(problem))
  }

  private disabled(keyIsGone = false): ProviderResult {
    return this.result('disabled', keyIsGone ? { warnings: [...this.preparation.warnings, KEY_IS_GONE] } : {})
  }

  private result(status: ProviderStatus, rest: Partial<ProviderResult> = {}): ProviderResult {
    const { warnings } = this.preparation
    const fetchMs = this.preparation.fetchMs + this.wastedMs
    return { provider: this.request.source.slug, status, ...noCounts(), warnings, fetchMs, applyMs: 0, ...rest }
  }

  private problemOf(error: unknown): Cause {
    const { aborted, reason } = this.request.signal
    // Whatever it was that the cancelling cut off.
    if (aborted)
      return reason instanceof CancelledError ? problemOf(reason) : { code: 'cancelled', facts: { by: 'person' } }
    this.context.log.error({ err: error, provider: this.request.source.slug }, 'Model sync of a provider failed')
    return problemOf(error as Error)
  }
}
