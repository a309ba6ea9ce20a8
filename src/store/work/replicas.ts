/** Replicas in the database: who says regularly that it is there. */
import type { ReplicaRecord } from '../../core/records/replica-record.js'
import { isoTime, type Database } from '../database.js'
import { later, nowIn, type Holder } from './work-row.js'

export interface Replica extends Holder {
  version: string
}

/** Says that a replica is there; forgets those that have not said so for longer than `forgetMs`. */
export async function showReplica(database: Database, { id, name, version }: Replica, forgetMs: number): Promise<void> {
  const { schema } = database
  await database.query(
    `WITH gone AS (DELETE FROM ${schema}.replicas WHERE id <> $1::uuid AND seen_at < ${later(schema, '-$4::float8')})
    INSERT INTO ${schema}.replicas (id, name, version, since, seen_at)
    VALUES ($1::uuid, $2, $3, ${nowIn(schema)}, ${nowIn(schema)})
    ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at`,
    [id, name, version, forgetMs],
  )
}

export async function removeReplica(database: Database, id: string): Promise<void> {
  await database.query(`DELETE FROM ${database.schema}.replicas WHERE id = $1::uuid`, [id])
}

/** @returns those that were seen within `aliveMs`, the oldest first, with what each has in hand */
export async function readReplicas(database: Database, aliveMs: number): Promise<ReplicaRecord[]> {
  const { schema } = database
  const { rows } = await database.query<ReplicaRecord>(
    `SELECT
      r.name,
      r.version,
      ${isoTime('r.since')} AS since,
      ${isoTime('r.seen_at')} AS "seenAt",
      (
        SELECT COALESCE(json_agg(split_part(w.kind, ' ', 1) ORDER BY w.id), '[]')
        FROM ${schema}.work AS w
        WHERE w.holder = r.id AND w.state = 'running'
      ) AS holds
    FROM ${schema}.replicas AS r
    WHERE r.seen_at > ${later(schema, '-$1::float8')}
    ORDER BY r.since, r.id`,
    [aliveMs],
  )
  return rows
}
