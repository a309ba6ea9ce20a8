/** Lanes: one pool as each kind of work may use it, so that none waits for ever and none starves behind another. */
import pLimit from 'p-limit'
import { DatabaseError } from '../errors.js'
import type { SyncSettings } from '../options.js'
import { Borrowers } from '../store/connection/borrowers.js'
import { boundPool } from '../store/connection/database-pool.js'
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
  /**
   * Ends what still waits for the database after `graceMs`.
   * @returns to be called when no work is left but requests: waits until nobody uses the database, and lets nothing begin
   */
  close(graceMs: number): () => Promise<void>
}

const DEFAULT_CONNECTIONS = 10
// For reads, whatever else waits for a provider that is being applied.
const RESERVED_CONNECTIONS = 2
// Edits of one provider queue for its lock anyway; there they would each hold a connection meanwhile.
const EDITS_SHARE = 4

export function openLanes({ pool, connections = DEFAULT_CONNECTIONS, embedded = false, settings }: LanesInput): Lanes {
  const { readTimeoutMs, statementTimeoutMs: timeoutMs } = settings
  const closing = new AbortController()
  const signals = [closing.signal]
  const borrowers = new Borrowers()
  const common = { signals, borrowers }
  const editing = Math.max(1, Math.floor(connections / EDITS_SHARE))
  const syncing = Math.max(1, connections - RESERVED_CONNECTIONS - editing)
  const syncs = pLimit(syncing)
  // With two connections, syncs and edits share one, so that the other is left to reads.
  const edits = syncing + editing < connections ? pLimit(editing) : syncs
  const cut = (): void => closing.abort(new DatabaseError('the server is closing'))
  return {
    pool: boundPool(pool, { timeoutMs, ...common, limit: syncs }),
    reads: boundPool(pool, { timeoutMs: embedded ? timeoutMs : readTimeoutMs, ...common }),
    edits: boundPool(pool, { timeoutMs, ...common, limit: edits }),
    close: (graceMs) => {
      const timer = setTimeout(cut, graceMs)
      return async () => {
        await borrowers.gone()
        clearTimeout(timer)
        cut()
      }
    },
  }
}
