/** SyncExecution: carries a sync out, and puts it on record. */
import type { Cause } from '../../core/records/problem.js'
import type { RunProgress } from '../../core/records/run-progress.js'
import type { ProviderResult, SyncResult } from '../../core/records/sync-result.js'
import { readRunResults } from '../../store/providers/run-results.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import type { Order, ProviderRuns } from './provider-runs.js'
import type { ProviderSync } from './provider-sync.js'
import { SyncProgress } from './run-progress.js'
import { takenOverFrom, type RunRecorder } from './run-recorder.js'
import { diedWith, notDue, skipped, type Schedule } from './skipped-providers.js'
import type { SyncContext } from './sync-context.js'
import type { SyncEvents } from './sync-events.js'
import type { SyncPreviews } from './sync-previews.js'
import { recordedOptions } from './sync-request.js'
import { makeResult } from './sync-result.js'
import type { Turn } from './turn.js'

/** Keeps a models.json in step with each sync. */
export interface ModelsJsonKeeper {
  /** Before a sync of these providers fetches. */
  starting(slugs: readonly string[]): void
  /** After it. @returns warnings for the result */
  update(providers: readonly ProviderResult[]): Promise<string[]>
  /** After one that another replica carried out. Throws nothing. */
  heard(): Promise<void>
  /** From now on it hears of those by itself. */
  follow(): void
  close(): Promise<void>
}

export interface SyncExecutionOptions extends Schedule, Pick<SyncContext, 'origin'> {
  database: SyncContext['database']
  runs: ProviderRuns
  previews: SyncPreviews
  recorder: RunRecorder
  events: SyncEvents
  /** `null`: there is no such file. */
  modelsJson?: ModelsJsonKeeper | null | undefined
}

export class SyncExecution {
  private progress: SyncProgress | null = null

  constructor(private readonly options: SyncExecutionOptions) {}

  /** How far the run in progress is; `null`: there is none. */
  get runProgress(): RunProgress | null {
    return this.progress?.run ?? null
  }

  /**
   * @param runId of the run, which keeps it when another replica takes it over
   * @throws what {@link SyncPreviews.prepareApproved} throws
   */
  async run(order: Order, runId: string, turn: Turn): Promise<SyncResult> {
    const { now, recorder, modelsJson, events } = this.options
    const { signal, claim } = turn
    const started = performance.now()
    const { trigger, userId } = order
    const startedAt = new Date(now()).toISOString()
    const takenOver = takenOverFrom(claim)
    const ended = (parts: Partial<Parameters<typeof makeResult>[0]>): SyncResult => {
      const durationMs = Math.round(performance.now() - started)
      return makeResult({
        ...{ runId: null, trigger, dryRun: false, startedAt, durationMs, revision: null, providers: [] },
        ...(takenOver === null ? {} : { takenOver }),
        ...parts,
      })
    }
    const kept = takenOver === null ? new Map<string, ProviderResult>() : await this.kept(runId, turn)
    const syncs = await this.approved(order, turn)
    const asked = order.providers.map(({ source }) => source.slug)
    const waiting = await this.waiting(order, asked, signal)
    if (takenOver === null && waiting.size > 0 && waiting.size === order.providers.length)
      return ended({ providers: order.providers.map((setup) => skipped(setup, waiting.get(setup.source.slug)!)) })
    const options = recordedOptions({ ...order, providers: asked })
    const refusal = await recorder.start({ id: runId, trigger, userId, options, providers: asked, startedAt }, turn)
    if (refusal !== null) return ended({ problems: [refusal] })
    modelsJson?.starting(asked.filter((slug) => !waiting.has(slug)))
    const progress = this.begin({ runId, trigger, userId, startedAt, providers: asked, replica: this.replica }, claim)
    const carryOut = async (setup: ProviderSetup, index: number): Promise<ProviderResult> => {
      const { slug } = setup.source
      const before = kept.get(slug)
      if (before !== undefined) return before
      const problem = waiting.get(slug)
      if (problem !== undefined) return skipped(setup, problem)
      // What was approved was approved for the catalogue as it was before the run.
      if (order.approved !== null && takenOver !== null) return diedWith(setup, takenOver)
      const sync =
        syncs?.[index] ?? this.options.runs.start(order, setup, turn, (entries) => progress.read(slug, entries))
      if (syncs === null) {
        progress.enter(slug, 'fetching')
        await sync.prepare()
      }
      progress.enter(slug, 'applying')
      return sync.apply(runId, order.approved === null ? null : { only: order.approved.only })
    }
    const providers = await this.options.runs.each(order, signal, carryOut, (result) => progress.done(result))
    turn.finishing()
    const warnings = (await modelsJson?.update(providers)) ?? []
    const result = await recorder.finish(runId, ended({ runId, providers, warnings }), turn)
    this.progress = null
    events.tell('finished', result)
    return result
  }

  private get replica(): string | null {
    return this.options.origin?.replica ?? null
  }

  /** What the replica that began the run had applied of it. Throws nothing: in doubt a provider is asked again. */
  private kept(runId: string, { signal }: Turn): Promise<Map<string, ProviderResult>> {
    return readRunResults(this.options.database.until(signal), runId).catch(() => new Map())
  }

  /** Ready to be applied; `null`: there is nothing that was approved. */
  private async approved(order: Order, turn: Turn): Promise<ProviderSync[] | null> {
    const { approved } = order
    if (approved === null || takenOverFrom(turn.claim) !== null) return null
    return this.options.previews.prepareApproved(order, approved, turn)
  }

  /** By slug, why it is not asked this time. */
  private async waiting({ trigger }: Order, slugs: string[], signal: AbortSignal): Promise<Map<string, Cause>> {
    return trigger === 'interval' ? notDue(this.options.database.until(signal), slugs, this.options) : new Map()
  }

  private begin(run: ConstructorParameters<typeof SyncProgress>[0], claim: Turn['claim']): SyncProgress {
    const { events } = this.options
    const progress = new SyncProgress(run, (event) => events.tell('progress', event))
    this.progress = progress
    claim?.reportBy(() => progress.run)
    events.tell('started', progress.run)
    return progress
  }
}
