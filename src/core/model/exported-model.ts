/** ExportedModel: a model as an export writes it: what says something of the model, in a fixed order, so that two exports of one catalogue are equal. */
import { FIELD_NAMES } from './model.js'
import type { ModelRecord } from './model-record.js'

/** `lastSeenAt` and `stale` are left out, since each sync moves them; pins are in the fields. */
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
] as const satisfies (keyof ModelRecord)[]

export type ExportedModel = Pick<ModelRecord, (typeof EXPORTED_MEMBERS)[number]>

export function exportedModel(model: ModelRecord): ExportedModel {
  return Object.fromEntries(EXPORTED_MEMBERS.map((member) => [member, model[member]])) as unknown as ExportedModel
}
