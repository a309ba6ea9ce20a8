/** Paced work: a row that comes due again and again, always the same time apart, whoever carries it out. */
import type { Database } from '../database.js'
import { inMs, later, nowIn, type Held } from './work-row.js'

export interface Pace {
  kind: string
  key: string
  /** From one to the next, ms. */
  everyMs: number
}

/**
 * Plans it, unless it is planned: then it comes no later than one pace from now. What nobody was there for is not made up for: it is planned anew
 * when no other replica is there, or when it should have come long ago.
 * @param by.own id of the replica that asks
 * @returns when it is due, ms since 1970; `null`: somebody is at work on it
 */
export async function planPaced(
  database: Database,
  { kind, key, everyMs }: Pace,
  { own, aliveMs, lateMs }: { own: string; aliveMs: number; lateMs: number },
): Promise<number | null> {
  const { schema } = database
  const next = later(schema, '$3')
  const isAnew = `(
        w.due_at < ${later(schema, '-$6::float8')}
        OR NOT EXISTS (
          SELECT FROM ${schema}.replicas AS r WHERE r.id <> $4::uuid AND r.seen_at > ${later(schema, '-$5::float8')}
        )
      )`
  const { rows } = await database.query<{ dueAt: number }>(
    `INSERT INTO ${schema}.work AS w (kind, key, state, due_at, asked_by, asked, created_at)
    VALUES ($1, $2, 'waiting', ${next}, gen_random_uuid(), 'null', ${nowIn(schema)})
    ON CONFLICT (kind, key) WHERE state <> 'ended' AND NOT cancel_asked DO UPDATE
    SET due_at = CASE WHEN ${isAnew} THEN ${next} ELSE LEAST(w.due_at, ${next}) END,
      state = CASE WHEN ${isAnew} THEN 'waiting' ELSE w.state END,
      leased_until = CASE WHEN ${isAnew} THEN NULL ELSE w.leased_until END
    WHERE w.state = 'waiting' OR w.leased_until < ${nowIn(schema)}
    RETURNING ${inMs('w.due_at')} AS "dueAt"`,
    [kind, key, everyMs, own, aliveMs, lateMs],
  )
  return rows[0]?.dueAt ?? null
}

/**
 * Moves what the caller holds on to its next time from now on, counted from the last: those in between are left out, and none drifts.
 * @returns when that is, ms since 1970; `null`: it is another's
 */
export async function movePaced(database: Database, { id, token }: Held, everyMs: number): Promise<number | null> {
  const { schema } = database
  const behind = inMs(`${nowIn(schema)} - due_at`)
  const { rows } = await database.query<{ dueAt: number }>(
    `UPDATE ${schema}.work
    SET due_at = due_at + (floor(${behind} / $3::float8) + 1) * $3::float8 * interval '1 millisecond'
    WHERE id = $1 AND token = $2 AND state = 'running'
    RETURNING ${inMs('due_at')} AS "dueAt"`,
    [id, token, everyMs],
  )
  return rows[0]?.dueAt ?? null
}
