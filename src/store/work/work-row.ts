/** Work as rows: what its statements have in common. All times are the database's. */

/** Which replica. */
export interface Holder {
  /** A UUID. */
  id: string
  name: string
}

/** A claim, as writes name it. */
export interface Held {
  id: number
  token: number
}

export interface ClaimedRow extends Held {
  kind: string
  key: string
  asked: unknown
  /** Claims since it was due. */
  attempts: number
  /** Name of the replica that made the first of them. */
  beganBy: string
  /** Name of the replica whose lease was over; `null`: nobody had it, or who had it handed it on. */
  takenFrom: string | null
  cancelAsked: boolean
  /** When it was due, ms since 1970. */
  dueAt: number
}

export function nowIn(schema: string): string {
  return `${schema}.model_sync_now()`
}

/** @param ms an expression */
export function later(schema: string, ms: string): string {
  return `${nowIn(schema)} + (${ms})::float8 * interval '1 millisecond'`
}

/** Milliseconds of a time, since 1970, or of an interval. */
export function inMs(time: string): string {
  return `(extract(epoch FROM ${time}) * 1000)::float8`
}

/** From when on a row `w` may be claimed. */
export const FREE_AT = 'COALESCE(w.leased_until, w.due_at)'

/** Of a row `w` that is claimed. */
export const CLAIMED = `
  w.id::float8 AS id,
  w.kind,
  w.key,
  w.asked,
  w.token::float8 AS token,
  w.attempts,
  w.began_by AS "beganBy",
  w.cancel_asked AS "cancelAsked",
  ${inMs('w.due_at')} AS "dueAt"`
