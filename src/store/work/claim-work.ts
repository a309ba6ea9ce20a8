/** Claims work: what is due and held by nobody, or by a replica whose lease is over. */
import type { Database } from '../database.js'
import { CLAIMED, FREE_AT, inMs, later, nowIn, type ClaimedRow, type Holder } from './work-row.js'

export interface ClaimOptions {
  /** How many of each kind at most. */
  kinds: ReadonlyMap<string, number>
  holder: Holder
  leaseMs: number
  /** Ids that the caller knows better. */
  except: readonly number[]
}

/**
 * Takes work whose time has come, of each lane only the first. Rows that another transaction is at work on are passed over: no two callers get the
 * same, and none waits.
 * @returns what was taken, the longest due first; and in how many ms more comes due, `null`: nothing is planned
 * @throws a unique violation when another replica took the first of the same lane at the same moment: nothing was taken then
 */
export async function claimWork(
  database: Database,
  { kinds, holder, leaseMs, except }: ClaimOptions,
): Promise<{ claimed: ClaimedRow[]; nextInMs: number | null }> {
  const { schema } = database
  const { rows } = await database.query<Omit<ClaimedRow, 'id'> & { id: number | null; nextInMs: number | null }>(
    `WITH kinds AS (
      SELECT k.kind, k.most FROM unnest($1::text[], $2::integer[]) AS k (kind, most)
    ), free AS MATERIALIZED (
      SELECT f.*
      FROM kinds AS k
      CROSS JOIN LATERAL (
        SELECT w.id, CASE WHEN w.state = 'running' THEN w.holder_name END AS "takenFrom"
        FROM ${schema}.work AS w
        WHERE w.kind = k.kind
          AND w.state <> 'ended'
          AND ${FREE_AT} <= ${nowIn(schema)}
          AND w.id <> ALL ($6::bigint[])
          AND (
            w.lane IS NULL
            OR NOT EXISTS (
              SELECT
              FROM ${schema}.work AS o
              WHERE o.lane = w.lane AND o.state <> 'ended' AND o.id <> w.id AND (o.id < w.id OR o.state = 'running')
            )
          )
        ORDER BY ${FREE_AT}, w.id
        LIMIT k.most
        FOR UPDATE OF w SKIP LOCKED
      ) AS f
    ), claimed AS (
      UPDATE ${schema}.work AS w
      SET state = 'running',
        holder = $3::uuid,
        holder_name = $4,
        token = w.token + 1,
        leased_until = ${later(schema, '$5')},
        attempts = w.attempts + 1,
        began_by = COALESCE(w.began_by, $4)
      FROM free
      WHERE w.id = free.id
      RETURNING ${CLAIMED}, free."takenFrom"
    )
    SELECT claimed.*, next."nextInMs"
    FROM (${nextOf('kinds', schema)}) AS next
    LEFT JOIN claimed ON true
    ORDER BY claimed."dueAt", claimed.id`,
    [[...kinds.keys()], [...kinds.values()], holder.id, holder.name, leaseMs, except],
  )
  const claimed = rows.flatMap(({ id, nextInMs: _, ...row }) => (id === null ? [] : [{ ...row, id }]))
  return { claimed, nextInMs: rows[0]?.nextInMs ?? null }
}

/** In how many ms more of these kinds comes due. */
function nextOf(kinds: string, schema: string): string {
  return `SELECT ${inMs(`min(n.at) - ${nowIn(schema)}`)} AS "nextInMs"
      FROM ${kinds} AS k
      CROSS JOIN LATERAL (
        SELECT ${FREE_AT} AS at
        FROM ${schema}.work AS w
        WHERE w.kind = k.kind AND w.state <> 'ended' AND ${FREE_AT} > ${nowIn(schema)}
        ORDER BY ${FREE_AT}
        LIMIT 1
      ) AS n`
}
