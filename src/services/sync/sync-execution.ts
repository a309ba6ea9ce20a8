/** SyncExecution: carries a sync out, and puts it on record. */
import { randomUUID } from 'node:crypto'
import type { Cause } from '../../core/records/problem.js'
import type { RunProgress } from '../../core/records/run-progress.js'
import type { ProviderResult, SyncResult } from '../../core/records/sync-result.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import type { Order, ProviderRuns } from './provider-runs.js'
import { SyncProgress } from './run-progress.js'
import type { RunRecorder } from './run-recorder.js'
import { notDue, skipped, type Schedule } from './skipped-providers.js'
import type { SyncContext } from './sync-context.js'
import type { SyncEvents } from './sync-events.js'
import type { SyncPreviews } from './sync-previews.js'
import { recordedOptions } from './sync-request.js'
import { makeResult } from './sync-result.js'

/** Keeps a models.json in step with each sync. */
export interface ModelsJsonKeeper {
  /** Before a sync of these providers fetches. */
  starting(slugs: readonly string[]): void
  /** After it. @returns warnings for the result */
  update(providers: readonly ProviderResult[]): Promise<string[]>
}

export interface SyncExecutionOptions extends Schedule {
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
   * @param finishing called when nothing is left that could be cancelled
   * @throws what {@link SyncPreviews.prepareApproved} throws
   */
  async run(order: Order, signal: AbortSignal, finishing: () => void): Promise<SyncResult> {
    const { now, previews, recorder, modelsJson, events } = this.options
    const started = performance.now()
    const { trigger, approved, userId } = order
    const startedAt = new Date(now()).toISOString()
    const ended = (parts: Partial<Parameters<typeof makeResult>[0]>): SyncResult => {
      const durationMs = Math.round(performance.now() - started)
      return makeResult({
        ...{ runId: null, trigger, dryRun: false, startedAt, durationMs, revision: null, providers: [] },
        ...parts,
      })
    }
    const syncs = approved === null ? null : await previews.prepareApproved(order, approved, signal)
    const asked = order.providers.map(({ source }) => source.slug)
    const waiting = await this.waiting(order, asked, signal)
    if (waiting.size > 0 && waiting.size === order.providers.length)
      return ended({ providers: order.providers.map((setup) => skipped(setup, waiting.get(setup.source.slug)!)) })
    const runId = randomUUID()
    const options = recordedOptions({ ...order, providers: asked })
    const refusal = await recorder.start({ id: runId, trigger, userId, options, providers: asked, startedAt }, signal)
    if (refusal !== null) return ended({ problems: [refusal] })
    modelsJson?.starting(asked.filter((slug) => !waiting.has(slug)))
    const progress = this.begin({ runId, trigger, userId, startedAt, providers: asked })
    const carryOut = async (setup: ProviderSetup, index: number): Promise<ProviderResult> => {
      const { slug } = setup.source
      const problem = waiting.get(slug)
      if (problem !== undefined) return skipped(setup, problem)
      const sync =
        syncs?.[index] ?? this.options.runs.start(order, setup, signal, (entries) => progress.read(slug, entries))
      if (syncs === null) {
        progress.enter(slug, 'fetching')
        await sync.prepare()
      }
      progress.enter(slug, 'applying')
      return sync.apply(runId, approved === null ? null : { only: approved.only })
    }
    const providers = await this.options.runs.each(order, signal, carryOut, (result) => progress.done(result))
    finishing()
    const warnings = (await modelsJson?.update(providers)) ?? []
    const result = await recorder.finish(runId, ended({ runId, providers, warnings }))
    this.progress = null
    events.tell('finished', result)
    return result
  }

  /** By slug, why it is not asked this time. */
  private async waiting({ trigger }: Order, slugs: string[], signal: AbortSignal): Promise<Map<string, Cause>> {
    return trigger === 'interval' ? notDue(this.options.database.until(signal), slugs, this.options) : new Map()
  }

  private begin(run: ConstructorParameters<typeof SyncProgress>[0]): SyncProgress {
    const { events } = this.options
    const progress = new SyncProgress(run, (event) => events.tell('progress', event))
    this.progress = progress
    events.tell('started', progress.run)
    return progress
  }
}
