/** A model as an export writes it: what says something of the model, in a fixed order, so that two exports of one catalogue are equal. */
import { FIELD_NAMES } from '../../core/model/model.js'
import type { ModelFields } from '../../core/model/model-fields.js'
import type { ModelRecord } from '../../core/model/model-record.js'

/** `lastSeenAt` and `stale` are left out, since each sync moves them; pins are in the fields. */
export type ExportedModel = Pick<
  ModelRecord,
  | 'id'
  | 'provider'
  | 'providerModelId'
  | 'canonicalName'
  | keyof ModelFields
  | 'origin'
  | 'availability'
  | 'unavailableReason'
  | 'unavailableSince'
  | 'hidden'
  | 'firstSeenAt'
  | 'updatedAt'
>

/** In their order. */
export const EXPORTED_MEMBERS = [
  'id',
  'provider',
  'providerModelId',
  'canonicalName',
  ...FIELD_NAMES,
  'origin',
  'availability',
  'unavailableReason',
  'unavailableSince',
  'hidden',
  'firstSeenAt',
  'updatedAt',
] as const satisfies (keyof ExportedModel)[]

export function exportedModel(model: ModelRecord): ExportedModel {
  return Object.fromEntries(EXPORTED_MEMBERS.map((member) => [member, model[member]])) as unknown as ExportedModel
}
