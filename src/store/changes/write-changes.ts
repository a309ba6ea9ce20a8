/** The changelog: what is written into `model_changes`, and the prices over time that follow from it. */
import { isDeepStrictEqual } from 'node:util'
import type { ChangeKind } from '../../core/records/change-record.js'
import { effectiveFields } from '../../core/model/pins.js'
import type { CurrentValues } from '../../core/plan/deferred-change.js'
import type { ChangedModel, Plan, RestoredModel } from '../../core/plan/plan.js'
import type { Database } from '../database.js'
import { jsonBatches } from '../json-batches.js'
import { PRICE_FIELDS, recordPrices } from './write-prices.js'

/** A list of all models would be a text of a MiB and more, made in one go. */
const IDS_A_STATEMENT = 10_000

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
  values: { get(id: number): CurrentValues | undefined }
  /** Rows that an operator has set to unavailable, whatever upstream says. */
  pinnedUnavailable: ReadonlySet<number>
}

/** The rows of everything in a plan but the added models, whose rows the database makes. */
export function* changesOf(plan: Plan, facts: RowFacts, cause: ChangeCause = 'upstream'): Generator<Change> {
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
  for (const { id, from, providerModelId } of plan.renamed)
    yield { modelId: id, providerModelId, kind: 'renamed', field: null, from, to: providerModelId, cause }
  for (const model of plan.updated) yield* fieldChanges(model, facts, cause)
  for (const model of plan.restored) {
    yield availability(model, 'restored', model.from, null)
    yield* fieldChanges(model, facts, cause)
  }
  for (const model of plan.unavailable) yield availability(model, 'unavailable', model.from ?? null, model.reason)
}

function* fieldChanges(
  model: ChangedModel | RestoredModel,
  { values }: RowFacts,
  cause: ChangeCause,
): Generator<Change> {
  const known = values.get(model.id)
  const pins = model.pins ?? known?.pins ?? {}
  const { id: modelId, providerModelId } = model
  for (const [field, { from, to }] of Object.entries(model.changes)) {
    const row: Change = { modelId, providerModelId, kind: 'updated', field, from, to, cause }
    if (model.pins !== undefined || !(field in pins)) {
      yield row
      continue
    }
    yield { ...row, field: `upstream.${field}` }
    // Only some capabilities are pinned: what a read returns may change all the same.
    if (field !== 'capabilities' || known === undefined || model.fields === null) continue
    const before = effectiveFields(known.upstream, pins).capabilities
    const after = effectiveFields(model.fields, pins).capabilities
    if (!isDeepStrictEqual(before, after)) yield { ...row, from: before, to: after }
  }
}

/** Call it when the models are written: prices are read from their rows. */
export async function insertChanges(
  database: Database,
  { providerId, runId, actor, at }: { providerId: number; runId: string | null; actor: string; at: string },
  changes: Iterable<Change>,
): Promise<void> {
  const priced = new Set<number>()
  const noted = function* (): Generator<Change> {
    for (const change of changes) {
      if (touchesPrices(change)) priced.add(change.modelId)
      yield change
    }
  }
  for await (const rows of jsonBatches(noted()))
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
  const ids = [...priced]
  for (let from = 0; from < ids.length; from += IDS_A_STATEMENT)
    await recordPrices(database, at, ids.slice(from, from + IDS_A_STATEMENT))
}

function touchesPrices({ kind, field }: Change): boolean {
  return kind === 'added' || kind === 'deleted' || (field !== null && PRICE_FIELDS.includes(field))
}
