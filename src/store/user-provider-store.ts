/** Providers as one user's key sees them: the state between two syncs. */
import type { ObservedSize } from '../catalog/guard.js'
import { appliedValues, SET_APPLIED, SET_NOT_MODIFIED, type AppliedAnswer } from './applied-answer.js'
import { isoTime, type Database } from './database.js'
import type { ProviderRow } from './provider-store.js'

const COLUMNS = `
  s.id,
  s.provider AS slug,
  COALESCE(p.enabled, true) AS enabled,
  s.version::float8 AS version,
  s.fingerprint,
  s.listed_models AS "listedModels",
  0 AS "heldChanges",
  s.recent_sizes AS "recentSizes",
  '[]'::jsonb AS "changeTimes",
  ${isoTime('s.last_attempt_at')} AS "lastAttemptAt",
  ${isoTime('s.last_success_at')} AS "lastSuccessAt",
  s.last_error AS "lastError",
  s.consecutive_failures AS "consecutiveFailures",
  NULL AS "staleSince",
  100 AS priority,
  NULL AS "intervalMinutes",
  s.refused_credential AS "refusedCredential",
  s.refused_reason AS "refusedReason"`

export interface UserProviderRow extends ProviderRow {
  /** A digest of the key that the provider refused; `null`: it refused none. */
  refusedCredential: string | null
  refusedReason: string | null
}

/** A provider that the operator has switched off is off for users too. */
export async function readUserProviders(
  database: Database,
  userId: string,
  provider?: string,
): Promise<UserProviderRow[]> {
  const { rows } = await database.query<UserProviderRow>(
    `SELECT ${COLUMNS}
    FROM ${database.schema}.user_providers AS s
    LEFT JOIN ${database.schema}.providers AS p ON p.slug = s.provider
    WHERE s.user_id = $1 AND ($2::text IS NULL OR s.provider = $2)
    ORDER BY s.provider`,
    [userId, provider ?? null],
  )
  return rows
}

/** The row, made when it is not there. */
export async function ensureUserProvider(
  database: Database,
  userId: string,
  provider: string,
): Promise<UserProviderRow> {
  await database.query(
    `INSERT INTO ${database.schema}.user_providers (user_id, provider)
    VALUES ($1, $2)
    ON CONFLICT (user_id, provider) DO NOTHING`,
    [userId, provider],
  )
  const [row] = await readUserProviders(database, userId, provider)
  if (row === undefined) throw new Error(`the row of provider ${provider} is gone`)
  return row
}

/** Locks the row until the transaction ends; returns its version. */
export async function lockUserProvider(database: Database, id: number): Promise<number | null> {
  const { rows } = await database.query<{ version: number }>(
    `SELECT version::float8 AS version
    FROM ${database.schema}.user_providers
    WHERE id = $1
    FOR UPDATE`,
    [id],
  )
  return rows[0]?.version ?? null
}

/** After an answer that was applied; `changed` moves the version, and with it the user's ETags. */
export async function recordUserSuccess(database: Database, success: AppliedAnswer, changed: boolean): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.user_providers
    SET ${SET_APPLIED},
      refused_credential = NULL,
      refused_reason = NULL
    WHERE id = $1`,
    appliedValues(success, changed),
  )
}

/** After an answer that is the one applied last: everything else stays. */
export async function recordUserNotModified(
  database: Database,
  id: number,
  at: string,
  validators: Record<string, unknown>,
  sizes: ObservedSize[],
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.user_providers
    SET ${SET_NOT_MODIFIED},
      refused_credential = NULL,
      refused_reason = NULL
    WHERE id = $1`,
    [id, at, JSON.stringify(validators), JSON.stringify(sizes)],
  )
}

/** `refused`: a digest of the key, when it was the key that the provider refused. */
export async function recordUserFailure(
  database: Database,
  failure: { id: number; at: string; error: string; refused: string | null },
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.user_providers
    SET last_attempt_at = $2,
      last_error = $3,
      consecutive_failures = consecutive_failures + 1,
      refused_credential = $4,
      refused_reason = CASE WHEN $4::text IS NULL THEN NULL ELSE $3 END
    WHERE id = $1`,
    [failure.id, failure.at, failure.error, failure.refused],
  )
}

/** A number that grows whenever what the user's keys can see changes; 0: the user has none. */
export async function readUserRevision(database: Database, userId: string): Promise<number> {
  const { rows } = await database.query<{ revision: number }>(
    `SELECT COALESCE(sum(version), 0)::float8 AS revision
    FROM ${database.schema}.user_providers
    WHERE user_id = $1`,
    [userId],
  )
  return rows[0]?.revision ?? 0
}
