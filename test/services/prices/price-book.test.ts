/** The price book: which ids it answers for, exact prices, dates, the package that is not there, and newer data. */
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { readBookProviders } from '../../../src/services/prices/book-providers.js'
import { downloadPriceBook } from '../../../src/services/prices/price-book-download.js'
import {
  indexPriceBook,
  type BookMatch,
  type BookModel,
  type BookProvider,
  type PriceBookIndex,
} from '../../../src/services/prices/price-book-index.js'
import { PriceBook, type PriceBookLibrary } from '../../../src/services/prices/price-book.js'
import { createHttpClient } from '../../../src/upstream/http-client.js'
import { longestBlock } from '../../support/longest-block.js'
import { captureLog } from '../../support/log-capture.js'
import { json, loopback } from '../../support/loopback.js'

const TODAY = '2026-11-21'
const bookOf = (models: Record<string, BookModel[]>, today = TODAY): PriceBookIndex =>
  indexPriceBook((id) => (id in models ? { id, models: models[id]! } : undefined), today)
const model = (match: BookMatch, input: number, more: Partial<BookModel> = {}): BookModel => ({
  id: 'm',
  match,
  prices: { input_mtok: input },
  ...more,
})
const inputOf = (book: PriceBookIndex, provider: string, id: string): string | null | undefined =>
  book.lookup({ provider, id })?.inputCostPerToken

t.test('prices per million tokens become exact decimals per token', async (t) => {
  const match = { equals: 'gpt-x' }
  const prices = {
    input_mtok: { base: 0.18, tiers: [{ start: 200_000, price: 9 }] },
    output_mtok: 0.1 + 0.2,
    cache_read_mtok: 0,
    cache_write_mtok: -1,
    web_searches_kcount: 10,
  }
  const book = bookOf({ openai: [{ id: 'gpt-x', match, prices, context_window: 128_000 }] })
  t.strictSame(book.lookup({ provider: 'openai', id: 'GPT-X' }), {
    inputCostPerToken: '0.00000018',
    outputCostPerToken: '0.0000003',
    cacheReadCostPerToken: '0',
    contextLength: 128_000,
  })
})

t.test('an id must be the book’s own, but for a date or a version that the book lets pass', async (t) => {
  const book = bookOf({
    openai: [
      model({ or: [{ equals: 'gpt-x' }, { equals: 'gpt-x-2026-01-01' }] }, 1),
      model({ equals: 'gpt-x-2026-02-02' }, 2),
      model({ or: [{ equals: 'gpt-y' }, { regex: '^gpt-y-\\d{4}-\\d{2}-\\d{2}$' }] }, 3),
      model({ starts_with: 'gpt-z-' }, 4),
      model({ equals: 'twice' }, 5),
      model({ equals: 'twice' }, 6),
    ],
    google: [model({ and: [{ starts_with: 'gemini-9-pro' }, { regex: '^(?!.*-tts)' }] }, 7)],
    aws: [model({ contains: 'acme.thinker' }, 8), model({ contains: 'claude-9-20260101' }, 9)],
  })
  t.equal(inputOf(book, 'openai', 'gpt-x'), '0.000001')
  t.equal(inputOf(book, 'openai', 'gpt-x-2026-01-01'), '0.000001')
  t.equal(inputOf(book, 'openai', 'gpt-x-2026-02-02'), '0.000002')
  t.equal(inputOf(book, 'openai', 'gpt-x-2026-03-03'), undefined, 'a date that the book does not know')
  t.equal(inputOf(book, 'openai', 'gpt-y-2026-03-03'), '0.000003')
  t.equal(inputOf(book, 'openai', 'gpt-z-20260303'), '0.000004')
  t.equal(inputOf(book, 'openai', 'gpt-z-mini'), undefined, 'begins alike, is another model')
  t.equal(inputOf(book, 'openai', 'twice'), undefined, 'ambiguous')
  t.equal(inputOf(book, 'openai', 'ft:gpt-x:acme'), undefined)
  t.equal(inputOf(book, 'gemini', 'models/gemini-9-pro'), '0.000007')
  t.equal(inputOf(book, 'google-vertex', 'gemini-9-pro-001'), '0.000007')
  t.equal(inputOf(book, 'gemini', 'gemini-9-pro-tts'), undefined)
  t.equal(inputOf(book, 'bedrock', 'acme.thinker-v1:0'), '0.000008')
  t.equal(inputOf(book, 'bedrock', 'us.acme.thinker-v1:0'), undefined)
  t.equal(inputOf(book, 'bedrock', 'anthropic.claude-9-20260101-v1:0'), '0.000009')
  t.equal(inputOf(book, 'mybox', 'gpt-x'), undefined, 'a provider that the book does not have')
  t.equal(inputOf(book, 'constructor', 'gpt-x'), undefined)
  t.equal(inputOf(book, 'cohere', 'gpt-x'), undefined)
})

t.test('a price that depends on the day, and one that depends on the hour', async (t) => {
  const match = { equals: 'gpt-x' }
  const dated = [
    { prices: { input_mtok: 1 } },
    { constraint: { start_date: '2026-11-21' }, prices: { input_mtok: 2 } },
    { constraint: { start_date: '2027-01-01' }, prices: { input_mtok: 3 } },
  ]
  const on = (today: string): unknown =>
    inputOf(bookOf({ openai: [{ id: 'x', match, prices: dated }] }, today), 'openai', 'gpt-x')
  t.equal(on('2026-11-20'), '0.000001')
  t.equal(on('2026-11-21'), '0.000002')
  t.equal(on('2027-01-01'), '0.000003')
  const hourly = [
    { prices: { input_mtok: 1 } },
    { constraint: { start_time: '16:30:00Z', end_time: '00:30:00Z' }, prices: { input_mtok: 2 } },
  ]
  t.strictSame(
    bookOf({ deepseek: [{ id: 'x', match, prices: hourly, context_window: 64 }] }).lookup({
      provider: 'deepseek',
      id: 'gpt-x',
    }),
    {
      contextLength: 64,
      inputCostPerToken: '0.000001',
      priceWindows: [
        {
          days: [1, 2, 3, 4, 5, 6, 7],
          from: '16:30',
          to: '00:30',
          timeZone: 'UTC',
          prices: { inputCostPerToken: '0.000002' },
        },
      ],
    },
  )
})

t.test('another seller’s list does not stand in for one’s own', async (t) => {
  const lists = {
    azure: { id: 'azure', models: [model({ equals: 'o9' }, 1)], fallback_model_providers: ['openai'] },
    openai: {
      id: 'openai',
      models: [model({ equals: 'o9' }, 2), model({ equals: 'gpt-x' }, 3, { context_window: 5 })],
    },
  } as Record<string, BookProvider>
  const book = indexPriceBook((id) => lists[id], TODAY)
  t.equal(inputOf(book, 'azure', 'o9'), '0.000001')
  t.equal(book.lookup({ provider: 'azure', id: 'gpt-x' }), null)
})

t.test('nor does a price that the book took from OpenRouter', async (t) => {
  const taken = { price_comments: 'Imported from OpenRouter pricing; verify it.' }
  const models = [
    model({ equals: 'gpt-x' }, 1, { ...taken, context_window: 5 }),
    model({ equals: 'gpt-y' }, 2, { price_comments: 'See https://example.com/pricing' }),
  ]
  const book = bookOf({ openai: models, openrouter: models })
  t.equal(book.lookup({ provider: 'openai', id: 'gpt-x' }), null)
  t.equal(inputOf(book, 'openai', 'gpt-y'), '0.000002')
  t.equal(inputOf(book, 'openrouter', 'gpt-x'), '0.000001', 'OpenRouter’s own')
})

t.test('an entry’s limit is that of the model which it is named after, not of all that cost the same', async (t) => {
  const match = {
    or: ['gpt-5', 'gpt-5-2025-08-07', 'gpt-5-chat-latest', 'gpt-5-codex'].map((equals) => ({ equals })),
  }
  const book = bookOf({ openai: [model(match, 1, { id: 'gpt-5', context_window: 400_000 })] })
  const limitOf = (id: string) => book.lookup({ provider: 'openai', id })?.contextLength
  t.equal(limitOf('gpt-5'), 400_000)
  t.equal(limitOf('gpt-5-2025-08-07'), 400_000)
  for (const id of ['gpt-5-chat-latest', 'gpt-5-codex']) {
    t.equal(limitOf(id), undefined, id)
    t.equal(inputOf(book, 'openai', id), '0.000001')
  }
})

t.test('AWS: a bare id at the global rate, a profile of a place at its own', async (t) => {
  const rate = (id: string, texts: string[], input: number) =>
    model({ or: texts.map((contains) => ({ contains })) }, input, { id })
  const aws = [
    rate('global.acme.thinker-v1:0', ['global.acme.thinker'], 1),
    rate('regional.acme.thinker-v1:0', ['acme.thinker', 'us.acme.thinker', 'us-gov.acme.thinker'], 1.1),
    rate('acme.writer-v1:0', ['acme.writer'], 3),
  ]
  const book = bookOf({ aws })
  t.equal(inputOf(book, 'bedrock', 'acme.thinker-v1:0'), '0.000001')
  t.equal(inputOf(book, 'bedrock', 'global.acme.thinker-v1:0'), '0.000001')
  t.equal(inputOf(book, 'bedrock', 'us.acme.thinker-v1:0'), '0.0000011')
  t.equal(inputOf(book, 'bedrock', 'us-gov.acme.thinker-v1:0'), '0.0000011')
  t.equal(inputOf(book, 'bedrock', 'eu.acme.thinker-v1:0'), undefined, 'no word of that place')
  t.equal(inputOf(book, 'bedrock', 'acme.writer-v1:0'), '0.000003')
})

/** In the place of the package. */
function fakeLibrary(input: number): PriceBookLibrary {
  const models = [model({ equals: 'gpt-x' }, input)]
  return { findProvider: ({ providerId }) => (providerId === 'openai' ? { id: 'openai', models } : undefined) }
}

t.test('without the package: once a warning, and no book', async (t) => {
  const log = captureLog()
  let loads = 0
  const book = new PriceBook({
    log: log.logger,
    now: Date.now,
    refresh: null,
    load: () => {
      loads++
      return Promise.reject(new Error('Cannot find package'))
    },
  })
  t.strictSame(await Promise.all([book.read(), book.read()]), [null, null])
  t.equal(await book.read(), null)
  t.equal(loads, 1)
  t.equal(log.messages(40).length, 1)
  t.match(log.messages(40)[0], /@pydantic\/genai-prices is not installed.*MODEL_SYNC_PRICE_BOOK=false/)
})

t.test('newer data are read once a day, beside the reads; what is refused changes nothing', async (t) => {
  const log = captureLog()
  let now = Date.parse('2026-11-21T10:00:00Z')
  const answers: unknown[] = [[{ id: 'openai', models: [model({ equals: 'gpt-x' }, 7)] }], [{}], null, 'html']
  let asked = 0
  const book = new PriceBook({
    log: log.logger,
    now: () => now,
    load: () => Promise.resolve(fakeLibrary(5)),
    refresh: async () => {
      await setImmediate()
      return answers[asked++]
    },
  })
  const read = async (): Promise<unknown> => inputOf((await book.read())!, 'openai', 'gpt-x')
  t.equal(await read(), '0.000005', 'nobody waits for it')
  await book.settled()
  t.equal(await read(), '0.000007')
  t.equal(asked, 1)
  for (const day of [1, 2, 3]) {
    now += 24 * 60 * 60 * 1000
    await read()
    await book.settled()
    t.equal(asked, day + 1)
    t.equal(await read(), '0.000007')
    t.equal(log.messages(40).length, day, 'and says so')
  }
})

t.test('newer data are ours alone: the package answers the host as before', async (t) => {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices')
  const costOf = () => calcPrice({ input_tokens: 1_000_000 }, 'gpt-4o', { providerId: 'openai' })?.total_price
  const [cost, provider] = [costOf(), findProvider({ providerId: 'openai' })]
  const newer = { id: 'openai', models: [model({ equals: 'gpt-4o' }, 77)] }
  const openBook = (data: unknown) =>
    new PriceBook({ log: captureLog().logger, now: Date.now, refresh: () => Promise.resolve(data) })
  const [book, other] = [openBook([newer]), openBook(null)]
  for (const one of [book, other]) {
    await one.read()
    await one.settled()
  }
  t.equal(inputOf((await book.read())!, 'openai', 'gpt-4o'), '0.000077')
  t.equal((await book.read())?.lookup({ provider: 'anthropic', id: 'claude-3-opus-20240229' }), null, 'not mixed')
  t.equal(
    inputOf((await other.read())!, 'openai', 'gpt-4o'),
    '0.0000025',
    'nor does another host of this process see them',
  )
  t.ok(cost)
  t.equal(costOf(), cost)
  t.equal(findProvider({ providerId: 'openai' }), provider)
})

t.test('newer data that the index could not read are refused whole, with the place', async (t) => {
  const good = model({ equals: 'gpt-x' }, 7)
  const bad: [unknown, RegExp][] = [
    [[], /no list of providers/],
    [{ id: 'openai', models: [] }, /no list of providers/],
    [[{ id: 'openai', models: [good] }, 'html'], /entry 1 is no provider/],
    [[{ models: [good] }], /entry 0 is no provider/],
    [[{ id: 'openai', models: { good } }], /entry 0 is no provider/],
    ...[
      { ...good, match: undefined },
      { ...good, match: {} },
      { ...good, match: { like: 'gpt-x' } },
      { ...good, match: { equals: 5 } },
      { ...good, match: { or: [{ equals: 'a' }, { and: 'b' }] } },
      { ...good, prices: undefined },
      { ...good, prices: { input_mtok: '7' } },
      { ...good, prices: { input_mtok: null } },
      { ...good, prices: [{ constraint: 'today', prices: {} }] },
      { ...good, context_window: '128k' },
    ].map((wrong): [unknown, RegExp] => [[{ id: 'openai', models: [good, wrong] }], /model 1 of openai/]),
  ]
  for (const [data, message] of bad) t.throws(() => readBookProviders(data), { message }, JSON.stringify(data))
})

t.test('the version moves with what the book answers, and only with that', async (t) => {
  const dated = {
    prices: [{ prices: { input_mtok: 1 } }, { constraint: { start_date: TODAY }, prices: { input_mtok: 2 } }],
  }
  const versionOn = (today: string, more: Partial<BookModel> = dated): string =>
    bookOf({ openai: [model({ equals: 'gpt-x' }, 1, more)] }, today).version()
  t.match(versionOn(TODAY), /^[0-9a-f]{12}$/)
  t.equal(versionOn('2026-11-22'), versionOn(TODAY), 'a day without another price')
  t.not(versionOn('2026-11-20'), versionOn(TODAY), 'the day from which a price holds')
  t.not(versionOn(TODAY, { context_window: 5 }), versionOn(TODAY, {}))
  const other = bookOf({ groq: [model({ equals: 'gpt-x' }, 1)] })
  t.not(other.version(), bookOf({ openai: [model({ equals: 'gpt-x' }, 1)] }).version(), 'another provider’s offer')

  const log = captureLog()
  const refreshed = new PriceBook({
    log: log.logger,
    now: () => Date.parse(TODAY),
    load: () => Promise.resolve(fakeLibrary(5)),
    refresh: async () => {
      await setImmediate()
      return [{ id: 'openai', models: [model({ equals: 'gpt-x' }, 7)] }]
    },
  })
  const before = (await refreshed.read())?.version()
  await refreshed.settled()
  t.not((await refreshed.read())?.version(), before)
})

t.test('the download', async (t) => {
  const server = await loopback(t, (request, response) =>
    request.url === '/data.json'
      ? json(response, [{ id: 'openai', models: [] }])
      : request.url === '/page'
        ? void response.end('<html>')
        : json(response, {}, 404),
  )
  const client = createHttpClient({ timeoutMs: 1000 })
  t.teardown(() => client.close())
  const read = (path: string): Promise<unknown> =>
    downloadPriceBook({
      client,
      userAgent: 'test/1',
      url: `${server.url}${path}`,
      timeoutMs: 1000,
      ...{ maxBodyBytes: 1024, maxEntries: 2, maxValues: 1000 },
      signal: new AbortController().signal,
    })
  t.strictSame(await read('/data.json'), [{ id: 'openai', models: [] }])
  t.equal(server.requests[0]?.headers['user-agent'], 'test/1')
  await t.rejects(read('/page'), /HTML/)
  await t.rejects(read('/gone'), /answered 404/)
})

t.test('the package itself', async (t) => {
  const log = captureLog()
  const book = await new PriceBook({ log: log.logger, now: Date.now, refresh: null }).read()
  t.strictSame(log.messages(40), [])
  // Models that are no longer sold keep their price.
  t.match(book?.lookup({ provider: 'openai', id: 'gpt-4o-2024-05-13' }), {
    inputCostPerToken: '0.000005',
    outputCostPerToken: '0.000015',
    contextLength: 128_000,
  })
  t.match(book?.lookup({ provider: 'anthropic', id: 'claude-3-opus-20240229' }), {
    inputCostPerToken: '0.000015',
    outputCostPerToken: '0.000075',
    cacheReadCostPerToken: '0.0000015',
    cacheWriteCostPerToken: '0.00001875',
  })
  t.ok(inputOf(book!, 'gemini', 'gemini-2.5-pro'))
  t.ok(inputOf(book!, 'bedrock', 'meta.llama3-3-70b-instruct-v1:0'))
  t.equal(inputOf(book!, 'bedrock', 'anthropic.claude-sonnet-4-5-20250929-v1:0'), '0.000003')
  t.equal(inputOf(book!, 'bedrock', 'global.anthropic.claude-sonnet-4-5-20250929-v1:0'), '0.000003')
  t.equal(inputOf(book!, 'bedrock', 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0'), '0.0000033')
  t.equal(book!.lookup({ provider: 'azure', id: 'gpt-oss-120b' }), null, 'not OpenRouter’s 0.039 / 0.18')
  t.equal(book!.lookup({ provider: 'openai', id: 'gpt-oss-20b' }), null)
  t.equal(book!.lookup({ provider: 'openai', id: 'gpt-5' })?.contextLength, 400_000)
  t.equal(book!.lookup({ provider: 'openai', id: 'gpt-5-chat-latest' })?.contextLength, undefined)
  t.equal(book!.lookup({ provider: 'openai', id: 'gpt-5.1-chat-latest' })?.contextLength, undefined)
  t.equal(inputOf(book!, 'openai', 'gpt-4o-of-somebody'), undefined)
})

t.test('a book that asks for endless work takes none', async (t) => {
  const many = Array.from({ length: 30_000 }, (_, index): BookMatch => ({ contains: `text-${index}` }))
  const nested = (levels: number): BookMatch =>
    levels === 0 ? { equals: 'gpt-x' } : { and: [nested(levels - 1), nested(levels - 1)] }
  const block = await longestBlock(async () => {
    const book = bookOf({ openai: [model({ and: many }, 1), model({ and: [{ or: many }] }, 2), model(nested(12), 3)] })
    t.equal(inputOf(book, 'openai', 'gpt-x'), undefined, 'what has so many conditions is not looked for')
    t.equal(inputOf(book, 'openai', 'text-1'), undefined)
    book.version()
  })
  t.ok(block < 300, `${block} ms`)
  const deep = `[{"id":"openai","models":[{"id":"m","match":${'{"and":['.repeat(5000)}{"equals":"x"}${']}'.repeat(5000)},"prices":{}}]}]`
  const wide = JSON.stringify([
    { id: 'openai', models: Array.from({ length: 50_000 }, () => model({ equals: 'x' }, 1)) },
  ])
  const server = await loopback(t, (request, response) => void response.end(request.url === '/deep' ? deep : wide))
  const client = createHttpClient({ timeoutMs: 5000 })
  t.teardown(() => client.close())
  const read = (path: string): Promise<unknown> =>
    downloadPriceBook({
      ...{ client, userAgent: 'test/1', url: `${server.url}${path}`, timeoutMs: 5000 },
      ...{ maxBodyBytes: 64 * 1024 * 1024, maxEntries: 200_000, maxValues: 2_000_000 },
      signal: new AbortController().signal,
    })
  await t.rejects(read('/deep'), /nested deeper than 64 levels/)
  await t.rejects(read('/wide'), /more than 200000 objects, lists and commas/)
})

t.test(
  'a book of more than any seller has is refused whole: models of one provider, texts of one model, their characters',
  (t) => {
    const bookWith = (models: readonly BookModel[]) => () => readBookProviders([{ id: 'openai', models }])
    const textsOf = (count: number, text: string): BookMatch => ({
      or: Array.from({ length: count }, () => ({ equals: text })),
    })
    const models = Array.from({ length: 5000 }, () => model({ equals: 'gpt-x' }, 1))
    t.doesNotThrow(bookWith(models))
    t.throws(bookWith([...models, ...models.slice(0, 1)]), /openai has 5001 models, and a price book may have 5000/)
    t.doesNotThrow(bookWith([model(textsOf(1000, 'gpt-x'), 1)]))
    t.throws(bookWith([model(textsOf(1001, 'gpt-x'), 1)]), /model 0 of openai has a match/)
    t.doesNotThrow(bookWith([model(textsOf(64, 'x'.repeat(1024)), 1)]))
    t.throws(bookWith([model(textsOf(65, 'x'.repeat(1024)), 1)]), /model 0 of openai has a match/)
    t.end()
  },
)
