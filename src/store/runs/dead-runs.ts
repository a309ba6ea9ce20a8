/** Runs without an end whose process is no more: found, and ended in its place. */
import { isoTime, type Database } from '../database.js'
import type { RunsTable } from './run-rows.js'

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
  /** How long ago its process has shown that it runs, ms; since the start where it never has. */
  silentMs: number
}

// Runs of earlier versions have no deadline.
const DEFAULT_DEADLINE = `interval '1 day'`

/** The condition on a run `r` that it has not ended although its time is over. */
export function isOverdue(): string {
  return `r.finished_at IS NULL AND COALESCE(r.deadline, r.started_at + ${DEFAULT_DEADLINE}) < now()`
}

/** All that have not ended and that no replica has a lease for, or will take over; the oldest first. */
export async function readOpenRuns(database: Database, table: RunsTable): Promise<OpenRun[]> {
  const { rows } = await database.query<OpenRun>(
    `SELECT
      r.id AS "runId",
      r.trigger,
      ${isoTime('r.started_at')} AS "startedAt",
      COALESCE(r.providers, '{}') AS providers,
      r.replica,
      ${isOverdue()} AS overdue,
      EXTRACT(EPOCH FROM now() - COALESCE(r.alive_at, r.started_at))::float8 * 1000 AS "silentMs"
    FROM ${database.schema}.${table} AS r
    WHERE r.finished_at IS NULL
      AND NOT EXISTS (
        SELECT FROM ${database.schema}.work AS w WHERE w.state <> 'ended' AND w.asked ->> 'runId' = r.id::text
      )
    ORDER BY r.started_at`,
  )
  return rows
}

/** Notes that the process of a run is there. False: the run has ended. */
export async function showAlive(database: Database, table: RunsTable, runId: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE ${database.schema}.${table} SET alive_at = now() WHERE id = $1 AND finished_at IS NULL`,
    [runId],
  )
  return rowCount === 1
}

// A user's models have no changelog. Changes of a later sync count too: one row too many is better than a change that nobody finds.
const CHANGED = {
  sync_runs: (schema: string) => `EXISTS (SELECT FROM ${schema}.model_changes AS h WHERE h.run_id = r.id)`,
  user_runs: (schema: string) => `EXISTS (
        SELECT
        FROM ${schema}.user_providers AS s
        JOIN ${schema}.user_models AS m ON m.user_provider_id = s.id
        WHERE s.user_id = r.user_id AND s.provider = ANY (r.providers) AND m.updated_at >= r.started_at
      )`,
}

/** Ends a run in place of its process, unless it has ended meanwhile. If the run records its own end later, that replaces this. */
export async function endRun(
  database: Database,
  table: RunsTable,
  { runId, result }: { runId: string; result: object },
): Promise<void> {
  await database.query(
    `UPDATE ${database.schema}.${table} AS r
    SET finished_at = now(),
      success = false,
      changed = ${CHANGED[table](database.schema)},
      result = jsonb_set($2::jsonb, '{revision}', to_jsonb(c.revision))
    FROM ${database.schema}.catalogue AS c
    WHERE r.id = $1 AND r.finished_at IS NULL`,
    [runId, JSON.stringify(result)],
  )
}
