/** Everything that a test can leave behind on a database server of its own, as one text: two with the same text are as new as each other. */
import type pg from 'pg'

// Each row of a system catalogue is a part of what the server holds: one more or less shows in its number, a changed one in the newest `xmin`.
// pg_statistic is autovacuum's, and the namespaces of temporary tables stay for the next session.
const CATALOGUES = `
  SELECT relname AS "name"
  FROM pg_class
  WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND relname NOT IN ('pg_statistic', 'pg_statistic_ext_data')
  ORDER BY relname`

// The settings of PL/pgSQL appear when it is used for the first time.
const BESIDE_CATALOGUES = `
  SELECT jsonb_build_array(
    (SELECT count(*) FROM pg_prepared_xacts),
    (SELECT count(*) FROM pg_replication_slots),
    (SELECT md5(string_agg(name || '=' || setting, E'\\n' ORDER BY name)) FROM pg_settings
      WHERE source <> 'default' OR name NOT LIKE '%.%'),
    (SELECT jsonb_agg(f.*) FROM pg_file_settings AS f)
  )::text AS "text"`

/** @param client of a superuser, on a server of one database */
export async function fingerprint(client: pg.Client): Promise<string> {
  const { rows: catalogues } = await client.query<{ name: string }>(CATALOGUES)
  const counts = catalogues.map(
    ({ name }) =>
      `SELECT '${name} ' || count(*) || ' ' || COALESCE(max(xmin::text::bigint), 0) AS "text" FROM pg_catalog.${name}` +
      (name === 'pg_namespace' ? " WHERE nspname !~ '^pg_(toast_)?temp_'" : ''),
  )
  const { rows } = await client.query<{ text: string }>(counts.join(' UNION ALL '))
  const { rows: others } = await client.query<{ text: string }>(BESIDE_CATALOGUES)
  return [...rows, ...others].map(({ text }) => text).join('\n')
}
