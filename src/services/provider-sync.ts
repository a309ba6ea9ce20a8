/** One provider's part of a run: what was prepared is shown or applied, and told. */
import { observeSize, releaseHeld } from '../catalog/guard.js'
import { modelId } from '../catalog/model.js'
import { emptyPlan, restrictPlan, type Plan } from '../catalog/plan.js'
import type { ProviderStatus } from '../catalog/run.js'
import { CancelledError } from '../errors.js'
import type { ProviderRow } from '../store/provider-store.js'
import type { Collected } from './listing-collector.js'
import { describePlan, type ProviderPlanDocument } from './plan-document.js'
import type { Approval, ProviderSyncRequest } from './planned.js'
import { describeFailure, describeHeld, type Problem } from './problem.js'
import { ProviderPreparation, type Prepared } from './provider-preparation.js'
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

export class ProviderSync {
  private readonly at: string
  private readonly preparation: ProviderPreparation
  private prepared: Prepared | null = null

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
    if (prepared === null || prepared.kind === 'disabled') return { outcome: this.outcome('disabled'), plan: null }
    if (prepared.kind === 'problem') return { outcome: this.failure(prepared), plan: null }
    const { slug } = this.request.source
    if (prepared.kind === 'not-modified') {
      const { listedModels } = prepared.row
      const plan = describePlan(slug, { ...emptyPlan(), unchanged: listedModels })
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
      const { result } = outcome
      result.applyMs = Math.round(performance.now() - started)
      const { provider, status, fetchMs, applyMs } = result
      this.context.log.debug({ provider, status, fetchMs, applyMs }, 'A provider has been applied')
      return outcome
    } catch (error) {
      const failed = { status: 'failed', problem: this.problemOf(error) } as const
      // The host's word is part of the provider's state; a database that refuses could not take it.
      return failed.problem.reason === 'on-apply'
        ? this.recordProblem(failed).catch(() => this.failure(failed))
        : this.failure(failed)
    }
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
      this.preparation.throwIfCancelled()
      if (
        await this.shelf.apply(this.request, this.preparation.collector, {
          row,
          planned,
          plan,
          fetched: prepared.fetched,
          texts: this.preparation.texts,
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
      const again = await this.preparation.planFetched(prepared.fetched, row)
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
      this.preparation.warnings.push(`the impact is not known: ${(error as Error).message}`)
      return []
    }
  }

  private finished(plan: Plan, collected: Collected): ProviderSyncOutcome {
    const { slug } = this.request.source
    const warnings = [...this.preparation.warnings, ...collected.warnings]
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
    const { fetchMs, warnings } = this.preparation
    return {
      result: { provider: this.request.source.slug, status, ...noCounts(), warnings, fetchMs, applyMs: 0, ...rest },
    }
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof CancelledError) return { line: error.message, reason: 'cancelled' }
    this.context.log.error({ err: error, provider: this.request.source.slug }, 'Model sync of a provider failed')
    return describeFailure(error as Error)
  }
}
