/** Runs that nobody needs any more: long ago, and without a change. */
import type { Database } from './database.js'
import type { RunsTable } from './run-store.js'

/**
 * Deletes some runs that started before `before` and changed nothing, the oldest first. The last finished run and the last that succeeded stay,
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
    `(SELECT id FROM ${database.schema}.${table} WHERE ${whose}${condition} ORDER BY started_at DESC, id DESC LIMIT 1)`
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
