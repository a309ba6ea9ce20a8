/** Who has looked at what is new. */
import type { Database } from './database.js'

/** Available, visible models that came after the user last looked; all of them for one who never did. @param userId empty: nobody in particular */
export async function countNewModels(database: Database, userId: string): Promise<number> {
  const { rows } = await database.query<{ models: number }>(
    `SELECT count(*)::integer AS models
    FROM ${database.schema}.models AS m
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
    SELECT $1, max(first_seen_at), $2
    FROM ${database.schema}.models
    ON CONFLICT (user_id) DO UPDATE
    SET seen_through = GREATEST(s.seen_through, EXCLUDED.seen_through), seen_at = EXCLUDED.seen_at`,
    [userId, at],
  )
}
