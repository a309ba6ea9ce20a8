/** What a viewer may see: the catalogue, which everybody sees, and what the viewer's own keys alone have shown. The one place that says so. */
import type { Database } from './database.js'
import { UNKNOWN_COLUMNS } from './model-columns.js'

// What another key may see differently; everything else is an operator's word, for everybody.
const LOST_UPSTREAM = `k.availability = 'unavailable' AND k.unavailable_reason IN ('omitted', 'deprecated', 'not-callable')`

/**
 * The FROM of a read of models, with the aliases `m` (the columns of `models`) and `p` (id, slug, last_success_at, stale_since of the provider).
 * What only a user's key has shown lies in tables of its own, so that a read which does not come through here shows nothing of it. As soon as the
 * catalogue has a model it is the catalogue's row that counts, and of its availability what this viewer's own keys see now, unless an operator has
 * taken the model out. A provider that an operator switched off has no model for anybody. Private rows have negative ids, which no public row has.
 * @param viewer where the user's id stands among the values (`$3`); `null`: nobody in particular
 */
export function visibleTo({ schema }: Pick<Database, 'schema'>, viewer: string | null): string {
  if (viewer === null) return `FROM ${schema}.models AS m JOIN ${schema}.providers AS p ON p.id = m.provider_id`
  return `FROM (
    ${catalogueRows(schema, viewer)}
    UNION ALL
    ${privateRows(schema, viewer)}
  ) AS m
  JOIN (
    SELECT id, slug, last_success_at, stale_since
    FROM ${schema}.providers
    UNION ALL
    SELECT -id, provider, last_success_at, CASE WHEN last_error IS NULL THEN NULL ELSE last_attempt_at END
    FROM ${schema}.user_providers
    WHERE user_id = ${viewer}::text
  ) AS p ON p.id = m.provider_id`
}

/** The catalogue's models; what it has lost and the viewer's own keys see is available. */
function catalogueRows(schema: string, viewer: string): string {
  const sight = `SELECT own.last_success_at
      FROM ${schema}.user_providers AS own
      JOIN ${schema}.providers AS its ON its.slug = own.provider
      JOIN ${schema}.user_models AS u ON u.user_provider_id = own.id
      WHERE own.user_id = ${viewer}::text
        AND its.id = k.provider_id
        AND its.enabled
        AND u.provider_model_id = k.provider_model_id
        AND u.unavailable_reason IS NULL`
  return `SELECT k.*
    FROM ${schema}.models AS k
    WHERE NOT (${LOST_UPSTREAM} AND EXISTS (${sight}))
    UNION ALL
    SELECT mine.*
    FROM ${schema}.models AS k
    CROSS JOIN LATERAL (${sight}) AS sight
    CROSS JOIN LATERAL jsonb_populate_record(
      k,
      jsonb_build_object(
        'availability', 'available',
        'unavailable_reason', NULL,
        'unavailable_since', NULL,
        'last_seen_at', sight.last_success_at
      )
    ) AS mine
    WHERE ${LOST_UPSTREAM}`
}

/** What only the viewer's own keys have shown, as rows of the catalogue. */
function privateRows(schema: string, viewer: string): string {
  return `SELECT seen.*
    FROM ${schema}.user_providers AS s
    JOIN ${schema}.user_models AS u ON u.user_provider_id = s.id
    LEFT JOIN ${schema}.providers AS its ON its.slug = s.provider
    CROSS JOIN LATERAL (SELECT COALESCE(u.unavailable_reason, CASE WHEN NOT its.enabled THEN 'provider-disabled' END) AS now) AS reason
    CROSS JOIN LATERAL jsonb_populate_record(
      NULL::${schema}.models,
      '${UNKNOWN_COLUMNS}'::jsonb || u.fields || jsonb_build_object(
        'id', -u.id,
        'provider_id', -s.id,
        'provider_model_id', u.provider_model_id,
        'origin', 'synced',
        'availability', CASE WHEN reason.now IS NULL THEN 'available' ELSE 'unavailable' END,
        'unavailable_reason', reason.now,
        'listed_reason', u.unavailable_reason,
        'unavailable_since', u.unavailable_since,
        'first_seen_at', u.first_seen_at,
        'last_seen_at', u.last_seen_at,
        'updated_at', u.updated_at,
        'hidden', false,
        'pins', '{}'::jsonb,
        'upstream', '{}'::jsonb,
        'former_ids', '[]'::jsonb
      )
    ) AS seen
    WHERE s.user_id = ${viewer}::text
      AND NOT EXISTS (
        SELECT
        FROM ${schema}.models AS known
        WHERE known.provider_id = its.id AND known.provider_model_id = u.provider_model_id
      )`
}

/** Of the rows of {@link visibleTo}: what only the viewer's own keys make available. */
export const OWN_ALONE = `(m.id < 0 OR (m.availability = 'available' AND m.listed_reason IS NOT NULL))`

/** Of the rows of {@link visibleTo}: those that the viewer's own keys can see now. */
export function seenByOwnKeys({ schema }: Pick<Database, 'schema'>, viewer: string): string {
  return `EXISTS (
    SELECT
    FROM ${schema}.user_providers AS own
    JOIN ${schema}.user_models AS sight ON sight.user_provider_id = own.id
    WHERE own.user_id = ${viewer}::text
      AND own.provider = p.slug
      AND sight.provider_model_id = m.provider_model_id
      AND sight.unavailable_reason IS NULL
  )`
}
