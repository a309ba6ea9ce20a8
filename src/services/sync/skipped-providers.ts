/** Which providers a run leaves out, and why. */
import { withAdaptedInterval } from '../../core/providers/learned-interval.js'
import { isDue, nextAttemptAt } from '../../core/providers/due.js'
import { addressVariable } from '../../sources/kit/source.js'
import type { Database } from '../../store/database.js'
import { readProviders } from '../../store/providers/provider-rows.js'
import type { Problem } from './provider-problem.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import { noCounts, type ProviderResult } from './sync-result.js'

/** When providers are due. */
export interface Schedule {
  /** Minutes between two automatic syncs; `null`: off. A provider that keeps failing, or has an interval of its own, is not due each time. */
  intervalMinutes: number | null
  /** Minutes until a provider's interval has been learned from how often its models change; `null`, the default: it is not learned. */
  untilLearned?: number | null
  /** ms since 1970. */
  now(): number
}

/** Of these providers, those that an automatic sync leaves out this time, by slug. Throws nothing: in doubt all are due. */
export async function notDue(
  database: Database,
  slugs: readonly string[],
  { intervalMinutes, untilLearned = null, now }: Schedule,
): Promise<Map<string, Problem>> {
  if (intervalMinutes === null) return new Map()
  const rows = await readProviders(database, slugs).catch(() => [])
  const waiting = rows
    .map((row) =>
      untilLearned === null ? { ...row, intervalReason: null } : withAdaptedInterval(row, now(), untilLearned),
    )
    .filter((row) => !isDue(row, intervalMinutes, now()))
  return new Map(
    waiting.map((row) => {
      const why = row.intervalReason ?? `${row.consecutiveFailures} failures in a row`
      const line = `it is not due before ${nextAttemptAt(row, intervalMinutes)} (${why}); a manual sync tries at once`
      return [row.slug, { line, reason: 'not-due' }]
    }),
  )
}

/** What an operator must set before the provider can be asked; `null`: nothing. */
export function missingOf({ source, address, apiKey, unusable }: ProviderSetup): Problem | null {
  if (unusable !== undefined) return { line: unusable, reason: 'unusable' }
  if (apiKey === null && source.key.required)
    return { line: `it has no API key: set ${source.key.variables.join(' or ')}`, reason: 'no-key' }
  return address === null ? { line: `it has no address: set ${addressVariable(source)}`, reason: 'no-address' } : null
}

/** Of a provider that was not asked. */
export function skipped({ source }: ProviderSetup, { line, reason }: Problem): ProviderResult {
  const warnings = [`skipped, since ${line}`]
  return { provider: source.slug, status: 'skipped', reason, ...noCounts(), warnings, fetchMs: 0, applyMs: 0 }
}
