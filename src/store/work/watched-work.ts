/** Work as those see it who do not hold it: how it ended, what is in progress, and that somebody wants it to end. */
import type { Database } from '../database.js'
import { inMs, later, nowIn } from './work-row.js'

/** How a piece of work ended. */
export interface WorkOutcome {
  id: number
  /** JSON. */
  outcome: unknown
  /** It was ended early, as somebody had asked. */
  cancelled: boolean
}

/** Those of these rows that have ended, or are gone. */
export async function readOutcomes(database: Database, ids: readonly number[]): Promise<WorkOutcome[]> {
  const { rows } = await database.query<WorkOutcome>(
    `SELECT v.id::float8 AS id, w.outcome, COALESCE(w.cancel_asked, false) AS cancelled
    FROM unnest($1::bigint[]) AS v (id)
    LEFT JOIN ${database.schema}.work AS w ON w.id = v.id
    WHERE w.id IS NULL OR w.state = 'ended'`,
    [ids],
  )
  return rows
}

/** Asks whoever is at work in a lane to end early. @returns ids of what was asked; empty: nobody is */
export async function cancelLane(database: Database, lane: string): Promise<number[]> {
  const { rows } = await database.query<{ id: number }>(
    `UPDATE ${database.schema}.work
    SET cancel_asked = true
    WHERE lane = $1 AND state = 'running'
    RETURNING id::float8 AS id`,
    [lane],
  )
  return rows.map(({ id }) => id)
}

/**
 * One caller does not want the outcome any more. With the last, what has not begun is dropped; what has is asked to end early, if `cancels`.
 * @returns whether it was the last
 */
export async function leaveWork(database: Database, id: number, cancels: boolean): Promise<boolean> {
  const { schema } = database
  const { rows } = await database.query<{ callers: number }>(
    `UPDATE ${schema}.work
    SET callers = callers - 1,
      cancel_asked = cancel_asked OR ($2 AND callers <= 1),
      state = CASE WHEN ${UNBEGUN} THEN 'ended' ELSE state END,
      ended_at = CASE WHEN ${UNBEGUN} THEN ${nowIn(schema)} END
    WHERE id = $1 AND state <> 'ended'
    RETURNING callers`,
    [id, cancels],
  )
  return rows[0] !== undefined && rows[0].callers <= 0
}

const UNBEGUN = `callers <= 1 AND state = 'waiting' AND attempts = 0`

/** What is in progress in a lane. */
export interface WorkInProgress {
  id: number
  kind: string
  asked: unknown
  /** JSON, as its holder has put it on record; `null`: nothing yet. */
  progress: unknown
  holderName: string
}

export async function readLane(database: Database, lane: string): Promise<WorkInProgress | null> {
  const { rows } = await database.query<WorkInProgress>(
    `SELECT id::float8 AS id, kind, asked, progress, holder_name AS "holderName"
    FROM ${database.schema}.work
    WHERE lane = $1 AND state = 'running'`,
    [lane],
  )
  return rows[0] ?? null
}

/** When the next of a kind is due, ms since 1970; `null`: nothing is planned. */
export async function readDue(database: Database, kind: string): Promise<number | null> {
  const { rows } = await database.query<{ dueAt: number | null }>(
    `SELECT ${inMs('min(due_at)')} AS "dueAt" FROM ${database.schema}.work WHERE kind = $1 AND state <> 'ended'`,
    [kind],
  )
  return rows[0]?.dueAt ?? null
}

/** Forgets what ended longer ago than that, so that whoever waited for it has seen it. @returns how many */
export async function deleteEndedWork(
  database: Database,
  { olderThanMs, limit }: { olderThanMs: number; limit: number },
): Promise<number> {
  const { schema } = database
  const { rowCount } = await database.query(
    `DELETE FROM ${schema}.work
    WHERE id IN (
      SELECT id
      FROM ${schema}.work
      WHERE state = 'ended' AND ended_at < ${later(schema, '-$1::float8')}
      ORDER BY ended_at
      LIMIT $2
      FOR UPDATE SKIP LOCKED
    )`,
    [olderThanMs, limit],
  )
  return rowCount ?? 0
}
