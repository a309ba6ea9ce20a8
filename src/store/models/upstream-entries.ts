/** Upstream entries: gzipped JSON arrays of some dozens, a row each; a model knows its row and its place in it. */
import { gunzip, gzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { Database } from '../database.js'
import { ROWS_PER_STATEMENT } from '../rows-per-statement.js'

// Enough for gzip to find what entries have in common, few enough that reading one is cheap and little dies with a changed one.
const ENTRIES_PER_CHUNK = 50
// Entries repeat each other's member names; the fastest level already finds that.
const LEVEL = 1
// Each compression holds a quarter of a MiB from when it is asked for, and the thread pool works on four.
const COMPRESSIONS = 4

/** Some entries, compressed. */
export interface EntryChunk {
  data: Buffer
}

/** Where the entry of a model is. `chunk` is an index into the chunks of this write, and afterwards the row's id; `null`: there is no entry to keep. */
export interface EntryPlace {
  chunk: number | null
  index: number | null
  /** Hex, of the entry as upstream sent it; `null`: never take an entry for unchanged. */
  digest: string | null
}

/**
 * Compresses entries in the thread pool, read from `entries` only as fast as that goes.
 * @param entries by the provider's id of the model: the JSON text of its entry (`null`: keep none), and the digest
 */
export async function packEntries(
  entries:
    | Iterable<readonly [string, { json: string | null; digest: string | null }]>
    | AsyncIterable<readonly [string, { json: string | null; digest: string | null }]>,
): Promise<{ chunks: EntryChunk[]; places: Map<string, EntryPlace> }> {
  const places = new Map<string, EntryPlace>()
  const chunks: EntryChunk[] = []
  let compressing: Promise<Buffer>[] = []
  let texts: string[] = []
  const flush = (): void => {
    if (texts.length > 0) compressing.push(compress(`[${texts.join(',')}]`, { level: LEVEL }))
    texts = []
  }
  const settle = async (): Promise<void> => {
    for (const data of await Promise.all(compressing)) chunks.push({ data })
    compressing = []
  }
  for await (const [providerModelId, { json, digest }] of entries) {
    if (json === null) {
      places.set(providerModelId, { chunk: null, index: null, digest })
      continue
    }
    places.set(providerModelId, { chunk: chunks.length + compressing.length, index: texts.length, digest })
    if (texts.push(json) === ENTRIES_PER_CHUNK) flush()
    if (compressing.length === COMPRESSIONS) await settle()
  }
  flush()
  await settle()
  return { chunks, places }
}

const compress = promisify<string, { level: number }, Buffer>(gzip)
const decompress = promisify<Buffer, Buffer>(gunzip)

/** Writes the chunks and drops those that no model points to any more. Returns the places by row id; `moveExisting` points the rows to them. */
export async function insertEntries(
  database: Database,
  providerId: number,
  chunks: readonly EntryChunk[],
  places: ReadonlyMap<string, EntryPlace>,
): Promise<StoredPlaces> {
  if (chunks.length === 0) return new StoredPlaces(providerId, places, [])
  const { rows } = await database.query<{ id: number }>(
    `SELECT nextval(pg_get_serial_sequence($1, 'id'))::float8 AS id
    FROM generate_series(1, $2)`,
    [`${database.schema}.upstream_entries`, chunks.length],
  )
  const ids = rows.map(({ id }) => id)
  await database.query(
    `INSERT INTO ${database.schema}.upstream_entries (id, provider_id, entries)
    SELECT v.id, $1, v.entries
    FROM unnest($2::bigint[], $3::bytea[]) AS v (id, entries)`,
    [providerId, ids, chunks.map(({ data }) => data)],
  )
  return new StoredPlaces(providerId, places, ids)
}

/** Places of entries that are in the database. */
export class StoredPlaces {
  /** @param ids of the rows of the chunks */
  constructor(
    private readonly providerId: number,
    private readonly places: ReadonlyMap<string, EntryPlace>,
    private readonly ids: readonly number[],
  ) {}

  get size(): number {
    return this.places.size
  }

  get(providerModelId: string): EntryPlace | undefined {
    const place = this.places.get(providerModelId)
    if (place === undefined || place.chunk === null) return place
    return { digest: place.digest, chunk: this.ids[place.chunk] ?? null, index: place.index }
  }

  /** Points models to their new entries; one whose listing keeps no entry keeps the one it has. */
  async moveExisting(database: Database): Promise<void> {
    let rows: object[] = []
    for (const id of this.places.keys()) {
      if (rows.push({ provider_model_id: id, ...this.get(id) }) < ROWS_PER_STATEMENT) continue
      await this.move(database, rows)
      rows = []
    }
    if (rows.length > 0) await this.move(database, rows)
    await database.query(
      `DELETE FROM ${database.schema}.upstream_entries AS e
      WHERE e.provider_id = $1
        AND NOT EXISTS (
          SELECT FROM ${database.schema}.models AS m
          WHERE m.provider_id = $1 AND m.entry_chunk = e.id
        )`,
      [this.providerId],
    )
  }

  private async move(database: Database, rows: readonly object[]): Promise<void> {
    await database.query(
      `UPDATE ${database.schema}.models AS m
      SET entry_digest = decode(v.digest, 'hex'),
        entry_chunk = COALESCE(v.chunk, m.entry_chunk),
        entry_index = COALESCE(v.index, m.entry_index)
      FROM json_to_recordset($2::json) AS v (provider_model_id text, digest text, chunk bigint, index integer)
      WHERE m.provider_id = $1 AND m.provider_model_id = v.provider_model_id
        AND (m.entry_digest, m.entry_chunk) IS DISTINCT FROM (decode(v.digest, 'hex'), COALESCE(v.chunk, m.entry_chunk))`,
      [this.providerId, JSON.stringify(rows)],
    )
  }
}

/** The upstream entries of these models, by the row's id; a model without one is left out. */
export async function readEntries(database: Database, ids: readonly number[]): Promise<Map<number, unknown>> {
  const { rows } = await database.query<{ entries: Buffer; models: { id: number; index: number }[] }>(
    `SELECT e.entries, jsonb_agg(jsonb_build_object('id', m.id, 'index', m.entry_index)) AS models
    FROM ${database.schema}.models AS m
    JOIN ${database.schema}.upstream_entries AS e ON e.id = m.entry_chunk
    WHERE m.id = ANY ($1::bigint[])
    GROUP BY e.id`,
    [ids],
  )
  const found = new Map<number, unknown>()
  for (const { entries, models } of rows) {
    const chunk = JSON.parse((await decompress(entries)).toString('utf8')) as unknown[]
    for (const { id, index } of models) found.set(id, chunk[index])
  }
  return found
}
