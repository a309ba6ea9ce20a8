/** What is inconsistent in the catalogue, each found with one query. */
import type { Inconsistency } from '../../core/records/inconsistency.js'
import type { Database } from '../database.js'

type FoundInconsistency = Omit<Inconsistency, 'wayOut'>

// Above this a token costs a cent or more: a unit that was mistaken, in all experience.
const ABSURD_COST_PER_TOKEN = '0.01'
const MOST = 500

/** The names that the queries have in common: the FROM of all models, the public id, the schema. */
interface Names {
  models: string
  id: string
  schema: string
}

/** At most 500 of each kind. `providers`: slugs that have a source. */
export async function findInconsistencies(
  database: Database,
  providers: readonly string[],
  today: string,
): Promise<FoundInconsistency[]> {
  const { schema } = database
  const names: Names = {
    models: `${schema}.models AS m JOIN ${schema}.providers AS p ON p.id = m.provider_id`,
    id: `p.slug || '/' || m.provider_model_id`,
    schema,
  }
  const queries = [unknownProvider, ambiguousAlias, absurdPrice, orphanedPin, pastDeprecation]
  const { rows } = await database.query<FoundInconsistency>(
    queries.map((query) => `(${query(names)} LIMIT ${MOST})`).join(' UNION ALL '),
    [providers, today],
  )
  return rows
}

function unknownProvider({ models, id }: Names): string {
  return `SELECT 'unknown-provider' AS code, ${id} AS "modelId", p.slug AS detail
    FROM ${models}
    WHERE m.origin = 'synced' AND NOT p.slug = ANY ($1::text[])`
}

function ambiguousAlias({ models, id, schema }: Names): string {
  return `SELECT 'ambiguous-alias', ${id}, claimed.alias
    FROM ${models}
    CROSS JOIN LATERAL jsonb_array_elements_text(m.aliases) AS claimed (alias)
    WHERE m.availability = 'available'
      AND claimed.alias IN (
        SELECT other.alias
        FROM ${schema}.models AS o
        CROSS JOIN LATERAL jsonb_array_elements_text(o.aliases) AS other (alias)
        WHERE o.availability = 'available'
        GROUP BY other.alias
        HAVING count(DISTINCT o.id) > 1
      )
    ORDER BY 3, 2`
}

function absurdPrice({ models, id }: Names): string {
  return `SELECT 'absurd-price', ${id}, price.field || ' ' || price.cost::text
    FROM ${models}
    CROSS JOIN LATERAL (
      VALUES
        ('inputCostPerToken', m.input_cost_per_token),
        ('outputCostPerToken', m.output_cost_per_token),
        ('cacheReadCostPerToken', m.cache_read_cost_per_token),
        ('cacheWriteCostPerToken', m.cache_write_cost_per_token)
    ) AS price (field, cost)
    WHERE price.cost < 0 OR price.cost >= ${ABSURD_COST_PER_TOKEN}`
}

function orphanedPin({ models, id, schema }: Names): string {
  return `SELECT 'orphaned-pin', ${id}, pin.field
    FROM ${models}
    CROSS JOIN LATERAL jsonb_object_keys(m.pins) AS pin (field)
    WHERE (m.upstream -> pin.field IS NULL OR m.upstream -> pin.field IN ('null', '[]', '{}'))
      -- It spoke of the field once: a pin on what upstream never says is what pins are for.
      AND EXISTS (
        SELECT
        FROM ${schema}.model_changes AS c
        WHERE c.model_id = m.id AND c.field = 'upstream.' || pin.field
      )`
}

function pastDeprecation({ models, id }: Names): string {
  return `SELECT 'past-deprecation', ${id}, said.date::text
    FROM ${models}
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN m.upstream ? 'deprecationDate' THEN (m.upstream ->> 'deprecationDate')::date
        ELSE m.deprecation_date
      END
    ) AS said (date)
    WHERE m.origin = 'synced' AND m.availability = 'available' AND said.date < $2::date`
}
