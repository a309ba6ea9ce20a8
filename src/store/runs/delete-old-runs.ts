/** Runs that nobody needs any more: long ago, and without a change. */
import type { Database } from '../database.js'
import type { RunsTable } from './run-rows.js'

/**
 * Deletes some runs that started before `before` and changed nothing, the oldest first. The last finished sync and the last that succeeded stay,
 * whatever their age; of runs with keys of users, those of each user. Replicas that do so at once take different rows.
 * @param before ISO 8601
 * @returns how many: fewer than `limit` means that none is left
 */
export async function deleteUnchangedRuns(
  database: Database,
  table: RunsTable,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const whose = table === 'user_runs' ? 'user_id = r.user_id AND ' : ''
  const newest = (condition: string): string =>
    `(SELECT id FROM ${database.schema}.${table} WHERE ${whose}trigger <> 'undo' AND ${condition} ORDER BY started_at DESC, id DESC LIMIT 1)`
  const { rowCount } = await database.query(
    `DELETE FROM ${database.schema}.${table}
    WHERE id IN (
      SELECT r.id
      FROM ${database.schema}.${table} AS r
      WHERE r.changed IS NOT TRUE AND r.started_at < $1
        AND r.id IS DISTINCT FROM ${newest('finished_at IS NOT NULL')}
        AND r.id IS DISTINCT FROM ${newest('success')}
        -- Of a run whose process ended nobody has noted whether it changed something.
        AND NOT EXISTS (SELECT FROM ${database.schema}.model_changes AS c WHERE c.run_id = r.id)
      ORDER BY r.started_at
      LIMIT $2
      FOR UPDATE SKIP LOCKED
    )`,
    [before, limit],
  )
  return rowCount ?? 0
}

/**
 * Folds some runs that changed nothing, beyond the newest `keep` of all: those of one hour, trigger, user, outcome and choice of providers become
 * one row, the last of them, which counts the others. Replicas that do so at once take different rows; what they leave is folded next time.
 * @param groups how many such rows to make at most
 * @returns how many rows are gone: 0 means that none is left
 */
export async function foldUnchangedRuns(
  database: Database,
  table: RunsTable,
  { keep, groups }: { keep: number; groups: number },
): Promise<number> {
  const runs = `${database.schema}.${table}`
  const key = (run: string): string =>
    `${run}.trigger, ${run}.user_id, ${run}.success, ${run}.providers, date_trunc('hour', ${run}.started_at, 'UTC')`
  const foldable = `r.changed IS NOT TRUE AND NOT r.changed AND r.finished_at IS NOT NULL
        AND r.started_at <= (SELECT started_at FROM ${runs} ORDER BY started_at DESC, id DESC OFFSET $1 LIMIT 1)`
  const { rowCount } = await database.query(
    `WITH hours AS MATERIALIZED (
      SELECT min(r.started_at) AS first, max(r.started_at) AS last
      FROM ${runs} AS r
      WHERE ${foldable}
      GROUP BY ${key('r')}
      HAVING count(*) > 1
      ORDER BY min(r.started_at)
      LIMIT $2
    ), chosen AS MATERIALIZED (
      SELECT r.*
      FROM ${runs} AS r
      WHERE ${foldable}
        AND r.started_at BETWEEN (SELECT min(first) FROM hours) AND (SELECT max(last) FROM hours)
      FOR UPDATE SKIP LOCKED
    ), folded AS MATERIALIZED (
      SELECT DISTINCT ON (${key('c')})
        c.id,
        sum(c.runs) OVER same AS runs,
        min(COALESCE(c.first_started_at, c.started_at)) OVER same AS first_started_at
      FROM chosen AS c
      WINDOW same AS (PARTITION BY ${key('c')})
      ORDER BY ${key('c')}, c.started_at DESC, c.id DESC
    ), kept AS (
      UPDATE ${runs} AS r
      SET runs = f.runs, first_started_at = f.first_started_at
      FROM folded AS f
      WHERE r.id = f.id AND r.runs <> f.runs
    )
    DELETE FROM ${runs}
    WHERE id IN (SELECT id FROM chosen) AND id NOT IN (SELECT id FROM folded)`,
    [keep, groups],
  )
  return rowCount ?? 0
}
