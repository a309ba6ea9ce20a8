/** Everything that a test can leave behind in a database, as one text: two databases with the same text are as new as each other. */
import type pg from 'pg'

// Each row of a system catalogue is a part of what the database holds: one more or less shows in its number, a changed one in the newest `xmin`.
// pg_statistic is autovacuum's, and the namespaces of temporary tables stay for the next session.
const CATALOGUES = `
  SELECT relname AS "name"
  FROM pg_class
  WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND relname NOT IN ('pg_statistic', 'pg_statistic_ext_data')
    AND (NOT relisshared OR $1)
  ORDER BY relname`

// What the shared catalogues and the server hold about this database alone.
const OF_THIS_DATABASE = `
  SELECT jsonb_build_array(
    (SELECT jsonb_build_array(datdba, datacl::text, datconnlimit, datallowconn, datistemplate) FROM pg_database WHERE datname = current_database()),
    (SELECT jsonb_agg(s ORDER BY s) FROM (SELECT setrole, setconfig::text FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase
      WHERE d.datname = current_database()) AS s),
    (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()),
    (SELECT count(*) FROM pg_replication_slots WHERE database = current_database()),
    (SELECT md5(string_agg(name || '=' || setting, E'\\n' ORDER BY name)) FROM pg_settings),
    (SELECT jsonb_agg(f.*) FROM pg_file_settings AS f WHERE $1)
  )::text AS "text"`

/** @param ownServer whether the database has its server for itself, so that roles and other databases are of its concern as well */
export async function fingerprint(client: pg.Client, ownServer: boolean): Promise<string> {
  const { rows: catalogues } = await client.query<{ name: string }>(CATALOGUES, [ownServer])
  const counts = catalogues.map(
    ({ name }) =>
      `SELECT '${name} ' || count(*) || ' ' || COALESCE(max(xmin::text::bigint), 0) AS "text" FROM pg_catalog.${name}` +
      (name === 'pg_namespace' ? " WHERE nspname !~ '^pg_(toast_)?temp_'" : ''),
  )
  const { rows } = await client.query<{ text: string }>(counts.join(' UNION ALL '))
  const { rows: others } = await client.query<{ text: string }>(OF_THIS_DATABASE, [ownServer])
  return [...rows, ...others].map(({ text }) => text).join('\n')
}
