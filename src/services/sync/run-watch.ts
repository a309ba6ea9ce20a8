/** RunWatch: tells listeners how far runs are, also those of other replicas, whose rows are read while somebody listens. */
import type { RunProgress } from '../../core/records/run-progress.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import type { ModelSyncEvents, SyncEvents } from './sync-events.js'

type Told = Pick<ModelSyncEvents, 'started' | 'progress' | 'finished'>

export type RunListener = <Name extends keyof Told>(name: Name, ...args: Told[Name]) => void

export interface RunWatchOptions {
  events: SyncEvents
  /** Of the run in progress on another replica; `null`: there is none, or nothing is known of it yet. */
  readElsewhere(): Promise<RunProgress | null>
  /** Of a run that has ended; `null`: it has not. */
  readResult(runId: string): Promise<SyncResult | null>
}

const INTERVAL_MS = 500

export class RunWatch {
  private readonly listeners = new Set<RunListener>()
  private timer: NodeJS.Timeout | null = null
  private known: RunProgress | null = null
  private reading = false

  constructor(private readonly options: RunWatchOptions) {}

  /** @returns ends it */
  watch(listener: RunListener): () => void {
    const { events } = this.options
    const own = {
      started: (...args: Told['started']) => listener('started', ...args),
      progress: (...args: Told['progress']) => listener('progress', ...args),
      finished: (...args: Told['finished']) => listener('finished', ...args),
    }
    for (const name of ['started', 'progress', 'finished'] as const) events.on(name, own[name] as never)
    this.listeners.add(listener)
    if (this.known !== null) listener('started', this.known)
    if (this.timer === null) {
      this.timer = setInterval(() => void this.look(), INTERVAL_MS).unref()
      void this.look()
    }
    return () => {
      for (const name of ['started', 'progress', 'finished'] as const) events.off(name, own[name] as never)
      this.listeners.delete(listener)
      if (this.listeners.size > 0 || this.timer === null) return
      clearInterval(this.timer)
      this.timer = null
      this.known = null
    }
  }

  /** Throws nothing: a database that does not answer is asked again. */
  private async look(): Promise<void> {
    if (this.reading) return
    this.reading = true
    try {
      const now = await this.options.readElsewhere()
      const before = this.known
      if (before !== null && before.runId !== now?.runId) {
        const result = await this.options.readResult(before.runId)
        // Until its end is on record, or another replica has taken it over.
        if (result === null) return
        this.tell('finished', result)
      }
      if (now !== null && before?.runId !== now.runId) this.tell('started', now)
      else if (now !== null && before !== null) this.tellProgress(before, now)
      this.known = now
    } catch {
      // The next look says more.
    } finally {
      this.reading = false
    }
  }

  private tellProgress(before: RunProgress, { runId, providers }: RunProgress): void {
    const known = new Map(before.providers.map((provider) => [provider.provider, JSON.stringify(provider)]))
    for (const provider of providers)
      if (known.get(provider.provider) !== JSON.stringify(provider)) this.tell('progress', { runId, ...provider })
  }

  private tell<Name extends keyof Told>(name: Name, ...args: Told[Name]): void {
    for (const listener of this.listeners) listener(name, ...args)
  }
}
