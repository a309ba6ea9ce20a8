/** Who has looked at what is new. */
import type { Database } from '../database.js'
import { visibleTo } from '../visible-models.js'

/**
 * Available, visible models that came after the user last looked, with those that only the user's own keys have shown; all of them for one who
 * never did.
 * @param userId empty: nobody in particular
 */
export async function countNewModels(database: Database, userId: string): Promise<number> {
  const { rows } = await database.query<{ models: number }>(
    `SELECT count(*)::integer AS models
    ${visibleTo(database, userId === '' ? null : '$1')}
    WHERE m.availability = 'available' AND NOT m.hidden AND m.origin = 'synced'
      AND m.first_seen_at > COALESCE(
        (SELECT seen_through FROM ${database.schema}.model_sync_seen WHERE user_id = $1),
        '-infinity'
      )`,
    [userId],
  )
  return rows[0]?.models ?? 0
}

/**
 * Up to the newest model that is there, and not up to now: one that a run is just about to add has a time before now and was not seen.
 * @param at ISO 8601
 */
export async function markSeen(database: Database, userId: string, at: string): Promise<void> {
  await database.query(
    `INSERT INTO ${database.schema}.model_sync_seen AS s (user_id, seen_through, seen_at)
    SELECT
      $1,
      GREATEST(
        (SELECT max(first_seen_at) FROM ${database.schema}.models),
        (
          SELECT max(u.first_seen_at)
          FROM ${database.schema}.user_providers AS s
          JOIN ${database.schema}.user_models AS u ON u.user_provider_id = s.id
          WHERE s.user_id = $1
        )
      ),
      $2
    ON CONFLICT (user_id) DO UPDATE
    SET seen_through = GREATEST(s.seen_through, EXCLUDED.seen_through), seen_at = EXCLUDED.seen_at`,
    [userId, at],
  )
}
