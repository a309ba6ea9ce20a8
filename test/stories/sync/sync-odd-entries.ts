/** Odd ids, odd numbers, duplicates, a key that sees names only: each entry as it should be, and none in the way of the others. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { counts, startHost, statuses } from '../../support/host.js'
import { modelRow, random, type ModelRow } from '../../support/loopback-litellm.js'

/** Random letters, since a repeated one is compressed away before it meets a limit; `bytes` of UTF-8 as near as whole characters allow. */
function randomText(bytes: number, from: number, to: number, seed: number): string {
  const next = random(seed)
  let text = ''
  for (let left = bytes; ;) {
    const character = String.fromCodePoint(from + Math.floor(next() * (to - from)))
    left -= Buffer.byteLength(character)
    if (left < 0) return text.padEnd(text.length + left + Buffer.byteLength(character), 'x')
    text += character
  }
}

const ODD_IDS = [
  'vendor/model/with/slashes',
  'model:free',
  'openai/gpt-4o:extended@2024-01-01',
  'with spaces inside',
  ' spaces around ',
  'UPPER and lower',
  'upper and lower',
  '模型-七',
  'نموذج',
  'модель',
  '😀 model 👩‍👩‍👧',
  'e\u0301 and é',
  'quote \' and " and \\ and $1 and %s',
  'new\nline and\ttab',
  '?query#fragment%2Fpercent',
  '{"json": true}',
  '[redacted]',
  '..',
  '-',
  '0',
  'null',
  '__proto__',
  'constructor',
  '\u202e right to left',
]

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  // Without a prototype, for the model that is called constructor.
  const wildcards = Object.create(null) as Record<string, string[]>
  const host = await startHost(t, database, { litellm: { wildcards } })
  const { litellm } = host

  t.test('ids are verbatim, in any script', async (t) => {
    await host.reset(ODD_IDS.map((model_name) => modelRow({ model_name })))
    const result = await host.sync()
    t.match(result, { success: true, newModels: ODD_IDS.length, rejectedModels: 0, errors: [] })
    const models = await host.models()
    t.strictSame([...models.keys()].sort(), [...ODD_IDS].sort())
    for (const id of ODD_IDS) t.match(models.get(id), { id: `litellm/${id}`, name: id, contextLength: 128_000 })
    t.strictSame(statuses(await host.sync()), ['not-modified'])
    litellm.setShuffle(1)
    t.match(await host.sync(), { unchangedModels: ODD_IDS.length, revision: 1 })
  })

  t.test('ids of 1,024 bytes are kept, longer ones are rejected with the reason, random ones too', async (t) => {
    const fits = [
      randomText(1_024, 0x2b, 0x7f, 1),
      randomText(1_024, 0x4e00, 0x9fff, 2),
      randomText(1_024, 0x1f300, 0x1f5ff, 3),
    ]
    const tooLong = [
      randomText(1_025, 0x2b, 0x7f, 4),
      randomText(3_000, 0x4e00, 0x9fff, 5),
      randomText(100_000, 0x2b, 0x7f, 6),
    ]
    t.strictSame(
      fits.map((id) => Buffer.byteLength(id)),
      [1_024, 1_024, 1_024],
    )
    const plain = Array.from({ length: 20 }, (_, index) => `plain ${index}`)
    await host.reset([...plain, ...fits, ...tooLong].map((model_name) => modelRow({ model_name })))
    const result = await host.sync()
    t.match(result, { success: true, newModels: 23, rejectedModels: 3, errors: [] })
    t.match(result.warnings, [/^litellm: 3 malformed entries were left out, the first because the id has 1025 bytes/])
    const models = await host.models()
    t.strictSame([...models.keys()].sort(), [...plain, ...fits].sort())
    for (const id of fits)
      t.equal((await host.get(`/models?id=${encodeURIComponent(`litellm/${id}`)}`)).body['total'], 1)
    const { body } = await host.request<{ plan: { providers: { rejected: { reason: string }[] }[] } }>({
      method: 'POST',
      url: '/models/sync',
      payload: { dryRun: true, forceUpdate: true },
    })
    t.strictSame(
      body.plan.providers[0]?.rejected.map(({ reason }) => reason),
      [1_025, 3_000, 100_000].map((bytes) => `the id has ${bytes} bytes of UTF-8, at most 1024 are kept`),
    )
  })

  t.test('U+0000 and lone surrogates become U+FFFD, everywhere', async (t) => {
    const bad = 'a\u0000b\ud800c'
    await host.reset([
      modelRow({ model_name: bad, model_info: { description: bad, litellm_provider: bad, mode: bad, custom: bad } }),
      modelRow({ model_name: 'good' }),
    ])
    const result = await host.sync()
    t.match(result, { success: true, newModels: 2 })
    const models = await host.models()
    const good = 'a\ufffdb\ufffdc'
    t.match(models.get(good), { name: good, description: good, mode: 'chat', contextLength: 128_000 })
    t.match(models.get('good'), { mode: 'chat' })
    t.equal((await host.get(`/models/litellm/${encodeURIComponent(good)}`)).status, 200)
    t.strictSame(statuses(await host.sync()), ['not-modified'])
  })

  t.test('numbers that no column holds are unknown, with a warning; the rest is exact', async (t) => {
    const numbers: [name: string, info: Record<string, unknown>, expected: Record<string, unknown>][] = [
      ['fraction', { max_input_tokens: 128000.5 }, { contextLength: null }],
      ['huge', { max_input_tokens: 1e30, max_output_tokens: 2 ** 31 }, { contextLength: null, maxOutputTokens: null }],
      [
        'negative',
        { max_input_tokens: -1, input_cost_per_token: -1 },
        { contextLength: null, inputCostPerToken: null },
      ],
      ['largest', { max_input_tokens: 2 ** 31 - 1 }, { contextLength: 2_147_483_647 }],
      ['text', { max_input_tokens: 'many', input_cost_per_token: 'free' }, { inputCostPerToken: null }],
      ['object', { max_input_tokens: {}, input_cost_per_token: [1] }, { inputCostPerToken: null }],
      ['tpm', { tpm: 3_000_000_000, rpm: 2 ** 40 }, { contextLength: 128_000 }],
      [
        'tiny',
        { input_cost_per_token: 1e-12, output_cost_per_token: 1.25e-9 },
        { inputCostPerToken: '0.000000000001', outputCostPerToken: '0.00000000125' },
      ],
      [
        'large',
        { input_cost_per_token: 1e6, output_cost_per_token: 999999.999999 },
        { inputCostPerToken: '1000000', outputCostPerToken: '999999.999999' },
      ],
      [
        'exact',
        { input_cost_per_token: 0.1, output_cost_per_token: 0.30000000000000004 },
        { inputCostPerToken: '0.1', outputCostPerToken: '0.3' },
      ],
      [
        'string',
        { input_cost_per_token: '0.00000125', output_cost_per_token: '2.5e-7' },
        { inputCostPerToken: '0.00000125', outputCostPerToken: '0.00000025' },
      ],
      [
        'zero',
        { input_cost_per_token: 0, output_cost_per_token: 0 },
        { inputCostPerToken: '0', outputCostPerToken: '0' },
      ],
      ['absurd', { input_cost_per_token: 1e300 }, { inputCostPerToken: null, contextLength: 128_000 }],
    ]
    await host.reset(numbers.map(([model_name, model_info]) => modelRow({ model_name, model_info })))
    const result = await host.sync()
    t.match(result, { success: true, newModels: numbers.length, rejectedModels: 0 })
    const models = await host.models()
    for (const [name, , expected] of numbers) t.match(models.get(name), expected, name)
    const warned = result.warnings.join('\n')
    for (const part of ['128000.5', '2147483648', 'contextLength', 'kept as unknown']) t.match(warned, part)
    t.match((await host.get('/models/litellm/tpm')).body['upstreamEntry'], { model_info: { tpm: 3_000_000_000 } })
    litellm.setShuffle(3)
    t.match(await host.sync(), { success: true, updatedModels: 0, revision: 1 }, 'and read again they are the same')
  })

  t.test('one odd entry never blocks the others', async (t) => {
    const odd: unknown[] = [
      null,
      5,
      'text',
      [],
      {},
      { model_name: 7 },
      { model_name: '   ' },
      { model_name: 'no info' },
      { model_name: 'x', model_info: 'text', litellm_params: 5 },
    ]
    const rows = Array.from({ length: 40 }, (_, index) => modelRow({ model_name: `m${index}` }))
    await host.reset([])
    litellm.setFault('/model/info', { kind: 'json', body: { data: [...odd, ...rows] } })
    litellm.setFault('/v1/models', {
      kind: 'json',
      body: { data: [...odd, ...rows.map(({ model_name }) => ({ id: model_name }))] },
    })
    const result = await host.sync()
    t.match(result, { success: true, newModels: 42 })
    t.ok(result.rejectedModels >= 7)
    t.match((await host.models()).get('no info'), {
      contextLength: null,
      inputCostPerToken: null,
      mode: 'chat',
      capabilities: { vision: null },
    })
    t.ok(host.log.messages(40).some((message) => message.startsWith('Skipping an entry: ')))
  })

  t.test('deployments of one name are one model, in whatever order they come', async (t) => {
    const rows: ModelRow[] = [
      modelRow({
        model_name: 'm',
        model_info: {
          id: '1',
          max_input_tokens: 8,
          input_cost_per_token: 0.000002,
          supports_vision: null,
          litellm_provider: 'azure',
        },
      }),
      modelRow({
        model_name: 'm',
        model_info: { id: '2', max_input_tokens: 16, input_cost_per_token: 0.000001, supports_vision: true },
      }),
      modelRow({
        model_name: 'm',
        model_info: { id: '3', max_input_tokens: null, input_cost_per_token: null, supports_vision: false },
      }),
      modelRow({ model_name: 'other' }),
    ]
    await host.reset(rows)
    t.strictSame(counts(await host.sync()), { totalModels: 2, newModels: 2 })
    const merged = {
      deployments: 3,
      contextLength: 16,
      inputCostPerToken: '0.000002',
      capabilities: { vision: true },
      ownedBy: 'azure',
    }
    t.match((await host.models()).get('m'), merged)
    t.equal(((await host.get('/models/litellm/m')).body['upstreamEntry'] as unknown[]).length, 3)
    for (const order of [
      [2, 1, 0],
      [1, 2, 0],
      [0, 2, 1],
    ]) {
      litellm.models.splice(0, 3, ...order.map((index) => rows[index]!))
      t.match(await host.sync(), { unchangedModels: 2, revision: 1 })
    }
    litellm.models.shift()
    t.match(await host.sync(), { updatedModels: 1, unavailableModels: 0 })
    t.match(await host.changes('&field=deployments'), [{ from: 3, to: 2 }])
  })

  t.test('wildcards are no models; what they expand to is', async (t) => {
    wildcards['openai/*'] = ['openai/own-1', 'openai/own-2']
    t.teardown(() => delete wildcards['openai/*'])
    await host.reset([
      modelRow({ model_name: 'openai/*' }),
      modelRow({ model_name: 'plain' }),
      modelRow({ model_name: 'other/*' }),
    ])
    const result = await host.sync()
    t.strictSame(counts(result), { totalModels: 3, newModels: 3, filteredModels: 2 })
    const models = await host.models()
    t.strictSame([...models.keys()].sort(), ['openai/own-1', 'openai/own-2', 'plain'])
    t.match(models.get('openai/own-1'), { contextLength: null, inputCostPerToken: null, mode: 'chat' })
  })

  t.test('a key that may only list names keeps every value, and says what to grant', async (t) => {
    await host.reset(['a', 'b', 'c'].map((model_name) => modelRow({ model_name })))
    await host.sync()
    const full = await host.models()
    const { url, restrictedKey } = litellm
    const names = await startHost(t, host.database, {
      litellm,
      settings: { litellm: { url, apiKey: restrictedKey } },
    })
    litellm.models.splice(0, 1)
    litellm.models.push(modelRow({ model_name: 'd' }))
    litellm.models[0]!.model_info['max_input_tokens'] = 5
    const result = await names.sync()
    t.strictSame(counts(result), { totalModels: 3, newModels: 1, unavailableModels: 1, unchangedModels: 2 })
    t.equal(result.success, true)
    t.match(result.warnings, [/^litellm: GET \/model\/info answered 403.*keep their last values.*LITELLM_API_KEY/])
    const known = await host.models()
    for (const id of ['b', 'c']) t.same({ ...known.get(id), lastSeenAt: 0 }, { ...full.get(id), lastSeenAt: 0 })
    t.match(known.get('d'), { name: 'd', contextLength: null, inputCostPerToken: null, deployments: null })
    t.match((await host.get('/models/litellm/b')).body['upstreamEntry'], { model_name: 'b' }, 'the entry stays too')
    t.match(
      await names.sync(),
      { providers: [{ status: 'not-modified' }], warnings: [/answered 403/] },
      'and says so again',
    )
    t.match(await names.sync({ forceUpdate: true }), { updatedModels: 0, success: true })
    t.same((await host.models()).get('b')?.inputCostPerToken, '0.0000025')
    t.match(
      await host.sync(),
      { updatedModels: 2, unavailableModels: 0, warnings: [] },
      'the full key fills in what was missing',
    )
    t.match((await host.models()).get('d'), { contextLength: 128_000 })
  })
}
