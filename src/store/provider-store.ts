/** Providers as rows: what a sync starts from, and what it leaves behind. */
import type { ObservedSize } from '../catalog/guard.js'
import { appliedValues, SET_APPLIED, SET_NOT_MODIFIED, type AppliedAnswer, type Fingerprint } from './applied-answer.js'
import { isoTime, type Database } from './database.js'

export interface ProviderRow {
  id: number
  slug: string
  enabled: boolean
  version: number
  fingerprint: Fingerprint | null
  listedModels: number
  heldChanges: number
  recentSizes: ObservedSize[]
  /** ISO 8601, the oldest first: of the last syncs that changed something. */
  changeTimes: string[]
  /** ISO 8601, as the times below; `null`: never. */
  lastAttemptAt: string | null
  lastSuccessAt: string | null
  lastError: string | null
  consecutiveFailures: number
  staleSince: string | null
  /** Lower comes first. */
  priority: number
  /** `null`: the backend's own. */
  intervalMinutes: number | null
}

/** What a finished sync says of its provider. */
export interface ProviderSuccess extends AppliedAnswer {
  heldChanges: number
  changeTimes: string[]
}

const COLUMNS = `
  id,
  slug,
  enabled,
  version::float8 AS version,
  fingerprint,
  listed_models AS "listedModels",
  held_changes AS "heldChanges",
  recent_sizes AS "recentSizes",
  change_times AS "changeTimes",
  ${isoTime('last_attempt_at')} AS "lastAttemptAt",
  ${isoTime('last_success_at')} AS "lastSuccessAt",
  last_error AS "lastError",
  consecutive_failures AS "consecutiveFailures",
  ${isoTime('stale_since')} AS "staleSince",
  priority,
  interval_minutes AS "intervalMinutes"`

/** The rows of these providers, or of all; a provider that was never synced has none. */
export async function readProviders(database: Database, slugs?: readonly string[]): Promise<ProviderRow[]> {
  const { rows } = await database.query<ProviderRow>(
    `SELECT ${COLUMNS}
    FROM ${database.schema}.providers
    WHERE $1::text[] IS NULL OR slug = ANY ($1)
    ORDER BY slug`,
    [slugs ?? null],
  )
  return rows
}

/** The provider's row, made when it is not there. */
export async function ensureProvider(
  database: Database,
  provider: { slug: string; name: string },
): Promise<ProviderRow> {
  await database.query(
    `INSERT INTO ${database.schema}.providers (slug, name)
    VALUES ($1, $2)
    ON CONFLICT (slug) DO NOTHING`,
    [provider.slug, provider.name],
  )
  const [row] = await readProviders(database, [provider.slug])
  if (row === undefined) throw new Error(`the row of provider ${provider.slug} is gone`)
  return row
}

/** Locks the provider's row until the transaction ends; returns its version. */
export async function lockProvider(database: Database, id: number): Promise<number | null> {
  const { rows } = await database.query<{ version: number }>(
    `SELECT version::float8 AS version
    FROM ${database.schema}.providers
    WHERE id = $1
    FOR UPDATE`,
    [id],
  )
  return rows[0]?.version ?? null
}

/** After an answer that was applied; `changed` moves the provider's version. */
export async function recordSuccess(database: Database, success: ProviderSuccess, changed: boolean): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.providers
    SET ${SET_APPLIED},
      held_changes = $9,
      change_times = $10,
      stale_since = NULL
    WHERE id = $1`,
    [...appliedValues(success, changed), success.heldChanges, JSON.stringify(success.changeTimes)],
  )
}

/** After an answer that is the one applied last: everything else stays. */
export async function recordNotModified(
  database: Database,
  id: number,
  at: string,
  validators: Record<string, unknown>,
  sizes: ObservedSize[],
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.providers
    SET ${SET_NOT_MODIFIED},
      stale_since = NULL
    WHERE id = $1`,
    [id, at, JSON.stringify(validators), JSON.stringify(sizes)],
  )
}

/** After a failed or incomplete listing: only the provider's own state changes. */
export async function recordFailure(database: Database, id: number, at: string, error: string): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.providers
    SET last_attempt_at = $2,
      last_error = $3,
      consecutive_failures = consecutive_failures + 1,
      stale_since = COALESCE(stale_since, $2)
    WHERE id = $1`,
    [id, at, error],
  )
}

/** After a change by hand: plans that were made before it are stale. `reread`: the next answer is read anew, even when it is the one applied last. */
export async function touchProvider(database: Database, id: number, { reread }: { reread: boolean }): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.providers
    SET version = version + 1,
      fingerprint = CASE WHEN $2 THEN NULL ELSE fingerprint END
    WHERE id = $1`,
    [id, reread],
  )
}
