/** Who made models unavailable or hid them, from the changelog. */
import type { Database } from '../database.js'

/** Actors by public id: of the last change of each model's availability or visibility. A model without such a change is left out. */
export async function readWithheldActors(database: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const pairs = ids.map((id) => ({ id, slug: id.slice(0, id.indexOf('/')), own: id.slice(id.indexOf('/') + 1) }))
  const { rows } = await database.query<{ id: string; actor: string }>(
    `SELECT
      v.id,
      c.actor
    FROM json_to_recordset($1::json) AS v (id text, slug text, own text)
    JOIN ${database.schema}.providers AS p ON p.slug = v.slug
    JOIN ${database.schema}.models AS m ON m.provider_id = p.id AND m.provider_model_id = v.own
    CROSS JOIN LATERAL (
      SELECT h.actor
      FROM ${database.schema}.model_changes AS h
      WHERE h.model_id = m.id AND (h.kind = 'unavailable' OR h.field IN ('hidden', 'availability', 'upstream.availability'))
      ORDER BY h.at DESC, h.id DESC
      LIMIT 1
    ) AS c`,
    [JSON.stringify(pairs)],
  )
  return new Map(rows.map(({ id, actor }) => [id, actor]))
}
