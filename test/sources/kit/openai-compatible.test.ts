import t from 'tap'
import { addressVariable } from '../../../src/sources/kit/source.js'
import { keepMembers } from '../../../src/sources/kit/members.js'
import { openaiCompatible, openaiCompatibleEndpoint } from '../../../src/sources/kit/openai-compatible.js'
import { vllm } from '../../../src/sources/providers/vllm.js'
import { loopback, json } from '../../support/loopback.js'
import { read } from '../../upstream/reading.js'

const OWN = { slug: 'box', name: 'Box', description: 'A box', homepage: 'https://example.com', baseUrl: null }
const ENTRY = { id: 'acme/titan:free', object: 'model', created: 1_767_225_600, owned_by: 'acme', max_model_len: 8_192 }

t.test('the bare shape: what it states, and not a field more', async (t) => {
  const [listing] = openaiCompatible({ ...OWN, key: { variables: [], required: false } }).listings
  t.equal(listing?.identify(ENTRY), 'acme/titan:free', 'verbatim')
  t.strictSame(listing?.parse(ENTRY), {
    kind: 'model',
    fields: { ownedBy: 'acme', createdAt: '2026-01-01T00:00:00.000Z', mode: null },
  })
  t.strictSame(listing?.parse({ id: 'x' }), {
    kind: 'model',
    fields: { ownedBy: null, createdAt: null, mode: null },
  })
  for (const entry of [null, 5, 'x', [], {}, { id: '' }, { id: 5 }]) {
    t.equal(listing?.identify(entry), null)
    t.equal(listing?.parse(entry).kind, 'rejected')
  }
})

t.test('what a provider adds wins; its warnings, filters and withdrawals come through', async (t) => {
  const [listing] = openaiCompatible({
    ...OWN,
    key: { variables: ['BOX_KEY'], required: true },
    id: 'model',
    mode: () => 'chat',
    fields: (entry, id) => ({ fields: { ownedBy: 'us', name: id }, warnings: entry['odd'] === true ? ['odd'] : [] }),
    filter: (_entry, id) => (id === 'router' ? 'router' : null),
    withdrawn: (entry) => (entry['off'] === true ? 'off' : null),
    volatile: ['created'],
    members: { keep: 'model size', leave: 'object created permission secret' },
  }).listings
  const fields = { ownedBy: 'us', name: 'a', mode: 'chat' }
  t.strictSame(listing?.parse({ model: 'a', created: 5 }), { kind: 'model', fields }, 'created is volatile, so unread')
  t.strictSame(listing?.parse({ model: 'a', odd: true }), { kind: 'model', fields, warnings: ['odd'] })
  t.strictSame(listing?.parse({ model: 'router' }), { kind: 'filtered', reason: 'router' })
  t.strictSame(listing?.parse({ model: 'a', off: true }), { kind: 'filtered', reason: 'off', withdrawn: true })
  t.strictSame(
    keepMembers(listing?.members, {
      ...{ model: 'a', object: 'model', created: 5, permission: [{ id: 'x' }] },
      ...{ secret: 1, unheard: 'of', size: 2 },
    }),
    { model: 'a', size: 2 },
  )
})

t.test('an endpoint by configuration alone', async (t) => {
  const server = await loopback(t, (request, response) => {
    const known = request.url === '/v1/models' || request.url === '/proxy/v1/models'
    json(response, known ? { object: 'list', data: [ENTRY] } : { error: 'no' }, known ? 200 : 404)
  })
  for (const path of ['', '/', '/v1', '/v1/', '/proxy/v1']) {
    const source = openaiCompatibleEndpoint({ slug: 'box', address: server.url + path, keyVariable: null })
    t.match(source, { slug: 'box', name: 'box', key: { variables: [], required: false } })
    t.equal(addressVariable(source), 'MODEL_SYNC_OPENAI_COMPATIBLE', 'there is no BOX_BASE_URL')
    const { outcome, error, pages } = await read(source, source.baseUrl ?? '', { apiKey: null })
    t.equal(error, null, path)
    t.equal(outcome?.state, 'complete')
    t.same(pages[0]?.[1], [ENTRY])
    t.strictSame(source.listings[0]?.parse(ENTRY), {
      kind: 'model',
      fields: { ownedBy: 'acme', contextLength: 8_192, mode: null },
    })
  }
  t.match(openaiCompatibleEndpoint({ slug: 'box', address: 'https://box', keyVariable: 'BOX_KEY' }).key, {
    variables: ['BOX_KEY'],
    required: true,
  })
  for (const address of ['box:8000', 'box', '', 'ftp://box/v1'])
    t.throws(() => openaiCompatibleEndpoint({ slug: 'box', address, keyVariable: null }), {
      code: 'FST_MODEL_SYNC_OPTIONS',
    })
})

t.test('the context that an engine or what stands before it states', async (t) => {
  const { listings } = openaiCompatibleEndpoint({ slug: 'box', address: 'http://box:8080', keyVariable: null })
  const contextOf = (more: object, listing = listings[0]): unknown => {
    const parsed = listing?.parse({ id: 'a', object: 'model', owned_by: 'x', ...more })
    return parsed?.kind === 'model' ? parsed.fields.contextLength : null
  }
  const llamacpp = {
    meta: { vocab_type: 2, n_vocab: 201_088, n_ctx: 32_768, n_ctx_train: 131_072, n_params: 20_914_757_184 },
  }
  t.equal(contextOf(llamacpp), 32_768, 'llama.cpp: what it was started with, not what the model was trained for')
  t.equal(contextOf(llamacpp, vllm.listings[0]), 32_768, 'also where it stands in for vLLM')
  t.equal(contextOf({ meta: { llamaswap: { type: 'model', context_length: 65_536 } } }), 65_536, 'llama-swap')
  t.equal(contextOf({ context_length: 16_384, meta: { n_ctx: 16_384 } }), 16_384)
  t.equal(contextOf({ max_model_len: 8_192 }), 8_192, 'vLLM, SGLang')
  t.equal(contextOf({ meta: { n_ctx_train: 131_072 } }), null, 'not loaded: unknown')
})
