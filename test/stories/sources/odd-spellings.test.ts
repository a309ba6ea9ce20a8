/** Values in an odd spelling: read where they can mean one thing only, else unknown with a warning that counts them. */
import t from 'tap'
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import { plainAmount, plainCount } from '../../../src/core/input/plain-number.js'
import { toCostPerToken } from '../../../src/core/model/price.js'
import { ListingCollector } from '../../../src/services/sync/collect-listing.js'
import { dateOf, flagOf, limitOf, modeIn, timeOf } from '../../../src/sources/kit/entry.js'
import { sources } from '../../../src/sources/all-sources.js'
import { litellm } from '../../../src/sources/providers/litellm/litellm.js'
import { featherless } from '../../../src/sources/providers/featherless/featherless.js'
import { huggingface } from '../../../src/sources/providers/huggingface/huggingface.js'
import { mistral } from '../../../src/sources/providers/mistral.js'
import { novita } from '../../../src/sources/providers/novita.js'
import { openrouter } from '../../../src/sources/providers/openrouter.js'
import { together } from '../../../src/sources/providers/together/together.js'
import type { Source } from '../../../src/sources/kit/source.js'

async function read(source: Source, entries: object[]) {
  const collector = new ListingCollector(source)
  const [listing] = source.listings
  if (listing !== undefined) await collector.add(listing, entries)
  const { desired, warnings } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  return { models: Object.fromEntries(desired) as Record<string, Record<string, unknown>>, warnings }
}

t.test('numbers of tokens', async (t) => {
  for (const [text, count] of [
    ...[
      ['128,000', 128_000],
      [' 128000 ', 128_000],
      ['128k', 128_000],
      ['128K tokens', 128_000],
      ['1.5M', 1_500_000],
    ],
    ...[
      ['1,048,576', 1_048_576],
      ['128000.0', 128_000],
      ['32768 tokens', 32_768],
      ['128 000', 128_000],
      ['1\u202f048\u202f576', 1_048_576],
      ['1_048_576', 1_048_576],
      ["131'072 tokens", 131_072],
    ],
    ...[
      ['128.000', null],
      ['1,28', null],
      ['128,0000', null],
      ['0,128', null],
      ['12 80', null],
      ['1_28', null],
      ['1,048 576', null],
      ['12,8k', null],
      ['1e5', null],
      ['', null],
    ],
    ...[
      ['many', null],
      ['-1', null],
      ['1.2345k', null],
    ],
  ] as [string, number | null][])
    t.equal(plainCount(text), count, text)
  for (const [value, limit] of [
    [0, null],
    ['0', null],
    [null, null],
    ['N/A', null],
    ['64k', 64_000],
  ] as const)
    t.equal(limitOf(value), limit, String(value))
})

t.test('amounts: a comma stands between thousands or is none', async (t) => {
  for (const [text, price] of [
    ...[
      ['$0.25', '0.00000025'],
      [' 0.25 ', '0.00000025'],
      ['0.25 USD', '0.00000025'],
      ['US$ 1,250.50', '0.0012505'],
      ['0.25$', '0.00000025'],
      ['USD 0.25', '0.00000025'],
      ['$0.25 USD', '0.00000025'],
      ['1 250.50', '0.0012505'],
    ],
    ...[
      ['1,25', null],
      ['0,15', null],
      ['0,150', null],
      ['1.234,56', null],
      ['1 234,56', null],
      ['0 15', null],
      ['12,34,567', null],
      ['€1', null],
      ['free', null],
    ],
  ] as [string, string | null][])
    t.equal(toCostPerToken(text, 'usd-per-million'), price, text)
  t.equal(plainAmount('1,250'), '1250')
})

t.test('flags, modes, days and times', async (t) => {
  for (const yes of [true, 'true', ' True ', 'yes', 1, 'On', 'y', 'T']) t.equal(flagOf(yes), true, String(yes))
  for (const no of [false, 'FALSE', 'no', '0', 0, 'off', 'N', 'f']) t.equal(flagOf(no), false, String(no))
  for (const open of [null, undefined, '', 'unknown', 'N/A']) t.equal(flagOf(open), null, String(open))
  const modes = new Map([
    ['chat', 'chat'],
    ['image_generation', 'image_generation'],
  ] as const)
  for (const word of ['Chat', ' CHAT ', 'chat']) t.equal(modeIn(modes, word), 'chat')
  for (const word of ['Image Generation', 'image-generation']) t.equal(modeIn(modes, word), 'image_generation')
  for (const day of [
    '2026-12-31T23:59:59Z',
    '2026-12-31 10:00',
    '2026/12/31',
    '2026-12-31',
    1_798_675_200,
    1_798_675_200_000,
    '1798675200',
    '1798675200.5',
    '2026-12-31Z',
    '2026-12-31 UTC',
    '20261231',
    20261231,
    '2026.12.31',
    'Dec 31, 2026',
    'December 31st, 2026',
    '31 Dec. 2026',
    '31-dec-2026',
    'Thu, 31 Dec 2026 08:00:00 GMT',
  ])
    t.equal(dateOf(day), '2026-12-31', String(day))
  t.equal(dateOf('2026-2-3'), '2026-02-03')
  t.equal(timeOf('Sept 3, 2026 10:00'), '2026-09-03T10:00:00.000Z')
  for (const none of [
    '2026-02-30',
    '2026-02-30T10:00:00Z',
    2026,
    '2026',
    '2026-12',
    '12/31/2026',
    '31/12/2026',
    20261331,
  ])
    t.equal(dateOf(none), String(none), 'no day, or one of two: handed on, so that cleaning warns')
  t.equal(timeOf('2026-12-31 10:00:00 UTC'), '2026-12-31T10:00:00.000Z')
  t.equal(timeOf(0), null)
  for (const moment of [
    1_759_000_005,
    1_759_000_005_000,
    1_759_000_005_000_000,
    '1759000005000000000',
    '20250927190645',
  ])
    t.equal(timeOf(moment), '2025-09-27T19:06:45.000Z', String(moment))
})

t.test('what is not served says so in any spelling of a flag', async (t) => {
  const gone: readonly (readonly [slug: string, entry: object, flag: readonly string[]])[] = [
    ['groq', { id: 'a' }, ['active']],
    ['mistral', { id: 'a' }, ['archived']],
    ['baseten', { id: 'a' }, ['is_ready']],
    ['venice', { id: 'a', type: 'text' }, ['model_spec', 'offline']],
    ['near', { modelId: 'a' }, ['metadata', 'isReady']],
  ]
  for (const [slug, entry, [member = '', inner]] of gone) {
    const listing = sources.find((source) => source.slug === slug)!.listings[0]!
    const isNo = ['active', 'is_ready', 'isReady'].includes(inner ?? member)
    const kindOf = (flag: unknown): string =>
      listing.parse({ ...entry, [member]: inner === undefined ? flag : { [inner]: flag } }).kind
    for (const yes of [true, 'true', 'Yes', 1]) t.equal(kindOf(yes), isNo ? 'model' : 'filtered', `${slug}: ${yes}`)
    for (const no of [false, 'false', 'no', 0]) t.equal(kindOf(no), isNo ? 'filtered' : 'model', `${slug}: ${no}`)
    for (const open of [null, undefined, '', 'unknown']) t.equal(kindOf(open), 'model', `${slug}: ${open}`)
  }
})

t.test('an offer whose flags are texts, a model that chats by one', async (t) => {
  const offers = [
    { status: 'live', supports_tools: 'true' },
    { status: 'live', supports_tools: false },
  ]
  const hosted = await read(huggingface, [{ id: 'a/b', providers: offers }])
  t.match(hosted.models['a/b'], { capabilities: { functionCalling: true } })
  const fine = await read(mistral, [{ id: 'm', capabilities: { completion_chat: 'true', vision: 'yes' } }])
  t.match(fine.models['m'], { mode: 'chat', inputModalities: ['image', 'text'] })
})

t.test('an empty text does not hide the same fact in its other place', async (t) => {
  const { models } = await read(featherless, [
    { id: 'f', status: 'active', pricing: { prompt: '', completion: '', input: 0.1, output: 0.2 } },
  ])
  t.match(models['f'], { inputCostPerToken: '0.0000001', outputCostPerToken: '0.0000002' })
  const flat = await read(openrouter, [
    {
      ...{ id: 'a/b', expiration_date: '', deprecation_date: '2027-05-01', input_modalities: ['text'] },
      ...{ output_modalities: ['text'], architecture: { input_modalities: '', output_modalities: null } },
      pricing: { prompt: '', input_cache_read: '', input_cache_reads: '0.0000001' },
    },
    { id: 'a/b:free', pricing: { prompt: '', completion: null } },
  ])
  t.match(flat.models['a/b'], { deprecationDate: '2027-05-01', mode: 'chat', cacheReadCostPerToken: '0.0000001' })
  t.match(flat.models['a/b:free'], { inputCostPerToken: '0', outputCostPerToken: '0' })
  const cents = await read(novita, [
    { id: 'n', input_token_price_per_m: '', pricing: { prompt: { price_per_m: 700 } } },
  ])
  t.match(cents.models['n'], { inputCostPerToken: '0.00000007' })
})

t.test('LiteLLM, whose rows hold what an operator has typed', async (t) => {
  const row = (model_name: string, model_info: object): object => ({
    model_name,
    litellm_params: { model: 'openai/x' },
    model_info,
  })
  const { models, warnings } = await read(litellm, [
    row('typed', {
      ...{ mode: 'Chat', max_input_tokens: '128,000', max_output_tokens: ' 16k ', supports_vision: 'true' },
      ...{
        input_cost_per_token: '$0.0000025',
        output_cost_per_token: 0.00001,
        deprecation_date: '2039-01-31T00:00:00Z',
      },
    }),
    row('odd', {
      mode: 'chat',
      max_input_tokens: 'lots',
      max_output_tokens: 0,
      supports_vision: 'maybe',
      input_cost_per_token: '0,15',
      deprecation_date: 'soon',
    }),
    row('as odd', { mode: 'chat', max_input_tokens: 'plenty', supports_vision: 'often', input_cost_per_token: '1,25' }),
    row('by the hour', {
      mode: 'world-model',
      input_cost_per_token: 1e-6,
      off_peak_pricing: { windows: [] },
      tiered_pricing: [{ from: 0 }],
    }),
  ])
  t.match(models['typed'], {
    ...{ mode: 'chat', contextLength: 128_000, maxOutputTokens: 16_000, capabilities: { vision: true } },
    ...{ inputCostPerToken: '0.0000025', deprecationDate: '2039-01-31' },
  })
  t.match(models['odd'], {
    contextLength: null,
    maxOutputTokens: null,
    capabilities: {},
    inputCostPerToken: null,
    deprecationDate: null,
  })
  t.match(models['by the hour'], { mode: 'world_model', inputCostPerToken: '0.000001' })
  t.same(
    warnings.sort().map((warning) => warning.replace(/is not one of .*;/, 'is not one of …;')),
    [
      'by the hour: off_peak_pricing: prices that hold at certain hours are not kept, those of the other hours are',
      'by the hour: tiered_pricing: a tier without a range of tokens is left out',
      'odd and 1 more: contextLength: "lots" is not a whole number from 0 to 2147483647; kept as unknown',
      'odd and 1 more: price of input: "0,15" is not a price of 0 or more; kept as unknown',
      'odd and 1 more: supports_vision: what it states is neither true nor false; kept as unknown',
      'odd: deprecationDate: "soon" is not an ISO date (YYYY-MM-DD); kept as unknown',
      'odd: max_output_tokens: 0 is no limit; kept as unknown',
    ],
  )
})

t.test('another source, another reader: the same', async (t) => {
  const { models, warnings } = await read(openrouter, [
    {
      id: 'a/typed',
      context_length: '200,000',
      created: '1767225600',
      pricing: { prompt: '$0.000003', completion: '0.000015' },
      architecture: {},
    },
    {
      id: 'a/odd',
      context_length: '200 thousand',
      created: {},
      expiration_date: 'Q4',
      pricing: { prompt: '0,000003' },
      architecture: {},
    },
  ])
  t.match(models['a/typed'], {
    contextLength: 200_000,
    inputCostPerToken: '0.000003',
    createdAt: '2026-01-01T00:00:00.000Z',
  })
  t.match(models['a/odd'], { contextLength: null, inputCostPerToken: null, createdAt: null, deprecationDate: null })
  t.equal(warnings.length, 4, warnings.join('\n'))
  const types = await read(together, [
    { id: 'a/b', type: 'Chat' },
    { id: 'a/c', type: 'world-model' },
  ])
  t.equal(types.models['a/b']?.['mode'], 'chat')
  t.equal(types.models['a/c']?.['mode'], 'world_model')
  t.same(types.warnings, [])
  t.same(cleanFields({ contextLength: limitOf(-5) }).warnings.length, 1)
})

t.test('a list in another shape is unknown with a warning, of its odd members each', async (t) => {
  const entry = (id: string, architecture: object): object => ({ id, name: id, architecture })
  const { models, warnings } = await read(openrouter, [
    entry('a/number', { input_modalities: 5, output_modalities: ['text'] }),
    entry('a/object', { input_modalities: { text: true }, output_modalities: ['text'] }),
    entry('a/members', { input_modalities: ['text', 7, ' image '], output_modalities: 'text' }),
    entry('a/unsaid', { input_modalities: null, output_modalities: 'N/A' }),
  ])
  t.match(models, {
    'a/number': { inputModalities: [], outputModalities: ['text'] },
    'a/object': { inputModalities: [] },
    'a/members': { inputModalities: ['image', 'text'], outputModalities: ['text'], capabilities: { vision: true } },
    'a/unsaid': { inputModalities: [] },
  })
  const said = warnings.join('\n')
  t.match(said, /a\/number.*inputModalities: 5 is not a list; kept as unknown/)
  t.match(said, /inputModalities: 7 is not a text/)
  t.notMatch(said, /unsaid|outputModalities/)
})
