/** The fields that a change in the changelog can be of. */
import { FIELD_NAMES } from './model.js'

/** Every `field` that a change may have: the model's own, what an operator sets beside them, and what upstream says beneath a pin. */
export const CHANGED_FIELDS: readonly string[] = [
  ...FIELD_NAMES,
  'hidden',
  'origin',
  ...[...FIELD_NAMES, 'availability'].map((field) => `upstream.${field}`),
]
