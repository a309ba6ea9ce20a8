/** A provider's models in memory: carries plans out as the store does, and replays a changelog, for properties of the pure functions. */
import { completeFields, diffFields } from '../../../src/core/model/field-changes.js'
import type { UnavailableReason } from '../../../src/core/model/model.js'
import type { DesiredFields, ModelFields } from '../../../src/core/model/model-fields.js'
import { beneathPins, effectiveFields, upstreamFields, type Pins } from '../../../src/core/model/pins.js'
import type { CurrentModel, Desired, Plan, PlanInput } from '../../../src/core/plan/plan.js'
import { planUndo, type RecordedChange, type UndoPlan } from '../../../src/core/plan/plan-undo.js'
import { settleMarks, type MarkChange } from '../../../src/core/plan/undo-marks.js'
import { changesOf } from '../../../src/store/changes/write-changes.js'

export interface MemoryRow {
  id: number
  providerModelId: string
  origin: 'synced' | 'local'
  listedReason: UnavailableReason | null
  misses: number
  wasLocal: boolean
  undone: Record<string, unknown> | null
  upstream: ModelFields
  pins: Pins
}

export class MemoryCatalogue {
  readonly rows = new Map<number, MemoryRow>()
  /** Everything that was ever written, in its order. */
  readonly changelog: RecordedChange[] = []
  private lastId = 0

  get available(): number {
    return [...this.rows.values()].filter((row) => row.origin === 'synced' && row.listedReason === null).length
  }

  find(providerModelId: string): MemoryRow | undefined {
    return [...this.rows.values()].find((row) => row.providerModelId === providerModelId)
  }

  effective(row: MemoryRow): ModelFields {
    return effectiveFields(row.upstream, row.pins)
  }

  current(): Map<string, CurrentModel> {
    return new Map(
      [...this.rows.values()].map((row): [string, CurrentModel] => [
        row.providerModelId,
        {
          id: row.id,
          providerModelId: row.providerModelId,
          origin: row.origin,
          listedReason: row.listedReason,
          misses: row.misses,
          deprecationDate: row.upstream.deprecationDate,
          wasLocal: row.wasLocal,
          undone: row.undone,
          values: { upstream: row.upstream, pins: row.pins },
        },
      ]),
    )
  }

  addLocal(providerModelId: string, fields: DesiredFields): MemoryRow {
    const row = this.insert(providerModelId, 'local', completeFields(providerModelId, fields))
    this.record(row, 'added', null, null, this.effective(row))
    return row
  }

  /** As an operator does: pins of a synced model, the fields of a local one. */
  edit(row: MemoryRow, fields: DesiredFields, unpin: readonly string[] = []): void {
    const before = this.effective(row)
    if (row.origin === 'local') row.upstream = { ...row.upstream, ...fields }
    else {
      const capabilities =
        fields.capabilities === undefined ? {} : { capabilities: { ...row.pins.capabilities, ...fields.capabilities } }
      const pins: Pins = { ...row.pins, ...fields, ...capabilities }
      row.pins = Object.fromEntries(Object.entries(pins).filter(([field]) => !unpin.includes(field)))
    }
    for (const [field, { from, to }] of Object.entries(diffFields(before, this.effective(row))))
      this.record(row, 'updated', field, from, to)
  }

  /** Carries a plan out; returns the rows that it wrote into the changelog. */
  apply(plan: Plan, marks: readonly MarkChange[] = settleMarks(plan, this.current())): RecordedChange[] {
    const from = this.changelog.length
    const values = new Map([...this.rows].map(([id, { upstream, pins }]) => [id, { upstream, pins }]))
    const changes = changesOf(plan, { values, pinnedUnavailable: new Set() })
    for (const { id, providerModelId } of plan.renamed) this.row(id).providerModelId = providerModelId
    for (const { providerModelId, fields, unavailableReason } of plan.added) {
      if (this.find(providerModelId) !== undefined) throw new Error(`${providerModelId} is there already`)
      const row = this.insert(providerModelId, 'synced', fields)
      row.listedReason = unavailableReason
      this.record(row, 'added', null, null, fields)
      if (unavailableReason !== null) this.record(row, 'unavailable', null, null, unavailableReason)
    }
    const written = [...plan.updated, ...plan.restored].filter(({ fields }) => fields !== null)
    if (new Set(written.map(({ id }) => id)).size < written.length) throw new Error('a row is written twice')
    for (const { id, changes, fields, pins } of written) {
      const row = this.row(id)
      if (fields === null) continue
      row.pins = pins ?? row.pins
      // As the store keeps it: the effective values, and upstream's word on the pinned fields beneath.
      row.upstream = upstreamFields(effectiveFields(fields, row.pins), beneathPins(fields, row.pins))
      if (changes.origin === undefined) continue
      row.origin = changes.origin.to as MemoryRow['origin']
      row.wasLocal = row.origin === 'synced'
    }
    for (const { id, reason } of plan.unavailable) Object.assign(this.row(id), { listedReason: reason, misses: 0 })
    for (const { id } of plan.restored) Object.assign(this.row(id), { listedReason: null, misses: 0 })
    for (const { id, misses } of plan.missed) this.row(id).misses = misses
    for (const { id, marks: left } of marks) this.row(id).undone = left
    for (const { modelId, providerModelId, kind, field, from, to } of changes)
      this.changelog.push({ modelId, providerModelId, kind, field, from, to })
    return this.changelog.slice(from)
  }

  planUndo(changes: readonly RecordedChange[]): UndoPlan {
    return planUndo(changes, this.rows, new Set([...this.rows.values()].map(({ providerModelId }) => providerModelId)))
  }

  private row(id: number): MemoryRow {
    const row = this.rows.get(id)
    if (row === undefined) throw new Error(`row ${id} is gone`)
    return row
  }

  private insert(providerModelId: string, origin: MemoryRow['origin'], upstream: ModelFields): MemoryRow {
    const id = ++this.lastId
    const row: MemoryRow = {
      id,
      providerModelId,
      origin,
      listedReason: null,
      misses: 0,
      wasLocal: false,
      undone: null,
      upstream,
      pins: {},
    }
    this.rows.set(id, row)
    return row
  }

  private record(row: MemoryRow, kind: string, field: string | null, from: unknown, to: unknown): void {
    this.changelog.push({ modelId: row.id, providerModelId: row.providerModelId, kind, field, from, to })
  }
}

/** A model as its changelog tells it. */
export interface ReplayedModel {
  providerModelId: string
  origin: string
  reason: unknown
  fields: Record<string, unknown>
}

/** The catalogue as the changelog tells it, from empty. Rows of `upstream.…` are beneath what a read returns. */
export function replay(changelog: readonly (RecordedChange & { cause?: string })[]): Map<number, ReplayedModel> {
  const models = new Map<number, ReplayedModel>()
  for (const { modelId, providerModelId, kind, field, to, cause } of changelog) {
    if (kind === 'added') {
      const fields = { ...(to as object) }
      models.set(modelId, { providerModelId, origin: cause === 'local' ? 'local' : 'synced', reason: null, fields })
      continue
    }
    const model = models.get(modelId)
    if (model === undefined) throw new Error(`a change of model ${modelId}, which was never added`)
    if (kind === 'deleted') models.delete(modelId)
    else if (kind === 'renamed') model.providerModelId = String(to)
    else if (kind === 'unavailable' || kind === 'restored') model.reason = to
    else if (field === 'origin') model.origin = String(to)
    else if (field !== null && !field.startsWith('upstream.')) model.fields[field] = to
  }
  return models
}

/** What a healthy listing says, with nothing left out and nothing counted. */
export function planInput(
  catalogue: MemoryCatalogue,
  desired: ReadonlyMap<string, Desired>,
  rest: Partial<PlanInput> = {},
): PlanInput {
  return {
    current: catalogue.current(),
    desired,
    mentioned: new Set(),
    excluded: () => false,
    policy: 'sync',
    missesBeforeUnavailable: 1,
    today: '2026-11-21',
    ...rest,
  }
}
