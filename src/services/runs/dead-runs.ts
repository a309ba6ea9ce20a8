/** DeadRuns: ends runs whose process died before it could. */
import type { Cause } from '../../core/records/problem.js'
import { hostname } from 'node:os'
import { TRIGGERS, type Trigger } from '../../core/records/run-words.js'
import { endRun, readOpenRuns, type OpenRun } from '../../store/runs/dead-runs.js'
import type { Database } from '../../store/database.js'
import { SILENCE_MS } from '../sync/signs-of-life.js'
import { SingleFlight } from '../single-flight.js'
import type { SyncLog } from '../log.js'
import { makeResult } from '../sync/sync-result.js'

export interface DeadRunsOptions {
  database: Database
  log: SyncLog
  /** How runs of this process are named. */
  replica: string
  /** The database's time, ms since 1970, as runs are stamped with it. */
  now(): number
  /** No other process can be at work on this database. Default false. */
  alone?: boolean
  /** Whether a process of this host runs. Default: asks the system. */
  isAlive?(pid: number): boolean
}

// A process that starts where another has just died asks again when the silence of that one is long enough.
const AGAIN_MS = SILENCE_MS + 5000
const TABLES = ['sync_runs', 'user_runs'] as const
const MINUTE_MS = 60_000

export class DeadRuns {
  private lastAt = -Infinity
  private readonly ending = new SingleFlight(() => this.endAll())
  private again: NodeJS.Timeout | undefined

  constructor(private readonly options: DeadRunsOptions) {}

  /** When this process starts: those of its predecessor, and those whose time is over. Throws nothing. */
  endAtStart(): Promise<void> {
    this.again = setTimeout(() => void this.end(), AGAIN_MS).unref()
    return this.end()
  }

  /** The same, once a minute at most, behind the caller's back. Throws nothing. */
  endSometimes(): void {
    if (performance.now() - this.lastAt >= MINUTE_MS) void this.end()
  }

  async close(): Promise<void> {
    clearTimeout(this.again)
    await this.ending.running
  }

  private end(): Promise<void> {
    this.lastAt = performance.now()
    return this.ending.run()
  }

  private async endAll(): Promise<void> {
    const { log } = this.options
    const isDead = (run: OpenRun): boolean =>
      run.overdue ||
      (this.options.alone === true && this.isOlder(run)) ||
      (this.isPredecessor(run) && run.silentMs >= SILENCE_MS)
    try {
      for (const table of TABLES)
        for (const run of (await readOpenRuns(this.options.database, table)).filter(isDead)) {
          await endRun(this.options.database, table, { runId: run.runId, result: resultOf(run) })
          log.warn({ runId: run.runId, replica: run.replica }, 'A sync had no end, since its process is gone; ended it')
        }
    } catch (error) {
      log.warn({ err: error }, 'Syncs that had no end could not be looked for; a later sync does it')
    }
  }

  /**
   * Whether it looks so: by an operator's name, which is meant for one process at a time, or by host name and process id, which a container uses
   * again. Neither is a proof, since two containers may share both, so that a run must be silent as well.
   */
  private isPredecessor(run: OpenRun): boolean {
    const { replica } = run
    if (replica === this.options.replica) return this.isOlder(run)
    const [, host, pid] = /^(.+):(\d+)$/.exec(replica ?? '') ?? []
    return host === hostname() && !(this.options.isAlive ?? isAlive)(Number(pid))
  }

  /** Than this process. */
  private isOlder({ startedAt }: OpenRun): boolean {
    return Date.parse(startedAt) < this.options.now() - process.uptime() * 1000
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function resultOf({ runId, trigger, startedAt, providers, replica }: OpenRun): object {
  const died: Cause = { code: 'run-died', facts: { replica } }
  return makeResult({
    runId,
    trigger: TRIGGERS.find((known) => known === trigger) ?? ('manual' satisfies Trigger),
    dryRun: false,
    startedAt,
    durationMs: 0,
    revision: null,
    providers: [],
    problems: providers.length === 0 ? [died] : providers.map((provider) => ({ provider, ...died })),
  })
}
