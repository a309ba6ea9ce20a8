/** UndoService: takes back what a run changed, as a run of its own. */
import { randomUUID } from 'node:crypto'
import { UndoOptionsSchema, type UndoOptions as AskedOptions } from '../../core/records/sync-options.js'
import { checkMembers } from '../../core/input/known-members.js'
import { countPlan } from '../../core/plan/plan-counts.js'
import { planUndo, type UndoPlan } from '../../core/plan/plan-undo.js'
import { failure, NotFoundError, PlanHashError, StalePlanError } from '../../errors.js'
import { applyPlan, type Application } from '../../store/models/apply-plan.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import { touchProvider } from '../../store/providers/provider-rows.js'
import { readRun } from '../../store/runs/run-rows.js'
import { readRevision } from '../../store/revision.js'
import { changesOf } from '../../store/changes/write-changes.js'
import { countListed, readRunChanges, readUndoable } from '../../store/changes/read-for-undo.js'
import { modelId } from '../../core/model/model.js'
import type { DryRuns } from './dry-runs.js'
import { callOnApply } from './host-hook.js'
import { describeAppliedPlan, type AppliedChange } from '../applied-changes.js'
import { inSlices } from '../slices.js'
import type { ModelSyncService } from './model-sync-service.js'
import { boundPlan } from './bound-plan.js'
import { describePlan, hashPlan, type DescribedPlan, type PlanOptions } from './plan-document.js'
import type { Cause } from '../../core/records/problem.js'
import { problemOf } from './provider-problem.js'
import { takenOverFrom } from './run-recorder.js'
import type { SyncContext } from './sync-context.js'
import type { Asked, Turn } from './turn.js'
import { makeResult, noCounts, told } from './sync-result.js'
import type { ProviderResult, SyncResult } from '../../core/records/sync-result.js'

export interface UndoOptions extends AskedOptions {
  /** Who asked; it becomes the changes' actor. */
  userId?: string | null | undefined
}

/** What is asked of whichever replica carries the undo out. */
interface AskedUndo extends Asked {
  undone: string
  planHash: string | null
  userId: string | null
}

interface ProviderUndo {
  provider: string
  providerId: number
  state: Awaited<ReturnType<typeof readUndoable>>
  undo: UndoPlan
  /** Models of the provider that upstream offers, before the undo. */
  listed: number
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export class UndoService {
  constructor(
    private readonly options: Pick<SyncContext, 'database' | 'now'> & {
      modelSync: Pick<ModelSyncService, 'context' | 'takeTurn' | 'registerTurns' | 'recorder'>
      dryRuns: DryRuns<SyncResult>
    },
  ) {
    options.modelSync.registerTurns<AskedUndo>('undo', (asked, turn) => this.execute(asked, turn))
  }

  /**
   * Restores what the run changed and what is still as it left it; the rest is listed in the result's warnings and left alone.
   * @throws TypeError for an option that there is none of; NotFoundError; TooManyRunsError; PlanHashError for `planHash` with `dryRun`; StalePlanError when `planHash` is not of the plan that would be carried out
   */
  async undo(runId: string, options: UndoOptions = {}): Promise<SyncResult> {
    checkMembers('undo', options, { ...UndoOptionsSchema.properties, userId: true })
    const { dryRun = false, planHash, userId = null } = options
    if (!UUID.test(runId) || (await readRun(this.options.database, runId)) === null) {
      throw new NotFoundError(`there is no run "${runId}"; GET /models/sync/history lists them`)
    }
    if (dryRun && planHash !== undefined)
      throw new PlanHashError('planHash carries a plan out and dryRun does not: pass one of them')
    if (dryRun)
      return this.options.dryRuns.join({
        key: JSON.stringify(['undo', userId, runId]),
        userId,
        work: () => this.preview(runId),
      })
    const asked: AskedUndo = { runId: randomUUID(), undone: runId, planHash: planHash ?? null, userId }
    return this.options.modelSync.takeTurn({ kind: 'undo', key: asked.runId, asked })
  }

  private async preview(runId: string): Promise<SyncResult> {
    const started = performance.now()
    const startedAt = new Date(this.options.now()).toISOString()
    const undos = await this.plan(runId, this.options.database)
    const revision = await readRevision(this.options.database)
    const results = undos.map((undo) => resultOf(undo))
    const providers: DescribedPlan[] = []
    for (const undo of undos) providers.push(await documentOf(undo))
    const whole = { planHash: await hashUndo(runId, undos), revision, providers }
    const { plan, warnings } = await inSlices(boundPlan(whole, results))
    const result = makeResult({
      runId: null,
      trigger: 'undo',
      dryRun: true,
      startedAt,
      durationMs: Math.round(performance.now() - started),
      revision,
      providers: results,
      warnings,
    })
    return { ...result, plan, planHash: plan.planHash }
  }

  private async execute({ runId, undone, planHash, userId }: AskedUndo, turn: Turn): Promise<SyncResult> {
    const { signal, claim } = turn
    // What it has taken back by then is there; the rest is for whoever looks at it anew.
    if (takenOverFrom(claim) !== null) throw failure({ code: 'run-died', facts: { replica: takenOverFrom(claim) } })
    const until = this.options.database.until(signal)
    const database = claim === null ? until : until.fenced(claim)
    const started = performance.now()
    const startedAt = new Date(this.options.now()).toISOString()
    const undos = await this.plan(undone, database)
    if (planHash !== null && (await hashUndo(undone, undos)) !== planHash) {
      const error = new StalePlanError(
        'the plan is stale: the catalogue has changed since it was made; look at the new plan and approve that one',
      )
      throw Object.assign(error, { result: await this.preview(undone) })
    }
    const asked = undos.map(({ provider }) => provider)
    const { recorder } = this.options.modelSync
    await recorder.insert(
      { id: runId, trigger: 'undo', userId, options: { undo: undone }, providers: asked, startedAt },
      turn,
    )
    const providers: ProviderResult[] = []
    for (const undo of undos) providers.push(await this.apply(database, undo, { runId, actor: userId ?? 'operator' }))
    turn.finishing()
    const durationMs = Math.round(performance.now() - started)
    return recorder.finish(
      runId,
      makeResult({ runId, trigger: 'undo', dryRun: false, startedAt, durationMs, revision: null, providers }),
      turn,
    )
  }

  private async plan(runId: string, database: Database): Promise<ProviderUndo[]> {
    const undos: ProviderUndo[] = []
    for (const [provider, { providerId, changes }] of await readRunChanges(database, runId)) {
      const state = await readUndoable(database, providerId, changes)
      const undo = planUndo(changes, state.models, state.taken)
      undos.push({ provider, providerId, state, undo, listed: await countListed(database, providerId) })
    }
    return undos
  }

  /** Throws nothing: a provider that cannot be undone does not keep the others from it. */
  private async apply(
    catalogue: PooledDatabase,
    provider: ProviderUndo,
    { runId, actor }: { runId: string; actor: string },
  ): Promise<ProviderResult> {
    const { provider: slug, providerId, state, undo } = provider
    const { hooks, applied } = this.options.modelSync.context
    const started = performance.now()
    const facts = { values: state.values, pinnedUnavailable: state.pinnedUnavailable }
    const changes = (): Promise<AppliedChange[]> =>
      inSlices(describeAppliedPlan(slug, changesOf(undo.plan, facts, 'undo'), undo.plan))
    try {
      const application: Application = {
        providerId,
        // Upstream's next answer is read anew, even when it is the one that was taken back.
        recordProvider: (database, _changed, at) => touchProvider(database, providerId, { at, reread: true }),
        plan: undo.plan,
        facts,
        marks: undo.marks,
        runId,
        cause: 'undo',
        actor,
        entries: [],
        rewrite: [],
        ...(hooks.onApply === undefined
          ? {}
          : { beforeCommit: async (client) => callOnApply(hooks, client, await changes(), slug) }),
      }
      const { now } = this.options
      const written = await applyPlan(catalogue, { providerId, now }, async ({ version }) =>
        version === state.version ? application : null,
      )
      const applyMs = Math.round(performance.now() - started)
      if (written === null) return failed(provider, { code: 'moved', facts: { during: 'undo' } })
      await applied({ provider: slug, runId }, changes)
      return { ...resultOf(provider), applyMs }
    } catch (error) {
      return failed(provider, problemOf(error as Error))
    }
  }
}

function documentOf({ provider, undo }: ProviderUndo): Promise<DescribedPlan> {
  return inSlices(describePlan(provider, undo.plan))
}

async function hashUndo(runId: string, undos: readonly ProviderUndo[]): Promise<string> {
  const options: PlanOptions & { undo: string } = {
    forceUpdate: false,
    markUnavailable: true,
    providers: undos.map(({ provider }) => provider),
    undo: runId,
  }
  const documents: DescribedPlan[] = []
  for (const undo of undos) documents.push(await documentOf(undo))
  return inSlices(hashPlan(options, documents))
}

function resultOf({ provider, undo: { plan, left }, state: { models }, listed }: ProviderUndo): ProviderResult {
  const leaving = new Set(plan.unavailable.map(({ id }) => id))
  const restored = new Set(plan.restored.map(({ id }) => id))
  // As in a sync, models that are not offered count nowhere.
  const isOffered = ({ id }: { id: number }): boolean =>
    restored.has(id) || (!leaving.has(id) && models.get(id)?.listedReason === null)
  const offered = { ...plan, updated: plan.updated.filter(isOffered), renamed: plan.renamed.filter(isOffered) }
  return {
    provider,
    status: 'ok',
    ...noCounts(),
    ...countPlan(offered, listed - leaving.size + restored.size),
    warnings: left.map(
      ({ providerModelId, field, reason }) =>
        `${modelId(provider, providerModelId)}${field === null ? '' : ` ${field}`} is left alone: ${reason}`,
    ),
    fetchMs: 0,
    applyMs: 0,
  }
}

function failed({ provider }: ProviderUndo, cause: Cause): ProviderResult {
  return { provider, status: 'failed', ...told(cause), ...noCounts(), warnings: [], fetchMs: 0, applyMs: 0 }
}
