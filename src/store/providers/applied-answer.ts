/** What an answer that could be read leaves in a provider's row, as the backend sees the provider or as one user's key does: the same columns. */
import type { AnswerState, Asked } from '../../core/plan/answer-standing.js'
import type { ObservedSize } from '../../core/plan/guards.js'
import type { Problem } from '../../core/records/problem.js'
import { exactTime } from '../database.js'

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
  /** `null`: nothing is held. */
  problem: Problem | null
}

/** A provider's row while its lock is held. */
export interface LockedState extends AnswerState {
  /** Whether the provider may be synced. */
  enabled: boolean
  /** Of a user's: the key that asked is not the user's any more, so that nothing of what it shows may be kept. */
  keyIsGone?: boolean
}

/** The columns of {@link AnswerState}. */
export function stateColumns(alias: string): string {
  return `${alias}.version::float8 AS version,
  ${alias}.state_version::float8 AS "stateVersion",
  ${exactTime(`${alias}.answered_at`)} AS "answeredAt",
  ${exactTime(`${alias}.failed_at`)} AS "failedAt"`
}

/** When the request had ended. @param began where it stands among the values, as a text; @param tookMs likewise */
function ended(began: string, tookMs: string): string {
  return `${began}::timestamptz + ${tookMs}::float8 * interval '1 millisecond'`
}

/**
 * Whether a failure is on record that came after the request that had ended at `end`. One that was there when the request began is older, wherever
 * the database's clock stood then.
 * @param read where the time of the newest failure stands among the values, as the request began
 */
function failedSince(read: string, end: string): string {
  return `COALESCE(${exactTime('failed_at')} IS DISTINCT FROM ${read} AND failed_at > ${end}, false)`
}

/** The sentence of a problem that stands among the values as JSON. */
export function messageIn(value: string): string {
  return `${value}::jsonb ->> 'message'`
}

/** The rest of it: code and facts. */
function causeIn(value: string): string {
  return `${value}::jsonb - 'message'`
}

/** Of an applied answer: the newer failure still stands. */
export const FAILED_SINCE_APPLIED = failedSince('$12', ended('$9', '$14'))

/** After an answer that was applied: $1 to $14 are {@link appliedValues}, $1 the row's id. */
export const SET_APPLIED = `
      fingerprint = $2,
      listed_models = $3,
      recent_sizes = $4,
      last_attempt_at = CASE WHEN ${FAILED_SINCE_APPLIED} THEN last_attempt_at ELSE $5 END,
      last_success_at = CASE WHEN $6 THEN $5 ELSE last_success_at END,
      last_error = CASE WHEN ${FAILED_SINCE_APPLIED} THEN last_error ELSE ${messageIn('$7')} END,
      last_problem = CASE WHEN ${FAILED_SINCE_APPLIED} THEN last_problem ELSE ${causeIn('$7')} END,
      consecutive_failures = CASE WHEN ${FAILED_SINCE_APPLIED} THEN GREATEST(consecutive_failures - $13, 1) ELSE 0 END,
      version = version + CASE WHEN $8 THEN 1 ELSE 0 END,
      state_version = state_version + 1,
      answered_at = ${ended('$9', '$10')},
      listing = $11`

/** @param changed its models are others than before, which moves the version */
export function appliedValues(answer: AppliedAnswer, changed: boolean): unknown[] {
  const { id, asked, fingerprint, listedModels, listing, recentSizes, at, seen, problem } = answer
  const json = fingerprint === null ? null : JSON.stringify(fingerprint)
  const { began, tookMs, atLeastMs, failedAt, failures } = asked
  const sizes = JSON.stringify(recentSizes)
  const told = JSON.stringify(listing)
  const wrong = problem === null ? null : JSON.stringify(problem)
  return [id, json, listedModels, sizes, at, seen, wrong, changed, began, tookMs, told, failedAt, failures, atLeastMs]
}

export interface UnchangedAnswer {
  /** Of the row. */
  id: number
  asked: Asked
  at: string
  validators: Record<string, unknown>
  recentSizes: ObservedSize[]
}

const UNCHANGED_ENDED = ended('$7', '$8')
// Two replicas may both have found the same answer unchanged, and the older one comes second.
const UNCHANGED_IS_NEXT = `${exactTime('answered_at')} IS NOT DISTINCT FROM $6`

/** Of an answer that is the one applied last: the newer failure still stands. */
export const FAILED_SINCE_UNCHANGED = failedSince('$9', ended('$7', '$11'))

/** After an answer that is the one applied last: $1 to $11 are {@link unchangedValues}, $1 the row's id. */
export const SET_NOT_MODIFIED = `
      fingerprint = jsonb_set(fingerprint, '{validators}', $3),
      recent_sizes = $4,
      last_attempt_at = CASE
        WHEN ${FAILED_SINCE_UNCHANGED} THEN last_attempt_at
        WHEN ${UNCHANGED_IS_NEXT} THEN $2
        ELSE GREATEST(last_attempt_at, $2)
      END,
      last_success_at = CASE WHEN ${UNCHANGED_IS_NEXT} THEN $2 ELSE GREATEST(last_success_at, $2) END,
      last_error = CASE WHEN ${FAILED_SINCE_UNCHANGED} THEN last_error END,
      last_problem = CASE WHEN ${FAILED_SINCE_UNCHANGED} THEN last_problem END,
      consecutive_failures = CASE WHEN ${FAILED_SINCE_UNCHANGED} THEN GREATEST(consecutive_failures - $10, 1) ELSE 0 END,
      answered_at = CASE WHEN ${UNCHANGED_IS_NEXT} THEN ${UNCHANGED_ENDED} ELSE GREATEST(answered_at, ${UNCHANGED_ENDED}) END`

/** Two replicas may both have found the same answer unchanged; any other answer in between, and this one must be read. */
export const STILL_THE_LAST = 'state_version = $5'

export function unchangedValues({ id, asked, at, validators, recentSizes }: UnchangedAnswer): unknown[] {
  const { stateVersion, answeredAt, began, tookMs, atLeastMs, failedAt, failures } = asked
  const json = [JSON.stringify(validators), JSON.stringify(recentSizes)]
  return [id, at, ...json, stateVersion, answeredAt, began, tookMs, failedAt, failures, atLeastMs]
}

/** What a request came to that brought no listing. */
export interface FailedAnswer {
  /** Of the row. */
  id: number
  asked: Asked
  at: string
  problem: Problem
}

const FAILED_ENDED = ended('$5', '$7')

/** Of a failure: a newer one is what the provider's state says. */
export const FAILED_AGAIN = failedSince('$8', FAILED_ENDED)

/** After a request that failed: $1 to $8 are {@link failedValues}, $1 the row's id. */
export const SET_FAILED = `
      last_attempt_at = CASE WHEN ${FAILED_AGAIN} THEN last_attempt_at ELSE $2 END,
      last_error = CASE WHEN ${FAILED_AGAIN} THEN last_error ELSE ${messageIn('$3')} END,
      last_problem = CASE WHEN ${FAILED_AGAIN} THEN last_problem ELSE ${causeIn('$3')} END,
      consecutive_failures = consecutive_failures + 1,
      failed_at = CASE WHEN ${FAILED_AGAIN} THEN failed_at ELSE ${FAILED_ENDED} END`

/** No answer has been recorded since this request began. */
export const NOTHING_NEWER = `state_version = $6
      AND (answered_at IS NULL OR answered_at <= $5::timestamptz OR ${exactTime('answered_at')} = $4)`

export function failedValues({ id, asked, at, problem }: FailedAnswer): unknown[] {
  const { answeredAt, began, stateVersion, atLeastMs, failedAt } = asked
  return [id, at, JSON.stringify(problem), answeredAt, began, stateVersion, atLeastMs, failedAt]
}
