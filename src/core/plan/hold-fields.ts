/** Holds some of the fields that change of a model. Pure. */
import type { FieldChanges } from '../model/field-changes.js'
import type { FieldName } from '../model/model.js'
import type { ModelFields } from '../model/model-fields.js'
import { DeferredChange } from './deferred-change.js'
import type { ChangedModel, HeldChange, HeldReason, RestoredModel } from './plan.js'

type HeldField = Extract<HeldChange, { kind: 'updated' }>

/** Used where it takes time to read the fields of a change. */
class DeferredHeldField implements HeldField {
  readonly kind = 'updated'

  constructor(
    private readonly model: DeferredChange,
    readonly field: FieldName,
    readonly reason: HeldReason,
  ) {}

  get providerModelId(): string {
    return this.model.providerModelId
  }
  get from(): unknown {
    return this.model.changes[this.field]?.from ?? null
  }
  get to(): unknown {
    return this.model.changes[this.field]?.to ?? null
  }
  get change(): DeferredChange {
    return this.model.restrictedTo([this.field])
  }
}

/** The field's change, for a person to decide on. */
export function heldField(model: ChangedModel, field: FieldName, reason: HeldReason): HeldField {
  if (model instanceof DeferredChange) return new DeferredHeldField(model, field, reason)
  const { from, to } = model.changes[field] ?? { from: null, to: null }
  const { providerModelId } = model
  return { kind: 'updated', providerModelId, reason, field, from, to, change: onlyField(model, field) }
}

/** The model without these changes. */
export function withoutChanges(model: ChangedModel, fields: readonly FieldName[]): ChangedModel {
  const changes: FieldChanges = { ...model.changes }
  for (const field of fields) delete changes[field]
  if (model instanceof DeferredChange) return model.restrictedTo(Object.keys(changes) as FieldName[])
  const before: Record<string, unknown> = { ...model.fields }
  for (const field of fields) before[field] = model.changes[field]?.from
  return { ...model, changes, fields: before as unknown as ModelFields }
}

/** The model as it would be with this one change. */
function onlyField(model: ChangedModel, field: FieldName): ChangedModel {
  const fields: Record<string, unknown> = { ...model.fields }
  for (const [name, change] of Object.entries(model.changes))
    if (name !== field && name !== 'origin') fields[name] = change.from
  const change = model.changes[field]
  return {
    id: model.id,
    providerModelId: model.providerModelId,
    changes: change === undefined ? {} : { [field]: change },
    fields: fields as unknown as ModelFields,
  }
}

/** The change together with one that was held of the same model. */
export function joinField<Model extends ChangedModel | RestoredModel>(
  model: Model,
  { field, from, to, change }: HeldField,
): Model {
  if (field !== 'origin' && model instanceof DeferredChange) return model.joinedBy(field) as typeof model
  const changes = { ...model.changes, [field]: { from, to } }
  return { ...model, changes, fields: { ...(model.fields ?? change.fields), [field]: to } as ModelFields }
}
