/** Reads of the changelog, each a range of one index. */
import type { ChangeRecord, ChangesQuery } from '../../core/records/change-record.js'
import type { PageQuery } from '../../core/schema/page.js'
import { Conditions } from '../where-clause.js'
import { isoTime, type Database } from '../database.js'
import { NAMED_ROW } from '../models/named-row.js'

export type ChangeFilter = Omit<ChangesQuery, keyof PageQuery>

/** Where a page ends. */
export interface ChangePosition {
  /** ISO 8601. */
  at: string
  id: number
}

/** Changes newest first, from the one behind `after` on. */
export async function listChanges(
  database: Database,
  { filter, limit, after }: { filter: ChangeFilter; limit: number; after: ChangePosition | null },
): Promise<ChangeRecord[]> {
  const { since, provider, kind, model, field } = filter
  // Only updates have a field. Without this the planner would look through all rows of the field for one that is not there.
  if (field !== undefined && kind !== undefined && kind !== 'updated') return []
  if (model !== undefined && provider !== undefined && !model.startsWith(`${provider}/`)) return []
  const modelIds = model === undefined ? undefined : await findModelIds(database, model)
  const where = new Conditions()
  const models = modelIds === undefined ? null : `unnest(${where.place(modelIds)}::bigint[]) AS m (id)`
  if (models !== null) where.add(() => 'c.model_id = m.id')
  // Where most rows have a value, or seem to, the planner walks a wider index and filters, which takes long when the newest rows happen to have
  // others. So the order begins with the first filter, which `= ANY` keeps from being taken for a constant: only its indexes have that order. The
  // second is hidden in a sub-select, so that averages decide, by which the narrower index is cheaper.
  const [first] = Object.entries({ model_id: models, provider_id: provider, field, kind }).flatMap(([column, value]) =>
    value == null ? [] : [column],
  )
  const is = (column: string, value: string): string =>
    column === first ? `c.${column} = ANY (ARRAY[(${value})])` : `c.${column} = (${value})`
  where
    .add((at) => `c.at >= ${at}::timestamptz`, since)
    .add(
      (slug) => is('provider_id', `SELECT id FROM ${database.schema}.providers WHERE slug = ${slug}`),
      models === null ? provider : undefined,
    )
    .add((name) => is('field', `SELECT ${name}::text`), field)
    .add((name) => is('kind', `SELECT ${name}::text`), field === undefined ? kind : undefined)
    .add((at, id) => `(c.at, c.id) < (${at}::timestamptz, ${id}::bigint)`, after?.at, after?.id)
  const most = where.place(limit)
  const page = `(
      SELECT *
      FROM ${database.schema}.model_changes AS c
      ${where}
      ORDER BY ${first === undefined ? '' : `c.${first}, `}c.at DESC, c.id DESC
      LIMIT ${most}
    ) AS c`
  const { rows } = await database.query<ChangeRecord>(
    `SELECT
      c.id::float8 AS id,
      c.run_id AS "runId",
      p.slug || '/' || c.provider_model_id AS "modelId",
      p.slug AS provider,
      c.kind,
      c.field,
      c.old_value AS "from",
      c.new_value AS "to",
      c.cause,
      c.actor,
      ${isoTime('c.at')} AS at
    FROM ${models === null ? page : `${models} CROSS JOIN LATERAL ${page}`}
    JOIN ${database.schema}.providers AS p ON p.id = c.provider_id
    ORDER BY c.at DESC, c.id DESC
    LIMIT ${most}`,
    where.values,
  )
  return rows
}

/**
 * The rows that this public id means: the model that has it, else one that had it before it was renamed; and deleted ones that had it.
 * @returns internal ids, that of a model which is there first
 */
export async function findModelIds(database: Database, id: string): Promise<number[]> {
  const slash = id.indexOf('/')
  if (slash < 1) return []
  const { rows } = await database.query<{ id: number }>(
    `WITH provider AS (
      SELECT id FROM ${database.schema}.providers WHERE slug = $1
    ), known AS (
      SELECT m.id
      FROM ${database.schema}.models AS m
      WHERE m.provider_id = (SELECT id FROM provider)
        AND ${NAMED_ROW}
    )
    SELECT id::float8 AS id FROM known
    UNION ALL
    SELECT DISTINCT c.model_id::float8
    FROM ${database.schema}.model_changes AS c
    WHERE c.provider_id = (SELECT id FROM provider) AND c.kind = 'deleted' AND c.provider_model_id = $2`,
    [id.slice(0, slash), id.slice(slash + 1)],
  )
  return rows.map((row) => row.id)
}
