/** Pins: fields set by hand, which win over upstream. Pure. */
import { FIELDS, FIELD_NAMES, type FieldName } from './model.js'
import type { Capabilities, ModelFields } from './model-fields.js'
import { sameValue } from './same-value.js'

/** What a person has set. Of `capabilities` only the named ones are pinned, the others stay upstream's. */
export type Pins = Partial<ModelFields>

/** A field in which the pin and upstream differ. */
export interface Conflict {
  field: FieldName
  pinned: unknown
  upstream: unknown
}

/** What every read returns: upstream's values under the pins. */
export function effectiveFields(upstream: ModelFields, pins: Pins): ModelFields {
  if (Object.keys(pins).length === 0) return upstream
  return { ...upstream, ...pins, capabilities: effectiveCapabilities(upstream.capabilities, pins.capabilities) }
}

/** Upstream's values out of the effective ones and what was kept of upstream beneath the pins. */
export function upstreamFields(effective: ModelFields, kept: Partial<ModelFields>): ModelFields {
  return { ...effective, ...kept }
}

/** What must be kept of upstream beside the effective values: its word on each pinned field. */
export function beneathPins(upstream: ModelFields, pins: Pins): Partial<ModelFields> {
  return Object.fromEntries(FIELD_NAMES.filter((field) => field in pins).map((field) => [field, upstream[field]]))
}

/** The pinned fields on which upstream says something else. */
export function findConflicts(effective: ModelFields, kept: Partial<ModelFields>, pins: Pins): Conflict[] {
  return FIELD_NAMES.filter((field) => field in pins && !sameValue(FIELDS[field], effective[field], kept[field])).map(
    (field) => ({
      field,
      pinned: pins[field],
      upstream: kept[field],
    }),
  )
}

function effectiveCapabilities(upstream: Capabilities, pinned: Capabilities | undefined): Capabilities {
  return pinned === undefined ? upstream : { ...upstream, ...pinned }
}
