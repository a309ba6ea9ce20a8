/** SyncPreviews: what a sync would do. Fetches and plans, and writes nothing. */
import type { SyncResult } from '../../core/records/sync-result.js'
import { failure, PlanHashError, StalePlanError } from '../../errors.js'
import { readRevision } from '../../store/revision.js'
import { inSlices } from '../slices.js'
import { boundPlan } from './bound-plan.js'
import { changedIds, hashPlan } from './plan-document.js'
import type { Order, ProviderRuns } from './provider-runs.js'
import type { Approval } from './provider-sync-request.js'
import type { Preview, ProviderSync } from './provider-sync.js'
import type { SyncContext } from './sync-context.js'
import { makeResult } from './sync-result.js'
import type { Turn } from './turn.js'

export class SyncPreviews {
  constructor(
    private readonly context: Pick<SyncContext, 'database' | 'now'>,
    private readonly runs: ProviderRuns,
  ) {}

  /** A dry run's result, with its plan. */
  async preview(order: Order, signal: AbortSignal): Promise<SyncResult> {
    return (await this.previewAll(order, this.start(order, { signal }), signal)).result
  }

  /**
   * Everything fetched and planned anew, ready to be applied.
   * @throws StalePlanError when that is not what was approved; PlanHashError when `only` names what it does not change; CancelledError
   */
  async prepareApproved(
    order: Order,
    { planHash, only }: { planHash: string } & Approval,
    turn: Turn,
  ): Promise<ProviderSync[]> {
    const { signal } = turn
    const syncs = this.start(order, turn)
    const { result, previews } = await this.previewAll(order, syncs, signal)
    if (signal.aborted) throw failure({ code: 'cancelled', facts: { by: 'person', before: 'plan' } })
    if (result.planHash !== planHash) {
      const error = new StalePlanError(
        'the plan is stale: upstream or the catalogue has changed since it was made; look at the new plan and approve that one',
      )
      throw Object.assign(error, { result })
    }
    const ids = new Set(previews.flatMap(({ approvable }) => (approvable === undefined ? [] : changedIds(approvable))))
    const unknown = [...(only ?? [])].filter((id) => !ids.has(id))
    if (unknown.length > 0)
      throw new PlanHashError(`only names ${unknown.slice(0, 5).join(', ')}, of which the plan changes nothing`)
    return syncs
  }

  private start(order: Order, turn: Pick<Turn, 'signal'> & Partial<Turn>): ProviderSync[] {
    return order.providers.map((setup) => this.runs.start(order, setup, turn))
  }

  private async previewAll(
    order: Order,
    syncs: readonly ProviderSync[],
    signal: AbortSignal,
  ): Promise<{ result: SyncResult; previews: Preview[] }> {
    const { trigger, forceUpdate, markUnavailable } = order
    const started = performance.now()
    const startedAt = new Date(this.context.now()).toISOString()
    const previews: Preview[] = []
    const providers = await this.runs.each(order, signal, async (_setup, index) => {
      const sync = syncs[index]
      if (sync === undefined) throw new Error('a provider has no sync')
      await sync.prepare()
      const preview = await sync.preview()
      previews[index] = preview
      return preview.result
    })
    // A provider that was skipped has left a hole.
    const made = previews.filter((preview) => preview !== undefined)
    const approvable = made.flatMap((preview) => preview.approvable ?? [])
    const asked = order.providers.map(({ source }) => source.slug)
    const planHash = await inSlices(hashPlan({ forceUpdate, markUnavailable, providers: asked }, approvable))
    const revision = await readRevision(this.context.database.until(signal)).catch(() => null)
    const durationMs = Math.round(performance.now() - started)
    const whole = { planHash, revision, providers: made.flatMap((preview) => preview.plan ?? []) }
    const { plan, warnings } = await inSlices(boundPlan(whole, providers))
    const base = { runId: null, trigger, dryRun: true, startedAt, durationMs, revision }
    return { result: { ...makeResult({ ...base, providers, warnings }), plan, planHash }, previews: made }
  }
}
