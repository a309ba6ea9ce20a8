/** ViewProps: what every view may show. */
import type { SyncResult, SyncStatus } from '../client/contract.js'
import type { Standing } from './sync/sync-state.js'

export interface ViewProps {
  status: SyncStatus | undefined
  standing: Standing
  /** Of the last sync. */
  result: SyncResult | null
  running: boolean
  /** The server does not answer just now. */
  away: boolean
}
