/** The one seam to PostgreSQL: query(text, values) with the schema's quoted name, and transactions. */
import type { PoolClient, QueryResultRow } from 'pg'
import { borrow, type BorrowedClient } from './connection/borrowed-client.js'
import { boundPool, poolUntil, type DatabasePool, type PoolBounds } from './connection/database-pool.js'
import { fitValues } from './connection/text-encoding.js'
import { beginFenced, leaseLost, type Fence } from './work/fence.js'

export type { DatabasePool } from './connection/database-pool.js'

/** What every function of the store takes: a pool or a transaction's client, and the schema that all SQL names. */
export interface Database {
  /** Quoted, ready to stand in a statement. */
  readonly schema: string
  /** What a statement of its own has to ask for when it writes; unset: nothing, as in a transaction, which has asked. */
  readonly fence?: Fence | null
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>
}

// A default of SERIALIZABLE makes a statement of its own fail where another transaction came between; nothing of it has happened then.
const SERIALIZATION_FAILURE = '40001'

/** One whose statements are transactions of their own, or several together. */
export interface PooledDatabase extends Database {
  readonly pool: DatabasePool
  /**
   * Runs `work` in one transaction on one client; a throw rolls it back. A client whose connection broke is not given back to the pool.
   * @throws whatever `work` or the database throws; the pool's bounds hold for each statement
   */
  transaction<T>(work: (database: Database, client: PoolClient) => Promise<T>): Promise<T>
  /** The same until `signal` is aborted, within the same limit. */
  until(signal: AbortSignal): PooledDatabase
  /** The same for work that another replica may take over: each transaction begins with the proof that none has. */
  fenced(fence: Fence): PooledDatabase
  /** The same within bounds of its own. */
  within(bounds: Omit<PoolBounds, 'signals'> & Partial<PoolBounds>): PooledDatabase
}

/** Binds a pool to a schema. */
export function openDatabase(pool: DatabasePool, schemaName: string): PooledDatabase {
  return bind(pool, quoteIdentifier(schemaName), null)
}

function bind(pool: DatabasePool, schema: string, fence: Fence | null): PooledDatabase {
  return {
    pool,
    schema,
    fence,
    transaction: (work) => inTransaction({ pool, schema, fence }, work),
    until: (signal) => bind(poolUntil(pool, signal), schema, fence),
    fenced: (own) => bind(pool, schema, own),
    within: (bounds) => bind(boundPool(pool, bounds), schema, fence),
    query: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
      try {
        return await borrow(pool, (client) => client.query<Row>(text, fitValues(pool, values)))
      } catch (error) {
        if ((error as { code?: string }).code !== SERIALIZATION_FAILURE) throw error
        // There it waits for the others instead of failing.
        return inTransaction({ pool, schema, fence: null }, (database) => database.query<Row>(text, values))
      }
    },
  }
}

/** Thrown in a transaction whose client may still be busy: it is closed, which rolls back, since a ROLLBACK would queue behind what it does. */
export class AbandonedTransaction extends Error {}

// Said, since the default of a server, a database or a role may be another: what waits for a lock would then fail instead (40001).
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED'

async function inTransaction<T>(
  { pool, schema, fence }: { pool: DatabasePool; schema: string; fence: Fence | null },
  work: (database: Database, client: PoolClient) => Promise<T>,
): Promise<T> {
  return borrow(pool, async (client) => {
    try {
      if (fence === null) await client.query(BEGIN)
      else await beginHeld(client, schema, fence)
      const database = {
        schema,
        query: <Row extends QueryResultRow>(text: string, values?: unknown[]) =>
          client.query<Row>(text, fitValues(pool, values)),
      }
      const result = await client.untilCut(work(database, client.raw))
      await client.commit()
      return result
    } catch (error) {
      if (error instanceof AbandonedTransaction) client.cut(error)
      await client.rollback()
      throw error
    } finally {
      fence?.left()
    }
  })
}

/** @throws LeaseLostError when the work is somebody else's */
async function beginHeld(client: BorrowedClient, schema: string, fence: Fence): Promise<void> {
  fence.entered()
  // One message with several statements, for which pg gives a list.
  const results = (await client.query(beginFenced(schema, BEGIN, fence))) as unknown as { rowCount: number | null }[]
  if (results.at(-1)?.rowCount !== 1) throw leaseLost()
}

/** The database's clock, ms since 1970. */
export async function readTime(database: Database): Promise<number> {
  const { rows } = await database.query<{ time: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS time',
  )
  return rows[0]?.time ?? Date.now()
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** ISO 8601 in UTC with milliseconds, whatever the session's time zone and the host's type parsers. */
export function isoTime(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** As {@link isoTime}, with microseconds: such texts sort as their times do. */
export function exactTime(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

/** ISO date. */
export function isoDate(expression: string): string {
  return `to_char(${expression}, 'YYYY-MM-DD')`
}
