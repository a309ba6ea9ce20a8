/** What a viewer may see: the catalogue, which everybody sees, and what the viewer's own keys alone have shown. The one place that says so. */
import type { Database } from './database.js'

/**
 * The FROM of a read of models, with the aliases `m` (the columns of `models`) and `p` (id, slug, last_success_at, stale_since of the provider).
 * What only a user's key has shown lies in tables of its own, so that a read which does not come through here shows nothing of it. As soon as the
 * catalogue has a model it is the catalogue's row that counts. Private rows have negative ids, which no public row has.
 * @param viewer where the user's id stands among the values (`$3`); `null`: nobody in particular
 */
export function visibleTo({ schema }: Pick<Database, 'schema'>, viewer: string | null): string {
  if (viewer === null) return `FROM ${schema}.models AS m JOIN ${schema}.providers AS p ON p.id = m.provider_id`
  return `FROM (
    SELECT *
    FROM ${schema}.models
    UNION ALL
    SELECT seen.*
    FROM ${schema}.user_providers AS s
    JOIN ${schema}.user_models AS u ON u.user_provider_id = s.id
    CROSS JOIN LATERAL jsonb_populate_record(
      NULL::${schema}.models,
      u.fields || jsonb_build_object(
        'id', -u.id,
        'provider_id', -s.id,
        'provider_model_id', u.provider_model_id,
        'origin', 'synced',
        'availability', CASE WHEN u.unavailable_reason IS NULL THEN 'available' ELSE 'unavailable' END,
        'unavailable_reason', u.unavailable_reason,
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
        JOIN ${schema}.providers AS its ON its.id = known.provider_id
        WHERE its.slug = s.provider AND known.provider_model_id = u.provider_model_id
      )
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
