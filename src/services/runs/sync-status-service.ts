/** SyncStatusService: the last runs, what is new, and how the catalogue stands, for one user or for the backend. */
import { withAdaptedInterval } from '../../core/providers/learned-interval.js'
import { overdueProviders, type OverdueProvider } from '../../core/providers/overdue.js'
import { describeReason } from '../../core/records/standing-text.js'
import { needsSync, standingOf, type ProviderFacts, type StandingFacts } from '../../core/records/standing.js'
import type { Database } from '../../store/database.js'
import { readNewsStates } from '../../store/news/deliveries.js'
import { countDisabledModels } from '../../store/providers/read-counts.js'
import { readProviders, type ProviderRow } from '../../store/providers/provider-rows.js'
import { readLastRuns, type LastRuns } from '../../store/runs/run-rows.js'
import type { RunRecord } from '../../core/records/run-record.js'
import type { Health, LastRun, StatusQuery, SyncStatus } from '../../core/records/sync-status.js'
import { countNewModels, markSeen } from '../../store/runs/seen.js'
import { readLastAttempt } from '../../store/models/read-stats.js'
import { readRevision } from '../../store/revision.js'
import { readUserProviders } from '../../store/user-keys/user-providers.js'
import type { Schedule } from '../sync/skipped-providers.js'

/** What the database knows of it; the rest knows the process that syncs. */
export type StoredStatus = Omit<SyncStatus, 'nextSyncAt' | 'running' | 'progress'>

/** What automatic syncs should keep to. */
interface ExpectedSyncs extends Omit<Schedule, 'now'> {
  /** Slugs of the providers that they take, as does every sync that names none. */
  providers: readonly string[]
  /** From when on there are any, ms since 1970. */
  since: number
}

export interface SyncStatusOptions {
  database: Database
  staleDays: number
  /** Slugs of those that can be synced. */
  providers: readonly string[]
  expected: ExpectedSyncs
  /** Why the database refused the last sync of this process; `null`: it did not. */
  refusal(): string | null
  /** Names of the subscriptions to news. */
  news: readonly string[]
  /** Slugs of the providers for which a user has active keys. */
  ownProviders(userId: string): Promise<readonly string[]>
  /** Wall clock, ms since 1970. */
  now(): number
}

export class SyncStatusService {
  constructor(private readonly options: SyncStatusOptions) {}

  /** ISO 8601: when any provider was last asked; `null`: never. */
  lastAttemptAt(): Promise<string | null> {
    return readLastAttempt(this.options.database)
  }

  /** @param user with whose own keys; `null`: with the backend's */
  async lastRuns(user: string | null = null): Promise<LastRuns> {
    const { expected, ownProviders } = this.options
    const scheduled = user === null ? expected.providers : await ownProviders(user)
    return readLastRuns(this.options.database, scheduled, user)
  }

  /**
   * @param user who asks; `null`: nobody in particular, who looks as one user
   * @param keys about which syncs; default: the user's own where the user has active keys, since a sync by this user would use them
   */
  async status(user: string | null = null, { keys }: StatusQuery = {}): Promise<StoredStatus> {
    const own = user === null || user === '' || keys === 'backend' ? [] : await this.options.ownProviders(user)
    const [{ runs, facts }, newModels] = await Promise.all([
      user !== null && (own.length > 0 || keys === 'own') ? this.ownFacts(user, own) : this.facts(),
      countNewModels(this.options.database, user ?? ''),
    ])
    const standing = standingOf(facts)
    return {
      keys: runs.keys,
      lastSync: toLastRun(runs.last),
      lastSuccess: toLastRun(runs.lastSuccess),
      needsSync: needsSync(standing),
      newModels,
      held: facts.providers.reduce((sum, { heldChanges }) => sum + heldChanges, 0),
      standing,
    }
  }

  /** From now on only what comes later is new to this user. */
  async markSeen(user: string | null): Promise<void> {
    await markSeen(this.options.database, user ?? '', new Date(this.options.now()).toISOString())
  }

  /** @throws when the database does not answer */
  async health(): Promise<Health> {
    const [revision, { facts, rows }] = await Promise.all([readRevision(this.options.database), this.facts()])
    const states = rows
      .filter(({ enabled }) => enabled)
      .map(({ slug, lastSuccessAt, lastError, consecutiveFailures }) => ({
        provider: slug,
        healthy: lastError === null,
        lastSuccessAt,
        lastError,
        consecutiveFailures,
      }))
    const problems = standingOf(facts).reasons.filter(({ level }) => level !== 'note')
    return {
      status: problems.length === 0 ? 'ok' : 'degraded',
      revision,
      providers: states,
      disabledNews: [...facts.disabledNews],
      problems: problems.map(describeReason),
    }
  }

  /** Of the backend's syncs. */
  private async facts(): Promise<Found & { rows: ProviderRow[] }> {
    const { expected, news, staleDays, now } = this.options
    const [runs, rows, subscriptions] = await Promise.all([
      this.lastRuns(),
      readProviders(this.options.database),
      readNewsStates(this.options.database, news),
    ])
    // One whose source is gone stays as it is for ever.
    const known = rows.filter(({ slug }) => this.options.providers.includes(slug))
    const disabled = known.every(({ enabled }) => enabled)
      ? new Map()
      : await countDisabledModels(this.options.database)
    const facts: StandingFacts = {
      ...runFacts(runs),
      staleDays,
      now: now(),
      scheduled: expected.providers,
      providers: known.map(({ slug, enabled, staleSince, heldChanges }) => ({
        slug,
        enabled,
        failing: staleSince !== null,
        heldChanges,
        disabledModels: disabled.get(slug) ?? 0,
      })),
      overdue: this.overdue(rows),
      refusal: this.options.refusal(),
      disabledNews: subscriptions.filter(({ disabledAt }) => disabledAt !== null).map(({ name }) => name),
    }
    return { runs: { ...runs, keys: 'backend' }, rows, facts }
  }

  /** Of the syncs with a user's own keys. @param scheduled slugs of the providers that the keys are for */
  private async ownFacts(user: string, scheduled: readonly string[]): Promise<Found> {
    const [runs, rows] = await Promise.all([
      readLastRuns(this.options.database, scheduled, user),
      readUserProviders(this.options.database, user),
    ])
    const held = new Map(outcomesOf(runs.last).map(({ provider, heldChanges = 0 }) => [provider, heldChanges]))
    const { staleDays, now } = this.options
    const facts: StandingFacts = {
      ...runFacts(runs),
      staleDays,
      now: now(),
      scheduled,
      providers: rows
        .filter(({ slug }) => scheduled.includes(slug))
        .map(({ slug, enabled, consecutiveFailures }): ProviderFacts => ({
          slug,
          enabled,
          failing: consecutiveFailures > 0,
          heldChanges: held.get(slug) ?? 0,
          disabledModels: 0,
        })),
      overdue: [],
      refusal: null,
      disabledNews: [],
    }
    return { runs: { ...runs, keys: 'own' }, facts }
  }

  private overdue(rows: readonly ProviderRow[]): OverdueProvider[] {
    const { expected, now } = this.options
    const { intervalMinutes: baseMinutes, untilLearned = null, providers, since } = expected
    if (baseMinutes === null) return []
    const states = rows.map((row) => (untilLearned === null ? row : withAdaptedInterval(row, now(), untilLearned)))
    return overdueProviders(providers, states, { baseMinutes, since, now: now() })
  }
}

interface Found {
  runs: LastRuns & Pick<SyncStatus, 'keys'>
  facts: StandingFacts
}

type Outcome = NonNullable<StandingFacts['lastSync']>['outcomes'][number] & { heldChanges?: number }

function outcomesOf(run: RunRecord | null): Outcome[] {
  return (run?.result?.providers ?? []) as Outcome[]
}

function runFacts({
  last,
  scheduledSuccessAt,
  undoneAt,
}: LastRuns): Pick<StandingFacts, 'lastSync' | 'lastSuccessAt' | 'undoneAt'> {
  return {
    lastSync:
      last === null
        ? null
        : {
            runId: last.runId,
            startedAt: last.startedAt,
            success: last.success === true,
            asked: last.providers,
            outcomes: outcomesOf(last),
          },
    lastSuccessAt: scheduledSuccessAt,
    undoneAt,
  }
}

function toLastRun(run: RunRecord | null): LastRun | null {
  if (run === null) return null
  const { startedAt, result } = run
  return {
    ...run,
    synced_at: startedAt,
    total_new_models: result?.newModels ?? 0,
    sync_results: result?.providers ?? [],
  }
}
