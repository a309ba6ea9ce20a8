/** SyncProgress: how far a run is, provider by provider; what a page shows while it lasts. */
import type { ProviderProgress, RunProgress } from '../../core/records/run-progress.js'
import type { ProviderResult } from '../../core/records/sync-result.js'

export class SyncProgress {
  private readonly states: Map<string, ProviderProgress>

  constructor(
    private readonly options: Omit<RunProgress, 'providers'> & { providers: readonly string[] },
    private readonly tell: (event: ProviderProgress & { runId: string }) => void,
  ) {
    this.states = new Map(
      options.providers.map((provider) => [provider, { provider, state: 'waiting', entries: 0, result: null }]),
    )
  }

  /** As it is now; a copy. */
  get run(): RunProgress {
    return { ...this.options, providers: [...this.states.values()] }
  }

  enter(provider: string, state: 'fetching' | 'applying'): void {
    this.move(provider, { state })
  }

  read(provider: string, entries: number): void {
    this.move(provider, { entries: (this.states.get(provider)?.entries ?? 0) + entries })
  }

  done(result: ProviderResult): void {
    this.move(result.provider, { state: 'done', result })
  }

  private move(provider: string, change: Partial<ProviderProgress>): void {
    const known = this.states.get(provider)
    if (known === undefined) return
    const moved = { ...known, ...change }
    this.states.set(provider, moved)
    this.tell({ runId: this.options.runId, ...moved })
  }
}
