/** Which of two rows that a list has for one id is the model. */
import { isKnown } from '../../core/model/field-changes.js'
import type { DesiredFields } from '../../core/model/model-fields.js'

/**
 * The row that says more, whole: a mix of both would be a model that nobody serves. Of two that say as much the one that is spelled smaller, so that
 * their order does not matter. Throws nothing.
 */
export function fullerRow(a: DesiredFields, b: DesiredFields): DesiredFields {
  const more = weight(a) - weight(b)
  if (more !== 0) return more > 0 ? a : b
  return JSON.stringify(a) <= JSON.stringify(b) ? a : b
}

function weight(fields: DesiredFields): number {
  return Object.values(fields).reduce<number>((sum, value) => sum + (isKnown(value) ? sizeOf(value) : 0), 0)
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 1
}
