/** The changelog: what is written into `model_changes`, and the prices over time that follow from it. */
import { isDeepStrictEqual } from 'node:util'
import type { ChangeKind } from '../../core/records/change-record.js'
import { effectiveFields, type Pins } from '../../core/model/pins.js'
import type { FieldChanges } from '../../core/model/field-changes.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import type { Plan } from '../../core/plan/plan.js'
import type { Database } from '../database.js'
import { jsonBatches } from '../json-batches.js'
import { PRICE_FIELDS, recordPrices } from './write-prices.js'

/** Why something changed. */
export type ChangeCause = 'upstream' | 'pin' | 'local' | 'undo' | 'rule'

/** One row of the changelog. */
export interface Change {
  modelId: number
  providerModelId: string
  kind: ChangeKind
  /** `null`: the model as a whole. `upstream.<field>`: upstream's word beneath a pin, which no read of the field returns. */
  field: string | null
  from: unknown
  to: unknown
  cause: ChangeCause
}

/** What the changelog must know of a row beside the plan. */
export interface RowFacts {
  /** Upstream's values and pins before; only of rows whose fields change. */
  values: ReadonlyMap<number, { upstream: ModelFields; pins: Pins }>
  /** Rows that an operator has set to unavailable, whatever upstream says. */
  pinnedUnavailable: ReadonlySet<number>
}

/** The rows of everything in a plan but the added models, whose rows the database makes. */
export function changesOf(plan: Plan, facts: RowFacts, cause: ChangeCause = 'upstream'): Change[] {
  const availability = (
    model: { id: number; providerModelId: string },
    kind: 'unavailable' | 'restored',
    from: string | null,
    to: string | null,
  ): Change => {
    const ids = { modelId: model.id, providerModelId: model.providerModelId }
    const isRule = from === 'excluded' || to === 'excluded'
    if (!facts.pinnedUnavailable.has(model.id))
      return { ...ids, kind, field: null, from, to, cause: cause === 'upstream' && isRule ? 'rule' : cause }
    return { ...ids, kind: 'updated', field: 'upstream.availability', from, to, cause }
  }
  return [
    ...plan.renamed.map(({ id, from, providerModelId }): Change => ({
      modelId: id,
      providerModelId,
      kind: 'renamed',
      field: null,
      from,
      to: providerModelId,
      cause,
    })),
    ...plan.updated.flatMap((model) => fieldChanges(model, facts, cause)),
    ...plan.restored.flatMap((model) => [
      availability(model, 'restored', model.from, null),
      ...fieldChanges(model, facts, cause),
    ]),
    ...plan.unavailable.map((model) => availability(model, 'unavailable', model.from ?? null, model.reason)),
  ]
}

function fieldChanges(
  model: { id: number; providerModelId: string; changes: FieldChanges; fields: ModelFields | null; pins?: Pins },
  { values }: RowFacts,
  cause: ChangeCause,
): Change[] {
  const known = values.get(model.id)
  const pins = model.pins ?? known?.pins ?? {}
  const row = (field: string, from: unknown, to: unknown): Change => ({
    modelId: model.id,
    providerModelId: model.providerModelId,
    kind: 'updated',
    field,
    from,
    to,
    cause,
  })
  return Object.entries(model.changes).flatMap(([field, { from, to }]) => {
    if (model.pins !== undefined || !(field in pins)) return [row(field, from, to)]
    const rows = [row(`upstream.${field}`, from, to)]
    // Only some capabilities are pinned: what a read returns may change all the same.
    if (field !== 'capabilities' || known === undefined || model.fields === null) return rows
    const before = effectiveFields(known.upstream, pins).capabilities
    const after = effectiveFields(model.fields, pins).capabilities
    return isDeepStrictEqual(before, after) ? rows : [...rows, row(field, before, after)]
  })
}

/** Call it when the models are written: prices are read from their rows. */
export async function insertChanges(
  database: Database,
  { providerId, runId, actor, at }: { providerId: number; runId: string | null; actor: string; at: string },
  changes: readonly Change[],
): Promise<void> {
  for await (const rows of jsonBatches(changes))
    await database.query(
      `INSERT INTO ${database.schema}.model_changes (
        run_id, model_id, provider_id, provider_model_id, kind, field, old_value, new_value, cause, actor, at
      )
      SELECT $2, v."modelId", $1, v."providerModelId", v.kind, v.field, v."from", v."to", v.cause, $5, $4
      FROM json_to_recordset($3::json) AS v (
        "modelId" bigint, "providerModelId" text, kind text, field text, "from" jsonb, "to" jsonb, cause text
      )`,
      [providerId, runId, rows, at, actor],
    )
  await recordPrices(database, at, [...new Set(changes.filter(touchesPrices).map(({ modelId }) => modelId))])
}

function touchesPrices({ kind, field }: Change): boolean {
  return kind === 'added' || kind === 'deleted' || (field !== null && PRICE_FIELDS.includes(field))
}
