/** SignsOfLife: while this process runs a sync, its row says so again and again, so that nobody takes the run for a dead one. */
import type { Database, PooledDatabase } from '../../store/database.js'
import { showAlive } from '../../store/runs/dead-runs.js'
import type { RunsTable } from '../../store/runs/run-rows.js'

const EVERY_MS = 15_000
/** From then on a run without a sign of life counts as dead: four signs are missing. */
export const SILENCE_MS = 60_000

export interface SignsOfLifeOptions {
  database: PooledDatabase
  table: RunsTable
  /** Default 15,000. */
  everyMs?: number | undefined
}

export class SignsOfLife {
  private readonly database: Database
  private readonly signals: readonly AbortSignal[]
  private readonly timers = new Map<string, NodeJS.Timeout>()

  constructor(private readonly options: SignsOfLifeOptions) {
    const { timeoutMs = null, signals = [] } = options.database.pool.bounds ?? {}
    this.signals = signals
    // Without the limit of syncs, whose transactions it must not wait for.
    this.database = options.database.within({ timeoutMs, signals })
  }

  /** Until {@link end}, or until the run is over or the server closed. Throws nothing, nor later: the next sign comes soon. */
  begin(runId: string): void {
    const { everyMs = EVERY_MS, table } = this.options
    let waits = false
    const show = async (): Promise<void> => {
      if (this.signals.some(({ aborted }) => aborted)) return this.end(runId)
      if (waits) return
      waits = true
      const goesOn = await showAlive(this.database, table, runId).catch(() => true)
      if (!goesOn) this.end(runId)
      waits = false
    }
    this.timers.set(runId, setInterval(() => void show(), everyMs).unref())
  }

  end(runId: string): void {
    clearInterval(this.timers.get(runId))
    this.timers.delete(runId)
  }
}
