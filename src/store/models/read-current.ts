/** What a plan is made from: a provider's models, light; and the fields of those that need a look. */
import type { CurrentValues } from '../../core/plan/deferred-change.js'
import type { CurrentModel } from '../../core/plan/plan.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import { upstreamFields, type Pins } from '../../core/model/pins.js'
import { pauses } from '../../pauses.js'
import { pickFields, selectFields } from '../model-columns.js'
import { isoDate, type Database } from '../database.js'

/** One model; its values are read later, where they are wanted. */
export interface IndexedModel extends CurrentModel {
  /** An operator has set it to unavailable, whatever the provider's side says. */
  pinnedUnavailable: boolean
  /** Hex; `null`: compare field by field. */
  digest: string | null
}

/** All models of a provider, and the provider's version that they belong to, from one snapshot. */
export async function readIndex(
  database: Database,
  providerId: number,
): Promise<{ version: number; models: Map<string, IndexedModel> }> {
  const { rows } = await database.query<IndexedModel & { version: number; id: number | null }>(
    `SELECT
      p.version::float8 AS version,
      m.id::float8 AS id,
      m.provider_model_id AS "providerModelId",
      m.origin,
      m.listed_reason AS "listedReason",
      m.pinned_unavailable AS "pinnedUnavailable",
      m.was_local AS "wasLocal",
      m.undone,
      m.misses,
      CASE WHEN m.upstream ? 'deprecationDate' THEN m.upstream->>'deprecationDate' ELSE ${isoDate('m.deprecation_date')} END AS "deprecationDate",
      NULL AS "values",
      encode(m.entry_digest, 'hex') AS digest
    FROM ${database.schema}.providers AS p
    LEFT JOIN ${database.schema}.models AS m ON m.provider_id = p.id
    WHERE p.id = $1`,
    [providerId],
  )
  return { version: rows[0]?.version ?? 0, models: await indexOf(rows) }
}

/** By the provider's id. A provider without models is one row of NULLs: the outer join. */
export async function indexOf(
  rows: readonly (Omit<IndexedModel, 'id'> & { id: number | null })[],
): Promise<Map<string, IndexedModel>> {
  const rest = pauses()
  const models = new Map<string, IndexedModel>()
  for (const row of rows) {
    const pause = rest()
    if (pause !== undefined) await pause
    if (row.id !== null) models.set(row.providerModelId, row as IndexedModel)
  }
  return models
}

/** Upstream's values and the pins of these rows, by row id. */
export async function readValues(database: Database, ids: readonly number[]): Promise<Map<number, CurrentValues>> {
  const { rows } = await database.query<
    Record<string, unknown> & { rowId: number; pins: Pins; upstream: Partial<ModelFields> }
  >(
    `SELECT
      m.id::float8 AS "rowId",
      m.pins,
      m.upstream,
      ${selectFields('m')}
    FROM ${database.schema}.models AS m
    WHERE m.id = ANY ($1::bigint[])`,
    [ids],
  )
  return new Map(
    rows.map((row) => [row.rowId, { upstream: upstreamFields(pickFields(row), row.upstream), pins: row.pins }]),
  )
}
