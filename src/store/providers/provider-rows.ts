/** Providers as rows: what a sync starts from, and what it leaves behind. */
import type { AnswerState } from '../../core/plan/answer-standing.js'
import type { ObservedSize } from '../../core/plan/guards.js'
import type { Drift } from '../../core/providers/drift.js'
import {
  appliedValues,
  FAILED_SINCE_APPLIED,
  FAILED_SINCE_UNCHANGED,
  failedValues,
  NOTHING_NEWER,
  SET_APPLIED,
  SET_FAILED,
  SET_NOT_MODIFIED,
  stateColumns,
  STILL_THE_LAST,
  unchangedValues,
  type AppliedAnswer,
  type FailedAnswer,
  type Fingerprint,
  type ListingSummary,
  type LockedState,
  type UnchangedAnswer,
} from './applied-answer.js'
import type { AppliedBy } from './run-results.js'
import type { Cause } from '../../core/records/problem.js'
import { exactTime, isoTime, type Database } from '../database.js'
import { checkHeld, whileHeld } from '../work/fence.js'

export interface ProviderRow extends AnswerState {
  id: number
  slug: string
  enabled: boolean
  /** @see LockedState.keyIsGone */
  keyIsGone?: boolean
  fingerprint: Fingerprint | null
  listedModels: number
  /** `null`: not known. */
  listing: ListingSummary | null
  /** `null`: not known. */
  drift: Drift | null
  heldChanges: number
  recentSizes: ObservedSize[]
  /** ISO 8601, the oldest first: of the last syncs that changed something. */
  changeTimes: string[]
  /** ISO 8601, as the times below; `null`: never. */
  lastAttemptAt: string | null
  lastSuccessAt: string | null
  lastError: string | null
  /** The same for whatever decides; `null` also where an older version wrote `lastError`. */
  lastProblem: Cause | null
  consecutiveFailures: number
  staleSince: string | null
  /** Lower comes first. */
  priority: number
  /** `null`: the backend's own. */
  intervalMinutes: number | null
}

/** What a finished sync says of its provider. */
export interface ProviderSuccess extends AppliedAnswer {
  heldChanges: number
  changeTimes: string[]
  drift: Drift
  applied: AppliedBy
}

const COLUMNS = `
  id,
  slug,
  enabled,
  ${stateColumns('p')},
  fingerprint,
  listed_models AS "listedModels",
  listing,
  drift,
  held_changes AS "heldChanges",
  recent_sizes AS "recentSizes",
  change_times AS "changeTimes",
  ${isoTime('last_attempt_at')} AS "lastAttemptAt",
  ${isoTime('last_success_at')} AS "lastSuccessAt",
  last_error AS "lastError",
  last_problem AS "lastProblem",
  consecutive_failures AS "consecutiveFailures",
  ${isoTime('stale_since')} AS "staleSince",
  priority,
  interval_minutes AS "intervalMinutes"`

/** The rows of these providers, or of all; a provider that was never synced has none. */
export async function readProviders(database: Database, slugs?: readonly string[]): Promise<ProviderRow[]> {
  const { rows } = await database.query<ProviderRow>(
    `SELECT ${COLUMNS}
    FROM ${database.schema}.providers AS p
    WHERE $1::text[] IS NULL OR slug = ANY ($1)
    ORDER BY slug`,
    [slugs ?? null],
  )
  return rows
}

/** Of a row that was joined to the database's time: without the row all its columns are NULL. */
export function stateOf<Row extends ProviderRow>(
  rows: readonly (Omit<Row, 'id'> & { id: number | null; now: string })[],
): { row: Row | null; now: string } {
  const [first] = rows
  if (first === undefined) throw new Error('the database did not say what time it is')
  const { now, ...row } = first
  return { row: row.id === null ? null : (row as unknown as Row), now }
}

/** The provider's row, made when it is not there. */
export async function ensureProvider(
  database: Database,
  provider: { slug: string; name: string },
): Promise<ProviderRow> {
  await database.query(
    `INSERT INTO ${database.schema}.providers (slug, name)
    VALUES ($1, $2)
    ON CONFLICT (slug) DO NOTHING`,
    [provider.slug, provider.name],
  )
  const [row] = await readProviders(database, [provider.slug])
  if (row === undefined) throw new Error(`the row of provider ${provider.slug} is gone`)
  return row
}

/** The provider's row as a request starts from it. */
export async function readProviderState(
  database: Database,
  slug: string,
): Promise<{ row: ProviderRow | null; now: string }> {
  const { rows } = await database.query<Omit<ProviderRow, 'id'> & { id: number | null; now: string }>(
    `SELECT ${exactTime('statement_timestamp()')} AS now, s.*
    FROM (VALUES (1)) AS one
    LEFT JOIN (SELECT ${COLUMNS} FROM ${database.schema}.providers AS p WHERE slug = $1) AS s ON true`,
    [slug],
  )
  return stateOf(rows)
}

export interface LockedProvider extends LockedState {
  /** ISO 8601: of the newest change of its models; `null`: there is none. */
  changedAt: string | null
}

/** Locks the provider's row until the transaction ends. `null`: there is none. */
export async function lockProvider(database: Database, id: number): Promise<LockedProvider | null> {
  const { rows } = await database.query<LockedProvider>(
    `SELECT ${stateColumns('p')}, p.enabled, ${isoTime('p.changed_at')} AS "changedAt"
    FROM ${database.schema}.providers AS p
    WHERE p.id = $1
    FOR UPDATE`,
    [id],
  )
  return rows[0] ?? null
}

/** After an answer that was applied; `changed` moves the provider's version. */
export async function recordSuccess(database: Database, success: ProviderSuccess, changed: boolean): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.providers
    SET ${SET_APPLIED},
      held_changes = $15,
      change_times = $16,
      drift = $17,
      run_id = $18::uuid,
      run_result = $19::jsonb,
      changed_at = CASE WHEN $8 THEN $5 ELSE changed_at END,
      stale_since = CASE WHEN ${FAILED_SINCE_APPLIED} THEN stale_since END
    WHERE id = $1`,
    [
      ...appliedValues(success, changed),
      success.heldChanges,
      JSON.stringify(success.changeTimes),
      JSON.stringify(success.drift),
      success.applied.runId,
      JSON.stringify(success.applied.result),
    ],
  )
}

/** After an answer that is the one applied last: everything else stays. False: it is not the last any more, and nothing was written. */
export async function recordNotModified(
  database: Database,
  answer: UnchangedAnswer,
  { runId, result }: AppliedBy,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE ${database.schema}.providers
    SET ${SET_NOT_MODIFIED},
      run_id = $12::uuid,
      run_result = $13::jsonb,
      stale_since = CASE WHEN ${FAILED_SINCE_UNCHANGED} THEN stale_since END
    WHERE id = $1 AND ${STILL_THE_LAST}${whileHeld(database)}`,
    [...unchangedValues(answer), runId, JSON.stringify(result)],
  )
  if (rowCount === 0) await checkHeld(database)
  return rowCount === 1
}

/** After a failed or incomplete listing: only the provider's own state changes. False: a newer answer is there, and nothing was written. */
export async function recordFailure(database: Database, failure: FailedAnswer): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE ${database.schema}.providers
    SET ${SET_FAILED},
      stale_since = COALESCE(stale_since, $2)
    WHERE id = $1 AND ${NOTHING_NEWER}${whileHeld(database)}`,
    failedValues(failure),
  )
  if (rowCount === 0) await checkHeld(database)
  return rowCount === 1
}

/**
 * After a change by hand: plans that were made before it are stale.
 * @param change.at ISO 8601
 * @param change.reread the next answer is read anew, even when it is the one applied last
 */
export async function touchProvider(
  database: Database,
  id: number,
  { at, reread }: { at: string; reread: boolean },
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.providers
    SET version = version + 1,
      changed_at = $3,
      state_version = state_version + CASE WHEN $2 THEN 1 ELSE 0 END,
      fingerprint = CASE WHEN $2 THEN NULL ELSE fingerprint END
    WHERE id = $1`,
    [id, reread, at],
  )
}

/** An operator's, by slug: lower ones come first. */
export async function readPriorities(database: Database): Promise<Map<string, number>> {
  const { rows } = await database.query<{ slug: string; priority: number }>(
    `SELECT slug, priority FROM ${database.schema}.providers`,
  )
  return new Map(rows.map(({ slug, priority }) => [slug, priority]))
}
