/** Which providers a run leaves out, and why. */
import { withAdaptedInterval } from '../../core/providers/learned-interval.js'
import { isDue, nextAttemptAt } from '../../core/providers/due.js'
import { addressVariable } from '../../sources/kit/source.js'
import type { Database } from '../../store/database.js'
import { readProviders } from '../../store/providers/provider-rows.js'
import type { Cause } from '../../core/records/problem.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import { inWords } from './in-words.js'
import { noCounts, told } from './sync-result.js'
import type { ProviderResult } from '../../core/records/sync-result.js'

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
): Promise<Map<string, Cause>> {
  if (intervalMinutes === null) return new Map()
  const rows = await readProviders(database, slugs).catch(() => [])
  const waiting = rows
    .map((row) =>
      untilLearned === null ? { ...row, intervalReason: null } : withAdaptedInterval(row, now(), untilLearned),
    )
    .filter((row) => !isDue(row, intervalMinutes, now()))
  return new Map(
    waiting.map((row) => {
      const { intervalReason: reason, consecutiveFailures: failures } = row
      const until = nextAttemptAt(row, intervalMinutes)
      return [row.slug, { code: 'not-due', facts: { until, reason, failures } }]
    }),
  )
}

/** What an operator must set before the provider can be asked; `null`: nothing. */
export function missingOf({ source, address, apiKey, unusable }: ProviderSetup): Cause | null {
  if (unusable !== undefined) return { code: 'unusable', facts: { said: unusable } }
  const { variables, required } = source.key
  if (apiKey === null && required) return { code: 'no-key', facts: { variables } }
  return address === null ? { code: 'no-address', facts: { variable: addressVariable(source) } } : null
}

/** Of a provider that was not asked. */
export function skipped({ source }: ProviderSetup, cause: Cause): ProviderResult {
  const { code: reason, message } = inWords(cause)
  const warnings = [`skipped, since ${message}`]
  return { provider: source.slug, status: 'skipped', reason, ...noCounts(), warnings, fetchMs: 0, applyMs: 0 }
}

/** Of a provider that a run had not reached when its process ended, and that nobody else may sync in its place. */
export function diedWith({ source }: ProviderSetup, replica: string): ProviderResult {
  const died = told({ code: 'run-died', facts: { replica } })
  return { provider: source.slug, status: 'failed', ...died, ...noCounts(), warnings: [], fetchMs: 0, applyMs: 0 }
}
