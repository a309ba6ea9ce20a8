import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import {
  cleanFields,
  MOST_MEMBERS,
  cleanId,
  cleanJsonText,
  cleanText,
  MAX_DESCRIPTION_LENGTH,
} from '../../../src/core/model/clean-fields.js'
import { CAPABILITIES, FIELD_NAMES, MODES } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'

// What a source must not give but a broken one might.
function cleanOdd(fields: Record<string, unknown>): { fields: DesiredFields; warnings: string[] } {
  return cleanFields(fields as DesiredFields)
}

// Any code units, lone surrogates and U+0000 among them.
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u0000', '\\', 'u', '0', '\ud800', '\udc00'),
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  ),
})

t.test('ids are verbatim', async (t) => {
  for (const id of [
    'gpt-4o',
    'openai/gpt-4o:free',
    ' leading',
    'a b',
    '模型/ü',
    'نموذج',
    '👩‍🚀/x',
    'a%2Fb',
    '..',
    'A\tb',
  ])
    t.same(cleanId(id), { id })
  t.same(cleanId('a\u0000b\ud800'), { id: 'a\ufffdb\ufffd' })
  for (const id of ['', ' ', '\n\t', '\u00a0']) t.match(cleanId(id), { reason: /empty/ })
})

t.test('ids: 1,024 bytes of UTF-8 are kept, one more is rejected with the reason', async (t) => {
  const hex = randomBytes(513).toString('hex')
  t.same(cleanId(hex.slice(0, 1024)), { id: hex.slice(0, 1024) })
  t.match(cleanId(hex.slice(0, 1025)), { reason: /1025 bytes.*1024/ })
  t.same(cleanId('é'.repeat(512)), { id: 'é'.repeat(512) })
  t.match(cleanId('é'.repeat(512) + 'a'), { reason: /1025 bytes/ })
  t.match(cleanId('模'.repeat(342)), { reason: /1026 bytes/ })
  t.match(cleanId('\u0000'.repeat(342)), { reason: /1026 bytes/ }, 'counted as it is stored')
})

t.test('texts', async (t) => {
  t.equal(cleanText('a\u0000b\udc00c😀'), 'a\ufffdb\ufffdc😀')
  t.same(cleanFields({ name: 'x\u0000', description: null, ownedBy: '' }), {
    fields: { name: 'x\ufffd', description: null, ownedBy: null },
    problems: [],
    warnings: [],
  })
  t.same(cleanFields({ name: '  ' }).fields, {}, 'without a name a model keeps the one it has')
  t.same(cleanOdd({ name: 5 }).fields, {})

  const long = cleanFields({ description: `${'a'.repeat(MAX_DESCRIPTION_LENGTH - 1)}😀` })
  t.equal(long.fields.description, 'a'.repeat(MAX_DESCRIPTION_LENGTH - 1), 'no half of a character is left')
  t.match(long.warnings, [/^description: 16385 characters, more than the 16384 that are kept; cut$/])

  const random = Buffer.from(randomBytes(4_000).toString('base64')).toString()
  const owner = cleanFields({ ownedBy: random })
  t.equal(Buffer.byteLength(owner.fields.ownedBy ?? ''), 1_024, 'what an index may hold')
  t.match(owner.warnings, [/^ownedBy: .*more than the 1024 that are kept; cut$/])
  t.equal(cleanFields({ name: '模'.repeat(400) }).fields.name, '模'.repeat(341))
  t.equal(cleanFields({ name: '😀'.repeat(300) }).fields.name, '😀'.repeat(256))
})

t.test('integers that the column cannot hold are unknown, with a warning', async (t) => {
  for (const contextLength of [0, 1, 128_000, 128_000.0, 2_147_483_647]) {
    t.same(cleanFields({ contextLength }), { fields: { contextLength }, problems: [], warnings: [] })
  }
  for (const odd of [128_000.5, 1e30, -1, 2_147_483_648, NaN, Infinity, '128000', true, {}]) {
    const { fields, warnings } = cleanOdd({ contextLength: odd })
    t.equal(fields.contextLength, null)
    t.match(warnings, [/^contextLength: .* is not a whole number from 0 to 2147483647; kept as unknown$/])
  }
  t.ok(Object.is(cleanFields({ deployments: -0 }).fields.deployments, 0))
})

t.test('decimals', async (t) => {
  t.same(cleanFields({ inputCostPerToken: '1.250e-6', outputCostPerToken: '0', cacheReadCostPerToken: null }), {
    fields: { inputCostPerToken: '0.00000125', outputCostPerToken: '0', cacheReadCostPerToken: null },
    problems: [],
    warnings: [],
  })
  for (const odd of ['-1', 'free', '', '1e99', '00x', [], {}]) {
    const { fields, warnings } = cleanOdd({ inputCostPerToken: odd })
    t.equal(fields.inputCostPerToken, null)
    t.match(warnings, [/^inputCostPerToken: .*price/])
  }
})

t.test('sets are texts, once each, by code unit', async (t) => {
  const { fields, warnings } = cleanOdd({
    aliases: ['b', 'a', 'b', 'Z', 'é', 'a\u0000', 5, null, '', 'x'.repeat(1_025)],
  })
  t.same(fields.aliases, ['Z', 'a', 'a\ufffd', 'b', 'é'])
  t.equal(warnings.length, 4)
  t.same(cleanOdd({ inputModalities: null, outputModalities: 'text' }), {
    fields: { inputModalities: [], outputModalities: [] },
    problems: ['outputModalities: "text" is not a list'],
    warnings: ['outputModalities: "text" is not a list; kept as unknown'],
  })
})

t.test('capabilities: those we know, true or false', async (t) => {
  const said = {
    vision: true,
    streaming: false,
    toolChoice: null,
    reasoning: 'yes',
    telepathy: true,
    __proto__: { webSearch: true },
  }
  t.strictSame(cleanOdd({ capabilities: said }).fields.capabilities, { streaming: false, vision: true })
  t.strictSame(
    Object.keys(cleanOdd({ capabilities: said }).fields.capabilities ?? {}),
    ['streaming', 'vision'],
    'in one order',
  )
  t.strictSame(cleanOdd({ capabilities: null }).fields.capabilities, {})
})

t.test('prices are sorted and once each', async (t) => {
  const usd = (kind: string, unit: string, price: unknown) => ({ kind, unit, currency: 'USD', price })
  const { fields, warnings } = cleanOdd({
    otherPrices: [
      usd('output', 'image', '0.040'),
      usd('input', 'second', '1e-4'),
      usd('output', 'image', '0.03'),
      { ...usd('input', 'second', '2'), currency: 'EUR' },
      usd('input', 'image', '-1'),
      usd('', 'image', '1'),
      null,
      'free',
    ],
  })
  t.strictSame(fields.otherPrices, [
    { kind: 'input', unit: 'second', currency: 'EUR', price: '2' },
    { kind: 'input', unit: 'second', currency: 'USD', price: '0.0001' },
    { kind: 'output', unit: 'image', currency: 'USD', price: '0.04' },
  ])
  t.equal(warnings.length, 4)
})

t.test('a thousand members of a set and a thousand prices are kept, one more is cut with a warning', async (t) => {
  for (const [count, warned] of [
    [MOST_MEMBERS, 0],
    [MOST_MEMBERS + 1, 1],
  ] as const) {
    const names = Array.from({ length: count }, (_, index) => `name ${index}`)
    const otherPrices = names.map((kind) => ({ kind, unit: 'image', currency: 'USD', price: '1' }))
    const { fields, warnings } = cleanFields({ aliases: names, otherPrices, inputModalities: ['text'] })
    t.equal(fields.aliases?.length, MOST_MEMBERS)
    t.equal(fields.otherPrices?.length, MOST_MEMBERS)
    t.equal(
      warnings.filter((line) => /: 1001 members, more than the 1000 that are kept; cut$/.test(line)).length,
      warned * 2,
    )
  }
  const bad = cleanFields({ inputModalities: Array<string>(100_000).fill('') })
  t.ok(bad.warnings.length <= MOST_MEMBERS + 1, 'no warning for each of a hundred thousand')
})

t.test('modes, times and dates', async (t) => {
  for (const mode of MODES) t.equal(cleanFields({ mode }).fields.mode, mode)
  for (const [stated, mode] of [
    ['telepathy', 'telepathy'],
    ['Text-to World', 'text_to_world'],
  ] as const)
    t.strictSame(cleanFields({ mode: stated }), { fields: { mode }, warnings: [], problems: [] })
  t.strictSame(cleanFields({ mode: 'Image Generation' }), {
    fields: { mode: 'image_generation' },
    warnings: [],
    problems: [],
  })
  for (const odd of ['Unknown', 'sk-live-4242424242', 'x'.repeat(100), 7, {}, ''])
    t.match(cleanOdd({ mode: odd }), { fields: { mode: null }, warnings: [/kept as unknown$/] }, String(odd))

  const times: [raw: unknown, expected: string | null][] = [
    ['2026-05-01T12:00:00Z', '2026-05-01T12:00:00.000Z'],
    ['2026-05-01T12:00:00+02:00', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01 12:00:00.5', '2026-05-01T12:00:00.500Z'],
    ['2026-05-01', '2026-05-01T00:00:00.000Z'],
    ['2026-02-30T00:00:00Z', null],
    ['0000-01-01T00:00:00Z', null],
    ['9999-12-31T23:59:59-01:00', null],
    ['1', null],
    ['tomorrow', null],
    [1_700_000_000, null],
  ]
  for (const [createdAt, expected] of times)
    t.equal(cleanOdd({ createdAt }).fields.createdAt, expected, String(createdAt))

  const dates: [raw: unknown, expected: string | null][] = [
    ['2026-12-31', '2026-12-31'],
    ['2024-02-29', '2024-02-29'],
    ['2026-02-29', null],
    ['0000-01-01', null],
    ['2026-13-01', null],
    ['2026-12-31T00:00:00Z', null],
    ['soon', null],
    [20261231, null],
  ]
  for (const [deprecationDate, expected] of dates) {
    t.equal(cleanOdd({ deprecationDate }).fields.deprecationDate, expected, String(deprecationDate))
  }
})

t.test('a field that is left out stays left out', async (t) => {
  t.strictSame(cleanFields({}), { fields: {}, problems: [], warnings: [] })
  t.strictSame(cleanOdd({ name: 'x', mode: undefined, telepathy: 1 }), {
    fields: { name: 'x' },
    problems: [],
    warnings: [],
  })
})

t.test('cleanJsonText takes the escapes that a jsonb refuses, and nothing else', async (t) => {
  const value = { a: 'x\u0000y', b: '\ud800', c: '\\u0000', d: '\\\u0000', e: '\u001f😀"\\' }
  const json = cleanJsonText(JSON.stringify(value))
  t.strictSame(JSON.parse(json), { a: 'x\ufffdy', b: '\ufffd', c: '\\u0000', d: '\\\ufffd', e: '\u001f😀"\\' })
  fc.assert(fc.property(anyText, (text) => JSON.parse(cleanJsonText(JSON.stringify(text))) === cleanText(text)))
})

t.test('whatever a source gives: it never throws, and its result is canonical', async () => {
  const odd = fc.oneof(
    fc.anything(),
    anyText,
    fc.double(),
    fc.array(fc.anything()),
    fc.dictionary(fc.constantFrom(...CAPABILITIES), fc.anything()),
  )
  fc.assert(
    fc.property(fc.record(Object.fromEntries(FIELD_NAMES.map((name) => [name, odd])), { requiredKeys: [] }), (raw) => {
      const { fields } = cleanOdd(raw)
      const json = JSON.stringify(fields)
      const counts = [fields.contextLength, fields.maxOutputTokens, fields.deployments]
      return (
        // Cleaning it again changes nothing.
        isDeepStrictEqual(cleanFields(fields), { fields, problems: [], warnings: [] }) &&
        counts.every((count) => count === undefined || count === null || Number.isSafeInteger(count)) &&
        !/\\u0000|\\ud[89a-f]/.test(json.replaceAll('\\\\', ''))
      )
    }),
    { numRuns: 300 },
  )
})
