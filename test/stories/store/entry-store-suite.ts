/** Upstream entries: what is kept of each model is found again, and chunks that nobody points to go. */
import { gunzipSync } from 'node:zlib'
import type { Test } from 'tap'
import {
  packEntries,
  readEntries,
  type EntryChunk,
  type PackedEntry,
} from '../../../src/store/models/upstream-entries.js'
import { openDatabase } from '../../../src/store/database.js'
import type { TestDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows } from '../../support/loopback-litellm.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database, { litellm: { models: manyRows(120, { bytes: 3_000 }) } })
  const { litellm, pool } = host
  const store = openDatabase(pool, 'model_sync')
  const chunks = async () =>
    (
      await pool.query<{ id: number; bytes: number }>(
        'SELECT id::integer, length(entries) AS bytes FROM model_sync.upstream_entries ORDER BY id',
      )
    ).rows

  async function entriesOf(): Promise<Map<string, { model_name: string; model_info: Record<string, unknown> }>> {
    const { rows } = await pool.query<{ id: number; name: string }>(
      'SELECT id::integer, provider_model_id AS name FROM model_sync.models',
    )
    const found = await readEntries(
      store,
      rows.map(({ id }) => id),
    )
    return new Map(
      rows.map(({ id, name }) => [name, found.get(id) as { model_name: string; model_info: Record<string, unknown> }]),
    )
  }

  t.test('each model finds its own', async (t) => {
    await host.reset()
    await host.sync()
    const found = await entriesOf()
    t.equal(found.size, 120)
    for (const { model_name, model_info } of litellm.models) {
      const entry = found.get(model_name)
      if (entry?.model_name !== model_name || entry.model_info['max_input_tokens'] !== model_info['max_input_tokens'])
        t.fail(model_name)
    }
    const stored = await chunks()
    t.ok(stored.length >= 2 && stored.length <= 6, `${stored.length} chunks`)
    const raw = JSON.stringify([...found.values()]).length
    t.ok(stored.reduce((sum, { bytes }) => sum + bytes, 0) < raw / 3, 'compressed')
  })

  t.test('a few that change get a chunk of their own; the others stay where they are', async (t) => {
    const before = await chunks()
    for (const { model_info } of litellm.models.slice(0, 3)) model_info['max_output_tokens'] = 9
    await host.sync()
    const after = await chunks()
    t.same(after.slice(0, before.length), before)
    t.equal(after.length, before.length + 1)
    const found = await entriesOf()
    t.equal(found.get(litellm.models[0]!.model_name)?.model_info['max_output_tokens'], 9)
    t.equal(found.get(litellm.models[5]!.model_name)?.model_name, litellm.models[5]!.model_name)
  })

  t.test('an unavailable model keeps its last entry', async (t) => {
    const [gone] = litellm.models.splice(0, 1)
    await host.sync()
    t.equal((await entriesOf()).get(gone!.model_name)?.model_name, gone!.model_name)
  })

  t.test('a chunk that nobody points to any more is dropped', async (t) => {
    const before = await chunks()
    await host.sync({ forceUpdate: true })
    const after = await chunks()
    t.equal((await entriesOf()).size, 120)
    t.ok(after.length <= before.length + 1)
    const { rows } = await pool.query(
      `SELECT FROM model_sync.upstream_entries AS e WHERE NOT EXISTS (SELECT FROM model_sync.models AS m WHERE m.entry_chunk = e.id)`,
    )
    t.equal(rows.length, 0)
  })

  t.test('packing: no entry, one, and more than one chunk', async (t) => {
    t.strictSame(await packed([]), [])
    const entries = Array.from(
      { length: 120 },
      (_, index) => [`m${index}`, { json: index === 7 ? null : `{"n":${index}}`, digest: `d${index}` }] as const,
    )
    const chunks = await packed(entries)
    t.strictSame(chunks.at(-1), { data: null, models: [{ providerModelId: 'm7', digest: 'd7' }] })
    const kept = chunks.flatMap(({ data, models }) => {
      const list = data === null ? [] : (JSON.parse(gunzipSync(data).toString()) as { n: number }[])
      return list.map(({ n }, index) => [`m${n}`, models[index]?.providerModelId])
    })
    t.equal(kept.length, 119)
    t.ok(
      kept.every(([own, named]) => own === named),
      'each under its own name',
    )
    t.equal(chunks.length, 4)
  })

  t.test('packing: long entries share a chunk with few others', async (t) => {
    const json = JSON.stringify({ text: 'ж'.repeat(30_000) })
    const chunks = await packed(
      Array.from({ length: 20 }, (_, index) => [`m${index}`, { json, digest: null }] as const),
    )
    t.strictSame(
      chunks.map(({ models }) => models.length),
      [5, 5, 5, 5],
    )
  })
}

async function packed(entries: readonly PackedEntry[]): Promise<EntryChunk[]> {
  const chunks: EntryChunk[] = []
  for await (const chunk of packEntries(entries)) chunks.push(chunk)
  return chunks
}
