/** What an upstream may do to the process that reads it: at the limits and beyond them, a bounded amount of memory, and nobody waits. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { loopback } from '../support/loopback.js'
import { program } from '../support/program.js'
import type { HostileSync } from './hostile-sync.js'

needsPostgres()
/** With `npm run test:hostile`, as many models change as are allowed; else fewer, since each such case takes minutes. */
const whole = process.argv.includes('whole')
t.setTimeout(whole ? 7_200_000 : 1_200_000)

const MIB = 1024 * 1024
const MOST_MB = 400
const LONGEST_MS = 100
const CHANGED = whole ? 200_000 : 60_000
const CHANGED_PAGES = whole ? 8 : 2

interface Upstream {
  /** Default: a box that answers as OpenAI does. */
  settings?: (url: string) => object
  /** Which of the answers. Default: the page that Gemini is asked for. */
  pageOf?: (url: URL) => number
  /** Syncs before the one that is told of, each with answers of its own, which come first. */
  before?: number
  /** Whether the last one only says what it would do. */
  dryRun?: boolean
}

/** @param answers one for each page, of one sync after the other */
async function sync(
  t: Test,
  answers: string | readonly string[],
  {
    settings = (url) => ({ openaiCompatible: [{ slug: 'box', url: `${url}/v1` }] }),
    pageOf = (url) => Number(url.searchParams.get('pageToken') ?? 0),
    before = 0,
    dryRun = false,
  }: Upstream = {},
): Promise<HostileSync> {
  const packed = [answers].flat().map((answer) => gzipSync(answer, { level: 1 }))
  const pages = packed.length / (before + 1)
  let answered = 0
  const server = await loopback(t, (request, response: ServerResponse) => {
    const page = pageOf(new URL(request.url ?? '', 'http://localhost'))
    const earlier = Math.floor(answered++ / pages) * pages
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(packed[earlier + page])
  })
  const database = await createPostgresDatabase(t)
  const { file, execArgv } = program(new URL('./hostile-sync.js', import.meta.url))
  const options = { timeoutMs: 60_000, priceBook: false, ...settings(server.url) }
  const child = fork(file, [database.url ?? '', JSON.stringify(options), String(before), String(dryRun)], { execArgv })
  t.teardown(() => void child.kill())
  const [told] = (await once(child, 'message')) as [HostileSync]
  await once(child, 'exit')
  t.comment(JSON.stringify(told))
  return told
}

function cheap(t: Test, { overIdleMb, longestBlockMs }: HostileSync): void {
  t.ok(overIdleMb <= MOST_MB, `${overIdleMb} MiB over idle`)
  t.ok(longestBlockMs <= LONGEST_MS, `nobody waits longer than ${longestBlockMs} ms`)
}

const list = (entries: string): string => `{"object":"list","data":[${entries}]}`
const ids = (count: number, entry: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => entry(index)).join(',')

t.test('64 MiB of empty objects are refused before they are parsed', async (t) => {
  const told = await sync(t, list('{},'.repeat((63 * MIB) / 3)))
  t.match(told, {
    success: false,
    reason: 'too-many-values',
    error:
      /GET \/v1\/models has more than 2000000 objects, lists and commas; MODEL_SYNC_MAX_VALUES \(maxValues\) allows more/,
  })
  cheap(t, told)
})

t.test('as many values as are allowed, in too many entries', async (t) => {
  const told = await sync(t, list(`${'{},'.repeat(999_990)}{}`))
  t.match(told, {
    success: false,
    reason: 'too-many-entries',
    error: /more than 200000 entries; MODEL_SYNC_MAX_ENTRIES/,
  })
  cheap(t, told)
})

t.test('as many values as are allowed, in as many entries as are allowed, none of them a model', async (t) => {
  const told = await sync(t, list(`${'{"a":[1,2,3]},'.repeat(199_999)}{}`))
  t.match(told, { success: false, reason: 'malformed-entries', rejectedModels: 0 })
  cheap(t, told)
})

t.test('lists in lists, and members without end', async (t) => {
  for (const answer of [
    `[${'['.repeat(900_000)}${']'.repeat(900_000)}]`,
    list(`{"id":"a",${ids(900_000, (index) => `"${index}":1`)}}`),
  ]) {
    const told = await sync(t, answer)
    t.equal(told.success, false)
    cheap(t, told)
  }
})

t.test('one entry that is nested too deep is malformed, and the others stay', async (t) => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const others = ids(9, (index) => `{"id":"other-${index}"}`)
  const told = await sync(t, list(`${others},{"id":"deep","a":${nested(100_000)}}`))
  t.match(told, { success: true, newModels: 9, rejectedModels: 1 })
  cheap(t, told)
  const edge = await sync(t, list(`${others},{"id":"deep","a":${nested(63)}},{"id":"deeper","a":${nested(64)}}`))
  t.match(edge, { success: true, newModels: 10, rejectedModels: 1 })
})

t.test('one text of 60 MiB, and one with characters of three bytes', async (t) => {
  for (const letter of ['a', 'ж']) {
    const told = await sync(
      t,
      list(`{"id":"a","description":"${letter.repeat((60 * MIB) / Buffer.byteLength(letter))}"}`),
    )
    t.match(told, { success: false, reason: 'entry-too-large', error: /an entry or a text over 1 MiB/ })
    cheap(t, told)
  }
})

t.test('64 MiB of entries of almost 1 MiB each, of which 64 KiB are kept', async (t) => {
  const text = 'ж'.repeat(500_000)
  const told = await sync(t, list(ids(62, (index) => `{"id":"model-${index}","name":"${text.slice(index)}"}`)))
  t.match(told, { success: true, newModels: 62 })
  cheap(t, told)
})

t.test('60 MiB with NaN, and no JSON after all', async (t) => {
  const told = await sync(
    t,
    list(`${ids(60_000, (index) => `{"id":"m${index}","a":NaN,"b":"${'\\"x'.repeat(300)}"}`)},`),
  )
  t.equal(told.success, false)
  cheap(t, told)
})

t.test('200,000 models, as many as are allowed', async (t) => {
  const told = await sync(t, list(ids(200_000, (index) => `{"id":"model-${index}"}`)))
  t.match(told, { success: true, newModels: 200_000 })
  cheap(t, told)
})

for (const dryRun of [false, true])
  t.test(`${CHANGED} models, each of which has changed${dryRun ? ', as a plan' : ''}`, async (t) => {
    const models = (owner: string): string =>
      list(ids(CHANGED, (index) => `{"id":"model-${index}","owned_by":"${owner}"}`))
    const told = await sync(t, [models('x'), models('y')], { before: 1, dryRun })
    t.match(told, { success: true, updatedModels: CHANGED })
    cheap(t, told)
  })

for (const dryRun of [false, true])
  t.test(`${CHANGED} models in the place of as many others${dryRun ? ', as a plan' : ''}`, async (t) => {
    const models = (prefix: string): string => list(ids(CHANGED, (index) => `{"id":"${prefix}-${index}"}`))
    const told = await sync(t, [models('x'), models('y')], { before: 1, dryRun })
    // The guard goes by how many are left, and as many came as went.
    t.match(told, { success: true, newModels: CHANGED, unavailableModels: CHANGED, heldChanges: 0 })
    cheap(t, told)
  })

/** Pages of Gemini, whose answers name the next one. */
const geminiPages = (count: number, entries: (page: number) => string): string[] =>
  Array.from(
    { length: count },
    (_, page) => `{"models":[${entries(page)}],"nextPageToken":"${page + 1 < count ? page + 1 : ''}"}`,
  )
const gemini = (url: string): object => ({
  providers: ['gemini'],
  providerOptions: { gemini: { baseUrl: url, apiKey: 'key-of-gemini' } },
})
const geminiModel = (page: number | string, index: number, description: string): string =>
  `{"name":"models/gemini-${page}-${index}","supportedGenerationMethods":["generateContent"],"description":"${description}"}`

t.test('250 MiB in pages, of whose entries every byte is kept', async (t) => {
  // Not quite the 64 KiB that are kept of an entry.
  const large = 'x'.repeat(63 * 1024)
  const pages = geminiPages(5, (page) => ids(800, (index) => geminiModel(page, index, large)))
  const told = await sync(t, pages, { settings: gemini })
  t.match(told, { success: true, newModels: 4000 })
  cheap(t, told)
})

t.test('250 MiB in pages, of almost as many models as are allowed', async (t) => {
  const pages = geminiPages(8, (page) => ids(24_000, (index) => geminiModel(page, index, 'x'.repeat(1250))))
  const told = await sync(t, pages, { settings: gemini })
  t.match(told, { success: true, newModels: 192_000 })
  cheap(t, told)
})

for (const dryRun of [false, true])
  t.test(
    `${CHANGED_PAGES * 24_000} large models, each of which has changed${dryRun ? ', as a plan' : ''}`,
    async (t) => {
      const pages = (letter: string): string[] =>
        geminiPages(CHANGED_PAGES, (page) => ids(24_000, (index) => geminiModel(page, index, letter.repeat(1250))))
      const told = await sync(t, [...pages('x'), ...pages('y')], { settings: gemini, before: 1, dryRun })
      t.match(told, { success: true, updatedModels: CHANGED_PAGES * 24_000 })
      cheap(t, told)
    },
  )

t.test('250 MiB that cannot be compressed', async (t) => {
  const random = (): string => randomBytes(63 * 768).toString('base64')
  const pages = geminiPages(5, (page) => ids(800, (index) => geminiModel(page, index, random())))
  const told = await sync(t, pages, { settings: gemini })
  t.match(told, { reason: 'entries-too-large', error: /compressed; MODEL_SYNC_MAX_LISTING_BYTES/ })
  cheap(t, told)
})

t.test('190,000 ids of almost a KiB', async (t) => {
  const long = 'x'.repeat(970)
  const pages = geminiPages(8, (page) => ids(24_000, (index) => geminiModel(`${long}${page}`, index, '')))
  const told = await sync(t, pages, { settings: gemini })
  t.match(told, { reason: 'ids-too-large', error: /the ids of its models have more than 33554432 characters/ })
  cheap(t, told)
})

t.test('240 MiB of Cyrillic in pages that count their entries', async (t) => {
  const text = 'ж'.repeat(2500)
  const entry = (page: number, index: number): string =>
    `{"modelId":"m${page}-${index}","metadata":{"modelDisplayName":"ж","modelDescription":"${text}"}}`
  const pages = Array.from(
    { length: 8 },
    (_, page) =>
      `{"models":[${ids(6000, (index) => entry(page, index))}],"limit":6000,"offset":${page * 6000},"total":48000}`,
  )
  const told = await sync(t, pages, {
    settings: (url) => ({ providers: ['near'], providerOptions: { near: { baseUrl: url } } }),
    pageOf: (url) => Number(url.searchParams.get('offset') ?? 0) / 6000,
  })
  t.match(told, { success: true, newModels: 48_000 })
  cheap(t, told)
})

t.test('three lists of 60 MiB of a LiteLLM proxy', async (t) => {
  const paths = ['/model/info', '/v1/models', '/model/deprecations']
  const filler = 'x'.repeat(900)
  const info = ids(
    60_000,
    (index) => `{"model_name":"m${index}","model_info":{"mode":"chat","base_model":"${filler}"}}`,
  )
  const names = ids(60_000, (index) => `{"id":"m${index}","object":"model","owned_by":"${filler}"}`)
  const ends = ids(
    60_000,
    (index) => `{"model_name":"m${index}","deprecation_date":"2099-01-01","successor_model":"${filler}"}`,
  )
  const told = await sync(
    t,
    [`{"data":[${info}]}`, `{"data":[${names}]}`, `{"deprecated":[${ends}],"imminent":[],"upcoming":[]}`],
    {
      settings: (url) => ({ litellm: { url }, providers: ['litellm'] }),
      pageOf: ({ pathname }) => paths.indexOf(pathname),
    },
  )
  t.match(told, { success: true, newModels: 60_000 })
  cheap(t, told)
})

/** One that lists a model, and a price book beside it. */
const withBook = (
  models: string,
  book: string,
): Parameters<typeof sync> extends [Test, ...infer Rest] ? Rest : never => [
  [list(models), book],
  {
    settings: (url) => ({
      providers: ['openai'],
      providerOptions: { openai: { baseUrl: url, apiKey: 'key-of-openai' } },
      priceBook: true,
      priceBookUrl: `${url}/book`,
    }),
    pageOf: ({ pathname }) => Number(pathname === '/book'),
  },
]
const priced = (index: number, match: string): string =>
  `{"id":"m${index}","match":${match},"prices":{"input_mtok":${index + 1}}}`
const bookOf = (models: string): string => `[{"id":"openai","models":[${models}]}]`

t.test('a price book of 64 MiB, of as many models as one provider may have, and of more', async (t) => {
  const long = 'x'.repeat(12_000)
  for (const count of [5_000, 5_001]) {
    const book = bookOf(ids(count, (index) => priced(index, `{"starts_with":"gpt-m${index}${long}"}`)))
    const told = await sync(
      t,
      ...withBook(
        ids(2000, (index) => `{"id":"gpt-m${index}-2026-01-01"}`),
        book,
      ),
    )
    t.match(told, { success: true, newModels: 2000 })
    cheap(t, told)
  }
})

t.test('a price book whose models go by as many texts as they may, nested as deep as they may', async (t) => {
  const any = (index: number): string => `{"or":[${ids(900, (text) => `{"contains":"gpt-m${index}-${text}"}`)}]}`
  const deep = `${'{"or":['.repeat(30)}{"regex":"^(a+)+$"}${']}'.repeat(30)}`
  const book = bookOf(
    [...Array.from({ length: 60 }, (_, index) => priced(index, any(index))), priced(60, deep)].join(','),
  )
  const told = await sync(
    t,
    ...withBook(
      ids(20_000, (index) => `{"id":"gpt-m${index % 60}-${index}-2026-01-01"}`),
      book,
    ),
  )
  t.match(told, { success: true, newModels: 20_000 })
  cheap(t, told)
})
