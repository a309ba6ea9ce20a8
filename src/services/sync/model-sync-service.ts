/** ModelSyncService: the one place where a sync happens, whatever started it. */
import { randomUUID } from 'node:crypto'
import { describeUnknownProvider } from '../../core/input/unknown-provider.js'
import { causeOf, type Cause } from '../../core/records/problem.js'
import { describeProblem } from '../../core/records/problem-text.js'
import type { RunProgress } from '../../core/records/run-progress.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import { CancelledError, ClosingError, DatabaseError, failure, UnknownProviderError } from '../../errors.js'
import type { RunsTable } from '../../store/runs/run-rows.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import type { DryRuns } from './dry-runs.js'
import { ProviderRuns } from './provider-runs.js'
import { RunRecorder } from './run-recorder.js'
import { OwnTurns } from './own-turns.js'
import { SharedTurns } from './shared-turns.js'
import type { Schedule } from './skipped-providers.js'
import type { SyncContext } from './sync-context.js'
import { SyncEvents } from './sync-events.js'
import { SyncExecution, type ModelsJsonKeeper } from './sync-execution.js'
import { SyncPreviews } from './sync-previews.js'
import { isAutomatic, keyOf, readRequest, type SyncOptions, type SyncRequest } from './sync-request.js'
import type { Asked, JoinOptions, Turn, TurnAsked, Turns } from './turn.js'
import type { WorkService } from '../work/work-service.js'
import { makeResult } from './sync-result.js'
import type { Shelf } from './sync-target.js'

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
  /** Where replicas share runs; `null`, the default: no other process knows of them. */
  work?: WorkService | null
  /** Those in progress, of all services of this process. */
  dryRuns: DryRuns<SyncResult>
  /** Where models are kept; default: in the catalogue. */
  shelf?: (context: SyncContext) => Shelf
  /** Where runs are kept. Default `sync_runs`. */
  runsTable?: RunsTable
  /** `null`: there is no such file. */
  modelsJson?: ModelsJsonKeeper | null
}

/** What is asked of whichever replica carries the run out. */
interface AskedRun extends Asked {
  request: Omit<SyncRequest, 'approved'> & { approved: { planHash: string; only: readonly string[] | null } | null }
}

/** Of the catalogue's runs. */
export const CATALOGUE_LANE = 'catalogue'

const CLOSING: Cause = { code: 'cancelled', facts: { by: 'closing' } }

export class ModelSyncService {
  readonly events: SyncEvents
  readonly recorder: RunRecorder
  private readonly turns: Turns
  private readonly closing = new AbortController()
  /** What every transaction of this service runs in: the host's hooks, and who is told afterwards. */
  readonly context: SyncContext
  private readonly execution: SyncExecution
  private readonly previews: SyncPreviews
  /** Keeps dry runs with other keys of a user apart. */
  private readonly id = randomUUID()

  constructor(private readonly options: ModelSyncServiceOptions) {
    const { maxRunMs, work = null, modelsJson } = options
    const elsewhere = async (): Promise<void> => modelsJson?.heard()
    this.turns =
      work === null ? new OwnTurns(maxRunMs) : new SharedTurns({ work, lane: CATALOGUE_LANE, maxRunMs, elsewhere })
    this.turns.register<AskedRun>('run', (asked, turn) => this.carryOut(asked, turn))
    this.events = new SyncEvents(options.log)
    this.context = { ...options, applied: (event, changes) => this.events.tellApplied(event, changes) }
    this.recorder = new RunRecorder({ ...options, wait: (ms) => options.fetching.wait(ms, this.closing.signal) })
    const { concurrency, shelf } = options
    const runs = new ProviderRuns({ context: this.context, concurrency, shelf })
    this.previews = new SyncPreviews(this.context, runs)
    const { previews, recorder, events } = this
    this.execution = new SyncExecution({ ...options, runs, previews, recorder, events })
  }

  /** Whether a run is in progress in this process, or waited for. */
  get running(): boolean {
    return this.turns.running
  }

  /** How far the run in progress in this process is; `null`: there is none. */
  get runProgress(): RunProgress | null {
    return this.execution.runProgress
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
        work: (aborted) => this.previews.preview(order, AbortSignal.any([this.closing.signal, aborted])),
        signal,
      })
    const { approved } = request
    const only = approved?.only == null ? null : [...approved.only]
    const asked: AskedRun = {
      runId: randomUUID(),
      request: { ...request, approved: approved === null ? null : { ...approved, only } },
    }
    try {
      return await this.turns.join({ kind: 'run', key, asked }, { signal, automatic: isAutomatic(request) })
    } catch (error) {
      if (this.isClosing(error)) return this.closed(request)
      // A run that cannot even be asked for is one that could not be started.
      if (causeOf(error as Error)?.code === 'database' || error instanceof DatabaseError)
        return this.without(request, this.recorder.refused(error as Error))
      throw error
    }
  }

  /** What else takes turns with syncs. @see Turns.register */
  registerTurns<What extends Asked>(kind: string, carryOut: (asked: What, turn: Turn) => Promise<SyncResult>): void {
    this.turns.register(kind, carryOut)
  }

  /** Takes a turn of such a kind: no sync runs meanwhile. @throws TooManyRunsError; ClosingError; what the turn throws */
  async takeTurn<What extends Asked>(asked: TurnAsked<What>, options?: JoinOptions): Promise<SyncResult> {
    if (this.closing.signal.aborted) throw new ClosingError(describeProblem(CLOSING))
    try {
      return await this.turns.join(asked, options)
    } catch (error) {
      throw this.isClosing(error) ? new ClosingError(describeProblem(CLOSING)) : error
    }
  }

  private carryOut({ runId, request }: AskedRun, turn: Turn): Promise<SyncResult> {
    const { approved } = request
    const only = approved?.only == null ? null : new Set(approved.only)
    const order = {
      ...request,
      approved: approved === null ? null : { ...approved, only },
      providers: request.providers.map((slug) => this.findProvider(slug)),
    }
    return this.execution.run(order, runId, turn)
  }

  /** Ends the run in progress, on whichever replica: what is not yet applied is not applied. False when there is none. */
  cancel(): Promise<boolean> {
    return this.turns.cancel(failure({ code: 'cancelled', facts: { by: 'person' } }))
  }

  /** Ends all runs early, whatever they wait for, and waits until they are on record. */
  async close(): Promise<void> {
    const reason = failure(CLOSING)
    this.closing.abort(reason)
    await this.turns.close(reason)
  }

  /** @throws UnknownProviderError that names those there are */
  findProvider(slug: string): ProviderSetup {
    const found = this.options.providers.find(({ source }) => source.slug === slug)
    if (found !== undefined) return found
    const known = this.options.providers.map(({ source }) => source.slug)
    throw new UnknownProviderError(describeUnknownProvider(slug, known))
  }

  /** For whoever asks while the server goes: nothing was begun. */
  private closed(request: Pick<SyncRequest, 'trigger' | 'dryRun'>): SyncResult {
    return this.without(request, CLOSING)
  }

  private without({ trigger, dryRun }: Pick<SyncRequest, 'trigger' | 'dryRun'>, problem: Cause): SyncResult {
    const startedAt = new Date(this.options.now()).toISOString()
    const base = { runId: null, trigger, dryRun, startedAt, durationMs: 0, revision: null, providers: [] }
    return makeResult({ ...base, problems: [problem] })
  }

  private isClosing(error: unknown): boolean {
    return error instanceof CancelledError && this.closing.signal.aborted
  }
}
