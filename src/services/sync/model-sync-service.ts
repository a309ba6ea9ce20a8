/** ModelSyncService: the one place where a sync happens, whatever started it. */
import { randomUUID } from 'node:crypto'
import pLimit from 'p-limit'
import { describeUnknownProvider } from '../../core/input/unknown-provider.js'
import {
  CancelledError,
  ClosingError,
  failure,
  PlanHashError,
  StalePlanError,
  UnknownProviderError,
} from '../../errors.js'
import type { RunsTable } from '../../store/runs/run-rows.js'
import { readRevision } from '../../store/revision.js'
import { inSlices } from '../slices.js'
import { boundPlan } from './bound-plan.js'
import { changedIds, hashPlan } from './plan-document.js'
import { abandoned, untilAbandoned } from './abandoned-provider.js'
import type { DryRuns } from './dry-runs.js'
import type { Approval } from './provider-sync-request.js'
import type { Cause } from '../../core/records/problem.js'
import { describeProblem } from '../../core/records/problem-text.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import { ProviderSync, type Preview } from './provider-sync.js'
import { RunRecorder } from './run-recorder.js'
import { CatalogueShelf, type Shelf } from './sync-target.js'
import { missingOf, notDue, skipped, type Schedule } from './skipped-providers.js'
import type { AppliedEvent, SyncContext } from './sync-context.js'
import { SyncEvents } from './sync-events.js'
import { SyncProgress } from './run-progress.js'
import type { RunProgress } from '../../core/records/run-progress.js'
import { SyncQueue, type Work } from './run-queue.js'
import { isAutomatic, keyOf, readRequest, recordedOptions, type SyncOptions, type SyncRequest } from './sync-request.js'
import { makeResult } from './sync-result.js'
import type { ProviderResult, SyncResult } from '../../core/records/sync-result.js'

/** Keeps a models.json in step with each sync. */
interface ModelsJsonKeeper {
  /** Before a sync of these providers fetches. */
  starting(slugs: readonly string[]): void
  /** After it. @returns warnings for the result */
  update(providers: readonly ProviderResult[]): Promise<string[]>
}

export interface ModelSyncServiceOptions extends Omit<SyncContext, 'applied'>, Schedule {
  providers: readonly ProviderSetup[]
  /** Slugs of the providers that a sync takes which names none. */
  defaultProviders: readonly string[]
  /** Slugs of the providers that `all` stands for. */
  allProviders: readonly string[]
  /** Providers at once. */
  concurrency: number
  /** How long a run may take, ms. Default: as long as it takes. */
  maxRunMs?: number
  /** Those in progress, of all services of this process. */
  dryRuns: DryRuns<SyncResult>
  /** Where models are kept; default: in the catalogue. */
  shelf?: (context: SyncContext) => Shelf
  /** Where runs are kept. Default `sync_runs`. */
  runsTable?: RunsTable
  /** `null`: there is no such file. */
  modelsJson?: ModelsJsonKeeper | null
}

/** A request with its providers found. */
type Order = Omit<SyncRequest, 'providers'> & { providers: readonly ProviderSetup[] }

const CLOSING: Cause = { code: 'cancelled', facts: { by: 'closing' } }

export class ModelSyncService {
  readonly events: SyncEvents
  readonly recorder: RunRecorder
  private readonly queue: SyncQueue<SyncResult>
  private readonly closing = new AbortController()
  /** What every transaction of this service runs in: the host's hooks, and who is told afterwards. */
  readonly context: SyncContext
  private progress: SyncProgress | null = null
  /** Keeps dry runs with other keys of a user apart. */
  private readonly id = randomUUID()

  constructor(private readonly options: ModelSyncServiceOptions) {
    this.queue = new SyncQueue(options.maxRunMs)
    this.events = new SyncEvents(options.log)
    const applied = (event: AppliedEvent): void => {
      this.events.tell('applied', event)
      this.events.tellChanges(event.provider, event.runId, event.changes)
    }
    this.context = { ...options, applied }
    this.recorder = new RunRecorder({ ...options, wait: (ms) => options.fetching.wait(ms, this.closing.signal) })
  }

  /** Whether a run is in progress in this process. */
  get running(): boolean {
    return this.queue.running
  }

  /** How far the run in progress in this process is; `null`: there is none. */
  get runProgress(): RunProgress | null {
    return this.progress?.run ?? null
  }

  /** All providers that can be synced. */
  get providers(): readonly ProviderSetup[] {
    return this.options.providers
  }

  /**
   * Syncs. A caller joins a run in progress that was asked for the same, else waits its turn; a dry run takes no turn, and joins an equal one.
   * @returns the result, always, also when everything failed
   * @throws UnknownProviderError when `providers` names one that does not exist
   * @throws PlanHashError when `planHash` is none, or disagrees with the options beside it
   * @throws TooManyRunsError when as many are in progress or wait as may
   * @throws StalePlanError when the plan would not be the approved one; its `result` holds the new plan
   */
  async syncModels(options: SyncOptions = {}): Promise<SyncResult> {
    const request = readRequest(options, this.options)
    const order = { ...request, providers: request.providers.map((slug) => this.findProvider(slug)) }
    if (this.closing.signal.aborted) return this.closed(request)
    const key = keyOf(request)
    const { signal } = options
    if (request.dryRun)
      return this.options.dryRuns.join({
        key: `${this.id} ${key}`,
        userId: request.userId,
        work: (aborted) => this.preview(order, AbortSignal.any([this.closing.signal, aborted])),
        signal,
      })
    const automatic = isAutomatic(request)
    try {
      return await this.queue.join(key, (...turn) => this.execute(order, ...turn), { signal, automatic })
    } catch (error) {
      if (this.isClosing(error)) return this.closed(request)
      throw error
    }
  }

  /** Runs `work` when its turn comes: no sync runs meanwhile. @throws TooManyRunsError; ClosingError */
  async takeTurn(work: Work<SyncResult>): Promise<SyncResult> {
    if (this.closing.signal.aborted) throw new ClosingError(describeProblem(CLOSING))
    try {
      return await this.queue.join(randomUUID(), work)
    } catch (error) {
      throw this.isClosing(error) ? new ClosingError(describeProblem(CLOSING)) : error
    }
  }

  /** Ends the run in progress: what is not yet applied is not applied. False when there is none. */
  cancel(): boolean {
    return this.queue.cancel(failure({ code: 'cancelled', facts: { by: 'person' } }))
  }

  /** Ends all runs early, whatever they wait for, and waits until they are on record. */
  async close(): Promise<void> {
    const reason = failure(CLOSING)
    this.closing.abort(reason)
    await this.queue.close(reason)
  }

  /** @throws UnknownProviderError that names those there are */
  findProvider(slug: string): ProviderSetup {
    const found = this.options.providers.find(({ source }) => source.slug === slug)
    if (found !== undefined) return found
    const known = this.options.providers.map(({ source }) => source.slug)
    throw new UnknownProviderError(describeUnknownProvider(slug, known))
  }

  /** @throws StalePlanError */
  private async execute(order: Order, signal: AbortSignal, finishing: () => void): Promise<SyncResult> {
    const started = performance.now()
    const { trigger, approved } = order
    const startedAt = new Date(this.options.now()).toISOString()
    const elapsed = (): number => Math.round(performance.now() - started)
    const base = { trigger, dryRun: false, startedAt, revision: null }
    const syncs = approved === null ? null : await this.prepareApproved(order, approved, signal)
    const asked = order.providers.map(({ source }) => source.slug)
    const waiting =
      trigger === 'interval'
        ? await notDue(this.options.database.until(signal), asked, this.options)
        : new Map<string, Cause>()
    if (waiting.size > 0 && waiting.size === order.providers.length) {
      const providers = order.providers.flatMap((setup) => {
        const problem = waiting.get(setup.source.slug)
        return problem === undefined ? [] : [skipped(setup, problem)]
      })
      return makeResult({ ...base, runId: null, durationMs: elapsed(), providers })
    }
    const runId = randomUUID()
    const { userId } = order
    const options = recordedOptions({ ...order, providers: asked })
    const refusal = await this.recorder.start(
      { id: runId, trigger, userId, options, providers: asked, startedAt },
      signal,
    )
    if (refusal !== null)
      return makeResult({ ...base, runId: null, durationMs: elapsed(), providers: [], problems: [refusal] })
    this.options.modelsJson?.starting(asked.filter((slug) => !waiting.has(slug)))
    const approval = approved === null ? null : { only: approved.only }
    const progress = this.beginProgress({ runId, trigger, userId, startedAt }, order)
    const carryOut = async (setup: ProviderSetup, index: number): Promise<ProviderResult> => {
      const { slug } = setup.source
      const problem = waiting.get(slug)
      if (problem !== undefined) return skipped(setup, problem)
      const sync = syncs?.[index] ?? this.startSync(order, setup, signal, (entries) => progress.read(slug, entries))
      if (syncs === null) {
        progress.enter(slug, 'fetching')
        await sync.prepare()
      }
      progress.enter(slug, 'applying')
      return sync.apply(runId, approval)
    }
    const providers = await this.each(order, signal, carryOut, (result) => progress.done(result))
    finishing()
    const warnings = (await this.options.modelsJson?.update(providers)) ?? []
    const result = await this.recorder.finish(
      runId,
      makeResult({ ...base, runId, durationMs: elapsed(), providers, warnings }),
    )
    this.progress = null
    this.events.tell('finished', result)
    return result
  }

  /** For whoever asks while the server goes: nothing was begun. */
  private closed({ trigger, dryRun }: Pick<Order, 'trigger'> & { dryRun: boolean }): SyncResult {
    const startedAt = new Date(this.options.now()).toISOString()
    const base = { runId: null, trigger, dryRun, startedAt, durationMs: 0, revision: null, providers: [] }
    return makeResult({ ...base, problems: [CLOSING] })
  }

  private isClosing(error: unknown): boolean {
    return error instanceof CancelledError && this.closing.signal.aborted
  }

  private beginProgress(run: Omit<RunProgress, 'providers'>, { providers }: Order): SyncProgress {
    const slugs = providers.map(({ source }) => source.slug)
    const progress = new SyncProgress({ ...run, providers: slugs }, (event) => this.events.tell('progress', event))
    this.progress = progress
    this.events.tell('started', progress.run)
    return progress
  }

  /** Fetches and plans everything anew. @throws StalePlanError when that is not what was approved */
  private async prepareApproved(
    order: Order,
    { planHash, only }: { planHash: string } & Approval,
    signal: AbortSignal,
  ): Promise<ProviderSync[]> {
    const syncs = order.providers.map((setup) => this.startSync(order, setup, signal))
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

  /** A dry run: writes nothing, takes no turn. */
  private async preview(order: Order, signal: AbortSignal): Promise<SyncResult> {
    const syncs = order.providers.map((setup) => this.startSync(order, setup, signal))
    return (await this.previewAll(order, syncs, signal)).result
  }

  private async previewAll(
    order: Order,
    syncs: readonly ProviderSync[],
    signal: AbortSignal,
  ): Promise<{ result: SyncResult; previews: Preview[] }> {
    const started = performance.now()
    const startedAt = new Date(this.options.now()).toISOString()
    const previews: Preview[] = []
    const providers = await this.each(order, signal, async (_setup, index) => {
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
    const planHash = await inSlices(
      hashPlan(
        {
          forceUpdate: order.forceUpdate,
          markUnavailable: order.markUnavailable,
          providers: order.providers.map(({ source }) => source.slug),
        },
        approvable,
      ),
    )
    const revision = await readRevision(this.options.database.until(signal)).catch(() => null)
    const durationMs = Math.round(performance.now() - started)
    const whole = { planHash, revision, providers: made.flatMap((preview) => preview.plan ?? []) }
    const { plan, warnings } = await inSlices(boundPlan(whole, providers))
    const result = makeResult({
      runId: null,
      trigger: order.trigger,
      dryRun: true,
      startedAt,
      durationMs,
      revision,
      providers,
      warnings,
    })
    return { result: { ...result, plan, planHash }, previews: made }
  }

  /** Side by side, bounded; a provider that needs a key or an address and has none is skipped. */
  private each(
    order: Order,
    signal: AbortSignal,
    work: (setup: ProviderSetup, index: number) => Promise<ProviderResult>,
    done: (result: ProviderResult) => void = () => undefined,
  ): Promise<ProviderResult[]> {
    const limit = pLimit(this.options.concurrency)
    return Promise.all(
      order.providers.map((setup, index) =>
        limit(async () => {
          const missing = missingOf(setup)
          const result =
            missing === null
              ? await untilAbandoned(work(setup, index), signal, () => abandoned(setup, signal))
              : skipped(setup, missing)
          done(result)
          return result
        }),
      ),
    )
  }

  private startSync(
    { forceUpdate, markUnavailable }: Order,
    setup: ProviderSetup,
    signal: AbortSignal,
    onEntries: (entries: number) => void = () => undefined,
  ): ProviderSync {
    // A provider without an address is skipped before anything is asked of it.
    const address = setup.address ?? ''
    const context = { ...this.context, database: this.context.database.until(signal) }
    return new ProviderSync(
      context,
      { ...setup, address, forceUpdate, markUnavailable, signal, onEntries },
      this.options.shelf?.(context) ?? new CatalogueShelf(context),
    )
  }
}
