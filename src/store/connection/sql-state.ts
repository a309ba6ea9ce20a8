/** What a database's error is called. */

/** PostgreSQL's code, five characters; `null`: of an error of the connection, or of none of the database's. */
export function sqlStateOf(error: unknown): string | null {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  return typeof code === 'string' && typeof severity === 'string' ? code : null
}
