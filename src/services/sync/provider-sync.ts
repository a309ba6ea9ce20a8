/** One provider's part of a run: what was prepared is shown or applied, and told. */
import { standingOf } from '../../core/plan/answer-standing.js'
import { observeSize } from '../../core/plan/guards.js'
import { approvePlan, releaseHeld } from '../../core/plan/release-held.js'
import { modelId } from '../../core/model/model.js'
import { emptyPlan } from '../../core/plan/plan.js'
import { followDrift, newDrift } from '../../core/providers/drift.js'
import { CancelledError, LeaseLostError } from '../../errors.js'
import type { FetchOutcome } from '../../upstream/fetch-outcome.js'
import type { Database } from '../../store/database.js'
import type { Collected } from './collected.js'
import { inSlices } from '../slices.js'
import { describePlan, type DescribedPlan } from './plan-document.js'
import type { Approval, Chosen, ProviderSyncRequest } from './provider-sync-request.js'
import type { Cause, ProblemCode } from '../../core/records/problem.js'
import { problemOf } from './provider-problem.js'
import { ProviderPreparation, type PlannedAnswer, type Prepared } from './prepare-provider.js'
import type { Shelf } from './sync-target.js'
import type { SyncContext } from './sync-context.js'
import { disabled, failed, finished, notModified, type SoFar } from './provider-results.js'
import type { ProviderResult } from '../../core/records/sync-result.js'

export interface Preview {
  result: ProviderResult
  /** As the guards leave it; `null`: the listing could not be planned. */
  plan: DescribedPlan | null
  /** With all that is held let through: what an approval is for, however the guards judge by then. */
  approvable?: DescribedPlan
}

// The first, and two more while somebody else's newer answers come in between: whoever asks that often has the news in the catalogue anyway.
const MOST_FETCHES = 3

// Of the entries that one listing skips: enough to see what is wrong, and no flood with each sync.
const MOST_LOGGED = 100

/** What says nothing of the provider: a run that was cancelled, a database that refuses, a plan that is stale. */
const NOT_OF_THE_PROVIDER: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'cancelled',
  'run-too-long',
  'lease-lost',
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
      return { result: disabled(this.soFar, prepared?.keyIsGone), plan: null }
    if (prepared.kind === 'problem')
      return { result: failed(this.soFar, prepared.status, prepared.problem), plan: null }
    const { slug } = this.request.source
    if (prepared.kind === 'not-modified') {
      const { listedModels: unchanged, listing } = prepared.row
      const plan = await inSlices(
        describePlan(slug, emptyPlan(), { unchanged, filtered: listing?.filteredModels ?? 0 }),
      )
      return { result: notModified(this.soFar, prepared.row), plan, approvable: plan }
    }
    const { guarded, planned } = prepared
    const leaving = releaseHeld(guarded)
      .unavailable.filter(({ from }) => from == null)
      .map(({ providerModelId, reason }) => ({ modelId: modelId(slug, providerModelId), reason }))
    const impact = leaving.length === 0 ? [] : await this.askImpact(leaving)
    const known = prepared.row?.drift ?? null
    const drift = newDrift(known, followDrift(known, planned.collected.members, this.at))
    if (drift !== null) this.preparation.warnings.push(`its list has changed: ${drift}`)
    this.logRejected(planned.collected)
    const result = this.resultOf({ plan: guarded, planned })
    const { unchangedModels: unchanged } = result
    const plan = await inSlices(describePlan(slug, guarded, { ...planned.collected, unchanged, impact }))
    if (guarded.held.length === 0) return { result, plan, approvable: plan }
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
      if (prepared === null || prepared.kind === 'disabled') return disabled(this.soFar, prepared?.keyIsGone)
      if (prepared.kind === 'problem') return await this.recordProblem(prepared.status, prepared.problem)
      if (prepared.kind === 'not-modified') return await this.passOver(prepared, runId)
      return await this.applyPlanned(prepared, runId, approval)
    } catch (error) {
      const problem = this.problemOf(error)
      // What the host says, or what nobody expected, is part of the provider's state; a database that refuses could not take it.
      return this.recordProblem('failed', problem).catch(() => failed(this.soFar, 'failed', problem))
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
    const first: Chosen = {
      row,
      planned,
      plan: approval === null ? guarded : approvePlan(guarded, this.idsIn(approval)),
    }
    let result: ProviderResult | null = null
    let problem: Cause | null = null
    this.preparation.throwIfCancelled()
    await this.shelf.apply(
      this.request,
      collector,
      { first, asked, fetched, texts, at: this.at, runId, approval, resultOf: (chosen) => this.resultOf(chosen) },
      async (locked, database) => {
        const standing = standingOf(locked, asked, planned.version)
        let chosen: Chosen | null = null
        if (!locked.enabled) result = disabled(this.soFar, locked.keyIsGone)
        else if (standing === 'current') chosen = first
        // What was approved was approved for the state it was shown for.
        else if (approval !== null) problem = { code: 'moved', facts: { during: 'sync' } }
        else if (standing === 'moved') {
          // Under the lock, so that edits by hand, however many, hold a sync up only once.
          const again = await this.planAgain(fetched, database)
          if (again.kind === 'problem') problem = again.problem
          else chosen = { row: again.row ?? row, planned: again.planned, plan: again.guarded }
        }
        if (chosen !== null) {
          this.logRejected(chosen.planned.collected)
          result = this.resultOf(chosen)
        }
        return chosen
      },
    )
    return problem === null ? result : this.recordProblem('failed', problem)
  }

  private async planAgain(fetched: FetchOutcome, database: Database): ReturnType<ProviderPreparation['planFetched']> {
    this.preparation.throwIfCancelled()
    const { row } = await this.shelf.readState(this.request.source.slug, database)
    return this.preparation.planFetched(fetched, row, database)
  }

  /** The provider's own ids of what was approved; `null`: everything. */
  private idsIn({ only }: Approval): ReadonlySet<string> | null {
    if (only === null) return null
    const prefix = `${this.request.source.slug}/`
    return new Set([...only].filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length)))
  }

  private async passOver(
    { row, fetched }: Extract<Prepared, { kind: 'not-modified' }>,
    runId: string,
  ): Promise<ProviderResult | null> {
    const { asked } = this.preparation
    const size = row.recentSizes.at(-1)?.size ?? row.listedModels
    const recentSizes = observeSize(row.recentSizes, size, this.at)
    const validators = { ...fetched.validators }
    const result = notModified(this.soFar, row)
    const recorded = await this.shelf.recordNotModified(
      { id: row.id, asked, at: this.at, validators, recentSizes },
      row.slug,
      { runId, result },
    )
    return recorded ? result : null
  }

  private async recordProblem(status: 'failed' | 'incomplete', problem: Cause): Promise<ProviderResult | null> {
    if (!NOT_OF_THE_PROVIDER.has(problem.code)) {
      const { slug, name } = this.request.source
      const { id } = await this.shelf.ensureRow({ slug, name })
      const { asked } = this.preparation
      if (!(await this.shelf.recordFailure({ id, asked, at: this.at }, problem, this.request))) return null
    }
    return failed(this.soFar, status, problem)
  }

  /** What somebody else's newer answer has left behind. */
  private async othersResult(): Promise<ProviderResult> {
    try {
      const { row } = await this.shelf.readState(this.request.source.slug)
      if (row === null || !row.enabled) return disabled(this.soFar, row === null || row.keyIsGone)
      this.preparation.warnings.push(
        'another sync has applied a newer answer meanwhile, and this result is of that one',
      )
      return notModified(this.soFar, row)
    } catch (error) {
      return failed(this.soFar, 'failed', this.problemOf(error))
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

  private get soFar(): SoFar {
    const { fetchMs, warnings } = this.preparation
    return { provider: this.request.source.slug, warnings, fetchMs: fetchMs + this.wastedMs }
  }

  private resultOf({ plan, planned }: Pick<Chosen, 'plan' | 'planned'>): ProviderResult {
    return finished(this.soFar, plan, planned.collected)
  }

  /** Says in the log which entries were left out. */
  private logRejected({ rejected }: Collected): void {
    const { log } = this.context
    const provider = this.request.source.slug
    for (const { providerModelId: model, reason } of rejected.slice(0, MOST_LOGGED))
      log.warn({ provider, model }, `Skipping an entry: ${reason}`)
    const more = rejected.length - MOST_LOGGED
    if (more > 0) log.warn({ provider, more }, `Skipping ${more} more entries`)
  }

  private problemOf(error: unknown): Cause {
    const { aborted, reason } = this.request.signal
    // Whatever it was that the cancelling cut off.
    if (aborted)
      return reason instanceof CancelledError || reason instanceof LeaseLostError
        ? problemOf(reason)
        : { code: 'cancelled', facts: { by: 'person' } }
    this.context.log.error({ err: error, provider: this.request.source.slug }, 'Model sync of a provider failed')
    return problemOf(error as Error)
  }
}
