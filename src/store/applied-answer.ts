/** What an answer that could be read leaves in a provider's row, as the backend sees the provider or as one user's key does: the same columns. */
import type { ObservedSize } from '../catalog/guard.js'

/** What must be the same for an answer to be the one that was applied last. JSON in the database. */
export interface Fingerprint {
  /** Per request: ETag and SHA-256 of the body. */
  validators: Record<string, unknown>
  /** The provider's address, without credentials. */
  address: string
  /** A digest of the key. */
  credential: string
  /** Source's version and the provider's effective options: what turns entries into models. */
  reading: string
  /** ISO date: from then on the same body means something else, since a deprecation date in it is past. */
  validUntil: string | null
}

export interface AppliedAnswer {
  /** Of the row. */
  id: number
  at: string
  /** False while a removal is held: the missing models were not seen. */
  seen: boolean
  fingerprint: Fingerprint | null
  listedModels: number
  recentSizes: ObservedSize[]
  error: string | null
}

/** After an answer that was applied: $1 to $8 are {@link appliedValues}, $1 the row's id. */
export const SET_APPLIED = `
      fingerprint = $2,
      listed_models = $3,
      recent_sizes = $4,
      last_attempt_at = $5,
      last_success_at = CASE WHEN $6 THEN $5 ELSE last_success_at END,
      last_error = $7,
      consecutive_failures = 0,
      version = version + CASE WHEN $8 THEN 1 ELSE 0 END`

/** @param changed its models are others than before, which moves the version */
export function appliedValues(answer: AppliedAnswer, changed: boolean): unknown[] {
  const { id, fingerprint, listedModels, recentSizes, at, seen, error } = answer
  const json = fingerprint === null ? null : JSON.stringify(fingerprint)
  return [id, json, listedModels, JSON.stringify(recentSizes), at, seen, error, changed]
}

/** After an answer that is the one applied last: $1 is the row's id, $2 the time, $3 the validators as JSON, $4 the sizes as JSON. */
export const SET_NOT_MODIFIED = `
      fingerprint = jsonb_set(fingerprint, '{validators}', $3),
      recent_sizes = $4,
      last_attempt_at = $2,
      last_success_at = $2,
      last_error = NULL,
      consecutive_failures = 0`
