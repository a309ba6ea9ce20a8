/** Waiters: who waits here for work to end, wherever it runs. */
import { readOutcomes, type WorkOutcome } from '../../store/work/watched-work.js'
import type { Database } from '../../store/database.js'
import { waitWithin } from '../../wait-within.js'

/** How work ended: here, with the value that its kind gave, or elsewhere, with what is on record of it. */
export type Settled = { here: true; value: unknown } | ({ here: false } & Omit<WorkOutcome, 'id'>)

interface Waiter {
  callers: number
  promise: Promise<Settled>
  resolve(settled: Settled): void
  reject(error: Error): void
}

export class Waiters {
  private readonly waiters = new Map<number, Waiter>()

  constructor(private readonly database: Database) {}

  get size(): number {
    return this.waiters.size
  }

  /** @throws the reason of the signal that ended the wait */
  async waitFor(id: number, signals: readonly AbortSignal[]): Promise<Settled> {
    const waiter = this.waiters.get(id) ?? this.add(id)
    waiter.callers += 1
    try {
      return await waitWithin(waiter.promise, { signals })
    } finally {
      waiter.callers -= 1
      if (waiter.callers === 0 && this.waiters.get(id) === waiter) this.waiters.delete(id)
    }
  }

  settle(id: number, settled: Settled): void {
    this.waiters.get(id)?.resolve(settled)
    this.waiters.delete(id)
  }

  /** Tells those who wait for what does not end here that this process closes. */
  dismiss(closing: Error, endsHere: (id: number) => boolean): void {
    for (const [id, waiter] of this.waiters) {
      if (endsHere(id)) continue
      this.waiters.delete(id)
      waiter.reject(closing)
    }
  }

  /** Asks for those that end elsewhere. @throws what the database throws */
  async look(endsHere: (id: number) => boolean): Promise<void> {
    const ids = [...this.waiters.keys()].filter((id) => !endsHere(id))
    if (ids.length === 0) return
    for (const { id, ...ended } of await readOutcomes(this.database, ids)) this.settle(id, { here: false, ...ended })
  }

  private add(id: number): Waiter {
    let resolve!: (settled: Settled) => void
    let reject!: (error: Error) => void
    const promise = new Promise<Settled>((onResolve, onReject) => {
      resolve = onResolve
      reject = onReject
    })
    const waiter = { callers: 0, promise, resolve, reject }
    this.waiters.set(id, waiter)
    return waiter
  }
}
