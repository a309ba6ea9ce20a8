/** Lanes: one pool as each kind of work may use it, so that none waits for ever and none starves behind another. */
import { DatabaseError } from '../errors.js'
import type { SyncSettings } from '../options.js'
import { boundPool } from '../store/database-pool.js'
import type { DatabasePool } from '../store/database.js'

export interface LanesInput {
  pool: DatabasePool
  /** Clients that it has at most. Default 10, as of a pool of pg. */
  connections?: number | undefined
  /** In this process, and one session for all: a read may have to wait for a whole sync. Default false. */
  embedded?: boolean | undefined
  settings: Pick<SyncSettings, 'readTimeoutMs' | 'statementTimeoutMs'>
}

export interface Lanes {
  /** For syncs, and what else happens behind requests. */
  pool: DatabasePool
  /** For requests. */
  reads: DatabasePool
  /** For requests that may wait for a provider which is being applied. */
  edits: DatabasePool
  /** Ends whatever still waits for the database, and lets nothing begin. */
  cut(): void
}

const DEFAULT_CONNECTIONS = 10
// For requests while syncs run.
const RESERVED_CONNECTIONS = 2

export function openLanes({ pool, connections = DEFAULT_CONNECTIONS, embedded = false, settings }: LanesInput): Lanes {
  const { readTimeoutMs, statementTimeoutMs: timeoutMs } = settings
  const closing = new AbortController()
  const signals = [closing.signal]
  return {
    pool: boundPool(pool, { timeoutMs, signals, clients: Math.max(1, connections - RESERVED_CONNECTIONS) }),
    reads: boundPool(pool, { timeoutMs: embedded ? timeoutMs : readTimeoutMs, signals }),
    edits: boundPool(pool, { timeoutMs, signals }),
    cut: () => closing.abort(new DatabaseError('the server is closing')),
  }
}
