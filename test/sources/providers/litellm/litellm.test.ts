import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { cleanFields } from '../../../../src/core/model/clean-fields.js'
import type { DesiredFields } from '../../../../src/core/model/model-fields.js'
import { MalformedAnswerError } from '../../../../src/errors.js'
import { keepMembers } from '../../../../src/sources/kit/members.js'
import { mergeListings } from '../../../../src/services/sync/merge-listings.js'
import { litellm } from '../../../../src/sources/providers/litellm/litellm.js'
import type { Listing, Source } from '../../../../src/sources/kit/source.js'
import { modelRow, startLoopbackLiteLLM, type RowOptions } from '../../../support/loopback-litellm.js'

type OwnListing = (typeof litellm.listings)[number]
const [modelInfo, names] = litellm.listings as [OwnListing & Required<Pick<Listing, 'merge'>>, OwnListing]

function read(entry: unknown): { fields: DesiredFields; warnings: string[] } {
  const parsed = modelInfo.parse(entry)
  if (parsed.kind !== 'model') throw new Error(`${parsed.kind}: ${parsed.reason}`)
  return { fields: parsed.fields, warnings: parsed.warnings ?? [] }
}

/** The fields of a full row with these members over it. */
function fieldsOf(options: RowOptions): DesiredFields {
  return read(modelRow(options)).fields
}

function lastOf<T>(steps: Iterator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

const NO_LIMITS = { max_tokens: null, max_input_tokens: null, max_output_tokens: null }

t.test('names: verbatim, wildcards and routers filtered, a team’s row under its public name', async (t) => {
  for (const name of ['openai/gpt-4o:free', ' a b ', '模型', 'a'.repeat(5_000)])
    t.equal(modelInfo.identify(modelRow({ model_name: name })), name)
  for (const name of ['*', 'openai/*', 'bedrock/us.*', 'claude-*']) {
    t.same(modelInfo.parse(modelRow({ model_name: name })), { kind: 'filtered', reason: 'wildcard' })
    t.same(names.parse({ id: name }), { kind: 'filtered', reason: 'wildcard' })
  }
  t.equal(
    modelInfo.parse(modelRow({ litellm_params: { model: 'openai/*' } })).kind,
    'model',
    'a name of its own for what a wildcard serves',
  )
  const router = { mode: 'router', ownedBy: null, contextLength: null, inputCostPerToken: null, otherPrices: [] }
  for (const row of [
    { model_name: 'smart', litellm_params: { model: 'auto_router/smart' } },
    { model_name: 'auto_router/complexity_router', litellm_params: {} },
  ])
    t.match(modelInfo.parse(modelRow(row)), { kind: 'model', fields: { name: row.model_name, ...router } })
  t.same(names.parse({ id: 'auto_router/smart' }), { kind: 'model', fields: { mode: 'router' } })

  const team = { team_id: 'team-1', team_public_model_name: 'our-gpt' }
  t.equal(modelInfo.identify(modelRow({ model_name: 'model_name_team-1_4a6b8', model_info: team })), 'our-gpt')
  t.equal(fieldsOf({ model_name: 'model_name_team-1_4a6b8', model_info: team }).name, 'our-gpt')
  t.equal(modelInfo.identify(modelRow({ model_name: 'gpt-4o', model_info: team })), 'gpt-4o')

  for (const entry of [null, 5, 'x', [], {}, { model_name: '' }, { model_name: 5 }]) {
    t.equal(modelInfo.identify(entry), null)
    t.equal(modelInfo.parse(entry).kind, 'rejected')
    t.equal(names.identify(entry), null)
    t.equal(names.parse(entry).kind, 'rejected')
  }
})

t.test('/v1/models says which models there are, and in newer versions their mode and limits', async (t) => {
  const entry = { id: 'gpt-4o', object: 'model', created: 1_677_610_602, owned_by: 'openai' }
  t.strictSame(names.parse(entry), { kind: 'model', fields: {} })
  t.match(
    names.parse({ ...entry, mode: 'chat', max_input_tokens: 128_000, max_output_tokens: null }),
    { kind: 'model', fields: { mode: 'chat', contextLength: 128_000, maxOutputTokens: undefined } },
    'what is not stated has no field, so that it keeps its value',
  )
  const own = { listing: modelInfo, fields: fieldsOf({ model_info: { mode: 'embedding', max_input_tokens: 64_000 } }) }
  const named = { listing: names, fields: { mode: 'chat', contextLength: 128_000, maxOutputTokens: 4_096 } }
  t.match(
    lastOf(mergeListings(litellm as Source, [named, own])),
    { mode: 'embedding', contextLength: 64_000, maxOutputTokens: 16_384 },
    '/model/info has the word',
  )
  t.equal(
    keepMembers(names.members, { ...entry, api_base: 'http://10.0.0.1' }),
    null,
    'so it never takes the place of a whole entry',
  )
})

t.test('deployments of one name are one model, in whatever order they come', async (t) => {
  const rows = [
    fieldsOf({
      model_info: {
        max_input_tokens: 128_000,
        max_output_tokens: null,
        input_cost_per_token: 2e-6,
        supports_vision: true,
        supports_reasoning: false,
      },
    }),
    fieldsOf({
      model_info: {
        max_input_tokens: 200_000,
        output_cost_per_token: 2e-5,
        supports_vision: null,
        supports_tool_choice: false,
        input_cost_per_image: 0.1,
      },
    }),
    fieldsOf({
      model_info: {
        ...NO_LIMITS,
        input_cost_per_token: 0,
        output_cost_per_token: 0,
        mode: null,
        litellm_provider: 'azure',
        input_cost_per_image: 0.2,
      },
    }),
    {},
  ]
  const merged = rows.reduce(modelInfo.merge)
  t.match(merged, {
    deployments: 3,
    contextLength: 200_000,
    maxOutputTokens: 16_384,
    inputCostPerToken: '0.0000025',
    outputCostPerToken: '0.00002',
    ownedBy: 'azure',
    mode: 'chat',
    inputModalities: ['image', 'text'],
  })
  t.strictSame(merged.capabilities, { vision: true, reasoning: false, toolChoice: false })
  t.same(merged.otherPrices, [{ kind: 'input_image', unit: 'image', currency: 'USD', price: '0.2' }])
  t.strictSame(modelInfo.merge({}, {}), {})
  // As JSON may hold it, an object that has no text.
  const odd = { constructor: 5, toString: null } as unknown as number & string
  const one = { contextLength: odd, maxOutputTokens: 7, deprecationDate: odd }
  const other = { contextLength: 5, maxOutputTokens: odd, deprecationDate: '2030-01-01' }
  for (const both of [modelInfo.merge(one, other), modelInfo.merge(other, one)])
    t.strictSame(both, { contextLength: 5, maxOutputTokens: 7, deprecationDate: '2030-01-01' })
  t.strictSame(modelInfo.merge({}, { contextLength: null }), { contextLength: null }, 'unknown is still something said')

  const price = fc.constantFrom(null, 0, 1e-6, 2e-6, '3e-6')
  const said = fc.constantFrom(true, false, null)
  const row = fc
    .record({
      mode: fc.constantFrom('chat', 'embedding', 'realtime', null),
      description: fc.constantFrom('a', 'b', null, ''),
      litellm_provider: fc.constantFrom('openai', 'azure', null),
      max_input_tokens: fc.constantFrom(null, 1_000, 2_000),
      max_output_tokens: fc.constantFrom(null, 10, 20),
      max_tokens: fc.constantFrom(null, 10),
      input_cost_per_token: price,
      output_cost_per_token: price,
      input_cost_per_image: price,
      input_cost_per_audio_token: price,
      supports_vision: said,
      supports_reasoning: said,
      deprecation_date: fc.constantFrom(null, '2027-01-01', '2026-01-01'),
    })
    .map((model_info) => fieldsOf({ model_info }))
  const name = fc.constantFrom<DesiredFields>({}, { contextLength: 1_500 })
  fc.assert(
    fc.property(
      fc
        .array(fc.oneof({ weight: 4, arbitrary: row }, name), { minLength: 2, maxLength: 5 })
        .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      ([rows, other]) => {
        const clean = (fields: DesiredFields) => cleanFields(fields).fields
        // From the left and from the right: whatever is merged first.
        return isDeepStrictEqual(
          clean(rows.reduce(modelInfo.merge)),
          clean(other.reduceRight((a, b) => modelInfo.merge(b, a))),
        )
      },
    ),
    { numRuns: 500 },
  )
})

t.test('an answer of another shape is malformed, and the message repeats nothing of it', async (t) => {
  t.same(modelInfo.entries({ data: [1] }), [1])
  t.same(names.entries({ data: [], object: 'list' }), [])
  const cases: [body: unknown, found: RegExp][] = [
    [{ error: { message: 'key sk-SECRET' } }, /an object with error where/],
    [{ error: { message: 'key sk-SECRET' }, data: [] }, /an object with error, data where/],
    [{ detail: { error: 'x' } }, /an object with detail/],
    [{ data: { 'gpt-4o': {} } }, /an object with data/],
    [{}, /an empty object/],
    [[], /a bare list/],
    [null, /null/],
    ['<html>', /a string/],
    [{ models: [] }, /an object with models .*LITELLM_API_URL/],
  ]
  for (const [body, found] of cases) {
    for (const listing of [modelInfo, names]) {
      t.throws(() => listing.entries(body), found)
      try {
        listing.entries(body)
      } catch (error) {
        t.ok(error instanceof MalformedAnswerError)
        t.notMatch((error as Error).message, /SECRET/)
      }
    }
  }
})

t.test('what the source can do without', async (t) => {
  for (const status of [401, 403, 404]) {
    const refused = modelInfo.without({ status, ids: [] })
    t.equal(refused?.complete, true)
    t.match(refused?.warning, new RegExp(`GET /model/info answered ${status}.*keep their last values.*LITELLM_API_KEY`))
  }
  for (const status of [400, 429, 500, 502, 503]) t.equal(modelInfo.without({ status, ids: [] }), null)

  t.match(names.without({ status: 404, ids: ['gpt-4o'] }), { complete: true, warning: /GET \/v1\/models answered 404/ })
  t.match(names.without({ status: 404, ids: ['gpt-4o', null, 'openai/*'] }), {
    complete: false,
    warning: /wildcards/,
  })
  t.equal(names.without({ status: 404, ids: [] }), null, 'nothing was read at all')
  for (const status of [401, 403, 429, 500]) t.equal(names.without({ status, ids: ['gpt-4o'] }), null)
})

t.test('no JSON value makes it throw', async () => {
  const members = [
    'id',
    'key',
    'mode',
    'max_tokens',
    'max_input_tokens',
    'input_cost_per_token',
    'tiered_pricing',
    'team_id',
    '__proto__',
    'constructor',
  ]
  const info = fc.dictionary(
    fc.oneof(
      fc.constantFrom(...members, 'supports_vision', 'search_context_cost_per_query', 'input_cost_per_image'),
      fc.string(),
    ),
    fc.jsonValue(),
  )
  const entry = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        model_name: fc.oneof(fc.string(), fc.jsonValue()),
        id: fc.jsonValue(),
        litellm_params: fc.oneof(fc.jsonValue(), info, fc.record({ model: fc.jsonValue(), model_info: info })),
        model_info: fc.oneof(info, fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  )
  const source: Source = litellm
  fc.assert(
    fc.property(entry, (value) => {
      for (const listing of source.listings) {
        // As it arrives: JSON.parse makes a member of `__proto__`.
        const arrived: unknown = JSON.parse(JSON.stringify(value))
        const id = listing.identify(arrived)
        const parsed = listing.parse(arrived)
        JSON.stringify(keepMembers(listing.members, arrived))
        if ((id === null) !== (parsed.kind === 'rejected')) return false
        if (parsed.kind === 'model') cleanFields(parsed.fields)
      }
      return true
    }),
    { numRuns: 1_000 },
  )
})

t.test('over HTTP from a proxy in LiteLLM’s shape', async (t) => {
  const models = [modelRow({ model_name: 'a' }), modelRow({ model_name: 'a' }), modelRow({ model_name: 'openai/*' })]
  const proxy = await startLoopbackLiteLLM({ models, wildcards: { 'openai/*': ['openai/gpt-4o', 'openai/o3'] } })
  t.teardown(() => proxy.close())
  const get = async (path: string, key = proxy.key) => fetch(proxy.url + path, { headers: litellm.key.headers(key) })

  const rows = modelInfo.entries(await (await get(modelInfo.path)).json())
  t.strictSame(rows.map(modelInfo.identify), ['a', 'a', 'openai/*'])
  t.strictSame(
    rows.map((row) => modelInfo.parse(row).kind),
    ['model', 'model', 'filtered'],
  )
  const listed = names.entries(await (await get(names.path)).json())
  t.strictSame(listed.map(names.identify), ['a', 'openai/gpt-4o', 'openai/o3'])

  t.equal((await get(modelInfo.path, 'sk-wrong')).status, 401)
  t.equal((await get(modelInfo.path, proxy.restrictedKey)).status, 403)
  t.equal((await get(names.path, proxy.restrictedKey)).status, 200)
  proxy.setFault('/model/info', { kind: 'not-loaded' })
  t.equal((await get(modelInfo.path)).status, 500)
})
