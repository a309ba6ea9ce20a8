/** The key of the installation's digests, and the digests that older versions made without one. */
import type { Database } from './database.js'

/** Begins each digest that was made with a key. */
export const KEYED = 'hmac:'

/** Digests one member of a row. @param owner which row: its table, then what names it there */
export type Redigest = (owner: readonly string[], name: string, digest: string) => string

/** The key; `made` becomes it where there is none yet. */
export async function ensureDigestKey(database: Database, made: Buffer): Promise<Buffer> {
  const read = async (): Promise<Buffer | null> => {
    const { rows } = await database.query<{ key: string }>(
      `SELECT encode(key, 'base64') AS key FROM ${database.schema}.digest_key`,
    )
    return rows[0] === undefined ? null : Buffer.from(rows[0].key, 'base64')
  }
  const stored = await read()
  if (stored !== null) return stored
  // When several processes start together, the key of one is stored.
  await database.query(
    `INSERT INTO ${database.schema}.digest_key (key) VALUES (decode($1, 'hex')) ON CONFLICT DO NOTHING`,
    [made.toString('hex')],
  )
  return (await read()) ?? made
}

/**
 * Digests once more, with the key, what was digested without one: so a sync after an upgrade still finds its provider's answer unchanged. An address was
 * stored as it is.
 */
export async function replaceUnkeyedDigests(database: Database, redigest: Redigest): Promise<void> {
  await replaceFingerprints(database, 'providers', redigest)
  await replaceFingerprints(database, 'user_providers', redigest)
  await replaceColumn(database, { table: 'user_providers', column: 'refused_credential', name: 'credential' }, redigest)
  await replaceColumn(database, { table: 'news_subscriptions', column: 'target', name: 'target' }, redigest)
}

type Table = 'providers' | 'user_providers' | 'news_subscriptions'

/** The columns that name a row of each table. */
const OWNER = {
  providers: 'ARRAY[slug]',
  user_providers: 'ARRAY[user_id, provider]',
  news_subscriptions: 'ARRAY[name]',
} as const satisfies Record<Table, string>

async function replaceFingerprints(database: Database, table: Table, redigest: Redigest): Promise<void> {
  const { rows } = await database.query<{ id: number; owner: string[]; address: string; credential: string }>(
    `SELECT id, to_json(${OWNER[table]}) AS owner, fingerprint ->> 'address' AS address,
      fingerprint ->> 'credential' AS credential
    FROM ${database.schema}.${table}
    WHERE fingerprint ->> 'address' NOT LIKE '${KEYED}%'`,
  )
  if (rows.length === 0) return
  const replaced = rows.map(({ id, owner, address, credential }) => ({
    id,
    before: address,
    address: redigest([table, ...owner], 'address', address),
    credential: redigest([table, ...owner], 'credential', credential),
  }))
  await database.query(
    `UPDATE ${database.schema}.${table} AS t
    SET fingerprint = t.fingerprint || jsonb_build_object('address', v.address, 'credential', v.credential)
    FROM json_to_recordset($1::json) AS v (id integer, before text, address text, credential text)
    WHERE t.id = v.id AND t.fingerprint ->> 'address' = v.before`,
    [JSON.stringify(replaced)],
  )
}

async function replaceColumn(
  database: Database,
  { table, column, name }: { table: Table; column: string; name: string },
  redigest: Redigest,
): Promise<void> {
  const { rows } = await database.query<{ owner: string[]; before: string }>(
    `SELECT to_json(${OWNER[table]}) AS owner, ${column} AS before
    FROM ${database.schema}.${table}
    WHERE ${column} NOT LIKE '${KEYED}%'`,
  )
  if (rows.length === 0) return
  const replaced = rows.map(({ owner, before }) => ({
    owner,
    before,
    after: redigest([table, ...owner], name, before),
  }))
  await database.query(
    `UPDATE ${database.schema}.${table} AS t
    SET ${column} = v.after
    FROM json_to_recordset($1::json) AS v (owner json, before text, after text)
    WHERE to_json(${OWNER[table]})::text = v.owner::text AND t.${column} = v.before`,
    [JSON.stringify(replaced)],
  )
}
