/** DatabasePool: where the store takes its clients from, and the bounds within which it uses them. */
import { setMaxListeners } from 'node:events'
import type { LimitFunction } from 'p-limit'
import type { PoolClient } from 'pg'
import type { Borrowers } from './borrowers.js'

/** Bounds of whoever uses a pool. */
export interface PoolBounds {
  /** How long one statement, and the wait for a client, may take, ms; `null`: as long as they take. */
  timeoutMs: number | null
  /** Any of these, once aborted, ends what waits, whatever it waits for, with its reason. */
  signals: readonly AbortSignal[]
  /** Clients at once: further callers queue here and leave the rest of the pool to others. */
  limit?: LimitFunction
  /** Counts those who use it. */
  borrowers?: Borrowers
}

/** What we need of a pool, the host's or ours. A pool without `bounds` waits for ever. */
export interface DatabasePool {
  connect(): Promise<PoolClient>
  readonly bounds?: PoolBounds
  /** The pool behind a view; what is known of the database is kept for that one. */
  readonly root?: DatabasePool
}

/** A view of the same pool for one kind of use. */
export function boundPool(
  pool: DatabasePool,
  { timeoutMs, signals = [], limit, borrowers }: Omit<PoolBounds, 'signals'> & { signals?: readonly AbortSignal[] },
): DatabasePool {
  allowListeners(signals)
  const bounds = {
    timeoutMs,
    signals,
    limit,
    borrowers,
  }
  return { connect: () => pool.connect(), bounds, root: pool.root ?? pool }
}

/** The same pool until `signal` is aborted; within the same limit. */
export function poolUntil(pool: DatabasePool, signal: AbortSignal): DatabasePool {
  allowListeners([signal])
  const { timeoutMs = null, signals = [], ...rest } = pool.bounds ?? {}
  // A list, not AbortSignal.any(): on Node 20 that stays reachable from a signal that lives as long as the server.
  const bounds = { ...rest, timeoutMs, signals: [...signals, signal] }
  return { connect: () => pool.connect(), bounds, root: pool.root ?? pool }
}

// As many listeners as there are waits, each of which takes its own away again. Not 0, which undici takes for no signal at all on Node 20.
function allowListeners(signals: readonly AbortSignal[]): void {
  // Without a signal it would be the default of the whole process.
  if (signals.length > 0) setMaxListeners(Infinity, ...signals)
}
