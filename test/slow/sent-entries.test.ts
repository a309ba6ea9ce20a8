/** The entries of a very large answer are read one by one from its bytes, and mean what they mean when the whole is parsed. */
import t from 'tap'
import { ListingCollector } from '../../src/services/sync/collect-listing.js'
import { openaiCompatible } from '../../src/sources/kit/openai-compatible.js'
import { SentEntries } from '../../src/upstream/sent-entries.js'
import type { FetchOptions } from '../../src/upstream/read-source.js'
import { loopback } from '../support/loopback.js'
import { KEY, listing, read, source } from '../upstream/reading.js'

/** Of values on the heap, which is what counts. */
const FILLING = JSON.stringify(Array.from({ length: 1_000 }, (_, index) => index))
const ENTRIES = 3_000

function rows(entryOf = (index: number): string => `{"id":"m-${index}","n":${FILLING}}`): string[] {
  return Array.from({ length: ENTRIES }, (_, index) => entryOf(index))
}

const LIMITS = { maxValues: 10_000_000 }

const house = openaiCompatible({
  slug: 'house',
  name: 'House',
  description: 'A provider of the host.',
  homepage: 'https://house.example',
  baseUrl: 'https://house.example',
  key: { variables: [], required: false },
})

t.test('each entry once, in order, as it was sent; the same entries after the page has been taken', async (t) => {
  const sent = rows((index) =>
    index === 7 ? `{ "id" : "ж\\u0041" , "n":${FILLING}}` : `{"id":"m-${index}","n":${FILLING}}`,
  )
  const server = await loopback(
    t,
    (_, response) => void response.end(`{"object":"list", "data": [${sent.join(' ,\n')}]\n}`),
  )
  let taken: SentEntries | null = null
  const ids: unknown[] = []
  const onPage: FetchOptions['onPage'] = (_, entries) => {
    if (!(entries instanceof SentEntries)) return
    taken = entries
    for (const entry of entries) ids.push((entry as { id: string }).id)
  }
  const { outcome } = await read(source(listing('/models')), server.url, { onPage, limits: LIMITS })
  t.equal(outcome?.state, 'complete')
  t.strictSame([ids.length, ids[0], ids[7], ids.at(-1)], [ENTRIES, 'm-0', 'жA', `m-${ENTRIES - 1}`])
  t.equal((taken as SentEntries | null)?.textAt(7), sent[7])
  t.match((taken as SentEntries | null)?.entryAt(2_000), { id: 'm-2000' })
})

t.test('what is no JSON fails the whole answer, as in a small one, wherever it is', async (t) => {
  const broken: [name: string, body: string][] = [
    ['in the last entry', `{"data":[${[...rows().slice(0, -1), '{"id":"x","n":[1,]}'].join(',')}]}`],
    ['between two', `{"data":[${rows().join(',,')}]}`],
    ['no comma', `{"data":[${rows().join(' ')}]}`],
    ['cut off', `{"data":[${rows().join(',')}`],
    ['something behind', `{"data":[${rows().join(',')}]}}`],
  ]
  for (const [name, body] of broken) {
    const server = await loopback(t, (_, response) => void response.end(body))
    const { error } = await read(source(listing('/models')), server.url, { limits: LIMITS })
    t.equal(error?.code, 'FST_MODEL_SYNC_MALFORMED_ANSWER', name)
    t.match(error?.message, name === 'cut off' ? /cut off|truncated|ends/i : /position|JSON/, name)
  }
})

t.test('a list that cannot be told from the bytes is parsed whole', async (t) => {
  const list = rows().join(',')
  const bodies: [name: string, body: string, entries: number][] = [
    ['of two members of one name the last counts', `{"data":[${list}],"data":[5]}`, 1],
    ['another that is empty', `{"data":[${list}],"data":[]}`, 0],
    ['not objects alone', `{"data":["a",${list}]}`, ENTRIES + 1],
    ['a number between', `{"data":[${rows().slice(1).join(',')},5,${rows()[0]}]}`, ENTRIES + 1],
    ['another list of objects', `{"links":[{"to":1}],"data":[${list}]}`, ENTRIES],
  ]
  for (const [name, body, entries] of bodies) {
    const server = await loopback(t, (_, response) => void response.end(body))
    const { pages } = await read(source(listing('/models')), server.url, { limits: LIMITS })
    t.equal(pages[0]?.[1].length, entries, name)
  }
})

t.test('a collector makes the same of them, keys taken out and entries to keep included', async (t) => {
  const sent = rows(
    (index) =>
      JSON.stringify({
        id: `m-${index % 2_900}`,
        context_length: 4_096 + index,
        note: index === 5 ? KEY : 'none',
      }).slice(0, -1) + `,"n":${FILLING}}`,
  )
  const server = await loopback(t, (_, response) => void response.end(`{"data":[${sent.join(',')}]}`))
  const [models] = house.listings
  const collect = async (
    whole: boolean,
  ): Promise<{ collector: ListingCollector; packed: boolean; result: unknown; entries: unknown[] }> => {
    const collector = new ListingCollector(house, (json) => json.replaceAll(KEY, '[redacted]'))
    const onPage: FetchOptions['onPage'] = (_, entries, bytes, textOf) =>
      collector.add(models!, whole ? [...entries] : entries, whole ? 0 : bytes, textOf)
    await read(house, server.url, { onPage, limits: LIMITS })
    const { chunks, ...result } = await collector.resolve(() => false, { excludes: () => false, modes: null })
    t.equal(chunks.length > 0, !whole, 'entries are compressed as they are read where they are so many')
    const entries = await Promise.all(['m-5', 'm-99', 'm-2899'].map((id) => collector.entryOf(id)))
    return { collector, packed: collector.packed, result, entries }
  }
  const [whole, oneByOne] = [await collect(true), await collect(false)]
  t.strictSame([whole.packed, oneByOne.packed], [false, true])
  t.strictSame(oneByOne.result, whole.result)
  t.strictSame(oneByOne.entries, whole.entries)
  t.equal(
    oneByOne.entries.some((text) => String(text).includes(KEY)),
    false,
  )
})
