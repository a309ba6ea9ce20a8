/** isRecord: whether a value out of JSON is an object with members, not a list. */

export type Members = Readonly<Record<string, unknown>>

/** Throws nothing. */
export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
