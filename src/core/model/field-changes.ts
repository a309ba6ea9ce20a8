/** Differences between two states of one model's fields. Pure. */
import { FIELDS, FIELD_NAMES, type FieldName } from './model.js'
import type { DesiredFields, ModelFields } from './model-fields.js'
import { sameValue } from './same-value.js'

/** From the old value to the new one. */
export interface FieldChange {
  from: unknown
  to: unknown
}

/** By field; `origin` changes when upstream starts or stops to list a model that was added by hand. */
export type FieldChanges = Partial<Record<FieldName | 'origin', FieldChange>>

/** The named fields whose values differ; a field that `desired` leaves out is not compared. */
export function diffFields(current: ModelFields, desired: DesiredFields): FieldChanges {
  const changes: FieldChanges = {}
  for (const field of FIELD_NAMES) {
    const to = desired[field]
    if (to === undefined) continue
    const from = current[field]
    if (!sameValue(FIELDS[field], from, to)) changes[field] = { from, to }
  }
  return changes
}

/** The fields with those that `desired` speaks of. */
export function withDesired(current: ModelFields, desired: DesiredFields): ModelFields {
  return say({ ...current }, desired)
}

/** All fields of a new model: what was not said is unknown, and a model without a name goes by its id. */
export function completeFields(providerModelId: string, desired: DesiredFields): ModelFields {
  // New members come before the spread, here and wherever a row is made. After it, V8 gives each object a hidden class of its own: half a
  // KiB and several microseconds.
  return say({ name: providerModelId, ...UNKNOWN }, desired)
}

/** Sets what `desired` speaks of in an object that is nobody else's yet. */
function say(fields: ModelFields, desired: DesiredFields): ModelFields {
  const said = desired as Record<string, unknown>
  for (const field in said)
    if (said[field] !== undefined) (fields as unknown as Record<string, unknown>)[field] = said[field]
  return fields
}

/** The fields of which something is known. */
export function knownFields(fields: ModelFields): DesiredFields {
  return Object.fromEntries(
    FIELD_NAMES.filter((field) => isKnown(fields[field])).map((field) => [field, fields[field]]),
  )
}

/** Whether a value says something: `null`, no members and no capabilities do not; 0 and false do. */
export function isKnown(value: unknown): boolean {
  if (value === null || value === undefined) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

const UNKNOWN = {
  description: null,
  ownedBy: null,
  mode: null,
  contextLength: null,
  maxOutputTokens: null,
  inputModalities: [],
  outputModalities: [],
  capabilities: {},
  inputCostPerToken: null,
  outputCostPerToken: null,
  cacheReadCostPerToken: null,
  cacheWriteCostPerToken: null,
  otherPrices: [],
  priceWindows: [],
  deployments: null,
  rpm: null,
  tpm: null,
  restricted: null,
  teams: [],
  accessGroups: [],
  aliases: [],
  createdAt: null,
  deprecationDate: null,
  replacedBy: null,
} satisfies Omit<ModelFields, 'name'>
