/** The one seam to PostgreSQL: query(text, values) with the schema's quoted name, and transactions. */
import { ask } from './ask.js'
import type { Client, Pool, PoolClient, QueryResultRow } from 'pg'

/** What every function of the store takes: a pool or a transaction's client, and the schema that all SQL names. */
export interface Database {
  /** Quoted, ready to stand in a statement. */
  readonly schema: string
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>
}

/** What we need of a pool; the host's or ours. */
export type DatabasePool = Pick<Pool, 'connect'>

/** Binds a pool to a schema. */
export function openDatabase(pool: DatabasePool, schema: string): Database {
  return {
    schema: quoteIdentifier(schema),
    query: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
      const client = await pool.connect()
      let broken: Error | undefined
      const onError = (error: Error): void => {
        broken = error
      }
      client.on('error', onError)
      try {
        return await ask<Row>(client, text, values)
      } finally {
        client.off('error', onError)
        client.release(broken)
      }
    },
  }
}

/** Thrown in a transaction whose client may still be busy: it is closed, which rolls back, since a ROLLBACK would queue behind what it does. */
export class AbandonedTransaction extends Error {}

/**
 * Runs `work` in one transaction on one client; a throw rolls it back. A client whose connection broke is not given back to the pool.
 * @param abandoned ends the transaction at once, whatever its client is doing
 * @throws whatever `work` or the database throws
 */
export async function inTransaction<T>(
  pool: DatabasePool,
  schema: string,
  work: (database: Database, client: PoolClient) => Promise<T>,
  abandoned?: AbortSignal,
): Promise<T> {
  const client = await pool.connect()
  // With a query under way this cuts the connection: a statement that waits for a lock would keep the server from closing.
  const cut = (): void => void (client as unknown as Client).end().catch(() => undefined)
  abandoned?.addEventListener('abort', cut, { once: true })
  let broken: Error | undefined
  const onError = (error: Error): void => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('BEGIN')
    const result = await work(
      { schema: quoteIdentifier(schema), query: (text, values) => ask(client, text, values) },
      client,
    )
    await client.query('COMMIT')
    return result
  } catch (error) {
    if (error instanceof AbandonedTransaction) broken = error
    else
      await client.query('ROLLBACK').catch((rollbackError: Error) => {
        broken = rollbackError
      })
    throw error
  } finally {
    client.off('error', onError)
    abandoned?.removeEventListener('abort', cut)
    client.release(broken)
  }
}

export function quoteIdentifier(name: string): string {
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
