/** Undo: the plan that takes back what a run changed. Pure. */
import { FIELDS, type FieldName, type UnavailableReason } from '../model/model.js'
import type { ModelFields } from '../model/model-fields.js'
import type { FieldChanges } from '../model/field-changes.js'
import { emptyPlan, type ChangedModel, type Plan } from './plan.js'
import type { MarkChange } from './undo-marks.js'
import { sameValue } from '../model/same-value.js'

/** One row of the changelog of the run. */
export interface RecordedChange {
  modelId: number
  providerModelId: string
  kind: string
  /** `null`: the model as a whole; `upstream.<field>`: beneath a pin. */
  field: string | null
  from: unknown
  to: unknown
}

/** A model as it is now. */
export interface UndoableModel {
  id: number
  providerModelId: string
  origin: 'synced' | 'local'
  listedReason: UnavailableReason | null
  undone: Record<string, unknown> | null
  upstream: ModelFields
}

/** A change that stays, and why. */
interface LeftChange {
  providerModelId: string
  field: string | null
  reason: string
}

export interface UndoPlan {
  plan: Plan
  marks: MarkChange[]
  left: LeftChange[]
}

/**
 * What was changed and is still as the run left it goes back; what has changed since is left alone. A mark on each value that is taken back
 * keeps the next sync from bringing it again.
 * @param current by the row's id
 * @param taken ids that models of the provider have now
 */
export function planUndo(
  changes: readonly RecordedChange[],
  current: ReadonlyMap<number, UndoableModel>,
  taken: ReadonlySet<string>,
): UndoPlan {
  const undo = new Undo(current, taken)
  for (const change of changes) undo.take(change)
  return undo.finish()
}

class Undo {
  private readonly updated = new Map<number, ChangedModel>()
  private readonly marks = new Map<number, Record<string, unknown>>()
  private readonly left: LeftChange[] = []
  private readonly added = new Set<number>()
  private readonly plan = emptyPlan()

  constructor(
    private readonly current: ReadonlyMap<number, UndoableModel>,
    private readonly taken: ReadonlySet<string>,
  ) {}

  take(change: RecordedChange): void {
    const model = this.current.get(change.modelId)
    if (model === undefined) return this.leave(change, 'the model is not there any more')
    if (model.origin === 'local') return this.leave(change, 'it is a local model now')
    const { kind, field } = change
    if (kind === 'added') this.takeAddition(change, model)
    // How the addition left it, which is told with the addition.
    else if (kind === 'unavailable' && this.added.has(model.id)) return
    else if (kind === 'restored' || kind === 'unavailable' || field === 'upstream.availability')
      this.takeAvailability(change, model, (change.to ?? null) as UnavailableReason | null)
    else if (kind === 'renamed') this.takeRename(change, model)
    else if (kind === 'updated' && field !== null) this.takeField(change, model, field.replace(/^upstream\./, ''))
    else this.leave(change, `a change of the kind ${kind} cannot be taken back`)
  }

  finish(): UndoPlan {
    this.plan.updated.push(...this.updated.values())
    const marks = [...this.marks].map(([id, added]) => ({ id, marks: { ...this.current.get(id)?.undone, ...added } }))
    return { plan: this.plan, marks, left: this.left }
  }

  private takeAddition(change: RecordedChange, model: UndoableModel): void {
    this.added.add(model.id)
    if (model.listedReason !== null) return this.leave(change, 'it is not available anyway')
    this.takeAvailability(change, model, null)
  }

  private takeField(change: RecordedChange, model: UndoableModel, name: string): void {
    const field = name as FieldName
    if (!(field in FIELDS))
      return this.leave(change, `${name} passes between hand and upstream, which only upstream can do`)
    const known = this.updated.get(model.id)
    // Of a field with a pinned part there are two rows: the one beneath the pin says all.
    if (known?.changes[field] !== undefined) return
    const now = model.upstream[field]
    if (!sameValue(FIELDS[field], now, change.to)) return this.leave(change, 'it has changed again since')
    const changes: FieldChanges = { ...known?.changes, [field]: { from: now, to: change.from } }
    const fields = { ...(known?.fields ?? model.upstream), [field]: change.from } as ModelFields
    this.updated.set(model.id, { id: model.id, providerModelId: model.providerModelId, changes, fields })
    this.mark(model.id, field, now)
  }

  /** @param reached the reason that the run left the model with; `null`: it was listed */
  private takeAvailability(change: RecordedChange, model: UndoableModel, reached: UnavailableReason | null): void {
    if (model.listedReason !== reached) return this.leave(change, 'its availability has changed again since')
    if (reached !== null && change.kind === 'unavailable' && (change.from ?? null) !== null)
      return this.leave(change, 'it was unavailable before as well')
    const { id, providerModelId } = model
    if (reached !== null) this.plan.restored.push({ id, providerModelId, changes: {}, fields: null, from: reached })
    // An addition has no reason to go back to: a person took it back.
    else
      this.plan.unavailable.push({
        id,
        providerModelId,
        reason: change.kind === 'added' ? 'operator' : ((change.from as UnavailableReason | null) ?? 'omitted'),
      })
    this.mark(id, 'availability', reached === null ? 'available' : 'unavailable')
  }

  private takeRename(change: RecordedChange, model: UndoableModel): void {
    if (model.providerModelId !== change.to) return this.leave(change, 'it has been renamed again since')
    if (this.taken.has(String(change.from))) return this.leave(change, 'another model has its id now')
    this.plan.renamed.push({ id: model.id, from: model.providerModelId, providerModelId: String(change.from) })
    this.mark(model.id, 'providerModelId', change.to)
  }

  private mark(id: number, field: string, value: unknown): void {
    this.marks.set(id, { ...this.marks.get(id), [field]: value })
  }

  private leave({ providerModelId, field }: RecordedChange, reason: string): void {
    this.left.push({ providerModelId, field, reason })
  }
}
