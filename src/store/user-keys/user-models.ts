/** What a user's key can see: read for a plan, and written as the plan says; set-based, one transaction for a provider. */
import { completeFields } from '../../core/model/field-changes.js'
import { FIELD_NAMES } from '../../core/model/model.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import { changesCatalogue, type Plan } from '../../core/plan/plan.js'
import type { CurrentValues } from '../../core/plan/deferred-change.js'
import { columnOf } from '../model-columns.js'
import type { LockedState } from '../providers/applied-answer.js'
import type { Database, PooledDatabase } from '../database.js'
import { jsonBatches } from '../json-batches.js'
import { indexOf, type IndexedModel } from '../models/read-current.js'

/** All models of a user at a provider, and the version that they belong to, from one snapshot. */
export async function readUserIndex(
  database: Database,
  userProviderId: number,
): Promise<{ version: number; models: Map<string, IndexedModel> }> {
  const { rows } = await database.query<IndexedModel & { version: number; id: number | null }>(
    `SELECT
      s.version::float8 AS version,
      u.id::float8 AS id,
      u.provider_model_id AS "providerModelId",
      'synced' AS origin,
      u.unavailable_reason AS "listedReason",
      false AS "pinnedUnavailable",
      false AS "wasLocal",
      NULL AS undone,
      NULL AS "values",
      u.misses,
      u.fields ->> 'deprecation_date' AS "deprecationDate",
      encode(u.entry_digest, 'hex') AS digest
    FROM ${database.schema}.user_providers AS s
    LEFT JOIN ${database.schema}.user_models AS u ON u.user_provider_id = s.id
    WHERE s.id = $1`,
    [userProviderId],
  )
  return { version: rows[0]?.version ?? 0, models: await indexOf(rows) }
}

/** The fields of these rows, by row id; nobody pins what only a user sees. */
export async function readUserValues(database: Database, ids: readonly number[]): Promise<Map<number, CurrentValues>> {
  const { rows } = await database.query<{ id: number; fields: Record<string, unknown> }>(
    `SELECT id::float8 AS id, fields
    FROM ${database.schema}.user_models
    WHERE id = ANY ($1::bigint[])`,
    [ids],
  )
  return new Map(rows.map(({ id, fields }) => [id, { upstream: fromColumns(fields), pins: {} }]))
}

/** What is written beside the plan's own changes. */
export interface UserApplication {
  userProviderId: number
  plan: Plan
  /** ISO 8601. */
  at: string
  /** Hex, with the provider's id of the model; `null`: compare field by field next time. */
  digests: Iterable<{ id: string; digest: string | null }>
  /** Writes the provider's row; `changed`: its models are others than before. */
  recordProvider(database: Database, changed: boolean): Promise<void>
}

/** As `applyPlan`, of one user. False: there was nothing to write. @throws what the database throws */
export async function applyUserPlan(
  database: PooledDatabase,
  lock: (database: Database) => Promise<LockedState | null>,
  decide: (locked: LockedState, database: Database) => Promise<UserApplication | null>,
): Promise<boolean> {
  const carryOut = async (database: Database): Promise<boolean> => {
    const locked = await lock(database)
    const application = locked === null ? null : await decide(locked, database)
    if (application === null) return false
    // Before the additions: an id that is given up by one model may be taken by another.
    await changeModels(database, application)
    await addModels(database, application)
    await writeDigests(database, application)
    await application.recordProvider(database, changesCatalogue(application.plan))
    return true
  }
  return database.transaction(carryOut)
}

async function addModels(database: Database, { plan, userProviderId, at }: UserApplication): Promise<void> {
  for await (const rows of jsonBatches(addedRows(plan)))
    await database.query(
      `INSERT INTO ${database.schema}.user_models (
        user_provider_id, provider_model_id, fields, unavailable_reason, unavailable_since, first_seen_at, last_seen_at, updated_at
      )
      SELECT $1, v.id, v.fields, v.reason, CASE WHEN v.reason IS NULL THEN NULL ELSE $3::timestamptz END, $3, $3, $3
      FROM json_to_recordset($2::json) AS v (id text, fields jsonb, reason text)`,
      [userProviderId, rows, at],
    )
}

function* addedRows({ added }: Plan): Generator<object> {
  for (const { providerModelId, fields, unavailableReason } of added)
    yield { id: providerModelId, fields: toColumns(fields), reason: unavailableReason }
}

interface ChangedRow {
  id: number
  name?: string
  fields?: Record<string, unknown>
  moved?: boolean
  reason?: string | null
  misses?: number
}

/** Renames, new fields, availability and misses: one row a model, `null` where it stays as it is. */
async function changeModels(database: Database, { plan, userProviderId, at }: UserApplication): Promise<void> {
  for await (const some of jsonBatches(changedRows(plan)))
    await database.query(
      `UPDATE ${database.schema}.user_models AS u
    SET provider_model_id = COALESCE(v.name, u.provider_model_id),
      fields = COALESCE(v.fields, u.fields),
      unavailable_reason = CASE WHEN v.moved THEN v.reason ELSE u.unavailable_reason END,
      unavailable_since = CASE
        WHEN v.moved IS NOT TRUE THEN u.unavailable_since
        WHEN v.reason IS NULL THEN NULL
        ELSE $3::timestamptz
      END,
      last_seen_at = CASE WHEN v.moved THEN COALESCE(s.last_success_at, u.last_seen_at) ELSE u.last_seen_at END,
      misses = COALESCE(v.misses, u.misses),
      updated_at = CASE WHEN v.name IS NULL AND v.fields IS NULL AND v.moved IS NOT TRUE THEN u.updated_at ELSE $3 END
    FROM json_to_recordset($2::json) AS v (id bigint, name text, fields jsonb, moved boolean, reason text, misses integer),
      ${database.schema}.user_providers AS s
    WHERE u.id = v.id AND s.id = $1`,
      [userProviderId, some, at],
    )
}

function* changedRows(plan: Plan): Generator<ChangedRow> {
  const rows = new Map<number, ChangedRow>()
  const change = (id: number, changes: Omit<ChangedRow, 'id'>): void =>
    void rows.set(id, { ...rows.get(id), ...changes, id })
  for (const { id, providerModelId } of plan.renamed) change(id, { name: providerModelId })
  for (const { id } of plan.restored) change(id, { moved: true, reason: null, misses: 0 })
  for (const { id, reason } of plan.unavailable) change(id, { moved: true, reason, misses: 0 })
  for (const { id, misses } of plan.missed) change(id, { misses })
  // The fields of many models are not there at once.
  for (const { id, fields } of [...plan.updated, ...plan.restored]) {
    const row = rows.get(id)
    rows.delete(id)
    if (fields !== null) yield { ...row, id, fields: toColumns(fields) }
    else if (row !== undefined) yield row
  }
  yield* rows.values()
}

async function writeDigests(database: Database, { digests, userProviderId }: UserApplication): Promise<void> {
  for await (const some of jsonBatches(digests))
    await database.query(
      `UPDATE ${database.schema}.user_models AS u
    SET entry_digest = decode(v.digest, 'hex')
    FROM json_to_recordset($2::json) AS v (id text, digest text)
    WHERE u.user_provider_id = $1 AND u.provider_model_id = v.id`,
      [userProviderId, some],
    )
}

function toColumns(fields: ModelFields): Record<string, unknown> {
  return Object.fromEntries(FIELD_NAMES.map((field) => [columnOf(field), fields[field]]))
}

function fromColumns(columns: Record<string, unknown>): ModelFields {
  const said = Object.fromEntries(FIELD_NAMES.map((field) => [field, columns[columnOf(field)]]))
  return completeFields(String(said['name']), said)
}
