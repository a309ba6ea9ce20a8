/** The revision of the catalogue, which grows with everything that a read returns. */
import { HINT_CHANNEL } from './listen.js'
import type { Database } from './database.js'

/** The catalogue's revision: the same number, the same answers. */
export async function readRevision(database: Database): Promise<number> {
  const { rows } = await database.query<{ revision: number }>(
    `SELECT revision::float8 AS revision FROM ${database.schema}.catalogue`,
  )
  return rows[0]?.revision ?? 0
}

/** What names the catalogue for ever, a UUID. */
export async function readCatalogueId(database: Database): Promise<string> {
  const { rows } = await database.query<{ id: string }>(`SELECT id FROM ${database.schema}.catalogue`)
  return rows[0]?.id ?? '00000000-0000-0000-0000-000000000000'
}

/** Every transaction that changes what a read returns calls this, as its last statement. */
export async function growRevision(database: Database): Promise<void> {
  // Other processes hear it with the commit.
  await database.query(
    `WITH grown AS (UPDATE ${database.schema}.catalogue SET revision = revision + 1 RETURNING true)
    SELECT pg_notify($1, $2) FROM grown`,
    [HINT_CHANNEL, `${database.schema} revision`],
  )
}
