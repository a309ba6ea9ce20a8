/** Fence: the proof, inside a transaction, that its work is still this replica's; without it nothing is written. */
import { failure } from '../../errors.js'

/** A claim, as a transaction names it. */
export interface Fence {
  /** Of the row in `work`. */
  readonly id: number
  readonly token: number
  /** How long the server lets a transaction wait for its client, ms: one whose process was stopped must not hold its locks for ever. */
  readonly idleMs: number
  /** Told when a transaction begins and when it is over: meanwhile nobody can take the work over. */
  entered(): void
  left(): void
}

function held(schema: string, { id, token }: Fence): string {
  // Whole numbers of ours, so that they can stand in a text that has no values. Not FOR SHARE, which would keep the holder itself from renewing:
  // a key share is refused to nobody but to those who claim, which lock the row FOR UPDATE and skip it.
  return `${schema}.work WHERE id = ${BigInt(id)} AND token = ${BigInt(token)} AND state = 'running' FOR KEY SHARE`
}

/** Begins a transaction: one message, whose last result has a row when the work is still ours. */
export function beginFenced(schema: string, begin: string, fence: Fence): string {
  const idle = `set_config('idle_in_transaction_session_timeout', '${Math.ceil(fence.idleMs)}', true)`
  return `${begin}; SELECT ${idle} FROM ${held(schema, fence)}`
}

/** What a statement writes or reads with: a database, as far as a fence is concerned. */
interface Fenced {
  readonly schema: string
  readonly fence?: Fence | null
  query(text: string): Promise<{ rowCount: number | null }>
}

/** For a statement that is a transaction of its own: ` AND …`, or nothing where there is no fence. */
export function whileHeld({ schema, fence = null }: Fenced): string {
  return fence === null ? '' : ` AND EXISTS (SELECT FROM ${held(schema, fence)})`
}

/** After such a statement has written nothing, for whatever reason. @throws LeaseLostError when it is this one */
export async function checkHeld(database: Fenced): Promise<void> {
  const { schema, fence = null } = database
  if (fence !== null && (await database.query(`SELECT FROM ${held(schema, fence)}`)).rowCount === 0) throw leaseLost()
}

/** For who has waited too long: the work is somebody else's, or may be. */
export function leaseLost(): Error {
  return failure({ code: 'lease-lost', facts: {} })
}
