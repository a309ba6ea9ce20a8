/** What an undo starts from: the changes of a run, and the models as they are now. */
import type { RecordedChange, UndoableModel } from '../../core/plan/plan-undo.js'
import { upstreamFields, type Pins } from '../../core/model/pins.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import { pickFields, selectFields } from '../model-columns.js'
import type { Database } from '../database.js'

/** The run's changes by provider, in the order in which they were made. */
export async function readRunChanges(
  database: Database,
  runId: string,
): Promise<Map<string, { providerId: number; changes: RecordedChange[] }>> {
  const { rows } = await database.query<RecordedChange & { provider: string; providerId: number }>(
    `SELECT
      p.slug AS provider,
      c.provider_id AS "providerId",
      c.model_id::float8 AS "modelId",
      c.provider_model_id AS "providerModelId",
      c.kind,
      c.field,
      c.old_value AS "from",
      c.new_value AS "to"
    FROM ${database.schema}.model_changes AS c
    JOIN ${database.schema}.providers AS p ON p.id = c.provider_id
    WHERE c.run_id = $1
    ORDER BY c.id`,
    [runId],
  )
  const byProvider = new Map<string, { providerId: number; changes: RecordedChange[] }>()
  for (const { provider, providerId, ...change } of rows) {
    const known = byProvider.get(provider)
    if (known === undefined) byProvider.set(provider, { providerId, changes: [change] })
    else known.changes.push(change)
  }
  return byProvider
}

/** The models of these changes as they are, and the provider's version that they belong to. */
export async function readUndoable(
  database: Database,
  providerId: number,
  changes: readonly RecordedChange[],
): Promise<{
  version: number
  models: Map<number, UndoableModel>
  /** Of the ids that models would get back: those that models have now. */
  taken: Set<string>
  values: Map<number, { upstream: ModelFields; pins: Pins }>
  pinnedUnavailable: Set<number>
}> {
  const { rows } = await database.query<
    Record<string, unknown> &
      Omit<UndoableModel, 'id' | 'upstream'> & {
        version: number
        /** `null`: the provider has none of these models any more. */
        id: number | null
        kept: Partial<ModelFields>
        pins: Pins
        pinnedUnavailable: boolean
      }
  >(
    `SELECT
      p.version::float8 AS version,
      m.id::float8 AS id,
      m.provider_model_id AS "providerModelId",
      m.origin,
      m.listed_reason AS "listedReason",
      m.pinned_unavailable AS "pinnedUnavailable",
      m.undone,
      m.pins,
      m.upstream AS kept,
      ${selectFields('m')}
    FROM ${database.schema}.providers AS p
    LEFT JOIN ${database.schema}.models AS m
      ON m.provider_id = p.id AND (m.id = ANY ($2::bigint[]) OR m.provider_model_id = ANY ($3::text[]))
    WHERE p.id = $1`,
    [
      providerId,
      [...new Set(changes.map(({ modelId }) => modelId))],
      changes.filter(({ kind }) => kind === 'renamed').map(({ from }) => String(from)),
    ],
  )
  const taken = new Set<string>()
  const models = new Map<number, UndoableModel>()
  const values = new Map<number, { upstream: ModelFields; pins: Pins }>()
  for (const row of rows) {
    const { id, providerModelId, origin, listedReason, undone, pins } = row
    if (id === null) continue
    taken.add(providerModelId)
    const upstream = upstreamFields(pickFields(row), row.kept)
    models.set(id, { id, providerModelId, origin, listedReason, undone, upstream })
    values.set(id, { upstream, pins })
  }
  const pinnedUnavailable = new Set(rows.flatMap((row) => (row.id !== null && row.pinnedUnavailable ? row.id : [])))
  return { version: rows[0]?.version ?? 0, models, taken, values, pinnedUnavailable }
}

/** How many synced models of the provider upstream offers, as the catalogue knows it. */
export async function countListed(database: Database, providerId: number): Promise<number> {
  const { rows } = await database.query<{ listed: number }>(
    `SELECT count(*)::integer AS listed
    FROM ${database.schema}.models
    WHERE provider_id = $1 AND origin = 'synced' AND listed_reason IS NULL`,
    [providerId],
  )
  return rows[0]?.listed ?? 0
}
