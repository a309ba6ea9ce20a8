/** changeOf: the entry that a plan makes of a compared model. Pure. */
import type { FieldChanges } from '../model/field-changes.js'
import type { ModelFields } from '../model/model-fields.js'
import type { UnavailableReason } from '../model/model.js'
import { Deferred } from './deferred.js'
import { DeferredChange } from './deferred-change.js'
import type { ChangedModel, CurrentModel, Desired, RestoredModel } from './plan.js'

/** The change of a compared model, deferred where one of its sides is. */
export function changeOf(
  { id, providerModelId, values, deprecationDate: dateBefore }: CurrentModel,
  said: Desired,
  changes: FieldChanges,
  fields: ModelFields,
): ChangedModel {
  const isDeferred = said instanceof Deferred || values instanceof Deferred
  if (!isDeferred || said === 'same' || values === null) return { id, providerModelId, changes, fields }
  return new DeferredChange(id, providerModelId, { values, dateBefore, said, dateAfter: fields.deprecationDate })
}

/** The model is listed again. @param change `null`: the fields are as they are */
export function restoredOf(
  { id, providerModelId }: CurrentModel,
  change: ChangedModel | null,
  from: UnavailableReason,
): RestoredModel {
  if (change === null) return { id, providerModelId, changes: {}, fields: null, from }
  if (change instanceof DeferredChange) return change.restoredFrom(from)
  return { id, providerModelId, changes: change.changes, fields: change.fields, from }
}
