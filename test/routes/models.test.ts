/** Reading the catalogue over HTTP: filters, sorts, pages, conditional requests. */
import t from 'tap'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost } from '../support/host.js'
import { json, loopback } from '../support/loopback.js'
import { manyRows, modelRow } from '../support/loopback-litellm.js'
import oneModel from '../stories/http/one-model.js'
import type { ModelRecord } from '../../src/core/model/model-record.js'
import type { ChangeRecord } from '../../src/core/records/change-record.js'

interface Page {
  models: ModelRecord[]
  nextCursor: string | null
  total: number
}

const named = [
  modelRow({
    model_name: 'Alpha',
    model_info: { litellm_provider: 'anthropic', mode: 'chat', max_input_tokens: 10, input_cost_per_token: 0.5 },
  }),
  modelRow({
    model_name: 'alpha_2',
    model_info: { litellm_provider: 'openai', mode: 'embedding', max_input_tokens: 20, input_cost_per_token: 0.1 },
  }),
  modelRow({
    model_name: 'beta%x',
    model_info: { litellm_provider: 'openai', mode: null, max_input_tokens: null, input_cost_per_token: null },
  }),
  modelRow({
    model_name: 'ελ/γάμμα',
    model_info: {
      litellm_provider: 'groq',
      mode: 'chat',
      supports_vision: true,
      max_input_tokens: 20,
      input_cost_per_token: 0.1,
    },
  }),
]
const host = await startHost(t, await createPostgresDatabase(t), { litellm: { models: [...named, ...manyRows(150)] } })
await host.sync()
host.litellm.models.pop()
host.litellm.models[0]!.model_info['max_output_tokens'] = 5
await host.sync()

const ids = async (query: string): Promise<string[]> =>
  (await host.get<Page>(`/models?${query}`)).body.models.map(({ providerModelId }) => providerModelId)

t.test('a search has ten words at most', async (t) => {
  const search = (words: string) => host.get(`/models?search=${encodeURIComponent(words)}`)
  const letters = (count: number) =>
    Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index)).join(' ')
  t.equal((await search(letters(10))).status, 200)
  for (const words of [letters(11), `${letters(11)} a a`, letters(26).replaceAll(' ', '\t\n ')])
    t.match(await search(words), {
      status: 400,
      body: { code: 'FST_MODEL_SYNC_VALIDATION', message: /words, expected 10 at most/ },
    })
  t.equal((await search('alpha '.repeat(30))).body['total'], 2, 'a word that comes again is one')
})

t.test('filters', async (t) => {
  t.strictSame(await ids('search=alpha'), ['Alpha', 'alpha_2'])
  t.strictSame(await ids('search=ALPHA%20openai'), ['alpha_2'], 'each word, in id, name or owner, in any case')
  t.strictSame(await ids('search=%25'), ['beta%x'], 'no pattern')
  t.strictSame(await ids('search=_2'), ['alpha_2'])
  t.strictSame(await ids('search=%5C'), [])
  t.strictSame(await ids(`search=${encodeURIComponent('ΓΆΜΜΑ')}`), ['ελ/γάμμα'])
  t.strictSame(await ids('search=%20'), await ids(''), 'blank is no filter')
  t.strictSame(await ids('mode=embedding'), ['alpha_2'])
  t.strictSame(await ids('ownedBy=groq'), ['ελ/γάμμα'])
  t.strictSame(await ids('availability=unavailable'), ['vendor-29/model-00149'])
  t.strictSame(await ids('capability=vision&ownedBy=groq'), ['ελ/γάμμα'])
  t.strictSame(await ids('id=litellm/Alpha'), ['Alpha'])
  t.strictSame(await ids('id=litellm/nothing'), [])
  t.equal((await host.get<Page>('/models?provider=litellm')).body.total, 154)
  t.match((await host.get('/models?provider=groq')).body, { models: [], total: 0, nextCursor: null })
  t.strictSame(await ids("search=' OR 1=1 --"), [])
})

t.test('ranges of context and price: bounds count, unknown is in none, decimals are exact', async (t) => {
  t.strictSame(await ids('minContext=10&maxContext=20&sort=name'), ['Alpha', 'alpha_2', 'ελ/γάμμα'])
  t.strictSame(await ids('maxContext=19'), ['Alpha'])
  t.strictSame(await ids('minInputCost=0.1&sort=name'), ['Alpha', 'alpha_2', 'ελ/γάμμα'])
  t.strictSame(await ids('minInputCost=0.10000000000000000000001'), ['Alpha'])
  t.strictSame(await ids('minInputCost=0.1&maxInputCost=0.4999&sort=name'), ['alpha_2', 'ελ/γάμμα'])
  t.equal((await host.get<Page>('/models?minOutputCost=0.00001&maxOutputCost=0.00001')).body.total, 4)
  for (const query of ['minContext=-1', 'maxContext=many', 'minInputCost=1e-6', 'maxOutputCost=-1', 'maxInputCost='])
    t.match(await host.get(`/models?${query}`), { status: 400, body: { code: 'FST_MODEL_SYNC_VALIDATION' } }, query)
})

t.test('sorts, both ways, each total and without a gap or a repetition over its pages', async (t) => {
  const all = await host.models()
  const keys = [
    'id',
    'name',
    'ownedBy',
    'mode',
    'contextLength',
    'maxOutputTokens',
    'inputCostPerToken',
    'outputCostPerToken',
    'updatedAt',
    'firstSeenAt',
  ]
  for (const sort of keys.flatMap((key) => [key, `-${key}`])) {
    const found: ModelRecord[] = []
    let cursor: string | null = ''
    let pages = 0
    while (cursor !== null) {
      const { body }: { body: Page } = await host.get<Page>(
        `/models?sort=${sort}&limit=37${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      t.equal(body.total, 154)
      found.push(...body.models)
      cursor = body.nextCursor
      pages += 1
    }
    t.equal(pages, 5, sort)
    t.equal(new Set(found.map(({ id }) => id)).size, all.size, `${sort}: each model once`)
    const key = sort.replace('-', '') as keyof ModelRecord
    const value = (model: ModelRecord): string | number => {
      const raw = model[key]
      const down = sort.startsWith('-')
      if (/(CostPerToken|Length|Tokens)$/.test(key)) return raw === null ? (down ? -1 : Infinity) : Number(raw)
      return String(raw ?? (down ? '' : '\u{10FFFF}'))
    }
    const sorted = found.map(value)
    const inOrder = sorted.every((one, index) => {
      const next = sorted[index + 1]
      return (
        next === undefined ||
        (sort.startsWith('-') ? Buffer.compare(...order(next, one)) <= 0 : Buffer.compare(...order(one, next)) <= 0)
      )
    })
    t.ok(inOrder, `${sort}: in order`)
  }
  for (const sort of ['inputCostPerToken', '-inputCostPerToken'])
    t.equal(
      (await host.get<Page>(`/models?sort=${sort}&limit=500`)).body.models.at(-1)?.inputCostPerToken,
      null,
      `${sort}: the unknown come last`,
    )
})

t.test('pages by id go from one provider to the next, also where one slug begins with another', async (t) => {
  const upstream = await loopback(t, (_, response) => json(response, { data: [{ id: 'b' }, { id: 'a/1' }] }))
  const slugs = ['rack', 'rack-2', 'rack0']
  const racks = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: [modelRow({ model_name: 'x' })] },
    settings: {
      openaiCompatible: slugs.map((slug) => ({ slug, url: `${upstream.url}/v1` })),
      providers: ['litellm', ...slugs],
    },
  })
  await racks.sync()
  const list = async (query: string): Promise<string[]> => {
    const found: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page } = await racks.get<Page>(
        `/models?limit=1&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      found.push(...body.models.map(({ id }) => id))
      cursor = body.nextCursor
    }
    return found
  }
  // By bytes: "-" comes before "/", and that before "0".
  const expected = ['litellm/x', 'rack-2/a/1', 'rack-2/b', 'rack/a/1', 'rack/b', 'rack0/a/1', 'rack0/b']
  t.strictSame(await list(''), expected)
  t.strictSame(await list('sort=-id'), expected.toReversed())
  t.strictSame(await list('search=b'), ['rack-2/b', 'rack/b', 'rack0/b'])
  t.strictSame(await list('provider=rack'), ['rack/a/1', 'rack/b'])
})

/** As buffers, so that texts compare by bytes and numbers by value. */
function order(a: string | number, b: string | number): [Buffer, Buffer] {
  if (typeof a === 'string' || typeof b === 'string') return [Buffer.from(String(a)), Buffer.from(String(b))]
  return [Buffer.from([a > b ? 1 : 0]), Buffer.from([b > a ? 1 : 0])]
}

t.test('pages go on where they ended when the catalogue moves meanwhile', async (t) => {
  const first = (await host.get<Page>('/models?limit=100')).body
  host.litellm.models.push(modelRow({ model_name: '000-before' }), modelRow({ model_name: 'zzz-behind' }))
  await host.sync()
  const second = (await host.get<Page>(`/models?limit=100&cursor=${first.nextCursor}`)).body
  const seen = [...first.models, ...second.models].map(({ providerModelId }) => providerModelId)
  t.equal(new Set(seen).size, seen.length)
  t.ok(seen.includes('zzz-behind'))
  t.equal(second.nextCursor, null)
})

t.test('limits, cursors and values that are not allowed', async (t) => {
  t.equal((await host.get<Page>('/models')).body.models.length, 50)
  t.equal((await host.get<Page>('/models?limit=1')).body.models.length, 1)
  t.equal((await host.get<Page>('/models?limit=500')).body.nextCursor, null)
  const { nextCursor } = (await host.get<Page>('/models?limit=2')).body
  const runs = (await host.get<{ nextCursor: string }>('/models/sync/history?limit=1')).body.nextCursor
  const changes = (await host.get<{ nextCursor: string }>('/models/changes?limit=1')).body.nextCursor
  const forged = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url')
  const wrong = [
    ...['models', 'models/changes', 'models/sync/history'].flatMap((path) => [
      ...['0', '501', '-1', 'abc', '1.5', '', '1e9', '10&limit=20'].map((limit) => `/${path}?limit=${limit}`),
      ...[
        'x',
        '%00',
        forged(),
        forged('1'),
        forged(null),
        forged('id', 'x'),
        'e30',
        forged(1e30),
        forged('2026-99-99', '1'),
        forged('1', '00000000-0000-4000-8000-000000000000'),
      ].map((cursor) => `/${path}?cursor=${cursor}`),
      `/${path}?unknown=1`,
      `/${path}?cursor=${'a'.repeat(5000)}`,
    ]),
    `/models?cursor=${nextCursor}&sort=name`,
    `/models?cursor=${forged('contextLength', 'x', 5)}&sort=contextLength`,
    `/models?cursor=${forged('id', 'litellm/a', 'x')}`,
    `/models?cursor=${forged('id', 'a\u0000', 5)}`,
    `/models?cursor=${forged('updatedAt', 'yesterdayish', 5)}&sort=updatedAt`,
    `/models?cursor=${runs}`,
    `/models/changes?cursor=${nextCursor}`,
    `/models/changes?cursor=${runs}`,
    `/models/sync/history?cursor=${nextCursor}`,
    `/models/sync/history?cursor=${changes}`,
    '/models?sort=secret',
    '/models?sort=--id',
    '/models?mode=talk',
    '/models?availability=maybe',
    '/models?capability=flight',
    `/models?search=${'a'.repeat(201)}`,
    '/models/changes?since=yesterday',
    '/models/changes?since=2026-02-30',
    '/models/changes?since=2026-13-01T00:00:00Z',
    '/models/changes?kind=moved',
  ]
  for (const url of wrong) {
    const answer = await host.get(url)
    t.match(
      answer,
      { status: 400, body: { statusCode: 400, code: /^FST_MODEL_SYNC_/, error: 'Bad Request', message: /.{10}/ } },
      url.slice(0, 90),
    )
  }
  for (const url of [
    '/models?search=%00',
    '/models?provider=%00',
    '/models?ownedBy=a%00b',
    '/models?id=%00',
    '/models/litellm/%00',
    '/v1/models/%00',
    '/models/changes?model=%00',
    '/models/changes?provider=%00',
    '/models/changes?field=%00',
  ]) {
    const { status } = await host.get(url)
    t.ok([200, 400, 404].includes(status), `${url} is no failure of ours: ${status}`)
  }
})

t.test('changes: filters and pages', async (t) => {
  const all = await host.changes()
  t.equal(all.length, 158)
  t.strictSame(
    all.map(({ id }) => id),
    all.map(({ id }) => id).sort((a, b) => b - a),
    'newest first',
  )
  const seen: ChangeRecord[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body }: { body: { changes: ChangeRecord[]; nextCursor: string | null } } = await host.get(
      `/models/changes?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    seen.push(...body.changes)
    cursor = body.nextCursor
  }
  t.same(seen, all)
  t.match(await host.changes('&kind=unavailable'), [
    { modelId: 'litellm/vendor-29/model-00149', to: 'omitted', cause: 'upstream', actor: 'sync' },
  ])
  t.match(await host.changes('&field=maxOutputTokens'), [
    { modelId: 'litellm/Alpha', kind: 'updated', from: 16_384, to: 5 },
  ])
  t.strictSame(
    (await host.changes('&model=litellm/Alpha')).map(({ kind }) => kind),
    ['updated', 'added'],
  )
  t.equal((await host.changes(`&model=${encodeURIComponent('litellm/ελ/γάμμα')}`)).length, 1)
  t.equal((await host.changes('&model=litellm/nothing')).length, 0)
  t.equal((await host.changes('&provider=groq')).length, 0)
  const at = all[0]!.at
  t.ok((await host.changes(`&since=${at}`)).every((change) => change.at >= at))
  t.ok((await host.changes(`&since=${at}`)).length > 0)
  t.equal((await host.changes('&since=2999-01-01')).length, 0)
  t.equal((await host.changes('&since=2000-01-01T00:00:00%2B02:00')).length, 158)
})

t.test('ETag and 304 on what the revision decides', async (t) => {
  for (const url of ['/models', '/models?search=alpha', '/models/litellm/Alpha', '/v1/models']) {
    const first = await host.get(url)
    const etag = String(first.headers['etag'])
    t.match(etag, /^W\/"\d+(-[0-9a-f]{12})?"$/)
    t.match(first.headers['cache-control'], /no-cache/)
    for (const tag of [etag, `"x", ${etag}`, etag.replace('W/', '')]) {
      const again = await host.get(url, { 'if-none-match': tag })
      t.equal(again.status, 304, `${url} ${tag}`)
      t.equal(again.text, '')
      t.equal(again.headers['etag'], etag)
    }
    t.equal((await host.get(url, { 'if-none-match': 'W/"999"' })).status, 200)
    await host.sync()
    t.equal((await host.get(url, { 'if-none-match': etag })).status, 304, 'an unchanged sync changes nothing')
  }
  const { headers } = await host.get('/models')
  host.litellm.models[1]!.model_info['max_output_tokens'] = 77
  await host.sync()
  t.equal((await host.get('/models', { 'if-none-match': String(headers['etag']) })).status, 200)
})

t.test('one model', (t) => oneModel(t, host))
