/** Providers as one user's key sees them: the state between two syncs. */
import {
  appliedValues,
  FAILED_AGAIN,
  FAILED_SINCE_APPLIED,
  FAILED_SINCE_UNCHANGED,
  failedValues,
  messageIn,
  NOTHING_NEWER,
  SET_APPLIED,
  SET_FAILED,
  SET_NOT_MODIFIED,
  stateColumns,
  STILL_THE_LAST,
  unchangedValues,
  type AppliedAnswer,
  type FailedAnswer,
  type LockedState,
  type UnchangedAnswer,
} from '../providers/applied-answer.js'
import { exactTime, isoTime, type Database } from '../database.js'
import { stateOf, type ProviderRow } from '../providers/provider-rows.js'

const COLUMNS = `
  s.id,
  s.provider AS slug,
  COALESCE(p.enabled, true) AS enabled,
  ${stateColumns('s')},
  s.fingerprint,
  s.listed_models AS "listedModels",
  s.listing,
  NULL AS drift,
  0 AS "heldChanges",
  s.recent_sizes AS "recentSizes",
  '[]'::jsonb AS "changeTimes",
  ${isoTime('s.last_attempt_at')} AS "lastAttemptAt",
  ${isoTime('s.last_success_at')} AS "lastSuccessAt",
  s.last_error AS "lastError",
  s.last_problem AS "lastProblem",
  s.consecutive_failures AS "consecutiveFailures",
  NULL AS "staleSince",
  100 AS priority,
  NULL AS "intervalMinutes",
  s.refused_credential AS "refusedCredential",
  s.refused_reason AS "refusedReason"`

export interface UserProviderRow extends ProviderRow {
  /** A keyed digest of the key that the provider refused; `null`: it refused none. */
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

/** Whether the user's key is still the one that asks: who replaces a key, or takes it away, must not get what the old one shows afterwards. */
function sameKey({ schema }: Database, alias: string, keySince: string): string {
  return `(${keySince}::text IS NULL OR EXISTS (
    SELECT
    FROM ${schema}.user_credentials AS c
    WHERE c.user_id = ${alias}.user_id AND c.provider = ${alias}.provider AND c.active
      AND ${isoTime('c.updated_at')} = ${keySince}
  ))`
}

/** The row as a request with this key starts from it. */
export async function readUserProviderState(
  database: Database,
  { userId, provider, keySince }: { userId: string; provider: string; keySince: string | null },
): Promise<{ row: UserProviderRow | null; now: string }> {
  const { rows } = await database.query<
    Omit<UserProviderRow, 'id'> & { id: number | null; now: string; sameKey: boolean }
  >(
    `SELECT ${exactTime('statement_timestamp()')} AS now, r.*
    FROM (VALUES (1)) AS one
    LEFT JOIN (
      SELECT ${COLUMNS}, ${sameKey(database, 's', '$3')} AS "sameKey"
      FROM ${database.schema}.user_providers AS s
      LEFT JOIN ${database.schema}.providers AS p ON p.slug = s.provider
      WHERE s.user_id = $1 AND s.provider = $2
    ) AS r ON true`,
    [userId, provider, keySince],
  )
  const { row, now } = stateOf<UserProviderRow & { sameKey: boolean }>(rows)
  if (row === null) return { row, now }
  const { sameKey: same, ...rest } = row
  return { row: { ...rest, enabled: row.enabled && same, keyIsGone: !same }, now }
}

/** Locks the row until the transaction ends. `null`: there is none. */
export async function lockUserProvider(
  database: Database,
  id: number,
  keySince: string | null,
): Promise<LockedState | null> {
  // Two statements: the second one sees what was committed while the first one waited.
  await database.query(`SELECT FROM ${database.schema}.user_providers WHERE id = $1 FOR UPDATE`, [id])
  const { rows } = await database.query<LockedState>(
    `SELECT
      ${stateColumns('s')},
      COALESCE(p.enabled, true) AND k.same AS enabled,
      NOT k.same AS "keyIsGone"
    FROM ${database.schema}.user_providers AS s
    LEFT JOIN ${database.schema}.providers AS p ON p.slug = s.provider
    CROSS JOIN LATERAL (SELECT ${sameKey(database, 's', '$2')} AS same) AS k
    WHERE s.id = $1`,
    [id, keySince],
  )
  return rows[0] ?? null
}

/** After an answer that was applied; `changed` moves the version, and with it the user's ETags. */
export async function recordUserSuccess(database: Database, success: AppliedAnswer, changed: boolean): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.user_providers
    SET ${SET_APPLIED},
      refused_credential = CASE WHEN ${FAILED_SINCE_APPLIED} THEN refused_credential END,
      refused_reason = CASE WHEN ${FAILED_SINCE_APPLIED} THEN refused_reason END
    WHERE id = $1`,
    appliedValues(success, changed),
  )
}

/** After an answer that is the one applied last: everything else stays. False: it is not the last any more, and nothing was written. */
export async function recordUserNotModified(
  database: Database,
  answer: UnchangedAnswer,
  keySince: string | null,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE ${database.schema}.user_providers AS s
    SET ${SET_NOT_MODIFIED},
      refused_credential = CASE WHEN ${FAILED_SINCE_UNCHANGED} THEN refused_credential END,
      refused_reason = CASE WHEN ${FAILED_SINCE_UNCHANGED} THEN refused_reason END
    WHERE id = $1 AND ${STILL_THE_LAST} AND ${sameKey(database, 's', '$12')}`,
    [...unchangedValues(answer), keySince],
  )
  return rowCount === 1
}

/**
 * False: a newer answer is there, and nothing was written.
 * @param failure.refused a keyed digest of the key, when it was the key that the provider refused
 */
export async function recordUserFailure(
  database: Database,
  failure: FailedAnswer & { refused: string | null },
  keySince: string | null,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE ${database.schema}.user_providers AS s
    SET ${SET_FAILED},
      refused_credential = CASE WHEN ${FAILED_AGAIN} THEN refused_credential ELSE $9 END,
      refused_reason = CASE WHEN ${FAILED_AGAIN} THEN refused_reason WHEN $9::text IS NOT NULL THEN ${messageIn('$3')} END
    WHERE id = $1 AND ${NOTHING_NEWER} AND ${sameKey(database, 's', '$10')}`,
    [...failedValues(failure), failure.refused, keySince],
  )
  return rowCount === 1
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
