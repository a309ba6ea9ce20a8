/** Asks for work: joins an equal row, or adds one, which the caller may take at once. */
import type { Database } from '../database.js'
import { CLAIMED, nowIn, type ClaimedRow, type Holder } from './work-row.js'

export interface AskedWork {
  kind: string
  /** Equal ones share a row. */
  key: string
  /** `null`: in no lane. */
  lane: string | null
  /** JSON. */
  asked: unknown
  /** How many may wait in the lane; `null`: any number. */
  mostWaiting: number | null
  /** From now on, ms. */
  dueInMs: number
  /** Whether the caller takes the work when nothing is before it. */
  claims: boolean
}

export interface AskedRow {
  id: number
  /** Nobody else had asked for the same. */
  isNew: boolean
  /** Set when the caller has it now. */
  claimed: ClaimedRow | null
}

/**
 * Joins an equal row that has neither ended nor been cancelled, else adds one at the end of its lane. One statement, so that a run costs no more
 * for it.
 * @param by.call unique
 * @returns `null`: as many as may wait in the lane already
 * @throws a unique violation when another replica took the lane at the same moment: ask again without claiming
 */
export async function askForWork(
  database: Database,
  { kind, key, lane, asked, mostWaiting, dueInMs, claims }: AskedWork,
  { call, holder, leaseMs }: { call: string; holder: Holder; leaseMs: number },
): Promise<AskedRow | null> {
  const { schema } = database
  const others = `FROM ${schema}.work AS o WHERE o.lane = $3`
  const { rows } = await database.query<Omit<ClaimedRow, 'takenFrom'> & { isNew: boolean; state: string }>(
    `INSERT INTO ${schema}.work AS w (
      kind, key, lane, state, due_at, holder, holder_name, token, leased_until, attempts, began_by, asked_by, asked, created_at
    )
    SELECT
      $1,
      $2,
      $3,
      CASE WHEN free THEN 'running' ELSE 'waiting' END,
      now + $6::float8 * interval '1 millisecond',
      CASE WHEN free THEN $8::uuid END,
      CASE WHEN free THEN $9 END,
      CASE WHEN free THEN 1 ELSE 0 END,
      CASE WHEN free THEN now + $10::float8 * interval '1 millisecond' END,
      CASE WHEN free THEN 1 ELSE 0 END,
      CASE WHEN free THEN $9 END,
      $11::uuid,
      $4::jsonb,
      now
    FROM (
      SELECT ${nowIn(schema)} AS now, $7::boolean AND $6::float8 <= 0 AND NOT EXISTS (SELECT ${others} AND o.state <> 'ended') AS free
    ) AS at
    WHERE $5::integer IS NULL
      OR (SELECT count(*) ${others} AND o.state = 'waiting') < $5
      OR EXISTS (SELECT FROM ${schema}.work AS e WHERE e.kind = $1 AND e.key = $2 AND e.state <> 'ended' AND NOT e.cancel_asked)
    ON CONFLICT (kind, key) WHERE state <> 'ended' AND NOT cancel_asked DO UPDATE SET callers = w.callers + 1
    RETURNING ${CLAIMED}, w.state, w.asked_by = $11::uuid AS "isNew"`,
    [kind, key, lane, JSON.stringify(asked), mostWaiting, dueInMs, claims, holder.id, holder.name, leaseMs, call],
  )
  const [row] = rows
  if (row === undefined) return null
  const { state, isNew, ...claimed } = row
  return { id: row.id, isNew, claimed: isNew && state === 'running' ? { ...claimed, takenFrom: null } : null }
}
