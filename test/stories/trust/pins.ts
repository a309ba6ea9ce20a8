/** What an operator sets by hand stays, whatever upstream says. */
import type { Test } from 'tap'
import { FIELDS } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import type { TestDatabase } from '../../support/databases.js'
import { infoOf, startTrustHost, rows, serve, type ModelDetail } from './support.js'

/** One value of each field that no row of the tests has. */
const MINE = {
  name: 'My name',
  description: 'Mine',
  ownedBy: 'me',
  mode: 'embedding',
  contextLength: 0,
  maxOutputTokens: 7,
  inputModalities: ['text', 'video'],
  outputModalities: ['audio'],
  capabilities: { vision: true, webSearch: false },
  inputCostPerToken: '0',
  outputCostPerToken: '0.000000000001',
  cacheReadCostPerToken: '1.5',
  cacheWriteCostPerToken: '2',
  otherPrices: [{ kind: 'image', unit: 'image', currency: 'EUR', price: '0.04' }],
  priceWindows: [{ days: [6, 7], from: '00:00', to: '00:00', timeZone: 'UTC', prices: { inputCostPerToken: '0.5' } }],
  deployments: 9,
  rpm: 60,
  tpm: 100_000,
  restricted: true,
  teams: ['t1', 't2'],
  accessGroups: ['beta'],
  aliases: ['a1', 'a2'],
  createdAt: '2024-01-02T03:04:05.000Z',
  deprecationDate: '2099-12-31',
  replacedBy: 'other',
} satisfies Required<DesiredFields>

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database)
  const { litellm } = host
  const start = async (info: Record<string, unknown> = {}) => {
    await host.reset(rows(['a', info], 'b'))
    await host.sync()
  }
  /** Everything of a model that a person may have set. */
  const shown = ({ capabilities, ...model }: ModelDetail) => ({
    ...Object.fromEntries(Object.keys(FIELDS).map((field) => [field, model[field as keyof typeof model]])),
    capabilities: { vision: capabilities['vision'], webSearch: capabilities['webSearch'] },
  })

  t.test('a pin on every field', async (t) => {
    await start({ supports_vision: false, supports_reasoning: true })
    const upstream = await host.model('litellm/a')
    t.equal((await host.patch('litellm/a', MINE)).status, 200)
    const pinned = await host.model('litellm/a')
    t.strictSame(shown(pinned), MINE)
    t.strictSame(pinned.pins, MINE)
    t.strictSame(pinned.conflicts.map(({ field }) => field).sort(), Object.keys(MINE).sort())
    t.equal(pinned.capabilities['reasoning'], true, 'what is not pinned of the capabilities is upstream’s')
    t.ok(Object.values(pinned.provenance).every((from) => from === 'pin'))

    const info = infoOf(litellm, 'a')
    Object.assign(info, { description: 'Theirs', mode: 'rerank', max_input_tokens: 99, max_output_tokens: 98 })
    Object.assign(info, { supports_vision: null, supports_reasoning: false, supports_web_search: true })
    Object.assign(info, { litellm_provider: 'them', input_cost_per_token: 0.000003, deprecation_date: '2078-01-01' })
    for (const body of [{}, { forceUpdate: true }, { forceUpdate: true }]) {
      t.match(await host.sync(body), { success: true })
      const synced = await host.model('litellm/a')
      t.strictSame(shown(synced), MINE)
      t.strictSame(synced.pins, MINE)
      t.equal(synced.capabilities['reasoning'], false)
      t.match(
        synced.conflicts.find(({ field }) => field === 'contextLength'),
        { pinned: 0, upstream: 99 },
      )
    }
    t.equal(
      (await host.get<{ models: ModelDetail[] }>('/models?mode=embedding')).body.models.length,
      1,
      'in every read',
    )

    t.equal((await host.patch('litellm/a', { unpin: Object.keys(MINE) })).status, 200)
    const given = await host.model('litellm/a')
    t.match(given, { description: 'Theirs', mode: 'rerank', contextLength: 99, ownedBy: 'them', name: 'a', pins: {} })
    t.match(given, { inputCostPerToken: '0.000003', deprecationDate: '2078-01-01', otherPrices: [], conflicts: [] })
    t.match(given.capabilities, { vision: null, reasoning: false, webSearch: true })
    t.equal(given.createdAt, upstream.createdAt)
    t.match(await host.sync({ forceUpdate: true }), { updatedModels: 0 }, 'nothing is left behind')
  })

  t.test('unknown is pinned like anything else', async (t) => {
    await start({ description: 'Theirs', input_cost_per_token: 1 })
    await host.patch('litellm/a', { description: null, inputCostPerToken: null, mode: null })
    infoOf(litellm, 'a')['description'] = 'Theirs again'
    await host.sync()
    t.match(await host.model('litellm/a'), {
      description: null,
      inputCostPerToken: null,
      mode: null,
      pins: { description: null, inputCostPerToken: null, mode: null },
      conflicts: [{ field: 'description', upstream: 'Theirs again' }, {}, {}],
      provenance: { description: 'pin' },
    })
  })

  t.test('capabilities are pinned one by one, and a field is given back without the others', async (t) => {
    await start()
    await host.patch('litellm/a', { capabilities: { vision: true }, contextLength: 1 })
    await host.patch('litellm/a', { capabilities: { audioInput: false }, maxOutputTokens: 2 })
    t.strictSame((await host.model('litellm/a')).pins, {
      capabilities: { vision: true, audioInput: false },
      contextLength: 1,
      maxOutputTokens: 2,
    })
    await host.patch('litellm/a', { unpin: ['contextLength'], maxOutputTokens: 3 })
    t.match(await host.model('litellm/a'), {
      contextLength: 128_000,
      maxOutputTokens: 3,
      capabilities: { vision: true },
    })
    await host.patch('litellm/a', { unpin: ['capabilities'], capabilities: { webSearch: true } })
    t.strictSame((await host.model('litellm/a')).pins, { capabilities: { webSearch: true }, maxOutputTokens: 3 })
  })

  t.test('the changelog says what a read returned, who changed it, and what came beneath', async (t) => {
    await start()
    await host.patch('litellm/a', { contextLength: 5, description: 'mine' })
    infoOf(litellm, 'a')['max_input_tokens'] = 6
    infoOf(litellm, 'a')['max_output_tokens'] = 7
    const { runId } = await host.sync()
    await host.patch('litellm/a', { unpin: ['contextLength'] })
    const changes = await host.changes()
    t.match(
      changes,
      [
        { kind: 'updated', field: 'contextLength', from: 5, to: 6, cause: 'pin', actor: 'operator', runId: null },
        { kind: 'updated', field: 'maxOutputTokens', from: 16_384, to: 7, cause: 'upstream', actor: 'sync', runId },
        { kind: 'updated', field: 'upstream.contextLength', from: 128_000, to: 6, cause: 'upstream', runId },
        { kind: 'updated', field: 'contextLength', from: 128_000, to: 5, cause: 'pin' },
        { kind: 'updated', field: 'description', from: null, to: 'mine', cause: 'pin' },
        { kind: 'added' },
        { kind: 'added' },
      ].sort(() => 0),
    )
  })

  t.test('hidden stays hidden, and shown stays shown', async (t) => {
    await start()
    const listed = async () => (await host.get<{ data: { id: string }[] }>('/v1/models')).body.data.map(({ id }) => id)
    await host.patch('litellm/a', { hidden: true })
    t.strictSame(await listed(), ['litellm/b'])
    for (const models of [rows('b', 'c'), rows('a', 'b'), rows(['a', { max_input_tokens: 5 }], 'b')]) {
      serve(litellm, models)
      await host.sync({ forceUpdate: true })
      t.match(await host.model('litellm/a'), { hidden: true })
      t.match(await host.model('litellm/b'), { hidden: false })
    }
    t.match((await host.changes('&field=hidden'))[0], { from: false, to: true, cause: 'pin' })
    await host.patch('litellm/a', { hidden: false })
    t.strictSame(await listed(), ['litellm/a', 'litellm/b'])
    await host.patch('litellm/a', { hidden: true })
    t.match((await host.patch('litellm/a', { unpin: ['hidden'] })).body, { hidden: false })
  })

  t.test('unavailable by the operator survives every sync', async (t) => {
    await start()
    const why = async () => {
      const { availability, unavailableReason } = await host.model('litellm/a')
      return [availability, unavailableReason]
    }
    t.match((await host.patch('litellm/a', { availability: 'unavailable' })).body, { unavailableReason: 'operator' })
    await host.sync({ forceUpdate: true })
    t.strictSame(await why(), ['unavailable', 'operator'])
    serve(litellm, rows('b'))
    t.match(await host.sync(), { success: true })
    t.strictSame(await why(), ['unavailable', 'operator'])
    serve(litellm, rows('a', 'b'))
    await host.sync()
    t.strictSame(await why(), ['unavailable', 'operator'], 'also when it comes back')
    t.match(
      (await host.changes('&field=upstream.availability')).map(({ from, to }) => [from, to]),
      [
        ['omitted', null],
        [null, 'omitted'],
      ],
    )
    await host.patch('litellm/a', { availability: 'available' })
    t.strictSame(await why(), ['available', null])

    await host.patch('litellm/a', { availability: 'unavailable' })
    serve(litellm, rows('b'))
    await host.sync()
    await host.patch('litellm/a', { unpin: ['availability'] })
    t.strictSame(await why(), ['unavailable', 'omitted'], 'given back to what upstream says')
    t.match((await host.changes())[0], { kind: 'unavailable', from: 'operator', to: 'omitted', cause: 'pin' })
    t.match((await host.patch('litellm/a', { availability: 'available' })).body, { unavailableReason: 'omitted' })
  })

  t.test('what cannot be pinned', async (t) => {
    await start()
    const before = await host.database.dump()
    for (const [body, message] of [
      [{}, /body/],
      [{ nonsense: 1 }, /"nonsense", which is not known/],
      [{ contextLength: -1 }, /contextLength/],
      [{ contextLength: 1.5 }, /contextLength/],
      [{ contextLength: 3_000_000_000 }, /contextLength: 3000000000 is not a whole number/],
      [{ mode: 'telepathy' }, /mode.*chat, completion/],
      [{ inputCostPerToken: '-1' }, /inputCostPerToken: "-1" is not a price of 0 or more/],
      [{ inputCostPerToken: 'free' }, /inputCostPerToken/],
      [{ name: '' }, /name/],
      [{ name: null }, /name/],
      [{ capabilities: { telepathy: true } }, /telepathy/],
      [{ capabilities: { vision: null } }, /vision/],
      [{ deprecationDate: '2026-02-30' }, /deprecationDate/],
      [{ availability: 'sometimes' }, /availability.*available, unavailable/],
      [{ unpin: ['nonsense'] }, /unpin names nonsense; expected some of name,/],
      [{ unpin: 'name' }, /unpin/],
    ] as const) {
      const refused = await host.patch<{ message: string }>('litellm/a', body)
      t.equal(refused.status, 400, JSON.stringify(body))
      t.match(refused.body.message, message)
    }
    t.match(await host.patch('litellm/nobody', { hidden: true }), {
      status: 404,
      body: { code: 'FST_MODEL_SYNC_NOT_FOUND' },
    })
    t.equal(await host.database.dump(), before)
  })

  t.test('an edit while a listing is being read is not lost', async (t) => {
    await start()
    litellm.setFault('/v1/models', { kind: 'delay', ms: 150, times: 1 })
    infoOf(litellm, 'a')['max_input_tokens'] = 6
    const syncing = host.sync()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await host.patch('litellm/a', { contextLength: 5, description: 'mine' })
    t.match(await syncing, { success: true, updatedModels: 1 })
    t.match(await host.model('litellm/a'), { contextLength: 5, description: 'mine', conflicts: [{}, { upstream: 6 }] })
  })
}
