/** The statements that write models: one for each kind of change, and of what is added one for each few thousand. */
import type { UnavailableReason } from '../../core/model/model.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import type { AddedModel, MissedModel, RenamedModel } from '../../core/plan/plan.js'
import { beneathPins, effectiveFields, type Pins } from '../../core/model/pins.js'
import { FIELD_ASSIGNMENTS, FIELD_RECORD, FIELD_VALUES, fieldColumns, selectFields } from '../model-columns.js'
import type { Database } from '../database.js'
import { ROWS_PER_STATEMENT } from '../rows-per-statement.js'
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
  for (let from = 0; from < added.length; from += ROWS_PER_STATEMENT)
    await insertSome(database, write, added.slice(from, from + ROWS_PER_STATEMENT), places)
}

interface ModelWrite {
  providerId: number
  runId: string
  at: string
}

async function insertSome(
  database: Database,
  write: ModelWrite,
  added: readonly AddedModel[],
  places: StoredPlaces,
): Promise<void> {
  const rows = added.map(({ providerModelId, fields, unavailableReason }) => {
    const place = places.get(providerModelId)
    return {
      providerModelId,
      unavailableReason,
      digest: place?.digest ?? null,
      chunk: place?.chunk ?? null,
      index: place?.index ?? null,
      ...fields,
    }
  })
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
    [write.providerId, JSON.stringify(rows), write.runId, write.at],
  )
}

/** A row's fields after a change. */
export interface WrittenModel {
  id: number
  upstream: ModelFields
  pins: Pins
  /** `undefined`: as it was. */
  origin?: 'synced' | 'local'
}

/** Writes the effective values into the fields' columns, and upstream's word on pinned fields beneath. */
export async function updateModels(database: Database, at: string, models: readonly WrittenModel[]): Promise<void> {
  for (let from = 0; from < models.length; from += ROWS_PER_STATEMENT)
    await updateSome(database, at, models.slice(from, from + ROWS_PER_STATEMENT))
}

async function updateSome(database: Database, at: string, models: readonly WrittenModel[]): Promise<void> {
  const rows = models.map(({ id, upstream, pins, origin }) => ({
    rowId: id,
    pins,
    upstream: beneathPins(upstream, pins),
    origin: origin ?? null,
    ...effectiveFields(upstream, pins),
  }))
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
    [JSON.stringify(rows), at],
  )
}

/** `reason` `null`: the provider's side lists the model. What an operator set stays on top. */
export async function updateAvailability(
  database: Database,
  { providerId, at }: { providerId: number; at: string },
  moves: readonly { id: number; reason: UnavailableReason | null }[],
): Promise<void> {
  if (moves.length === 0) return
  await database.query(
    `UPDATE ${database.schema}.models AS m
    SET ${setListed('v.reason', '$3::timestamptz')},
      misses = 0
    FROM json_to_recordset($2::json) AS v (id bigint, reason text), ${database.schema}.providers AS p
    WHERE m.id = v.id AND p.id = $1`,
    [providerId, JSON.stringify(moves.map(({ id, reason }) => ({ id, reason }))), at],
  )
}

/** The id before stays among those that lead to the model. */
export async function renameModels(database: Database, at: string, renamed: readonly RenamedModel[]): Promise<void> {
  if (renamed.length === 0) return
  await database.query(
    `UPDATE ${database.schema}.models AS m
    SET provider_model_id = v.name,
      former_ids = (m.former_ids - v.name) || to_jsonb(m.provider_model_id),
      updated_at = $3
    FROM unnest($1::bigint[], $2::text[]) AS v (id, name)
    WHERE m.id = v.id`,
    [renamed.map(({ id }) => id), renamed.map(({ providerModelId }) => providerModelId), at],
  )
}

export async function updateMisses(database: Database, missed: readonly MissedModel[]): Promise<void> {
  if (missed.length === 0) return
  await database.query(
    `UPDATE ${database.schema}.models AS m
    SET misses = v.misses
    FROM unnest($1::bigint[], $2::integer[]) AS v (id, misses)
    WHERE m.id = v.id`,
    [missed.map(({ id }) => id), missed.map(({ misses }) => misses)],
  )
}

/** Marks of changes that were taken back; a row with marks is always compared field by field. */
export async function updateMarks(
  database: Database,
  changes: readonly { id: number; marks: Record<string, unknown> | null }[],
): Promise<void> {
  if (changes.length === 0) return
  await database.query(
    `UPDATE ${database.schema}.models AS m
    SET undone = v.marks,
      entry_digest = CASE WHEN v.marks IS NULL THEN m.entry_digest ELSE NULL END
    FROM json_to_recordset($1::json) AS v (id bigint, marks jsonb)
    WHERE m.id = v.id`,
    [JSON.stringify(changes)],
  )
}
