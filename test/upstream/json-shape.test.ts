/** What a text will become is counted over its bytes, wherever they are cut; at each limit and beyond it. */
import t from 'tap'
import { causeOf } from '../../src/core/records/problem.js'
import { DEFAULT_LIMITS, MAX_RAW_ENTRY_BYTES } from '../../src/upstream/answer-limits.js'
import { fitEntry } from '../../src/sources/kit/fit.js'
import { JsonShape } from '../../src/upstream/json-shape.js'
import { fetchSource, type FetchOptions } from '../../src/upstream/read-source.js'
import { createHttpClient } from '../../src/upstream/http-client.js'
import { openaiCompatibleEndpoint } from '../../src/sources/kit/openai-compatible.js'
import { membersOfLists } from '../../src/services/lossless-list.js'
import { loopback } from '../support/loopback.js'

function shapeOf(text: string, piece: number): Pick<JsonShape, 'values' | 'deepest' | 'longest' | 'hasWords'> {
  const bytes = Buffer.from(text)
  const shape = new JsonShape()
  for (let at = 0; at < bytes.length; at += piece) shape.add(bytes.subarray(at, at + piece))
  const { values, deepest, longest, hasWords } = shape
  return { values, deepest, longest, hasWords }
}

t.test('counts outside of texts alone, in pieces of any length', async (t) => {
  const cases: [text: string, shape: object][] = [
    ['[]', { values: 1, deepest: 1, longest: 0, hasWords: false }],
    ['{"data":[{"id":"a"},{"id":"b"}]}', { values: 5, deepest: 3, longest: 10, hasWords: false }],
    ['["{[,]}\\"{[,]}\\\\"]', { values: 1, deepest: 1, longest: 16, hasWords: false }],
    ['{"a":"\\\\","b":[1,2]}', { values: 4, deepest: 2, longest: 4, hasWords: false }],
    ['{"a":{"b":{"c":[]}}}', { values: 4, deepest: 4, longest: 8, hasWords: false }],
    ['[NaN,-Infinity,"NaN"]', { values: 3, deepest: 1, longest: 5, hasWords: true }],
    ['["Infinity NaN"]', { values: 1, deepest: 1, longest: 14, hasWords: false }],
    [`${'['.repeat(100)}${']'.repeat(100)}`, { values: 100, deepest: 100, longest: 198, hasWords: false }],
    ['["жж"]', { values: 1, deepest: 1, longest: 6, hasWords: false }],
    [']]]]{', { values: 1, deepest: 0, longest: 0, hasWords: false }],
  ]
  for (const [text, shape] of cases)
    for (const piece of [1, 2, 3, 4, 7, 8, 1000])
      t.match(shapeOf(text, piece), shape, `${text.slice(0, 40)} in pieces of ${piece}`)
})

t.test('where the entries of the only list lie, and that it cannot be told where there is another', async (t) => {
  const textsOf = (text: string, piece: number, entriesOf: (answer: never) => unknown): string[] | null => {
    const bytes = Buffer.from(text)
    const shape = new JsonShape()
    for (let at = 0; at < bytes.length; at += piece) shape.add(bytes.subarray(at, at + piece))
    const answer = JSON.parse(text) as never
    const entries = entriesOf(answer) as unknown[]
    const places = shape.placesOf(answer, entries)
    return places && entries.map((_, index) => bytes.toString('utf8', places[2 * index], places[2 * index + 1]))
  }
  const data = (answer: { data: unknown }): unknown => answer.data
  const cases: [text: string, entriesOf: (answer: never) => unknown, expected: string[] | null][] = [
    ['{"data":[{"id":"a"}, {"id" : "ж", "in":[{"x":[]}]}]}', data, ['{"id":"a"}', '{"id" : "ж", "in":[{"x":[]}]}']],
    ['[{"id":"}]"},{}]', (answer) => answer, ['{"id":"}]"}', '{}']],
    ['{"links":[],"names":["a"],"data":[{"id":1}],"page":{"of":[2]}}', data, ['{"id":1}']],
    // Another list has objects; of two members of one name the last counts; another list is taken; deeper; not objects alone; none.
    ['{"links":[{"to":1}],"data":[{"id":1}]}', data, null],
    ['{"data":[{"id":1}],"data":[{"id":2}]}', data, null],
    ['{"data":[{"id":1}],"data":[5]}', data, null],
    ['{"data":[{"id":1}],"data":[[]]}', data, null],
    ['{"data":[{"id":1}]}', () => [{ id: 1 }], null],
    ['{"result":{"data":[{"id":1}]}}', (answer: { result: { data: unknown } }) => answer.result.data, null],
    ['{"data":["a",{"id":1}]}', data, null],
    ['[[{"id":1}]]', (answer) => answer, null],
    ['[[{"id":1}]]', (answer: unknown[]) => answer[0], null],
    ['[{"id":1},[{"id":2}]]', (answer) => answer, null],
    ['{"data":[]}', data, []],
  ]
  for (const [text, entriesOf, expected] of cases)
    for (const piece of [1, 3, 4, 1000])
      t.strictSame(textsOf(text, piece, entriesOf) ?? null, expected, `${text} in pieces of ${piece}`)
})

t.test('each limit, at its edge and beyond', async (t) => {
  let body = ''
  const server = await loopback(t, (_request, response) => void response.end(body))
  const client = createHttpClient({ timeoutMs: 5000 })
  t.teardown(() => client.close())
  const source = openaiCompatibleEndpoint({ slug: 'box', address: `${server.url}/v1`, keyVariable: null })
  const read = async (text: string, limits: FetchOptions['limits']): Promise<number> => {
    body = text
    let entries = 0
    await fetchSource(source, {
      ...{ address: `${server.url}/v1`, apiKey: null, client, previous: null, timeoutMs: 5000, userAgent: 'test' },
      ...{ signal: new AbortController().signal, wait: async () => undefined, random: () => 0, now: Date.now },
      limits: limits ?? {},
      onPage: (_listing, page) => void (entries += page.length),
    })
    return entries
  }
  const list = (count: number): string => JSON.stringify({ data: Array.from({ length: count }, (_, id) => ({ id })) })
  // The answer, its list, three entries, two commas.
  t.equal(await read(list(3), { maxValues: 7 }), 3)
  const refused = (bytes: string, limits: FetchOptions['limits']): Promise<unknown> =>
    read(bytes, limits).catch((error: Error) => ({ ...causeOf(error), message: error.message }))
  t.match(await refused(list(3), { maxValues: 6 }), {
    code: 'too-many-values',
    message: 'GET /v1/models has more than 6 objects, lists and commas; MODEL_SYNC_MAX_VALUES (maxValues) allows more',
  })
  t.equal(await read(list(5), { maxEntries: 5 }), 5)
  t.match(await refused(list(6), { maxEntries: 5 }), {
    code: 'too-many-entries',
    message: 'GET /v1/models has more than 5 entries; MODEL_SYNC_MAX_ENTRIES (maxEntries) allows more',
  })
  t.equal(await read(list(5), { maxListingBytes: list(5).length }), 5)
  t.match(await refused(list(5), { maxListingBytes: list(5).length - 1 }), {
    code: 'listing-too-large',
    message: /over \d+ bytes together; MODEL_SYNC_MAX_LISTING_BYTES \(maxListingBytes\) allows more/,
  })
  const entry = (bytes: number): string => `{"data":[{"id":"${'a'.repeat(bytes - '{"id":""}'.length)}"}]}`
  t.equal(await read(entry(MAX_RAW_ENTRY_BYTES), {}), 1)
  t.match(await refused(entry(MAX_RAW_ENTRY_BYTES + 1), {}), { code: 'entry-too-large', message: /over 1 MiB/ })
  t.match(DEFAULT_LIMITS, { maxValues: 2_000_000, maxEntries: 200_000, maxListingBytes: 256 * 1024 * 1024 })
})

t.test('what is kept of an entry is cut until it fits, and says so', async (t) => {
  t.equal(fitEntry({ id: 'a', n: 1 }, 1024), '{"id":"a","n":1}')
  const whole = { id: 'a', text: 'x'.repeat(1024 - '{"id":"a","text":""}'.length) }
  t.equal(fitEntry(whole, 1024), JSON.stringify(whole), 'to the byte')
  const entries: Record<string, unknown>[] = [
    { id: 'a', text: 'x'.repeat(100_000) },
    { id: 'a', text: '🤖'.repeat(40_000) },
    { id: 'a', list: Array.from({ length: 50_000 }, (_, index) => index) },
    { id: 'a', ...Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`m${index}`, index])) },
    { id: 'a', nested: Array.from({ length: 500 }, () => ({ text: 'y'.repeat(5000), list: ['z'.repeat(9000)] })) },
  ]
  for (const entry of entries) {
    const text = fitEntry(entry, 64 * 1024)
    t.ok(Buffer.byteLength(text) <= 64 * 1024, `${text.length}`)
    t.match(JSON.parse(text), { id: 'a' })
    t.match(text, /… \(cut\)/)
    t.ok(text.isWellFormed())
  }
})

t.test('members of lists, to the letter', async (t) => {
  const take = async (text: string, name = 'models') =>
    membersOfLists(text, (body) => (name === '' ? body : (body as Record<string, unknown>)[name]) as unknown[])
  t.strictSame(await take('{"a":[1],"models":[ {"x":1.10, "y":[1,{"z":2e-7}]} ,"]," , null],"b":{"c":[]}}'), [
    { entry: { x: 1.1, y: [1, { z: 2e-7 }] }, text: ' {"x":1.10, "y":[1,{"z":2e-7}]} ' },
    { entry: '],', text: '"]," ' },
    { entry: null, text: ' null' },
  ])
  t.strictSame(await take('[]', ''), [])
  t.strictSame(await take('[ ]', ''), [])
  t.equal((await take(`[${'{"a":[[],{}]},'.repeat(3000)}{}]`, '')).length, 3001)
})

t.test('counts as a reader does who looks at one letter after the other', async (t) => {
  const letters = ['"', '\\', '{', '}', '[', ']', ',', 'a', 'ж', ' ', 'N']
  // The same each time.
  let seed = 1
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: 60 }, () => (next(3) === 0 ? letters[next(letters.length)] : 'x')).join('')
    const expected = { values: 0, hasWords: false }
    for (let at = 0, inText = false; at < text.length; at++) {
      const letter = text[at]!
      if (inText && letter === '\\') at++
      else if (letter === '"') inText = !inText
      else if (!inText && '{[,'.includes(letter)) expected.values++
      else if (!inText && letter === 'N') expected.hasWords = true
    }
    for (const piece of [1, 5, 1000]) t.match(shapeOf(text, piece), expected, `${text} in pieces of ${piece}`)
  }
})
