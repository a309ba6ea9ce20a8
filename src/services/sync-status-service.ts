/** SyncStatusService: how the catalogue stands: the last runs, whether a sync is due, and which providers are well. */
import { openDatabase, type Database, type DatabasePool } from '../store/database.js'
import { readProviders } from '../store/provider-store.js'
import { readLastRuns, type RunRow } from '../store/run-store.js'
import { readLastAttempt, readRevision } from '../store/stats-query.js'

export interface SyncStatus {
  lastSync: RunRow | null
  lastSuccess: RunRow | null
  /** The last success is too long ago, or there is none. */
  needsSync: boolean
  /** Models that the last run added. */
  newModels: number
  /** Changes that wait for a person. */
  held: number
}

export interface Health {
  /** `degraded`: a provider's last listing could not be read, or something is held. */
  status: 'ok' | 'degraded'
  revision: number
  providers: {
    provider: string
    healthy: boolean
    lastSuccessAt: string | null
    lastError: string | null
    consecutiveFailures: number
  }[]
}

const DAY_MS = 24 * 60 * 60 * 1000

export class SyncStatusService {
  private readonly database: Database

  constructor(private readonly options: { pool: DatabasePool; schema: string; staleDays: number; now(): number }) {
    this.database = openDatabase(options.pool, options.schema)
  }

  /** ISO 8601: when any provider was last asked; `null`: never. */
  lastAttemptAt(): Promise<string | null> {
    return readLastAttempt(this.database)
  }

  async status(): Promise<SyncStatus> {
    const [{ last, lastSuccess }, providers] = await Promise.all([
      readLastRuns(this.database),
      readProviders(this.database),
    ])
    const age = lastSuccess === null ? Infinity : this.options.now() - Date.parse(lastSuccess.startedAt)
    return {
      lastSync: last,
      lastSuccess,
      needsSync: age > this.options.staleDays * DAY_MS,
      newModels: Number(last?.result?.['newModels'] ?? 0),
      held: providers.reduce((sum, { heldChanges }) => sum + heldChanges, 0),
    }
  }

  /** @throws when the database does not answer */
  async health(): Promise<Health> {
    const [revision, providers] = await Promise.all([readRevision(this.database), readProviders(this.database)])
    const states = providers
      .filter(({ enabled }) => enabled)
      .map(({ slug, lastSuccessAt, lastError, consecutiveFailures }) => ({
        provider: slug,
        healthy: lastError === null,
        lastSuccessAt,
        lastError,
        consecutiveFailures,
      }))
    return { status: states.every(({ healthy }) => healthy) ? 'ok' : 'degraded', revision, providers: states }
  }
}
