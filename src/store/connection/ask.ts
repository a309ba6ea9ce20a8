/** One statement to one client, read the same way whatever the host has set for its pool, or for all of pg. */
import { parse as parseArray } from 'postgres-array'
import type { PoolClient, QueryResult, QueryResultRow } from 'pg'

/** What a server writes for each type, by the type's number in pg_type. @see https://www.postgresql.org/docs/18/catalog-pg-type.html (read 2026-11) */
const PARSERS = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'], // boolean
  [17, parseBytes], // bytea
  [21, Number], // smallint
  [23, Number], // integer
  [26, Number], // oid
  [114, parseJson], // json
  [700, Number], // real
  [701, Number], // double precision
  [1009, (text) => parseArray(text, String)], // text[]
  [3802, parseJson], // jsonb
])
// bigint and numeric have more digits than a number, and a time depends on the session's DateStyle: isoTime() and isoDate() select it.
const asText = (text: string): string => text

const types = { getTypeParser: (type: number) => PARSERS.get(type) ?? asText }

/**
 * Asks with parsers of our own and for text: `pg.types.setTypeParser()`, `types` and `binary: true` of a host are for its own statements.
 * @throws whatever the database throws
 */
export function ask<Row extends QueryResultRow>(
  client: PoolClient,
  text: string,
  values?: unknown[],
): Promise<QueryResult<Row>> {
  const own = client as { binary?: boolean }
  const { binary } = own
  // A client's `binary` wins over a statement's; it is read before query() returns.
  if (binary === true) own.binary = false
  try {
    return client.query<Row>({ text, values, types: types as never })
  } finally {
    if (binary === true) own.binary = binary
  }
}

function parseJson(text: string): unknown {
  return JSON.parse(text)
}

/** Both of bytea_output's formats. */
function parseBytes(text: string): Buffer {
  if (text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex')
  const unescaped = text.replace(/\\(\\|[0-7]{3})/g, (_, escaped: string) =>
    escaped === '\\' ? escaped : String.fromCharCode(parseInt(escaped, 8)),
  )
  return Buffer.from(unescaped, 'latin1')
}
