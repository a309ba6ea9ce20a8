/** Claim: a piece of work while this replica holds it. */
import { failure } from '../../errors.js'
import { leaseLost, type Fence } from '../../store/work/fence.js'
import type { ClaimedRow } from '../../store/work/work-row.js'

export interface LeaseTerms {
  leaseMs: number
  /** No other process can take anything over. */
  alone: boolean
  /** Monotonic, ms. */
  clock(): number
}

// After a long transaction, during which nobody could take the work over, there is time for one renewal.
const GRACE_MS = 2000

export class Claim implements Fence {
  readonly id: number
  readonly token: number
  readonly idleMs: number
  /** It has ended, and only has to be put on record. */
  ending = false
  private readonly abort = new AbortController()
  private lost = false
  private report: () => unknown = () => undefined
  private transactions = 0
  private heldUntil: number

  /** @param claimedAt before the statement that claimed it was sent, by the monotonic clock, ms */
  constructor(
    readonly row: ClaimedRow,
    private readonly terms: LeaseTerms,
    claimedAt: number,
  ) {
    this.id = row.id
    this.token = row.token
    this.idleMs = terms.leaseMs
    this.heldUntil = claimedAt + terms.leaseMs
    if (row.cancelAsked) this.askToCancel()
  }

  /** Aborted when the work should end early: with a LeaseLostError when it is, or may be, another's; else since somebody wants it to end. */
  get signal(): AbortSignal {
    return this.abort.signal
  }

  get isLost(): boolean {
    return this.lost
  }

  /** What its holder may take it for by its own clock. A transaction that is open keeps everybody else away, however long it takes. */
  get isOverdue(): boolean {
    const { alone, clock } = this.terms
    return !alone && this.transactions === 0 && clock() > this.heldUntil
  }

  /** How far the work is, JSON; `undefined`: nobody has said. Put on record with each renewal. */
  get progress(): unknown {
    return this.report()
  }

  reportBy(report: () => unknown): void {
    this.report = report
  }

  renewed(sentAt: number): void {
    this.heldUntil = Math.max(this.heldUntil, sentAt + this.terms.leaseMs)
  }

  askToCancel(): void {
    this.abort.abort(failure({ code: 'cancelled', facts: { by: 'person' } }))
  }

  lose(): void {
    this.lost = true
    this.abort.abort(leaseLost())
  }

  entered(): void {
    this.transactions += 1
  }

  left(): void {
    this.transactions -= 1
    this.heldUntil = Math.max(this.heldUntil, this.terms.clock() + GRACE_MS)
  }
}
