/** What an answer that could be read leaves in a provider's row, as the backend sees the provider or as one user's key does: the same columns. */
import type { AnswerState, Asked } from '../catalog/answer-standing.js'
import type { ObservedSize } from '../catalog/guard.js'
import { exactTime } from './database.js'

/** What must be the same for an answer to be the one that was applied last. JSON in the database. */
export interface Fingerprint {
  /** Per request: ETag and SHA-256 of the body. */
  validators: Record<string, unknown>
  /** A keyed digest of the provider's address. */
  address: string
  /** A keyed digest of the key. */
  credential: string
  /** Source's version and the provider's effective options: what turns entries into models. */
  reading: string
  /** ISO date: from then on the same body means something else, since a deprecation date in it is past. */
  validUntil: string | null
}

/** What a sync says of an answer beside its models. JSON in the database. */
export interface ListingSummary {
  rejectedModels: number
  filteredModels: number
  warnings: string[]
}

export interface AppliedAnswer {
  /** Of the row. */
  id: number
  asked: Asked
  at: string
  /** False while a removal is held: the missing models were not seen. */
  seen: boolean
  fingerprint: Fingerprint | null
  listedModels: number
  listing: ListingSummary
  recentSizes: ObservedSize[]
  error: string | null
}

/** A provider's row while its lock is held. */
export interface LockedState extends AnswerState {
  /** Whether the provider may be synced. */
  enabled: boolean
}

/** The columns of {@link AnswerState}. */
export function stateColumns(alias: string): string {
  return `${alias}.version::float8 AS version,
  ${alias}.state_version::float8 AS "stateVersion",
  ${exactTime(`${alias}.answered_at`)} AS "answeredAt"`
}

/** When the request had ended. @param began where it stands among the values, as a text; @param tookMs likewise */
function ended(began: string, tookMs: string): string {
  return `${began}::timestamptz + ${tookMs}::float8 * interval '1 millisecond'`
}

/** After an answer that was applied: $1 to $11 are {@link appliedValues}, $1 the row's id. */
export const SET_APPLIED = `
      fingerprint = $2,
      listed_models = $3,
      recent_sizes = $4,
      last_attempt_at = $5,
      last_success_at = CASE WHEN $6 THEN $5 ELSE last_success_at END,
      last_error = $7,
      consecutive_failures = 0,
      version = version + CASE WHEN $8 THEN 1 ELSE 0 END,
      state_version = state_version + 1,
      answered_at = ${ended('$9', '$10')},
      listing = $11`

/** @param changed its models are others than before, which moves the version */
export function appliedValues(answer: AppliedAnswer, changed: boolean): unknown[] {
  const { id, asked, fingerprint, listedModels, listing, recentSizes, at, seen, error } = answer
  const json = fingerprint === null ? null : JSON.stringify(fingerprint)
  const { began, tookMs } = asked
  const sizes = JSON.stringify(recentSizes)
  return [id, json, listedModels, sizes, at, seen, error, changed, began, tookMs, JSON.stringify(listing)]
}

export interface UnchangedAnswer {
  /** Of the row. */
  id: number
  asked: Asked
  at: string
  validators: Record<string, unknown>
  recentSizes: ObservedSize[]
}

/** After an answer that is the one applied last: $1 to $8 are {@link unchangedValues}, $1 the row's id. */
export const SET_NOT_MODIFIED = `
      fingerprint = jsonb_set(fingerprint, '{validators}', $3),
      recent_sizes = $4,
      last_attempt_at = $2,
      last_success_at = $2,
      last_error = NULL,
      consecutive_failures = 0,
      answered_at = CASE
        WHEN ${exactTime('answered_at')} IS NOT DISTINCT FROM $6 THEN ${ended('$7', '$8')}
        ELSE GREATEST(answered_at, ${ended('$7', '$8')})
      END`

/** Two replicas may both have found the same answer unchanged; any other answer in between, and this one must be read. */
export const STILL_THE_LAST = 'state_version = $5'

export function unchangedValues({ id, asked, at, validators, recentSizes }: UnchangedAnswer): unknown[] {
  const { stateVersion, answeredAt, began, tookMs } = asked
  return [id, at, JSON.stringify(validators), JSON.stringify(recentSizes), stateVersion, answeredAt, began, tookMs]
}

/** What a request came to that brought no listing. */
export interface FailedAnswer {
  /** Of the row. */
  id: number
  asked: Asked
  at: string
  error: string
}

/** After a request that failed: $1 to $6 are {@link failedValues}, $1 the row's id. */
export const SET_FAILED = `
      last_attempt_at = $2,
      last_error = $3,
      consecutive_failures = consecutive_failures + 1`

/** No answer has been recorded since this request began. */
export const NOTHING_NEWER = `state_version = $6
      AND (answered_at IS NULL OR answered_at <= $5::timestamptz OR ${exactTime('answered_at')} = $4)`

export function failedValues({ id, asked, at, error }: FailedAnswer): unknown[] {
  return [id, at, error, asked.answeredAt, asked.began, asked.stateVersion]
}
