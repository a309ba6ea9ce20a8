/** What an upstream may do to the process that reads it: at the limits and beyond them, a bounded amount of memory, and nobody waits. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createPostgresDatabase, needsPostgres } from '../support/databases.js'
import { loopback } from '../support/loopback.js'
import { program } from '../support/program.js'
import type { HostileSync } from './hostile-sync.js'

needsPostgres()

const MIB = 1024 * 1024
const MOST_MB = 400
const LONGEST_MS = 100

async function sync(t: Test, answer: string | Buffer, settings: object = {}): Promise<HostileSync> {
  const packed = gzipSync(answer, { level: 1 })
  const server = await loopback(t, (_request, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(packed)
  })
  const database = await createPostgresDatabase(t)
  const { file, execArgv } = program(new URL('./hostile-sync.js', import.meta.url))
  const options = {
    openaiCompatible: [{ slug: 'box', url: `${server.url}/v1` }],
    timeoutMs: 60_000,
    priceBook: false,
    ...settings,
  }
  const child = fork(file, [database.url ?? '', JSON.stringify(options)], { execArgv })
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
