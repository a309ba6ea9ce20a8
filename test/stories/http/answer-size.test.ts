/** No page of a list exceeds 4 MiB, whatever its limit and its entries; what does not fit comes with the next one. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows, modelRow } from '../../support/loopback-litellm.js'
import { howManyFit } from '../../../src/services/answer-size.js'

interface SyncAnswer {
  newModels: number
  planHash: string
  warnings: string[]
  plan: { leftOut?: number; providers: { added: unknown[] }[] }
}

const MODELS = 150
const MOST_BYTES = 4 * 1024 * 1024
const host = await startHost(t, await createPostgresDatabase(t), { litellm: { models: manyRows(MODELS) } })
await host.sync()

function idOf(characters: number, index: number): string {
  return `${'a-long-name/'.repeat(Math.floor(characters / 12))}${index}`
}

/** All pages; each within the limit. */
async function pages<Row>(url: string, member: string): Promise<{ rows: Row[]; pages: number }> {
  const rows: Row[] = []
  for (let [cursor, count]: [string | null, number] = ['', 0]; ; count += 1) {
    const answer = await host.get<Record<string, unknown>>(`${url}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    if (answer.status !== 200) throw new Error(answer.text)
    t.ok(Buffer.byteLength(answer.text) <= MOST_BYTES, `${url}: ${Buffer.byteLength(answer.text)} bytes`)
    rows.push(...(answer.body[member] as Row[]))
    cursor = answer.body['nextCursor'] as string | null
    if (cursor === null) return { rows, pages: count + 1 }
  }
}

t.test('models, by id and sorted, with texts that JSON makes six times as long', async (t) => {
  await host.pool.query(`UPDATE model_sync.models SET description = repeat(U&'\\001f', 20000)`)
  for (const url of ['/models?limit=500', '/models?limit=500&sort=-name', '/models?limit=500&search=model']) {
    const { rows, pages: count } = await pages<{ id: string }>(url, 'models')
    t.equal(new Set(rows.map(({ id }) => id)).size, MODELS, `${url}: none is lost`)
    t.equal(rows.length, MODELS, 'none comes twice')
    t.ok(count >= 4, `${count} pages`)
  }
  t.equal((await pages('/models?limit=10', 'models')).pages, MODELS / 10, 'small pages stay as they are')
})

t.test('changes and runs', async (t) => {
  await host.pool.query(`UPDATE model_sync.model_changes SET new_value = to_jsonb(repeat('x', 100000))`)
  const { rows, pages: count } = await pages<{ id: number }>('/models/changes?limit=500', 'changes')
  t.equal(new Set(rows.map(({ id }) => id)).size, MODELS)
  t.ok(count >= 3, `${count} pages`)
  await host.pool.query(
    `INSERT INTO model_sync.sync_runs
    SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'result',
      jsonb_set(r.result, '{warnings}', jsonb_build_array(repeat('x', 500000)))))).*
    FROM model_sync.sync_runs AS r CROSS JOIN generate_series(1, 20)`,
  )
  const runs = await pages<{ runId: string }>('/models/sync/history?limit=500', 'runs')
  t.equal(new Set(runs.rows.map(({ runId }) => runId)).size, 21)
})

t.test('an entry that is too large by itself is an answer of its own', async (t) => {
  t.equal(howManyFit(['x'.repeat(9_000_000), 'y']), 1)
  t.equal(howManyFit([]), 0)
  t.equal(howManyFit(Array(500).fill({ text: 'é'.repeat(1000), numbers: [1, null, true] })), 500)
})

t.test('a plan: what a person must decide on first, the rest counted, and the hash covers all of it', async (t) => {
  // Long ids, so that fewer models are too many.
  const added = 4000
  const models = Array.from({ length: added }, (_, index) => modelRow({ model_name: idOf(500, index) }))
  const large = await startHost(t, await createPostgresDatabase(t), { litellm: { models } })
  const plan = (body: object) => large.request<SyncAnswer>({ method: 'POST', url: '/models/sync', body })
  const shown = await plan({ dryRun: true })
  t.ok(Buffer.byteLength(shown.text) <= MOST_BYTES, `${Buffer.byteLength(shown.text)} bytes`)
  t.ok(Buffer.byteLength(shown.text) > MOST_BYTES * 0.95, 'as many as fit')
  const listed = shown.body.plan.providers[0]?.added.length ?? 0
  t.equal(shown.body.newModels, added, 'the counts are those of the whole')
  t.equal(listed + (shown.body.plan.leftOut ?? 0), added)
  t.ok(shown.body.warnings.some((line) => line.includes(`${shown.body.plan.leftOut} more changes`)))
  t.match((await plan({ planHash: shown.body.planHash })).body, { success: true, newModels: added })
})

t.test('every model that a plan shows can be named in an approval, however long the ids are', async (t) => {
  const names = Array.from({ length: 3300 }, (_, index) => idOf(1000, index))
  const models = names.map((model_name) => modelRow({ model_name }))
  const long = await startHost(t, await createPostgresDatabase(t), { litellm: { models } })
  const post = (body: object) => long.request<SyncAnswer>({ method: 'POST', url: '/models/sync', body })
  const { planHash } = (await post({ dryRun: true })).body
  const only = names.slice(1).map((name) => `litellm/${name}`)
  t.ok(Buffer.byteLength(JSON.stringify({ planHash, only })) > 3 * 1024 * 1024, 'more than a host takes by itself')
  t.match((await post({ planHash, only })).body, { success: true, newModels: 3299 })
  const [run] = (
    await long.get<{ runs: { options: { only: string[]; onlyModels: number } }[] }>('/models/sync/history')
  ).body.runs
  t.equal(run?.options.only.length, 100, 'each list of runs answers with its record')
  t.equal(run?.options.onlyModels, 3299)
  const beyond = await post({ planHash, only: Array<string>(5000).fill('x'.repeat(1900)) })
  t.equal(beyond.status, 413)
})

t.test('a plan that fits is whole, and says nothing of it', async (t) => {
  const { body } = await host.request<SyncAnswer>({
    method: 'POST',
    url: '/models/sync',
    body: { dryRun: true },
  })
  t.notOk('leftOut' in body.plan)
  t.strictSame(body.warnings, [])
})
