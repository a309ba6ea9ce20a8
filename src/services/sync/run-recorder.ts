/** RunRecorder: puts runs on record, and the database's refusal into their results. */
import type { Trigger } from '../../core/records/run-words.js'
import type { Cause } from '../../core/records/problem.js'
import { CancelledError, LeaseLostError } from '../../errors.js'
import type { PooledDatabase } from '../../store/database.js'
import { sqlStateOf } from '../../store/connection/sql-state.js'
import { finishRun, insertRun, type RunsTable, type StartedRun } from '../../store/runs/run-rows.js'
import { inWords } from './in-words.js'
import { problemOf } from './provider-problem.js'
import { SignsOfLife } from './signs-of-life.js'
import type { SyncContext } from './sync-context.js'
import type { Turn } from './turn.js'
import { withProblem } from './sync-result.js'
import type { SyncCounters, SyncResult } from '../../core/records/sync-result.js'

// A server that restarts takes a moment; a run that happened should be on record.
const RECORD_ATTEMPTS = 3
const RECORD_PAUSE_MS = 250
// One small statement, for which whoever asked for the sync waits.
const RECORD_TIMEOUT_MS = 2000
// After that nobody waits, and it is tried for some ten minutes more: 5 s, 10 s, 20 s, …
const LATER_ATTEMPTS = 14
const FIRST_LATER_PAUSE_MS = 5000
const LONGEST_LATER_PAUSE_MS = 60_000
const DEFAULT_MAX_RUN_MS = 60 * 60_000
// A run that is ended at its time still has to end, and to be put on record.
const DEADLINE_MARGIN_MS = 5 * 60_000

export interface RunRecorderOptions extends Pick<SyncContext, 'database' | 'log' | 'now' | 'origin'> {
  /** Ms; ends early when the server closes. Throws nothing. */
  wait(ms: number): Promise<void>
  /** How long a run may take, ms. Default an hour. */
  maxRunMs?: number
  /** Default `sync_runs`. */
  runsTable?: RunsTable
  /** Between two signs of life of a run, ms. Default 15,000. */
  aliveEveryMs?: number
}

export type RunStart = Omit<StartedRun, 'appVersion' | 'replica' | 'maxMs' | 'takenOver'> & { trigger: Trigger }

export class RunRecorder {
  /** What the database refused in the last run, in one line; `null`: nothing. */
  refusal: string | null = null
  private readonly database: PooledDatabase
  private readonly life: SignsOfLife

  constructor(private readonly options: RunRecorderOptions) {
    const { database, runsTable: table = 'sync_runs', aliveEveryMs: everyMs } = options
    this.life = new SignsOfLife({ database, table, everyMs })
    // Without the limit of syncs: the end of a run should not wait for the others.
    this.database = database.within({ timeoutMs: RECORD_TIMEOUT_MS, signals: this.signals })
  }

  /** Why the run could not be started, or `null`. */
  async start(run: RunStart, turn: Turn): Promise<Cause | null> {
    try {
      await this.insert(run, turn)
      return null
    } catch (error) {
      return this.refused(error as Error)
    }
  }

  /** Why a run that could not be started was not. */
  refused(error: Error): Cause {
    if (error instanceof LeaseLostError) return problemOf(error)
    if (error instanceof CancelledError) {
      const cause = problemOf(error)
      return { ...cause, facts: { ...cause.facts, step: 'start' } } as Cause
    }
    this.options.log.error({ err: error }, 'The database refused to start a sync')
    const cause = refusedAt('start', error)
    this.refusal = inWords(cause).message
    return cause
  }

  /** @throws what the database throws */
  async insert(run: RunStart, { signal, claim }: Turn): Promise<void> {
    const { appVersion = null, replica = null } = this.options.origin ?? {}
    const { maxRunMs = DEFAULT_MAX_RUN_MS } = this.options
    const database = this.options.database.until(signal)
    await insertRun(
      claim === null ? database : database.fenced(claim),
      { ...run, appVersion, replica, maxMs: maxRunMs + DEADLINE_MARGIN_MS, takenOver: takenOverFrom(claim) },
      this.options.runsTable,
    )
    // A lease says the same of those that replicas share.
    if (claim === null) this.life.begin(run.id)
  }

  /**
   * Puts the result on record, unless another replica goes on with the run. Throws nothing: a database that refuses is one more error in the result,
   * and is asked again behind the caller's back.
   */
  async finish(id: string, result: SyncResult, turn: Turn): Promise<SyncResult> {
    const { claim } = turn
    if (claim?.isLost === true) return lostIn(result)
    if (await turn.handOn()) return result
    const finishedAt = new Date(this.options.now()).toISOString()
    const { durationMs, success } = result
    // What only a user's key has shown is in no changelog.
    const changed = this.options.runsTable === 'user_runs' ? hasChanges(result) : null
    const cancelled = result.problems.some(({ code }) => code === 'cancelled')
    const run = { id, finishedAt, durationMs, success, changed, cancelled, result }
    const table = this.options.runsTable
    const fenced = claim === null ? this.database : this.database.fenced(claim)
    for (let attempt = 1; ; attempt++) {
      try {
        const revision = await finishRun(fenced, run, table)
        if (claim !== null) claim.ending = true
        this.life.end(id)
        this.refusal = refusedIn(result)
        return { ...result, revision }
      } catch (error) {
        if (error instanceof LeaseLostError) return lostIn(result)
        if (attempt < RECORD_ATTEMPTS) {
          await this.options.wait(RECORD_PAUSE_MS * attempt).catch(() => undefined)
          continue
        }
        this.options.log.error({ err: error, runId: id }, 'The database refused to record a sync; trying again')
        const cause = refusedAt('record', error as Error)
        const { message } = inWords(cause)
        this.refusal = message
        if (claim !== null) this.life.begin(id)
        const record = (): Promise<number> => finishRun(this.database, { ...run, carriedOutAs: claim }, table)
        void this.finishLater(id, record, () => {
          // A run that came later has its own to say.
          if (this.refusal === message) this.refusal = refusedIn(result)
        })
        return withProblem(result, cause)
      }
    }
  }

  private get signals(): readonly AbortSignal[] {
    return this.options.database.pool.bounds?.signals ?? []
  }

  /** Gives up when the server closes: the next start ends the run. Throws nothing. */
  private async finishLater(id: string, record: () => Promise<number>, recorded: () => void): Promise<void> {
    const { log, wait } = this.options
    for (let attempt = 0; attempt < LATER_ATTEMPTS; attempt++) {
      const pause = Math.min(FIRST_LATER_PAUSE_MS * 2 ** attempt, LONGEST_LATER_PAUSE_MS)
      const waited = await wait(pause).then(
        () => true,
        () => false,
      )
      if (!waited || this.signals.some(({ aborted }) => aborted)) return this.life.end(id)
      try {
        await record()
        this.life.end(id)
        recorded()
        return log.info({ runId: id }, 'The end of a sync is on record now')
      } catch (error) {
        if (error instanceof LeaseLostError) return this.life.end(id)
        log.debug({ err: error, runId: id }, 'The database still refuses to record a sync')
      }
    }
    this.life.end(id)
    log.error({ runId: id }, 'The end of a sync could not be recorded')
  }
}

/** Name of the replica that began the run; `null`: this one. */
export function takenOverFrom(claim: Turn['claim']): string | null {
  return claim !== null && claim.row.attempts > 1 ? claim.row.beganBy : null
}

function lostIn(result: SyncResult): SyncResult {
  const lost: Cause = { code: 'lease-lost', facts: {} }
  return { ...withProblem(result, lost), runId: result.runId }
}

function refusedAt(step: 'start' | 'record', error: Error): Cause {
  return { code: 'database', facts: { sqlState: sqlStateOf(error), step, said: error.message } }
}

function refusedIn({ providers }: SyncResult): string | null {
  const refused = providers.find(({ reason }) => reason === 'database')
  return refused === undefined ? null : `${refused.provider}: ${refused.error ?? ''}`
}

function hasChanges(counts: SyncCounters): boolean {
  const { newModels, updatedModels, unavailableModels, restoredModels, renamedModels } = counts
  return newModels + updatedModels + unavailableModels + restoredModels + renamedModels > 0
}
