/** Lists that repeat an id: they are whole all the same, and the model is one of the rows. */
import t from 'tap'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { sources } from '../../../src/sources/all-sources.js'
import type { Source } from '../../../src/sources/kit/source.js'
import { json, loopback } from '../../support/loopback.js'
import { read } from '../../upstream/reading.js'

function sourceOf(slug: string): Source {
  const source = sources.find((one) => one.slug === slug)
  if (source === undefined) throw new Error(`there is no source ${slug}`)
  return source
}

/** Four rows with three ids, counted as four by upstream. */
const COUNTED: Readonly<Record<string, (ids: readonly string[]) => object>> = {
  alibaba: (ids) => ({
    success: true,
    output: { total: 4, page_no: 1, page_size: 100, models: ids.map((model) => ({ model })) },
  }),
  helicone: (ids) => ({ data: { models: ids.map((id) => ({ id, endpoints: [] })), total: 4 } }),
  near: (ids) => ({ models: ids.map((modelId) => ({ modelId, metadata: {} })), limit: 100, offset: 0, total: 4 }),
  featherless: (ids) => ({
    data: ids.map((id) => ({ id, status: 'active' })),
    pagination: { current_page: 1, per_page: 1000, total_items: 4, total_pages: 1 },
  }),
  openrouter: (ids) => ({ data: ids.map((id) => ({ id })), total_count: 4 }),
}

for (const [slug, body] of Object.entries(COUNTED)) {
  t.test(`${slug}: rows are counted, not ids`, async (t) => {
    for (const [ids, isWhole] of [
      [['a/1', 'a/2', 'a/3', 'a/3'], true],
      [['a/1', 'a/2', 'a/3', 'a/4'], true],
      [['a/1', 'a/2', 'a/3'], false],
    ] as const) {
      const server = await loopback(t, (_, response) => json(response, body(ids)))
      const { outcome } = await read(sourceOf(slug), server.url)
      t.equal(outcome?.state === 'complete', isWhole, ids.join())
    }
  })
}

async function collected(source: Source, rows: readonly unknown[]): Promise<Record<string, unknown>> {
  const collector = new ListingCollector(source)
  await collector.add(source.listings[0]!, rows)
  const { desired } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  return Object.fromEntries(desired)
}

t.test('one row is the model, whatever their order: never the limits of one with the names of the other', async (t) => {
  const can = (said: object) => ({ completion_chat: true, function_calling: false, vision: false, ...said })
  const chat = {
    ...{ id: 'echo-mini', name: 'echo-mini', max_context_length: 32_768, aliases: ['echo-mini-latest'] },
    capabilities: can({ audio: true }),
  }
  const scribe = {
    ...{ id: 'echo-mini', name: 'echo-mini-transcribe', max_context_length: 16_384 },
    ...{ aliases: ['echo-mini-transcribe'], capabilities: can({ audio: false }) },
  }
  const mistral = sourceOf('mistral')
  const one = await collected(mistral, [chat, scribe])
  t.match(one['echo-mini'], { name: 'echo-mini', contextLength: 32_768, aliases: ['echo-mini-latest'] })
  t.strictSame(await collected(mistral, [scribe, chat]), one)

  const openrouter = sourceOf('openrouter')
  const rows = [
    { id: 'a/b', context_length: 1_000, pricing: { prompt: '0.000001', completion: '0.000009' } },
    { id: 'a/b', context_length: 9_000, pricing: { prompt: '0.000003', completion: '0.000002' } },
  ]
  const priced = (await collected(openrouter, rows))['a/b'] as DesiredFields
  t.strictSame((await collected(openrouter, rows.toReversed()))['a/b'], priced)
  const whole = [
    { contextLength: 1_000, inputCostPerToken: '0.000001', outputCostPerToken: '0.000009' },
    { contextLength: 9_000, inputCostPerToken: '0.000003', outputCostPerToken: '0.000002' },
  ]
  t.ok(
    whole.some((row) => Object.entries(row).every(([field, value]) => priced[field as keyof DesiredFields] === value)),
    'a row as upstream has it',
  )
})

t.test('a row that is withdrawn does not take the other one away', async (t) => {
  const row = { id: 'm', capabilities: { completion_chat: true } }
  t.match(await collected(sourceOf('mistral'), [{ ...row, archived: true }, row]), { m: { mode: 'chat' } })
  t.same(await collected(sourceOf('mistral'), [{ ...row, archived: true }]), {})
})
