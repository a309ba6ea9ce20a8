/** The statements that write models: one for each kind of change, and of what is added one for each few thousand. */
import type { UnavailableReason } from '../../core/model/model.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import type { AddedModel, MissedModel, RenamedModel } from '../../core/plan/plan.js'
import { beneathPins, effectiveFields, type Pins } from '../../core/model/pins.js'
import { FIELD_ASSIGNMENTS, FIELD_RECORD, FIELD_VALUES, fieldColumns, selectFields } from '../model-columns.js'
import type { Database } from '../database.js'
import { jsonBatches, type JsonValue } from '../json-batches.js'
import { availabilityOf, setListed } from './availability.js'
import type { StoredPlaces } from './upstream-entries.js'
import { pricesOf } from '../changes/write-prices.js'

/** Adds models with their rows of the changelog and their prices, which the database makes from what it stored. */
export async function insertModels(
  database: Database,
  write: ModelWrite,
  added: readonly AddedModel[],
  places: StoredPlaces,
): Promise<void> {
  for await (const rows of jsonBatches(insertedRows(added, places))) await insertSome(database, write, rows)
}

function* insertedRows(added: readonly AddedModel[], places: StoredPlaces): Generator<object> {
  for (const { providerModelId, fields, unavailableReason } of added) {
    const place = places.get(providerModelId)
    yield {
      providerModelId,
      unavailableReason,
      digest: place?.digest ?? null,
      chunk: place?.chunk ?? null,
      index: place?.index ?? null,
      ...fields,
    }
  }
}

interface ModelWrite {
  providerId: number
  runId: string
  at: string
}

async function insertSome(database: Database, write: ModelWrite, rows: JsonValue): Promise<void> {
  await database.query(
    `WITH added AS (
      INSERT INTO ${database.schema}.models (
        provider_id, provider_model_id, availability, unavailable_reason, listed_reason, unavailable_since, last_seen_at, ${fieldColumns()},
        entry_digest, entry_chunk, entry_index, first_seen_at, updated_at
      )
      SELECT
        $1,
        v."providerModelId",
        ${availabilityOf('false', 'v."unavailableReason"')},
        v."unavailableReason",
        v."unavailableReason",
        CASE WHEN v."unavailableReason" IS NULL THEN NULL ELSE $4::timestamptz END,
        CASE WHEN v."unavailableReason" IS NULL THEN NULL ELSE $4::timestamptz END,
        ${FIELD_VALUES},
        decode(v.digest, 'hex'),
        v.chunk,
        v.index,
        $4,
        $4
      FROM json_to_recordset($2::json) AS v (
        "providerModelId" text, "unavailableReason" text, ${FIELD_RECORD}, digest text, chunk bigint, index integer
      )
      RETURNING *
    ), priced AS (
      INSERT INTO ${database.schema}.model_prices (model_id, kind, unit, currency, price, valid_from)
      SELECT a.id, p.kind, p.unit, p.currency, p.price, $4
      FROM added AS a
      CROSS JOIN LATERAL ${pricesOf('a')} AS p
    )
    INSERT INTO ${database.schema}.model_changes (run_id, model_id, provider_id, provider_model_id, kind, new_value, cause, actor, at)
    SELECT $3, a.id, a.provider_id, a.provider_model_id, c.kind, c.value, c.cause, 'sync', $4
    FROM added AS a
    CROSS JOIN LATERAL (SELECT ${selectFields('a')}) AS f
    CROSS JOIN LATERAL (
      VALUES
        (1, 'added', to_jsonb(f), 'upstream'),
        (2, 'unavailable', to_jsonb(a.unavailable_reason), CASE a.unavailable_reason WHEN 'excluded' THEN 'rule' ELSE 'upstream' END)
    ) AS c (place, kind, value, cause)
    WHERE c.value IS NOT NULL
    ORDER BY a.id, c.place`,
    [write.providerId, rows, write.runId, write.at],
  )
}

/** A row's fields after a change. */
export interface WrittenModel {
  id: number
  upstream: ModelFields
  pins: Pins
  /** `undefined`: as it was. */
  origin?: 'synced' | 'local' | undefined
}

/** Writes the effective values into the fields' columns, and upstream's word on pinned fields beneath. */
export async function updateModels(database: Database, at: string, models: Iterable<WrittenModel>): Promise<void> {
  for await (const rows of jsonBatches(updatedRows(models))) await updateSome(database, at, rows)
}

function* updatedRows(models: Iterable<WrittenModel>): Generator<object> {
  for (const { id, upstream, pins, origin } of models)
    yield {
      rowId: id,
      pins,
      upstream: beneathPins(upstream, pins),
      origin: origin ?? null,
      ...effectiveFields(upstream, pins),
    }
}

async function updateSome(database: Database, at: string, rows: JsonValue): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.models AS m
    SET ${FIELD_ASSIGNMENTS},
      pins = v.pins,
      upstream = v.upstream,
      was_local = CASE v.origin WHEN 'synced' THEN true WHEN 'local' THEN false ELSE m.was_local END,
      origin = COALESCE(v.origin, m.origin),
      -- Of a model that is local again upstream says nothing, and what it says next is read whole.
      entry_digest = CASE WHEN v.origin = 'local' THEN NULL ELSE m.entry_digest END,
      entry_chunk = CASE WHEN v.origin = 'local' THEN NULL ELSE m.entry_chunk END,
      entry_index = CASE WHEN v.origin = 'local' THEN NULL ELSE m.entry_index END,
      updated_at = $2
    FROM json_to_recordset($1::json) AS v ("rowId" bigint, pins jsonb, upstream jsonb, origin text, ${FIELD_RECORD})
    WHERE m.id = v."rowId"`,
    [rows, at],
  )
}

/** `reason` `null`: the provider's side lists the model. What an operator set stays on top. */
export async function updateAvailability(
  database: Database,
  { providerId, at }: { providerId: number; at: string },
  moves: readonly { id: number; reason: UnavailableReason | null }[],
): Promise<void> {
  for await (const rows of jsonBatches(moves))
    await database.query(
      `UPDATE ${database.schema}.models AS m
      SET ${setListed('v.reason', '$3::timestamptz')},
        misses = 0
      FROM json_to_recordset($2::json) AS v (id bigint, reason text), ${database.schema}.providers AS p
      WHERE m.id = v.id AND p.id = $1`,
      [providerId, rows, at],
    )
}

/** The id before stays among those that lead to the model. */
export async function renameModels(database: Database, at: string, renamed: readonly RenamedModel[]): Promise<void> {
  for await (const rows of jsonBatches(renamed))
    await database.query(
      `UPDATE ${database.schema}.models AS m
      SET provider_model_id = v."providerModelId",
        former_ids = (m.former_ids - v."providerModelId") || to_jsonb(m.provider_model_id),
        updated_at = $2
      FROM json_to_recordset($1::json) AS v (id bigint, "providerModelId" text)
      WHERE m.id = v.id`,
      [rows, at],
    )
}

export async function updateMisses(database: Database, missed: readonly MissedModel[]): Promise<void> {
  for await (const rows of jsonBatches(missed))
    await database.query(
      `UPDATE ${database.schema}.models AS m
      SET misses = v.misses
      FROM json_to_recordset($1::json) AS v (id bigint, misses integer)
      WHERE m.id = v.id`,
      [rows],
    )
}

/** Marks of changes that were taken back; a row with marks is always compared field by field. */
export async function updateMarks(
  database: Database,
  changes: readonly { id: number; marks: Record<string, unknown> | null }[],
): Promise<void> {
  for await (const rows of jsonBatches(changes))
    await database.query(
      `UPDATE ${database.schema}.models AS m
      SET undone = v.marks,
        entry_digest = CASE WHEN v.marks IS NULL THEN m.entry_digest ELSE NULL END
      FROM json_to_recordset($1::json) AS v (id bigint, marks jsonb)
      WHERE m.id = v.id`,
      [rows],
    )
}
