/** Users' keys, sealed, with what became of them at their provider. */
import { isoTime, type Database, type PooledDatabase } from '../database.js'

export interface UserKeyRow {
  userId: string
  /** Slug. */
  provider: string
  sealed: Buffer
  /** `null`: the key is too short to show a part of it. */
  lastFour: string | null
  active: boolean
  /** ISO 8601, as the times below. */
  createdAt: string
  updatedAt: string
  /** `null`: no sync has used it yet. */
  lastAttemptAt: string | null
  lastSuccessAt: string | null
  /** One line; `null`: the last sync went well. */
  lastError: string | null
  /** Why the provider refused the key; `null`: it did not. */
  refusedReason: string | null
}

/** By user, then by provider; of one user, or of all; one provider, or all. */
export async function readUserKeys(
  database: Database,
  {
    userId = null,
    provider = null,
    onlyActive = false,
  }: { userId?: string | null; provider?: string | null; onlyActive?: boolean },
): Promise<UserKeyRow[]> {
  const { rows } = await database.query<UserKeyRow>(
    `SELECT
      c.user_id AS "userId",
      c.provider,
      c.sealed,
      c.last_four AS "lastFour",
      c.active,
      ${isoTime('c.created_at')} AS "createdAt",
      ${isoTime('c.updated_at')} AS "updatedAt",
      ${isoTime('p.last_attempt_at')} AS "lastAttemptAt",
      ${isoTime('p.last_success_at')} AS "lastSuccessAt",
      p.last_error AS "lastError",
      p.refused_reason AS "refusedReason"
    FROM ${database.schema}.user_credentials AS c
    LEFT JOIN ${database.schema}.user_providers AS p ON p.user_id = c.user_id AND p.provider = c.provider
    WHERE ($1::text IS NULL OR c.user_id = $1)
      AND ($2::text IS NULL OR c.provider = $2)
      AND (c.active OR NOT $3)
    ORDER BY c.user_id, c.provider`,
    [userId, provider, onlyActive],
  )
  return rows
}

/** Slugs of the user's active keys whose sealed form begins with one of these, all of one length. */
export async function readActiveProviders(
  database: Database,
  { userId, prefixes }: { userId: string; prefixes: readonly Buffer[] },
): Promise<string[]> {
  const { rows } = await database.query<{ provider: string }>(
    `SELECT provider
    FROM ${database.schema}.user_credentials
    WHERE user_id = $1 AND active AND substring(sealed FROM 1 FOR $3) = ANY ($2::bytea[])
    ORDER BY provider`,
    [userId, prefixes, prefixes[0]?.length ?? 0],
  )
  return rows.map(({ provider }) => provider)
}

export type KeyPosition = Pick<UserKeyRow, 'userId' | 'provider'>

/** Those whose sealed key begins otherwise, by user and provider, from the one behind `after` on. */
export async function readKeysSealedOtherwise(
  database: Database,
  { prefix, after, limit }: { prefix: Buffer; after: KeyPosition | null; limit: number },
): Promise<(KeyPosition & Pick<UserKeyRow, 'sealed'>)[]> {
  const { rows } = await database.query<KeyPosition & Pick<UserKeyRow, 'sealed'>>(
    `SELECT user_id AS "userId", provider, sealed
    FROM ${database.schema}.user_credentials
    WHERE substring(sealed FROM 1 FOR $2) <> $1
      AND ($3::text IS NULL OR (user_id, provider) > ($3, $4))
    ORDER BY user_id, provider
    LIMIT $5`,
    [prefix, prefix.length, after?.userId ?? null, after?.provider ?? null, limit],
  )
  return rows
}

/** A new key, or another in its place, is active; what was known of the one before is forgotten. */
export async function putUserKey(
  database: Database,
  row: { userId: string; provider: string; sealed: Buffer; lastFour: string | null; at: string },
): Promise<void> {
  await database.query(
    `WITH forgotten AS (
      UPDATE ${database.schema}.user_providers
      SET refused_credential = NULL,
        refused_reason = NULL,
        last_error = NULL,
        last_problem = NULL,
        consecutive_failures = 0,
        state_version = state_version + 1
      WHERE user_id = $1 AND provider = $2
    )
    INSERT INTO ${database.schema}.user_credentials (user_id, provider, sealed, last_four, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $5)
    ON CONFLICT (user_id, provider) DO UPDATE
    SET sealed = excluded.sealed,
      last_four = excluded.last_four,
      active = true,
      updated_at = excluded.updated_at`,
    [row.userId, row.provider, row.sealed, row.lastFour, row.at],
  )
}

/** The same key under another encryption key; a key that was changed meanwhile stays as it is. */
export async function resealKey(
  database: Database,
  { userId, provider, before, sealed }: { userId: string; provider: string; before: Buffer; sealed: Buffer },
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.user_credentials
    SET sealed = $4
    WHERE user_id = $1 AND provider = $2 AND sealed = $3`,
    [userId, provider, before, sealed],
  )
}

/** False: there is none. */
export async function switchUserKey(
  database: Database,
  { userId, provider, active, at }: { userId: string; provider: string; active: boolean; at: string },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE ${database.schema}.user_credentials
    SET active = $3,
      updated_at = $4
    WHERE user_id = $1 AND provider = $2`,
    [userId, provider, active, at],
  )
  return rowCount === 1
}

/** Takes the key away, and with it what it could see: those models are unavailable to the user. False: there is none. */
export function deleteUserKey(
  database: PooledDatabase,
  { userId, provider, at }: { userId: string; provider: string; at: string },
): Promise<boolean> {
  return database.transaction(async (database) => {
    // First, so that the next statement sees what a sync that holds the row has written.
    await database.query(
      `SELECT FROM ${database.schema}.user_providers WHERE user_id = $1 AND provider = $2 FOR UPDATE`,
      [userId, provider],
    )
    const { rowCount } = await database.query(
      `WITH state AS (
        UPDATE ${database.schema}.user_providers
        SET fingerprint = NULL,
          refused_credential = NULL,
          refused_reason = NULL,
          last_error = NULL,
          last_problem = NULL,
          consecutive_failures = 0,
          listed_models = 0,
          recent_sizes = '[]',
          version = version + 1,
          state_version = state_version + 1
        WHERE user_id = $1 AND provider = $2
        RETURNING id
      ),
      unseen AS (
        UPDATE ${database.schema}.user_models
        SET unavailable_reason = 'omitted',
          unavailable_since = $3,
          updated_at = $3
        WHERE user_provider_id = (SELECT id FROM state) AND unavailable_reason IS NULL
      )
      DELETE FROM ${database.schema}.user_credentials
      WHERE user_id = $1 AND provider = $2`,
      [userId, provider, at],
    )
    return rowCount === 1
  })
}
