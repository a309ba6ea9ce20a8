/** SyncStatusService: how the catalogue stands: the last runs, whether a sync is due, and which providers are well. */
import { withAdaptedInterval } from '../catalog/adaptive.js'
import { overdueProviders, type OverdueProvider } from '../catalog/overdue.js'
import { openDatabase, type Database, type DatabasePool } from '../store/database.js'
import { readNewsStates } from '../store/news-store.js'
import { readProviders, type ProviderRow } from '../store/provider-store.js'
import { readLastRuns, type RunRow } from '../store/run-store.js'
import { countNewModels, markSeen } from '../store/seen-store.js'
import { readLastAttempt, readRevision } from '../store/stats-query.js'
import type { Schedule } from './skipped-providers.js'

/** A run, with the names that an older system had for the same. */
export interface LastRun extends RunRow {
  synced_at: string
  total_new_models: number
  /** Of each provider. */
  sync_results: unknown[]
}

export interface SyncStatus {
  lastSync: LastRun | null
  lastSuccess: LastRun | null
  /** The last success is too long ago, there is none, or a provider's last listing could not be read. */
  needsSync: boolean
  /** Available models that came since this user last looked; all, if never. */
  newModels: number
  /** Changes that wait for a person. */
  held: number
}

export interface Health {
  /** `degraded`: a provider's last listing could not be read, something is held, news are off, or there are `problems`. */
  status: 'ok' | 'degraded'
  revision: number
  providers: {
    provider: string
    healthy: boolean
    lastSuccessAt: string | null
    lastError: string | null
    consecutiveFailures: number
  }[]
  /** Names of subscriptions to which nothing is sent any more. */
  disabledNews: string[]
  /** What else is wrong, a sentence each: the database refused the last sync of this process, or syncs are overdue. */
  problems: string[]
}

/** What automatic syncs should keep to. */
export interface ExpectedSyncs extends Omit<Schedule, 'now'> {
  /** Slugs of the providers that they take. */
  providers: readonly string[]
  /** From when on there are any, ms since 1970. */
  since: number
}

const DAY_MS = 24 * 60 * 60 * 1000

export class SyncStatusService {
  private readonly database: Database

  constructor(
    private readonly options: {
      pool: DatabasePool
      schema: string
      staleDays: number
      /** Slugs of those that can be synced. */
      providers: readonly string[]
      expected: ExpectedSyncs
      /** Why the database refused the last sync of this process; `null`: it did not. */
      refusal(): string | null
      /** Names of the subscriptions to news. */
      news: readonly string[]
      /** Wall clock, ms since 1970. */
      now(): number
    },
  ) {
    this.database = openDatabase(options.pool, options.schema)
  }

  /** ISO 8601: when any provider was last asked; `null`: never. */
  lastAttemptAt(): Promise<string | null> {
    return readLastAttempt(this.database)
  }

  /** The last finished run, and the last that succeeded. */
  lastRuns(): ReturnType<typeof readLastRuns> {
    return readLastRuns(this.database)
  }

  /** @param user whose badge it is; `null`: nobody in particular, who looks as one user */
  async status(user: string | null = null): Promise<SyncStatus> {
    const [{ last, lastSuccess }, providers, newModels] = await Promise.all([
      this.lastRuns(),
      readProviders(this.database),
      countNewModels(this.database, user ?? ''),
    ])
    // One whose source is gone stays as it is for ever.
    const isStale = providers.some(
      ({ slug, enabled, staleSince }) => enabled && staleSince !== null && this.options.providers.includes(slug),
    )
    const age = lastSuccess === null ? Infinity : this.options.now() - Date.parse(lastSuccess.startedAt)
    return {
      lastSync: toLastRun(last),
      lastSuccess: toLastRun(lastSuccess),
      needsSync: isStale || age > this.options.staleDays * DAY_MS,
      newModels,
      held: providers.reduce((sum, { heldChanges }) => sum + heldChanges, 0),
    }
  }

  /** From now on only what comes later is new to this user. */
  async markSeen(user: string | null): Promise<void> {
    await markSeen(this.database, user ?? '', new Date(this.options.now()).toISOString())
  }

  /** @throws when the database does not answer */
  async health(): Promise<Health> {
    const [revision, providers, subscriptions] = await Promise.all([
      readRevision(this.database),
      readProviders(this.database),
      readNewsStates(this.database, this.options.news),
    ])
    const disabledNews = subscriptions.filter(({ disabledAt }) => disabledAt !== null).map(({ name }) => name)
    const states = providers
      .filter(({ enabled }) => enabled)
      .map(({ slug, lastSuccessAt, lastError, consecutiveFailures }) => ({
        provider: slug,
        healthy: lastError === null,
        lastSuccessAt,
        lastError,
        consecutiveFailures,
      }))
    const problems = this.problems(providers)
    const ok = states.every(({ healthy }) => healthy) && disabledNews.length === 0 && problems.length === 0
    return { status: ok ? 'ok' : 'degraded', revision, providers: states, disabledNews, problems }
  }

  private problems(rows: readonly ProviderRow[]): string[] {
    const { expected, now } = this.options
    const refusal = this.options.refusal()
    const problems = refusal === null ? [] : [`the database refused the last sync of this process: ${refusal}`]
    const { intervalMinutes: baseMinutes, untilLearned = null, providers, since } = expected
    if (baseMinutes === null) return problems
    const states = rows.map((row) => (untilLearned === null ? row : withAdaptedInterval(row, now(), untilLearned)))
    const overdue = overdueProviders(providers, states, { baseMinutes, since, now: now() })
    return [...problems, ...overdue.map(describeOverdue)]
  }
}

function describeOverdue({ slug, lastSuccessAt, intervalMinutes }: OverdueProvider): string {
  const last = lastSuccessAt === null ? 'it never was' : `the last success was at ${lastSuccessAt}`
  return `${slug} should be synced every ${intervalMinutes} minutes, and ${last}`
}

function toLastRun(run: RunRow | null): LastRun | null {
  if (run === null) return null
  const { startedAt, result } = run
  return {
    ...run,
    synced_at: startedAt,
    total_new_models: Number(result?.['newModels'] ?? 0),
    sync_results: (result?.['providers'] ?? []) as unknown[],
  }
}
