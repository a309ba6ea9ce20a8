/** A page of the models that a filter leaves, in one of the orders that a list can have. */
import { COLUMNS, selection, toRecord, type ModelFilter } from './read-models.js'
import type { ModelRecord } from '../../core/model/model-record.js'
import { SHOWN_MODE } from './shown-mode.js'
import type { Database } from '../database.js'
import type { SortKey } from '../../core/model/sort-keys.js'

/** What a list can be sorted by, with the SQL that compares: never NULL, so that a cursor can stand at any row. */
const SORTS = {
  id: { ...always(`(p.slug || '/' || m.provider_model_id)`), type: 'text' },
  name: { ...always(`m.name COLLATE "C"`), type: 'text' },
  ownedBy: { ...unknownTextLast('m.owned_by'), type: 'text' },
  mode: { ...unknownTextLast(SHOWN_MODE), type: 'text' },
  contextLength: { ...unknownLast('m.context_length', '-1', '2147483647'), type: 'integer' },
  maxOutputTokens: { ...unknownLast('m.max_output_tokens', '-1', '2147483647'), type: 'integer' },
  inputCostPerToken: { ...unknownLast('m.input_cost_per_token', '-1', `'Infinity'`), type: 'numeric' },
  outputCostPerToken: { ...unknownLast('m.output_cost_per_token', '-1', `'Infinity'`), type: 'numeric' },
  updatedAt: { ...always('m.updated_at'), type: 'timestamptz' },
  firstSeenAt: { ...always('m.first_seen_at'), type: 'timestamptz' },
} as const satisfies Record<SortKey, { ascending: string; descending: string; type: string }>

function always(expression: string) {
  return { ascending: expression, descending: expression }
}

/** Whoever sorts by a value looks for the models that have one, whichever way. */
function unknownLast(column: string, least: string, greatest: string) {
  return { ascending: `COALESCE(${column}, ${greatest})`, descending: `COALESCE(${column}, ${least})` }
}

/** As {@link unknownLast}: no text is the greatest in each encoding, so what is known gets a mark before it. */
function unknownTextLast(column: string) {
  return {
    ascending: `COALESCE('0' || ${column}, '1') COLLATE "C"`,
    descending: `COALESCE('1' || ${column}, '0') COLLATE "C"`,
  }
}

/** Where a page ends: the sorted value as text, and the row's internal id. */
export interface ModelPosition {
  value: string
  rowId: number
}

export interface ModelPage {
  models: ModelRecord[]
  /** Of each of them. */
  positions: ModelPosition[]
  /** Of the last model; `null`: there is no further one. */
  last: ModelPosition | null
}

/** A page of models, from the one behind `after` on. */
export async function listModels(
  database: Database,
  query: { filter: ModelFilter; sort: SortKey; descending: boolean; limit: number; after: ModelPosition | null },
): Promise<ModelPage> {
  const { filter, sort, descending, limit, after } = query
  const { from, where, values } = selection(database, filter)
  const [value, most, rowId] = [1, 2, 3].map((place) => `$${values.length + place}`) as [string, string, string]
  const byIndex = sort === 'id' && !descending && filter.viewer == null
  const chosen = byIndex
    ? firstOfEachProvider(database, where, { value, most })
    : firstOfAll(from, where, { sort, descending, value, most, rowId })
  const direction = descending ? 'DESC' : 'ASC'
  const { rows } = await database.query<Record<string, unknown> & { sortValue: string; rowId: number }>(
    // The columns are made of the rows of the page alone: the planner would make them, times as text above all, of each row before it sorts.
    `SELECT ${COLUMNS}, m.sort_value::text AS "sortValue"
    FROM (${chosen}) AS m
    CROSS JOIN LATERAL (SELECT m.slug, m.last_success_at, m.stale_since) AS p
    ORDER BY m.sort_value ${direction}, m.id ${direction}`,
    [...values, after?.value ?? null, limit + 1, ...(byIndex ? [] : [after?.rowId ?? null])],
  )
  const page = rows.slice(0, limit)
  const positions = page.map(({ sortValue, rowId: id }) => ({ value: sortValue, rowId: id }))
  return { models: page.map(toRecord), positions, last: rows.length > limit ? (positions.at(-1) ?? null) : null }
}

/** Where the values of a page stand among all (`$3`). */
interface Places {
  /** The sorted value of the position behind which the page begins, or NULL. */
  value: string
  /** How many rows at most. */
  most: string
}

const CHOSEN = 'm.*, p.slug, p.last_success_at, p.stale_since'

/** The rows of a page in any order: all that the filters leave are gone through. */
function firstOfAll(
  from: string,
  where: string,
  { sort, descending, value, most, rowId }: { sort: SortKey; descending: boolean } & Places & { rowId: string },
): string {
  const { [descending ? 'descending' : 'ascending']: expression, type } = SORTS[sort]
  const direction = descending ? 'DESC' : 'ASC'
  return `
    SELECT ${CHOSEN}, ${expression} AS sort_value
    ${from}
    ${where}
      AND (${value}::text IS NULL OR (${expression}, m.id) ${descending ? '<' : '>'} (${value}::${type}, ${rowId}::bigint))
    ORDER BY sort_value ${direction}, m.id ${direction}
    LIMIT ${most}`
}

/** The rows of a page by id, the order that lists have by themselves: the first of each provider, as the index gives them, so that the last page costs what the first does. */
function firstOfEachProvider({ schema }: Database, where: string, { value, most }: Places): string {
  const slug = `split_part(${value}::text, '/', 1)`
  return `
    SELECT ${CHOSEN}, ${SORTS.id.ascending} AS sort_value
    FROM ${schema}.providers AS p
    CROSS JOIN LATERAL (
      SELECT m.*
      FROM ${schema}.models AS m
      ${where}
        AND m.provider_id = p.id
        AND m.provider_model_id > CASE WHEN p.slug = ${slug} THEN substr(${value}::text, length(${slug}) + 2) ELSE '' END
      ORDER BY m.provider_model_id
      LIMIT ${most}
    ) AS m
    WHERE ${value}::text IS NULL OR p.slug || '/' >= ${slug} || '/'
    ORDER BY sort_value
    LIMIT ${most}`
}
