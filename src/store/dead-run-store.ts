/** Runs without an end whose process is no more: found, and ended in its place. */
import { isoTime, type Database } from './database.js'
import type { RunsTable } from './run-store.js'

export interface OpenRun {
  runId: string
  trigger: string
  /** ISO 8601. */
  startedAt: string
  /** Slugs that were asked for. */
  providers: string[]
  /** Which process ran it; `null`: not recorded. */
  replica: string | null
  /** Its time is over, by the database's clock. */
  overdue: boolean
}

// Of a version that recorded no deadline.
const DEFAULT_DEADLINE = `interval '1 day'`

/** The condition on a run `r` that it has not ended although its time is over. */
export function isOverdue(): string {
  return `r.finished_at IS NULL AND COALESCE(r.deadline, r.started_at + ${DEFAULT_DEADLINE}) < now()`
}

/** All that have not ended, the oldest first. */
export async function readOpenRuns(database: Database, table: RunsTable): Promise<OpenRun[]> {
  const { rows } = await database.query<OpenRun>(
    `SELECT
      r.id AS "runId",
      r.trigger,
      ${isoTime('r.started_at')} AS "startedAt",
      COALESCE(r.providers, '{}') AS providers,
      r.replica,
      ${isOverdue()} AS overdue
    FROM ${database.schema}.${table} AS r
    WHERE r.finished_at IS NULL
    ORDER BY r.started_at`,
  )
  return rows
}

/** Ends a run in place of its process, unless it has ended meanwhile. What the run itself records later replaces this. */
export async function endRun(
  database: Database,
  table: RunsTable,
  { runId, result }: { runId: string; result: object },
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.${table} AS r
    SET finished_at = now(),
      success = false,
      changed = EXISTS (SELECT FROM ${database.schema}.model_changes AS h WHERE h.run_id = r.id),
      result = jsonb_set($2::jsonb, '{revision}', to_jsonb(c.revision))
    FROM ${database.schema}.catalogue AS c
    WHERE r.id = $1 AND r.finished_at IS NULL`,
    [runId, JSON.stringify(result)],
  )
}
