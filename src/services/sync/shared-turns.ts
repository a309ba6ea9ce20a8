/** SharedTurns: the turns of runs that the replicas of a catalogue share: one at a time, wherever they were asked for. */
import { hash } from 'node:crypto'
import type { SyncResult } from '../../core/records/sync-result.js'
import { failure } from '../../errors.js'
import { waitWithin } from '../../wait-within.js'
import type { Claim } from '../work/claim.js'
import type { Conclusion } from '../work/held-claims.js'
import type { Settled } from '../work/waiters.js'
import type { WorkService } from '../work/work-service.js'
import { MOST_WAITING, earlyEnd, tooManyWaiting } from './run-queue.js'
import { outcomeOf, resultIn, type RunOutcome } from './run-outcome.js'
import type { Asked, JoinOptions, Turn, TurnAsked, Turns } from './turn.js'

export interface SharedTurnsOptions {
  work: WorkService
  /** All runs of one lane follow each other. */
  lane: string
  /** How long a run may take, ms. Default: as long as it takes. */
  maxRunMs?: number | undefined
  /** Waited for before the callers of this process hear of a run that another has carried out. Throws nothing. */
  elsewhere(): Promise<void>
}

/** A run that this process carries out. */
interface Here {
  abort: AbortController
  finishing: boolean
}

/** What the work's value is, for callers of this process: their run's own result or error. */
type Value = () => SyncResult

// Whoever cancels waits no longer.
const CANCEL_MS = 2000
// A database that does not answer must not keep a run from ending that nobody wants.
const LEAVE_MS = 500
const ORDER_MS = 500
const LONGEST_KEY = 500

export class SharedTurns implements Turns {
  private readonly here = new Map<number, Here>()
  private calls = 0
  private asking: Promise<unknown> = Promise.resolve()
  private closed: Error | null = null

  constructor(private readonly options: SharedTurnsOptions) {}

  get running(): boolean {
    return this.calls > 0 || this.here.size > 0
  }

  register<What extends Asked>(kind: string, carryOut: (asked: What, turn: Turn) => Promise<SyncResult>): void {
    this.options.work.register(kind, {
      most: 1,
      carryOut: (claim) => this.carryOut(claim, (turn) => carryOut(claim.row.asked as What, turn)),
    })
  }

  async join({ kind, key, asked }: TurnAsked, { signal, automatic = false }: JoinOptions = {}): Promise<SyncResult> {
    const { work, lane } = this.options
    this.calls += 1
    try {
      const mostWaiting = automatic ? null : MOST_WAITING
      const row = await this.inOrder(() => work.ask({ kind, key: shortened(key), asked, lane, mostWaiting }))
      if (row === null) throw tooManyWaiting(MOST_WAITING)
      const stop = this.follow(row.id, signal)
      try {
        const settled = await work.waitFor(row.id)
        if (!settled.here) await this.options.elsewhere()
        return valueOf(settled)
      } catch (error) {
        // Nobody of this process is there to hear of it.
        if (this.closed !== null) await work.leave(row.id, { cancels: false })
        throw error
      } finally {
        stop()
      }
    } finally {
      this.calls -= 1
    }
  }

  async cancel(reason: Error): Promise<boolean> {
    const { work, lane } = this.options
    const [own] = this.here
    if (own !== undefined) {
      const [id, turn] = own
      if (turn.finishing) return false
      const ended = work.waitFor(id).catch(() => undefined)
      endEarly(turn, reason)
      // So that whoever asks for the same from now on does not join it; a database that does not answer changes nothing here.
      void work.cancel(lane).catch(() => undefined)
      await within(ended, CANCEL_MS)
      return true
    }
    const [id] = await work.cancel(lane)
    if (id === undefined) return false
    const ended = await within(work.waitFor(id), CANCEL_MS)
    return ended === undefined || ended.here || ended.cancelled
  }

  async close(reason: Error): Promise<void> {
    this.closed = reason
    const ended = [...this.here].map(([id, turn]) => {
      const waits = this.options.work.waitFor(id).catch(() => undefined)
      endEarly(turn, reason)
      return waits
    })
    await Promise.all(ended)
  }

  private async carryOut(claim: Claim, work: (turn: Turn) => Promise<SyncResult>): Promise<Conclusion> {
    const { maxRunMs } = this.options
    const here: Here = { abort: new AbortController(), finishing: false }
    this.here.set(claim.id, here)
    const onSignal = (): void => {
      if (claim.isLost || !here.finishing) here.abort.abort(claim.signal.reason)
    }
    claim.signal.addEventListener('abort', onSignal, { once: true })
    if (claim.signal.aborted) onSignal()
    if (this.closed !== null) endEarly(here, this.closed)
    const tooLong = (): void => here.abort.abort(failure({ code: 'run-too-long', facts: { maxRunMs: maxRunMs ?? 0 } }))
    const timer = maxRunMs === undefined ? undefined : setTimeout(tooLong, maxRunMs)
    const { signal } = here.abort
    try {
      const result = await work({
        signal,
        claim,
        finishing: () => void (here.finishing = true),
        handOn: async () =>
          signal.aborted && signal.reason === this.closed && !claim.isLost && (await this.options.work.handOn(claim)),
      })
      return this.conclude(claim, here, () => result, { result })
    } catch (error) {
      const thrown: Value = () => {
        throw error
      }
      return this.conclude(claim, here, thrown, outcomeOf(error))
    } finally {
      clearTimeout(timer)
      claim.signal.removeEventListener('abort', onSignal)
      this.here.delete(claim.id)
    }
  }

  private conclude(claim: Claim, { abort, finishing }: Here, value: Value, outcome: RunOutcome): Conclusion {
    const cancelled = abort.signal.aborted && !finishing
    return { value, outcome, cancelled, isRecorded: claim.ending }
  }

  /** One after the other, since statements on two connections arrive in any order; whoever is kept waiting for long does not keep the others. */
  private async inOrder<T>(ask: () => Promise<T>): Promise<T> {
    const before = this.asking
    const asked = within(before, ORDER_MS).then(ask)
    this.asking = asked.then(
      () => undefined,
      () => undefined,
    )
    return asked
  }

  /** Leaves when the caller goes. @returns ends it */
  private follow(id: number, signal: AbortSignal | undefined): () => void {
    if (signal === undefined) return () => undefined
    const leave = (): void => void this.leave(id, signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    return () => signal.removeEventListener('abort', leave)
  }

  private async leave(id: number, reason: unknown): Promise<void> {
    // A run that ends since this process closes is handed on, if it can be.
    if (this.closed !== null) return
    const isLast = await within(this.options.work.leave(id), LEAVE_MS)
    const turn = this.here.get(id)
    if (turn !== undefined && isLast !== false) endEarly(turn, reason)
  }
}

function valueOf(settled: Settled): SyncResult {
  return settled.here ? (settled.value as Value)() : resultIn(settled.outcome as RunOutcome | null)
}

function endEarly({ abort }: Here, reason: unknown): void {
  abort.abort(earlyEnd(reason))
}

/** `undefined`: it took longer. */
function within<T>(pending: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  return waitWithin(pending, { timeoutMs, overdue: () => undefined }).catch(() => undefined)
}

/** A key may name many providers, and an index takes only so much. */
function shortened(key: string): string {
  return key.length > LONGEST_KEY ? hash('sha256', key, 'hex') : key
}
