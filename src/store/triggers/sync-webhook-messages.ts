/** Signed messages that have been taken, so that none is taken twice, by whatever replica. */
import type { Database } from '../database.js'

/**
 * Takes a message, and drops those that are too old to come again.
 * @param at ISO 8601
 * @param keptMinutes longer than a signature is good for
 * @returns false when it was taken before
 */
export async function takeSyncWebhookMessage(
  database: Database,
  { id, at, keptMinutes }: { id: string; at: string; keptMinutes: number },
): Promise<boolean> {
  await database.query(
    `DELETE FROM ${database.schema}.webhook_messages
    WHERE at < $1::timestamptz - make_interval(mins => $2)`,
    [at, keptMinutes],
  )
  const { rows } = await database.query(
    `INSERT INTO ${database.schema}.webhook_messages (id, at)
    VALUES ($1, $2)
    ON CONFLICT DO NOTHING
    RETURNING id`,
    [id, at],
  )
  return rows.length > 0
}
