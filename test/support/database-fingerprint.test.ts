/** Whatever a test leaves behind in a PGlite of its own shows. */
import t from 'tap'
import { fingerprint } from './database-fingerprint.js'
import { createPgliteDatabase } from './databases.js'
import { withClient } from './reusable-databases.js'

const TRACES = [
  'CREATE TABLE public.a (id int)',
  'CREATE TYPE public.a_mood AS ENUM ()',
  'CREATE SEQUENCE public.a_number',
  'SELECT lo_create(0)',
  `COMMENT ON SCHEMA public IS 'a'`,
  'GRANT CREATE ON SCHEMA public TO PUBLIC',
  'REVOKE EXECUTE ON FUNCTION pg_catalog.now() FROM PUBLIC',
  'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC',
  `DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''65kB''', current_database()); END$$`,
  `DO $$BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 50', current_database()); END$$`,
  'CREATE ROLE a',
]

t.test('a trace shows, and is gone with what made it', async (t) => {
  const database = await createPgliteDatabase(t)
  await withClient(database.poolConfig, async (client) => {
    const asNew = await fingerprint(client)
    t.equal(await fingerprint(client), asNew)
    for (const sql of TRACES) {
      await client.query('BEGIN')
      await client.query(sql)
      t.not(await fingerprint(client), asNew, sql)
      await client.query('ROLLBACK')
      t.equal(await fingerprint(client), asNew, `${sql}, taken back`)
    }
    await client.query(`ALTER SYSTEM SET work_mem = '65kB'`)
    t.not(await fingerprint(client), asNew, 'a setting of the whole server, which no transaction holds')
    await client.query('ALTER SYSTEM RESET work_mem')
  })
})
