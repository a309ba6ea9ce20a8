/** Turn: a run while it is carried out, alone in this process or as the replicas' shared work. */
import type { SyncResult } from '../../core/records/sync-result.js'
import type { Claim } from '../work/claim.js'

export interface Turn {
  /** Aborted when the run should end early. */
  readonly signal: AbortSignal
  /** What its writes have to show; `null`: no other process knows of the run. */
  readonly claim: Claim | null
  /** From now on nothing is left that could be cancelled. */
  finishing(): void
  /** Of a run that ended early since this process closes: lets another replica go on with it. False: there is none, or that is not why. */
  handOn(): Promise<boolean>
}

/** What a run is asked to do, JSON: another replica may carry it out. */
export interface Asked {
  runId: string
}

export interface TurnAsked<What extends Asked = Asked> {
  kind: string
  /** Callers with one key share a turn. */
  key: string
  asked: What
}

export interface JoinOptions {
  /** The caller's own; a run ends early only when each of its callers has gone. */
  signal?: AbortSignal | undefined
  /** One that comes by itself, and waits however many others do. */
  automatic?: boolean
}

/** Runs of one catalogue follow each other. */
export interface Turns {
  /** Whether anybody of this process runs, or waits to. */
  readonly running: boolean
  /** @param carryOut throws what its callers get */
  register<What extends Asked>(kind: string, carryOut: (asked: What, turn: Turn) => Promise<SyncResult>): void
  /**
   * Joins an equal run that has not ended, else takes a turn behind the others.
   * @throws TooManyRunsError; what the run throws; CancelledError when this server closes before the turn has come
   */
  join<What extends Asked>(asked: TurnAsked<What>, options?: JoinOptions): Promise<SyncResult>
  /** Ends the run in progress early, and waits for its end, 2 seconds at most. False: there is none, or it has done all that it will do. */
  cancel(reason: Error): Promise<boolean>
  /** Ends all runs of this process early, and waits until the last has settled. */
  close(reason: Error): Promise<void>
}
