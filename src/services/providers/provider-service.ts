/** ProviderService: providers as an operator sees and sets them. */
import { describeUnknownProvider } from '../../core/input/unknown-provider.js'
import { driftingMembers } from '../../core/providers/drift.js'
import { withAdaptedInterval } from '../../core/providers/learned-interval.js'
import { checkMembers } from '../../core/input/known-members.js'
import { nextAttemptAt, pauseMinutes, FAILURES_BEFORE_BACKOFF } from '../../core/providers/due.js'
import { NotFoundError } from '../../errors.js'
import { addressVariable } from '../../sources/kit/source.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import { readModalityCounts, readProviderCounts, type ProviderCounts } from '../../store/providers/read-counts.js'
import { ensureProvider, readProviders, type ProviderRow } from '../../store/providers/provider-rows.js'
import { changeProvider } from '../../store/providers/switch-provider.js'
import {
  ProviderEditSchema,
  type ProviderEdit,
  type ProviderRecord,
  type ProviderStats,
} from '../../core/records/provider-record.js'
import { readModelStats } from '../../store/models/read-stats.js'
import type { ModelStats } from '../../core/model/model-record.js'
import { describeApplied, type AppliedChange } from '../applied-changes.js'
import type { ProviderSetup } from './provider-setup.js'

export class ProviderService {
  constructor(
    private readonly options: {
      database: Database
      /** For changes, which may wait for a sync. */
      edits: PooledDatabase
      providers: readonly ProviderSetup[]
      /** Minutes; `null`: auto-sync is off. */
      intervalMinutes: number | null
      /** Minutes until a provider's interval has been learned; `null`, the default: it is not learned. */
      untilLearned?: number | null
      now(): number
      /** Told after the commit. */
      committed(provider: string, changes: readonly AppliedChange[]): void
    },
  ) {}

  /** Those with a source in the order of the table, then rows without one. */
  async list(): Promise<ProviderRecord[]> {
    const [rows, counts] = await Promise.all([
      readProviders(this.options.database),
      readProviderCounts(this.options.database),
    ])
    const { providers } = this.options
    const sources = providers.map((setup) =>
      this.record(
        setup,
        rows.find(({ slug }) => slug === setup.source.slug),
        counts,
      ),
    )
    const others = rows.filter(({ slug }) => providers.every(({ source }) => source.slug !== slug))
    return [...sources, ...others.map((row) => this.record(null, row, counts))]
  }

  /** @throws NotFoundError that names the valid ones */
  async get(slug: string): Promise<ProviderRecord> {
    const [[row], counts] = await Promise.all([
      readProviders(this.options.database, [slug]),
      readProviderCounts(this.options.database, slug),
    ])
    const setup = this.options.providers.find(({ source }) => source.slug === slug) ?? null
    if (row === undefined && setup === null) throw this.unknown(slug)
    return this.record(setup, row, counts)
  }

  /** Switching a provider off makes its models `provider-disabled`, switching it on restores them. @throws NotFoundError */
  async change(slug: string, change: ProviderEdit, actor: string): Promise<ProviderRecord> {
    checkMembers('providers.change', change, ProviderEditSchema.properties)
    const setup = this.options.providers.find(({ source }) => source.slug === slug)
    const [known] = await readProviders(this.options.database, [slug])
    const row = known ?? (setup === undefined ? undefined : await ensureProvider(this.options.database, setup.source))
    if (row === undefined) throw this.unknown(slug)
    const { edits, now } = this.options
    const changes = await changeProvider(edits, { id: row.id, change, actor, now })
    this.options.committed(slug, describeApplied(slug, changes))
    return this.get(slug)
  }

  async stats(): Promise<ProviderStats> {
    const rows = await readProviders(this.options.database)
    const active = rows.filter(({ enabled }) => enabled)
    return {
      total: rows.length,
      active: active.length,
      healthy: active.filter(isHealthy).length,
      inDatabase: rows.map(({ slug }) => slug),
      withSources: this.options.providers.map(({ source }) => source.slug),
    }
  }

  /** Counts of models, with those by modality. */
  async modelStats(): Promise<ModelStats & { byModality: Record<string, number> }> {
    const [stats, byModality] = await Promise.all([
      readModelStats(this.options.database),
      readModalityCounts(this.options.database),
    ])
    return { ...stats, byModality }
  }

  private record(
    setup: ProviderSetup | null,
    row: ProviderRow | undefined,
    counts: readonly ProviderCounts[],
  ): ProviderRecord {
    const slug = setup?.source.slug ?? row?.slug ?? ''
    const { provider: _, ...own } = counts.find(({ provider }) => provider === slug) ?? NO_COUNTS
    const state = row ?? NEVER_SYNCED
    return {
      id: row?.id ?? null,
      slug,
      name: setup?.source.name ?? slug,
      description: setup?.source.description ?? null,
      homepage: setup?.source.homepage ?? null,
      baseUrl: setup?.address === undefined || setup.address === null ? null : new URL(setup.address).origin,
      addressVariable: setup === null ? null : addressVariable(setup.source),
      keyVariable: setup?.source.key.variables[0] ?? null,
      keyRequired: setup?.source.key.required ?? false,
      keyPresent: setup !== null && setup.apiKey !== null,
      syncable: setup !== null,
      enabled: state.enabled,
      priority: state.priority,
      interval: state.intervalMinutes,
      ...this.schedule(setup, state),
      lastAttemptAt: state.lastAttemptAt,
      lastSuccessAt: state.lastSuccessAt,
      lastError: state.lastError,
      lastProblem: state.lastProblem,
      consecutiveFailures: state.consecutiveFailures,
      staleSince: state.staleSince,
      healthy: isHealthy(state),
      heldChanges: state.heldChanges,
      unread: driftingMembers(state.drift, 'unread'),
      vanished: driftingMembers(state.drift, 'vanished'),
      ...own,
    }
  }

  private schedule(
    setup: ProviderSetup | null,
    known: typeof NEVER_SYNCED,
  ): Pick<ProviderRecord, 'effectiveInterval' | 'intervalReason' | 'nextAttemptAt' | 'backOff'> {
    const { intervalMinutes, untilLearned = null, now } = this.options
    if (setup === null || intervalMinutes === null || !known.enabled)
      return { effectiveInterval: null, intervalReason: null, nextAttemptAt: null, backOff: null }
    const state =
      untilLearned === null ? { ...known, intervalReason: null } : withAdaptedInterval(known, now(), untilLearned)
    const backOff =
      state.consecutiveFailures < FAILURES_BEFORE_BACKOFF
        ? null
        : `${state.consecutiveFailures} failures in a row: tried again every ${pauseMinutes(state, intervalMinutes)} minutes; a manual sync tries at once`
    return {
      effectiveInterval: Math.max(intervalMinutes, state.intervalMinutes ?? intervalMinutes),
      intervalReason: state.intervalReason,
      nextAttemptAt: nextAttemptAt(state, intervalMinutes),
      backOff,
    }
  }

  private unknown(slug: string): Error {
    const known = this.options.providers.map(({ source }) => source.slug)
    return new NotFoundError(describeUnknownProvider(slug, known))
  }
}

/** The last attempt succeeded. */
function isHealthy({
  lastAttemptAt,
  consecutiveFailures,
}: Pick<ProviderRow, 'lastAttemptAt' | 'consecutiveFailures'>): boolean {
  return lastAttemptAt !== null && consecutiveFailures === 0
}

const NO_COUNTS: ProviderCounts = {
  provider: '',
  totalModels: 0,
  availableModels: 0,
  unavailableModels: 0,
  capabilities: [],
}
const NEVER_SYNCED: Pick<
  ProviderRow,
  | 'enabled'
  | 'priority'
  | 'intervalMinutes'
  | 'changeTimes'
  | 'lastAttemptAt'
  | 'lastSuccessAt'
  | 'lastError'
  | 'lastProblem'
  | 'consecutiveFailures'
  | 'staleSince'
  | 'heldChanges'
  | 'drift'
> = {
  enabled: true,
  priority: 100,
  intervalMinutes: null,
  changeTimes: [],
  lastAttemptAt: null,
  lastSuccessAt: null,
  lastError: null,
  lastProblem: null,
  consecutiveFailures: 0,
  staleSince: null,
  heldChanges: 0,
  drift: null,
}
