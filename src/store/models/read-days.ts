/** How the catalogue moved, day by day (UTC), out of the changelog. */
import { isoDate, type Database } from '../database.js'

export interface DailyMoves {
  /** ISO date. */
  day: string
  provider: string
  /** Models, each once for a day. */
  added: number
  updated: number
  unavailable: number
  restored: number
  /** Available models at the end of the day less those at its beginning. */
  net: number
}

/**
 * Only days with a change, and the numbers of available models now.
 * @param from ISO date
 */
export async function readDailyMoves(
  database: Database,
  from: string,
): Promise<{ moves: DailyMoves[]; available: Record<string, number> }> {
  const models = (condition: string): string => `(count(DISTINCT c.model_id) FILTER (WHERE ${condition}))::integer`
  const { rows } = await database.query<DailyMoves & { available: number; day: string | null }>(
    `SELECT
      ${isoDate("date_trunc('day', c.at AT TIME ZONE 'UTC')")} AS day,
      p.slug AS provider,
      ${models("c.kind = 'added'")} AS added,
      -- Upstream's word beneath a pin is not what a read returns.
      ${models("c.kind = 'updated' AND c.field NOT LIKE 'upstream.%'")} AS updated,
      ${models("c.kind = 'unavailable' AND c.old_value IS NULL")} AS unavailable,
      ${models("c.kind = 'restored'")} AS restored,
      sum(
        CASE
          WHEN c.kind = 'added' OR c.kind = 'restored' THEN 1
          -- From one reason to another it stays unavailable.
          WHEN c.kind = 'unavailable' AND c.old_value IS NULL THEN -1
          WHEN c.kind = 'deleted' AND (
            SELECT u.kind
            FROM ${database.schema}.model_changes AS u
            WHERE u.model_id = c.model_id AND u.kind IN ('added', 'unavailable', 'restored')
            ORDER BY u.at DESC, u.id DESC
            LIMIT 1
          ) <> 'unavailable' THEN -1
          ELSE 0
        END
      )::integer AS net,
      0 AS available
    FROM ${database.schema}.model_changes AS c
    JOIN ${database.schema}.providers AS p ON p.id = c.provider_id
    WHERE c.at >= $1::date::timestamp AT TIME ZONE 'UTC'
    GROUP BY 1, 2
    UNION ALL
    SELECT NULL, p.slug, 0, 0, 0, 0, 0, count(*)::integer
    FROM ${database.schema}.models AS m
    JOIN ${database.schema}.providers AS p ON p.id = m.provider_id
    WHERE m.availability = 'available'
    GROUP BY p.slug`,
    [from],
  )
  return {
    moves: rows.flatMap(({ available: _, ...move }) => (move.day === null ? [] : [move])),
    available: Object.fromEntries(
      rows.flatMap(({ day, provider, available }) => (day === null ? [[provider, available]] : [])),
    ),
  }
}
