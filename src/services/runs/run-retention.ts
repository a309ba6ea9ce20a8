/** RunRetention: folds runs that changed nothing by the hour, and forgets them when they are old enough; those that changed something are kept. */
import type { Database } from '../../store/database.js'
import { deleteUnchangedRuns, foldUnchangedRuns } from '../../store/runs/delete-old-runs.js'
import { SingleFlight } from '../single-flight.js'
import type { Conclusion } from '../work/held-claims.js'
import type { WorkService } from '../work/work-service.js'
import type { SyncLog } from '../log.js'

const DAY_MS = 24 * 60 * 60 * 1000
// A statement of a few milliseconds, so that nobody waits for it and a server that closes hardly does.
const BATCH = 500
const KIND = 'retention'
// A server that starts has better things to do.
const FIRST_MS = 60_000
// Between two rounds: what is left over comes next time.
const PAUSE_MS = 60 * 60 * 1000
const MOST_BATCHES = 20
// Beyond these, nobody looks at each run of a minute that changed nothing.
const UNFOLDED = 1000
const HOURS_AT_ONCE = 200

export class RunRetention {
  private readonly round = new SingleFlight(() => this.pruneBatches())
  private closed = false

  constructor(
    private readonly options: {
      database: Database
      /** How long a run that changed nothing is kept, days. */
      days: number
      log: SyncLog
      /** Wall clock, ms since 1970. */
      now(): number
    },
  ) {}

  /** From now on one of the replicas does so once an hour. @throws what the database throws */
  async start(work: Pick<WorkService, 'register' | 'ask'>): Promise<void> {
    work.register(KIND, { most: 1, carryOut: () => this.carryOut() })
    await work.ask({ kind: KIND, key: 'runs', asked: null, dueInMs: FIRST_MS })
  }

  /** @returns how many rows were removed, folded ones included. @throws what the database throws */
  prune(): Promise<number> {
    if (this.closed) return Promise.resolve(0)
    return this.round.run()
  }

  /** Waits for the batch under way, and begins no other. */
  async close(): Promise<void> {
    this.closed = true
    await this.round.running?.catch(() => undefined)
  }

  private async carryOut(): Promise<Conclusion> {
    const { log, now } = this.options
    await this.prune().catch((error: Error) =>
      log.warn({ err: error }, 'Old runs could not be removed; in an hour it is tried again'),
    )
    return { nextDueAt: now() + PAUSE_MS }
  }

  private async pruneBatches(): Promise<number> {
    const before = new Date(this.options.now() - this.options.days * DAY_MS).toISOString()
    let removed = 0
    for (const table of ['sync_runs', 'user_runs'] as const)
      for (let batch = 0; batch < MOST_BATCHES && !this.closed; batch++) {
        const deleted = await deleteUnchangedRuns(this.options.database, table, { before, limit: BATCH })
        removed += deleted
        if (deleted < BATCH) break
      }
    if (removed > 0) this.options.log.info({ removed, before }, 'Old runs that changed nothing were removed')
    return removed + (await this.fold())
  }

  private async fold(): Promise<number> {
    let folded = 0
    for (const table of ['sync_runs', 'user_runs'] as const)
      for (let batch = 0; batch < MOST_BATCHES && !this.closed; batch++) {
        const gone = await foldUnchangedRuns(this.options.database, table, { keep: UNFOLDED, groups: HOURS_AT_ONCE })
        folded += gone
        if (gone === 0) break
      }
    if (folded > 0) this.options.log.info({ folded }, 'Runs that changed nothing were folded by the hour')
    return folded
  }
}
