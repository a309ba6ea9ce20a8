/** Work that a replica holds: its lease is prolonged, it is finished, or handed on. Every statement names the token. */
import type { Database } from '../database.js'
import { later, nowIn, type Held } from './work-row.js'

/**
 * Prolongs leases, and puts on record how far the work is.
 * @param claims `progress`: JSON; `undefined`: as before
 * @returns those that are still the caller's; the others are lost
 */
export async function renewWork(
  database: Database,
  claims: readonly (Held & { progress?: unknown })[],
  leaseMs: number,
): Promise<{ id: number; cancelAsked: boolean }[]> {
  const { schema } = database
  const { rows } = await database.query<{ id: number; cancelAsked: boolean }>(
    `UPDATE ${schema}.work AS w
    SET leased_until = ${later(schema, '$4')}, progress = COALESCE(v.progress, w.progress)
    FROM unnest($1::bigint[], $2::bigint[], $3::jsonb[]) AS v (id, token, progress)
    WHERE w.id = v.id AND w.token = v.token AND w.state = 'running'
    RETURNING w.id::float8 AS id, w.cancel_asked AS "cancelAsked"`,
    [...names(claims), claims.map(({ progress }) => json(progress)), leaseMs],
  )
  return rows
}

/** What becomes of a claim. */
export interface Ending extends Held {
  /** JSON; for whoever waits for it. */
  outcome?: unknown
  /** It was ended early, as somebody had asked. */
  cancelled?: boolean
  /** When it is due again, ms since 1970; unset: it has ended. */
  nextDueAt?: number | undefined
  /** When it was due as it was claimed, ms since 1970; unset: that does not matter. */
  wasDueAt?: number | undefined
}

/** @returns ids of those that were still the caller's; nothing was written for the others */
export async function finishWork(database: Database, endings: readonly Ending[]): Promise<number[]> {
  const { schema } = database
  const { rows } = await database.query<{ id: number }>(
    `UPDATE ${schema}.work AS w
    SET state = CASE WHEN v.due IS NULL THEN 'ended' ELSE 'waiting' END,
      ended_at = CASE WHEN v.due IS NULL THEN ${nowIn(schema)} END,
      -- Later than it was: somebody has asked meanwhile that it come at once.
      due_at = CASE
        WHEN v.due IS NULL OR w.due_at > to_timestamp((v.was_due + 1) / 1000) THEN w.due_at
        ELSE to_timestamp(v.due / 1000)
      END,
      attempts = CASE WHEN v.due IS NULL THEN w.attempts ELSE 0 END,
      began_by = CASE WHEN v.due IS NULL THEN w.began_by END,
      leased_until = NULL,
      progress = NULL,
      outcome = v.outcome,
      cancel_asked = v.cancelled
    FROM unnest($1::bigint[], $2::bigint[], $3::jsonb[], $4::boolean[], $5::float8[], $6::float8[])
      AS v (id, token, outcome, cancelled, due, was_due)
    WHERE w.id = v.id AND w.token = v.token AND w.state = 'running'
    RETURNING w.id::float8 AS id`,
    [
      ...names(endings),
      endings.map(({ outcome }) => json(outcome)),
      endings.map(({ cancelled = false }) => cancelled),
      endings.map(({ nextDueAt = null }) => nextDueAt),
      endings.map(({ wasDueAt = null }) => wasDueAt),
    ],
  )
  return rows.map(({ id }) => id)
}

/**
 * Hands claims on: whoever comes next may take them at once.
 * @param aliveMs only while another replica has been seen within so many ms; `null`: in any case
 * @returns ids of those that were handed on
 */
export async function releaseWork(
  database: Database,
  claims: readonly Held[],
  { holder, aliveMs = null }: { holder: string; aliveMs?: number | null },
): Promise<number[]> {
  const { schema } = database
  const { rows } = await database.query<{ id: number }>(
    `UPDATE ${schema}.work AS w
    SET state = 'waiting', leased_until = NULL, due_at = LEAST(w.due_at, ${nowIn(schema)})
    FROM unnest($1::bigint[], $2::bigint[]) AS v (id, token)
    WHERE w.id = v.id AND w.token = v.token AND w.state = 'running'
      AND (
        $3::float8 IS NULL
        OR EXISTS (SELECT FROM ${schema}.replicas AS r WHERE r.id <> $4::uuid AND r.seen_at > ${later(schema, '-$3::float8')})
      )
    RETURNING w.id::float8 AS id`,
    [...names(claims), aliveMs, holder],
  )
  return rows.map(({ id }) => id)
}

/** Recurring work comes at once; when it is in hand, once more after that. */
export async function hastenWork(database: Database, { kind, key }: { kind: string; key: string }): Promise<void> {
  const { schema } = database
  await database.query(
    `UPDATE ${schema}.work SET due_at = ${nowIn(schema)} WHERE kind = $1 AND key = $2 AND state <> 'ended'`,
    [kind, key],
  )
}

/** Frees what a process held that is no more: for a database that only one process can use. */
export async function endAllLeases(database: Database): Promise<void> {
  const { schema } = database
  await database.query(`UPDATE ${schema}.work SET leased_until = ${nowIn(schema)} WHERE state = 'running'`)
}

function names(claims: readonly Held[]): [ids: number[], tokens: number[]] {
  return [claims.map(({ id }) => id), claims.map(({ token }) => token)]
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
