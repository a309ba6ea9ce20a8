/** What it means when the database refuses at the start: that it is away for a while, or that somebody has to mend something. */
import { DatabaseError, DatabaseSetupError } from '../../errors.js'

// Classes of PostgreSQL's codes: connection, conflict with others, resources, object in use, operator intervention, system error.
const PASSING_CODES = /^(08|40|53|55|57|58)/
const PASSING_NETWORK = /^(E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_|NOTFOUND|NOENT)|UND_)/
// Errors that pg and its pool make themselves have no code.
const PASSING_MESSAGES = /^(Connection terminated|timeout expired|timeout exceeded when trying to connect)/
// PgBouncer gives the code of a broken connection to all that it refuses, so that only its words tell what will not pass.
const LASTING_MESSAGES =
  /statement pooling|no such (database|user)|authentication failed|auth(entication)? query failed/i

/** Whether waiting can help. */
export function passesByWaiting(error: Error & { code?: string }): boolean {
  if (LASTING_MESSAGES.test(error.message)) return false
  if (error instanceof DatabaseError || PASSING_MESSAGES.test(error.message)) return true
  const { code = '', errors } = error as { code?: string; errors?: Error[] }
  // All addresses of a host.
  if (errors !== undefined && errors.length > 0) return errors.every(passesByWaiting)
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? PASSING_CODES.test(code) : PASSING_NETWORK.test(code)
}

/** @returns DatabaseError for what passes by waiting, else DatabaseSetupError, which says what to do */
export function refusalAtStart(error: Error & { code?: string }, schema: string): Error {
  const message = error.message === '' ? (error.code ?? String(error)) : error.message
  const reason = `the schema ${schema} cannot be prepared: ${message}`
  if (passesByWaiting(error)) return new DatabaseError(`${reason}. The database must be reachable`, { cause: error })
  const advice = adviceFor(error, schema)
  return new DatabaseSetupError(advice === null ? reason : `${reason}. ${advice}`, { cause: error })
}

function adviceFor({ code = '', message }: Error & { code?: string }, schema: string): string | null {
  if (/statement pooling/i.test(message))
    return 'The pooler in front of the database pools statements, and a sync is a transaction: let it pool transactions or sessions'
  if (/authentication failed|no such user/i.test(message) || code.startsWith('28'))
    return 'Check user and password of the database’s address, and which users its pg_hba.conf lets in'
  if (code === '3D000' || /no such database/i.test(message))
    return 'Create the database, or correct its name in the address'
  if (code === '25006')
    return 'The database is read-only: connect to the primary, or turn default_transaction_read_only off'
  if (code === '42501')
    return `The role needs the right to create in the database, or a schema that is its own: CREATE SCHEMA ${schema} AUTHORIZATION <role>`
  return null
}
