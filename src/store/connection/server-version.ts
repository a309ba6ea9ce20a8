/** Which versions of PostgreSQL will do. */
import { DatabaseSetupError } from '../../errors.js'

const OLDEST = 13

/**
 * @param version `server_version_num`: 130004 is 13.4, 90624 is 9.6.24
 * @throws DatabaseSetupError when it is too old
 */
export function checkServerVersion(version: number): void {
  const major = Math.floor(version / 10_000)
  if (major >= OLDEST) return
  const name = major < 10 ? `${major}.${Math.floor(version / 100) % 100}` : `${major}.${version % 10_000}`
  throw new DatabaseSetupError(`the database is PostgreSQL ${name}, which is too old: expected ${OLDEST} or newer`)
}
