/** The tables of a test database as they are after the migrations, so that tests can share one. */
import type pg from 'pg'

/**
 * Empties all tables of schema `model_sync`, and lets ids and the revision start anew; does nothing where there is no schema yet.
 * @param connection of a superuser
 */
export async function emptyTables(connection: Pick<pg.Pool, 'query'>): Promise<void> {
  // Not TRUNCATE: new files for each table and index take 100 ms, hundreds of times in a run, and the rows here are few.
  // As a replica, since the rows of a foreign key may then be deleted in any order.
  await connection.query(`
    DO $$
    DECLARE name text;
    BEGIN
      SET LOCAL session_replication_role = replica;
      FOR name IN
        SELECT format('%I.%I', schemaname, tablename)
        FROM pg_tables
        WHERE schemaname = 'model_sync' AND tablename NOT IN ('migrations', 'catalogue', 'digest_key')
      LOOP
        EXECUTE 'DELETE FROM ' || name;
      END LOOP;
      PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
      FROM pg_sequences
      WHERE schemaname = 'model_sync';
      IF to_regclass('model_sync.catalogue') IS NOT NULL THEN
        UPDATE model_sync.catalogue SET revision = 0;
      END IF;
    END $$`)
}
