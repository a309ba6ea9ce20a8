/** Models whose end is known, the soonest first. */
import type { DeprecationRecord } from '../../core/records/deprecation-record.js'
import { isoDate, type Database } from '../database.js'

export interface DeprecationFilter {
  provider?: string
  /** ISO date: those that end on it or after it. */
  from?: string
  /** ISO date: those that end on it or before it. */
  until?: string
}

/** With the row's internal id. */
export type DeprecationRow = Omit<DeprecationRecord, 'daysLeft'> & { rowId: number }

const COLUMNS = `m.id::float8 AS "rowId",
      p.slug || '/' || m.provider_model_id AS "modelId",
      p.slug AS provider,
      m.name,
      ${isoDate('m.deprecation_date')} AS "deprecationDate",
      m.replaced_by AS "replacedBy"`

/** Where a page ends. */
export interface DeprecationPosition {
  /** ISO date. */
  date: string
  /** The row's internal id. */
  rowId: number
}

/**
 * Available models that are not hidden, from the one behind `after` on. One whose date is past is among them while it is served all the same, as a
 * pin or a policy wants it.
 */
export async function listDeprecations(
  database: Database,
  { filter, limit, after }: { filter: DeprecationFilter; limit: number; after: DeprecationPosition | null },
): Promise<DeprecationRow[]> {
  const { rows } = await database.query<DeprecationRow>(
    `SELECT
      ${COLUMNS}
    FROM ${database.schema}.models AS m
    JOIN ${database.schema}.providers AS p ON p.id = m.provider_id
    WHERE m.deprecation_date IS NOT NULL
      AND m.availability = 'available'
      AND NOT m.hidden
      AND ($1::text IS NULL OR p.slug = $1)
      AND ($2::date IS NULL OR m.deprecation_date >= $2)
      AND ($3::date IS NULL OR m.deprecation_date <= $3)
      AND ($4::date IS NULL OR (m.deprecation_date, m.id) > ($4, $5::bigint))
    ORDER BY m.deprecation_date, m.id
    LIMIT $6`,
    [
      filter.provider ?? null,
      filter.from ?? null,
      filter.until ?? null,
      after?.date ?? null,
      after?.rowId ?? null,
      limit,
    ],
  )
  return rows
}
