/** Upstream entries: gzipped JSON arrays of some dozens, a row each; a model knows its row and its place in it. */
import { gunzip, gzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { Database } from '../database.js'
import { jsonBatches, type JsonValue } from '../json-batches.js'
import { JsonList } from '../json-list.js'

// Enough for gzip to find what entries have in common, few enough that reading one is cheap and little dies with a changed one.
const ENTRIES_PER_CHUNK = 50
// Before compression; usual entries are a KiB or three.
const MOST_BYTES_PER_CHUNK = 256 * 1024
// Entries repeat each other's member names; the fastest level already finds that.
const LEVEL = 1
// Each compression holds a quarter of a MiB from when it is asked for, and the thread pool works on four.
const COMPRESSIONS = 4

// A list of bytes goes to the database as text, in hexadecimal digits.
const MOST_BYTES_PER_STATEMENT = 2 * 1024 * 1024

/** An entry to be packed: its JSON text (`null`: keep none), and its digest. */
export type PackedEntry = readonly [providerModelId: string, entry: { json: string | null; digest: string | null }]

/** Some models' entries, compressed. */
export interface EntryChunk {
  /** `null`: of these models no entry is to be kept. */
  data: Buffer | null
  models: { providerModelId: string; digest: string | null }[]
}

/** Where the entry of a model is. */
interface EntryPlace {
  /** The row's id; `null`: there is no entry to keep. */
  chunk: number | null
  index: number | null
  /** Hex, of the entry as upstream sent it; `null`: never take an entry for unchanged. */
  digest: string | null
}

/** Compresses entries in the thread pool, read from `entries` only as fast as that goes, and as its own reader takes them. */
export async function* packEntries(
  entries: Iterable<PackedEntry> | AsyncIterable<PackedEntry>,
): AsyncGenerator<EntryChunk> {
  const packer = new EntryPacker()
  for await (const entry of entries) {
    const packing = packer.add(entry)
    if (packing !== undefined) yield* await packing
  }
  yield* await packer.end()
}

/** Compresses entries as they are handed in. */
export class EntryPacker {
  private packing: Promise<EntryChunk>[] = []
  private list = new JsonList()
  /** Empty ones, since each grows to a quarter of a MiB, and V8 would collect for them all the time. */
  private readonly lists: JsonList[] = []
  private models: EntryChunk['models'] = []
  private readonly bare: EntryChunk = { data: null, models: [] }

  /** `undefined`: there is nothing to wait for; else wait before the next entry. */
  add([providerModelId, { json, digest }]: PackedEntry): Promise<EntryChunk[]> | undefined {
    if (json === null) {
      this.bare.models.push({ providerModelId, digest })
      return undefined
    }
    this.models.push({ providerModelId, digest })
    this.list.add(json)
    if (this.list.length === ENTRIES_PER_CHUNK || this.list.byteLength >= MOST_BYTES_PER_CHUNK) this.flush()
    return this.packing.length < COMPRESSIONS ? undefined : this.take()
  }

  /** The chunks that are left. */
  async end(): Promise<EntryChunk[]> {
    this.flush()
    const chunks = await this.take()
    return this.bare.models.length > 0 ? [...chunks, this.bare] : chunks
  }

  private flush(): void {
    if (this.list.length === 0) return
    this.packing.push(this.pack(this.list, this.models))
    this.list = this.lists.pop() ?? new JsonList()
    this.models = []
  }

  private async pack(list: JsonList, models: EntryChunk['models']): Promise<EntryChunk> {
    const data = await compress(list.json(), { level: LEVEL })
    list.clear()
    this.lists.push(list)
    return { data, models }
  }

  private take(): Promise<EntryChunk[]> {
    const { packing } = this
    this.packing = []
    return Promise.all(packing)
  }
}

const compress = promisify<Buffer, { level: number }, Buffer>(gzip)
const decompress = promisify<Buffer, Buffer>(gunzip)

/** Writes the chunks. Returns where each model's entry is; `moveExisting` points the rows to it. */
export async function insertEntries(
  database: Database,
  providerId: number,
  chunks: Iterable<EntryChunk> | AsyncIterable<EntryChunk>,
): Promise<StoredPlaces> {
  const places = new Map<string, EntryPlace>()
  let waiting: { data: Buffer; models: EntryChunk['models'] }[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    const ids = await insertSome(
      database,
      providerId,
      waiting.map(({ data }) => data),
    )
    for (const [at, { models }] of waiting.entries())
      for (const [index, { providerModelId, digest }] of models.entries())
        places.set(providerModelId, { chunk: ids[at] ?? null, index, digest })
    waiting = []
    bytes = 0
  }
  for await (const { data, models } of chunks) {
    if (data === null) {
      for (const { providerModelId, digest } of models)
        places.set(providerModelId, { chunk: null, index: null, digest })
      continue
    }
    waiting.push({ data, models })
    bytes += data.length
    if (bytes >= MOST_BYTES_PER_STATEMENT) await flush()
  }
  await flush()
  return new StoredPlaces(providerId, places)
}

/** Returns the rows' ids. */
async function insertSome(database: Database, providerId: number, chunks: readonly Buffer[]): Promise<number[]> {
  if (chunks.length === 0) return []
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
    [providerId, ids, chunks],
  )
  return ids
}

/** Places of entries that are in the database. */
export class StoredPlaces {
  constructor(
    private readonly providerId: number,
    private readonly places: ReadonlyMap<string, EntryPlace>,
  ) {}

  get size(): number {
    return this.places.size
  }

  get(providerModelId: string): EntryPlace | undefined {
    return this.places.get(providerModelId)
  }

  /** Points models to their new entries; one whose listing keeps no entry keeps the one it has. */
  async moveExisting(database: Database): Promise<void> {
    for await (const rows of jsonBatches(this.rows())) await this.move(database, rows)
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

  private *rows(): Generator<object> {
    for (const [id, place] of this.places) yield { id, ...place }
  }

  private async move(database: Database, rows: JsonValue): Promise<void> {
    await database.query(
      `UPDATE ${database.schema}.models AS m
      SET entry_digest = decode(v.digest, 'hex'),
        entry_chunk = COALESCE(v.chunk, m.entry_chunk),
        entry_index = COALESCE(v.index, m.entry_index)
      FROM json_to_recordset($2::json) AS v (id text, digest text, chunk bigint, index integer)
      WHERE m.provider_id = $1 AND m.provider_model_id = v.id
        AND (m.entry_digest, m.entry_chunk) IS DISTINCT FROM (decode(v.digest, 'hex'), COALESCE(v.chunk, m.entry_chunk))`,
      [this.providerId, rows],
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
