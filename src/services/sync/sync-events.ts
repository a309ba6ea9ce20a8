/** SyncEvents: who is told what a sync does. */
import { EventEmitter } from 'node:events'
import { pauses } from '../../pauses.js'
import type { AppliedEvent } from './sync-context.js'
import type { AppliedChange, CommittedChange } from '../applied-changes.js'
import type { SyncLog } from '../log.js'
import type { ProviderProgress, RunProgress } from '../../core/records/run-progress.js'
import type { SyncResult } from '../../core/records/sync-result.js'

export interface ModelSyncEvents {
  /** A run has been recorded and begins. */
  started: [run: RunProgress]
  /** One provider of a run is further than before. */
  progress: [event: ProviderProgress & Pick<RunProgress, 'runId'>]
  /** After a provider's transaction has been committed. */
  applied: [event: AppliedEvent]
  /** One change that this process has committed, by a run or by hand. */
  change: [change: CommittedChange]
  /** A run has ended, whatever came of it. */
  finished: [result: SyncResult]
}

export class SyncEvents extends EventEmitter<ModelSyncEvents> {
  constructor(private readonly log: Pick<SyncLog, 'error'>) {
    super()
    // Each open page listens.
    this.setMaxListeners(0)
  }

  /** @param describe not called where nobody listens: a first sync has a hundred thousand changes. Throws nothing */
  async tellApplied(
    { provider, runId }: Omit<AppliedEvent, 'changes'>,
    describe: () => Promise<AppliedEvent['changes']>,
  ): Promise<void> {
    if (this.listenerCount('applied') + this.listenerCount('change') === 0) return
    const changes = await describe()
    if (changes.length === 0) return
    this.tell('applied', { provider, runId, changes })
    const rest = pauses()
    if (this.listenerCount('change') > 0)
      for (const change of changes) {
        const pause = rest()
        if (pause !== undefined) await pause
        this.tellChange(provider, runId, change)
      }
  }

  /** Of changes by hand. Throws nothing. */
  tellChanges(provider: string, runId: string | null, changes: readonly AppliedChange[]): void {
    for (const change of changes) this.tellChange(provider, runId, change)
  }

  /** What no read returns (upstream's word beneath a pin) is no change for a listener. */
  private tellChange(provider: string, runId: string | null, change: AppliedChange): void {
    if (change.field?.startsWith('upstream.') === true) return
    const { modelId, kind, field, from, to } = change
    this.tell('change', { provider, runId, modelId, kind, field, from, to })
  }

  /** Throws nothing: a listener's error is its own, since what it is told of has happened. */
  tell<Name extends keyof ModelSyncEvents>(name: Name, ...args: ModelSyncEvents[Name]): void {
    const failed = (error: unknown): void => this.log.error({ err: error }, `A listener of the ${name} event failed`)
    // One by one, so that the others are told all the same.
    for (const listener of this.rawListeners(name) as ((...args: ModelSyncEvents[Name]) => unknown)[]) {
      try {
        Promise.resolve(listener.apply(this, args)).catch(failed)
      } catch (error) {
        failed(error)
      }
    }
  }
}
