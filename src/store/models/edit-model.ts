/** Changes by hand: what is read of one model to edit it, and how the edit is written. */
import { effectiveFields, upstreamFields, type Pins } from '../../core/model/pins.js'
import type { UnavailableReason } from '../../core/model/model.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import { FIELD_RECORD, FIELD_VALUES, fieldColumns, pickFields, selectFields } from '../model-columns.js'
import { isoTime, type Database } from '../database.js'
import { setAvailability } from './availability.js'
import { NAMED_ROW } from './named-row.js'
import { updateModels } from './write-models.js'

/** One row, locked until the transaction ends. */
export interface EditableModel {
  rowId: number
  providerId: number
  providerModelId: string
  origin: 'synced' | 'local'
  hidden: boolean
  pinnedUnavailable: boolean
  listedReason: UnavailableReason | null
  upstream: ModelFields
  pins: Pins
  /** ISO 8601: of the newest change of the provider's models; `null`: there is none. */
  changedAt: string | null
}

/** By its id or one that it had before. The provider's row is locked with it, as a sync does, so that the two never wait for each other crosswise. */
export async function lockModel(
  database: Database,
  provider: string,
  providerModelId: string,
): Promise<EditableModel | null> {
  const { rows } = await database.query<
    Record<string, unknown> & Omit<EditableModel, 'upstream'> & { kept: Partial<ModelFields> }
  >(
    `WITH locked AS MATERIALIZED (
      SELECT id, ${isoTime('changed_at')} AS changed_at FROM ${database.schema}.providers WHERE slug = $1 FOR UPDATE
    )
    SELECT
      m.id::float8 AS "rowId",
      m.provider_id AS "providerId",
      m.provider_model_id AS "providerModelId",
      m.origin,
      m.hidden,
      m.pinned_unavailable AS "pinnedUnavailable",
      m.listed_reason AS "listedReason",
      locked.changed_at AS "changedAt",
      m.pins,
      m.upstream AS kept,
      ${selectFields('m')}
    FROM ${database.schema}.models AS m
    JOIN locked ON locked.id = m.provider_id
    WHERE ${NAMED_ROW}
    FOR UPDATE OF m`,
    [provider, providerModelId],
  )
  const [row] = rows
  if (row === undefined) return null
  const { rowId, providerId, origin, hidden, pinnedUnavailable, listedReason, pins, kept, changedAt } = row
  return {
    rowId,
    providerId,
    providerModelId: row.providerModelId,
    origin,
    hidden,
    pinnedUnavailable,
    listedReason,
    pins,
    upstream: upstreamFields(pickFields(row), kept),
    changedAt,
  }
}

/** Writes fields, pins, and what an operator says of availability and visibility. */
export async function writeEdit(database: Database, at: string, model: EditableModel): Promise<void> {
  await updateModels(database, at, [{ id: model.rowId, upstream: model.upstream, pins: model.pins }])
  await database.query(
    `UPDATE ${database.schema}.models AS m
    SET hidden = $2,
      pinned_unavailable = $3,
      ${setAvailability('$3', 'm.listed_reason', 'COALESCE(m.unavailable_since, $4::timestamptz)')}
    WHERE m.id = $1`,
    [model.rowId, model.hidden, model.pinnedUnavailable, at],
  )
}

/** Adds a local model; `null`: there is one with this id already. */
export async function insertLocalModel(
  database: Database,
  at: string,
  { providerId, providerModelId, fields }: { providerId: number; providerModelId: string; fields: ModelFields },
): Promise<number | null> {
  const { rows } = await database.query<{ id: number }>(
    `INSERT INTO ${database.schema}.models (provider_id, provider_model_id, origin, ${fieldColumns()}, first_seen_at, updated_at)
    SELECT $1, $2, 'local', ${FIELD_VALUES}, $4, $4
    FROM json_to_recordset($3::json) AS v (${FIELD_RECORD})
    ON CONFLICT (provider_id, provider_model_id) DO NOTHING
    RETURNING id::float8 AS id`,
    [providerId, providerModelId, JSON.stringify([effectiveFields(fields, {})]), at],
  )
  return rows[0]?.id ?? null
}

export async function deleteModel(database: Database, rowId: number): Promise<void> {
  await database.query(`DELETE FROM ${database.schema}.models WHERE id = $1`, [rowId])
}
