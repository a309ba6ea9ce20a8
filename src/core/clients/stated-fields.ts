/** statedFields: a model without what reads have filled in from elsewhere. Pure. */
import { CAPABILITIES, FIELDS, FIELD_NAMES, type FieldType } from '../model/model.js'
import type { ModelRecord } from '../model/model-record.js'

const STATED = new Set(['upstream', 'pin', 'local'])
const UNKNOWN: Partial<Record<FieldType, unknown>> = {
  set: [],
  prices: [],
  windows: [],
  capabilities: Object.fromEntries(CAPABILITIES.map((capability) => [capability, null])),
}

/** Only what its provider, or a person, says of the model; the rest is unknown. Throws nothing. */
export function statedFields(model: ModelRecord): ModelRecord {
  const filled = FIELD_NAMES.filter((field) => !STATED.has(model.provenance[field] ?? 'upstream'))
  if (filled.length === 0) return model
  const unknown = filled.map((field) => [field, UNKNOWN[FIELDS[field]] ?? null])
  return { ...model, ...(Object.fromEntries(unknown) as Partial<ModelRecord>) }
}
