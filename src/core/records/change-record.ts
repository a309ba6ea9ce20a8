/** ChangeRecord: a row of the changelog as everybody reads it. */
import { FIELD_NAMES } from '../model/model.js'

export const CHANGE_KINDS = ['added', 'updated', 'unavailable', 'restored', 'renamed', 'deleted'] as const

/** Every `field` that a change may have: the model's own, what an operator sets beside them, and what upstream says beneath a pin. */
export const CHANGED_FIELDS: readonly string[] = [
  ...FIELD_NAMES,
  'hidden',
  'origin',
  ...[...FIELD_NAMES, 'availability'].map((field) => `upstream.${field}`),
]

export interface ChangeRecord {
  id: number
  /** `null`: by hand. */
  runId: string | null
  /** Public id, as it was at the time. */
  modelId: string
  provider: string
  kind: string
  /** `null`: the model as a whole. */
  field: string | null
  from: unknown
  to: unknown
  cause: string
  actor: string
  /** ISO 8601. */
  at: string
}
