/** Resolving a name beside a bare Map, building its index beside one JSON.parse, and the two routes beside a bare one that sends as many bytes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import autocannon from 'autocannon'
import Fastify from 'fastify'
import { NameIndex } from '../src/core/names/name-index.js'
import { ModelResolver } from '../src/core/names/model-resolver.js'
import modelSync from '../src/plugin.js'
import { createModelDirectory } from '../src/services/names/model-directory.js'
import { DEFAULTS, resolvable } from '../test/core/names/resolvable.js'
import { manyRows } from '../test/support/litellm-rows.js'
import { startLoopbackLiteLLM } from '../test/support/loopback-litellm.js'
import { startPostgresServer } from '../test/support/postgres-server.js'
import { digits, median, printTable, ratio, timed, verdict } from './measure.js'

const HITS = 10_000
const INDEXED = 100_000
const LISTED = 1000
const REPETITIONS = 21
const SECONDS = 3

export async function benchResolve(): Promise<void> {
  const rows = [await benchHits('id'), await benchHits('providerModelId'), await benchHits('name'), await benchIndex()]
  printTable(['', 'ours ms', 'floor ms', 'ratio', 'target'], rows)
  await benchUnknownNames()
  await benchRoutes()
}

function models(count: number): ReturnType<typeof resolvable>[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `vendor-${index % 40}/model-${index}-instruct`
    return resolvable(id, {
      provider: ['litellm', 'openrouter', 'groq'][index % 3] ?? '',
      name: index % 3 === 0 ? `Model ${index} Instruct` : id,
      aliases: index % 10 === 0 ? [`alias-${index}`] : [],
      createdAt: '2026-01-01T00:00:00.000Z',
    })
  })
}

async function benchHits(key: 'id' | 'providerModelId' | 'name'): Promise<string[]> {
  const all = models(HITS)
  const keys = all.map((model) => model[key])
  const map = new Map(all.map((model) => [model[key], model]))
  const resolver = new ModelResolver({ models: all, defaults: DEFAULTS, providerOrder: ['litellm'] })
  let read = 0
  const [ours, floor]: [number[], number[]] = [[], []]
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    floor.push(await timed(() => keys.forEach((name) => (read += map.get(name)?.id.length ?? 0))))
    ours.push(await timed(() => keys.forEach((name) => (read += resolver.resolve(name).answer.id.length))))
  }
  if (read === 0) throw new Error('nothing was read')
  return row(`${digits(HITS, 0)} hits by ${key} : Map.get`, ours, floor, 3)
}

async function benchIndex(): Promise<string[]> {
  // With the members of an answer, which is what a model is.
  const texts = models(INDEXED).map((model) => ({
    ...model,
    description: 'A model of a benchmark.',
    ownedBy: 'vendor',
    contextLength: 128_000,
    maxOutputTokens: 8192,
    inputModalities: ['image', 'text'],
    outputModalities: ['text'],
    capabilities: { streaming: true, functionCalling: true, vision: true, reasoning: null },
    inputCostPerToken: '0.00000125',
    outputCostPerToken: '0.00001',
    cacheReadCostPerToken: null,
    cacheWriteCostPerToken: null,
    otherPrices: [],
    deployments: 1,
    availability: 'available',
    hidden: false,
    firstSeenAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  }))
  const json = JSON.stringify(texts)
  const [ours, floor]: [number[], number[]] = [[], []]
  for (let repetition = 0; repetition < REPETITIONS / 2; repetition += 1) {
    let parsed: ReturnType<typeof models> = []
    floor.push(await timed(() => (parsed = JSON.parse(json) as typeof parsed)))
    ours.push(await timed(() => new NameIndex(parsed, () => 0)))
  }
  return row(`index of ${digits(INDEXED, 0)} models : JSON.parse`, ours, floor, 1)
}

function row(name: string, ours: readonly number[], floor: readonly number[], target: number): string[] {
  const value = ratio(ours, floor)
  return [name, digits(median(ours), 2), digits(median(floor), 2), digits(value, 2), verdict(value, target)]
}

/** Processor time, for names that are like everything that a catalogue has: the hardest to search for. */
async function benchUnknownNames(): Promise<void> {
  const rows: string[][] = []
  for (const count of [5000, INDEXED]) {
    const all = [resolvable('mistral-31-24b'), ...models(count)]
    const load = async (): Promise<{ models: typeof all; rejected: number }> => ({ models: all, rejected: 0 })
    const directory = createModelDirectory({ load, ttlMs: 1e9, defaults: DEFAULTS })
    const listed = (list: number): string[] =>
      Array.from({ length: LISTED }, (_, index) => `vendor-${list}/modle-${index * 31}-instruct:free`)
    await directory.resolve('')
    // The table that suggestions are searched in is made after a load, in slices.
    const table = await processor(async () => {
      for (let turn = 0; turn < 200; turn += 1) await setImmediate()
    })
    for (const how of [{}, { suggest: true }]) {
      const [one, list]: [number[], number[]] = [[], []]
      const first = await processor(() => directory.resolve('vendor-1/modle-instruct', how))
      for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
        one.push(await processor(() => directory.resolve(`vendor-1/modle-${repetition}-instruct:free`, how)))
        list.push(await processor(() => directory.resolveAll(listed(repetition), how)))
      }
      rows.push([
        `${digits(count, 0)} models${'suggest' in how ? ', suggestions' : ''}`,
        digits(table, 1),
        `${digits(first, 2)} ${first <= 20 ? 'ok' : 'OVER'}`,
        `${digits(median(one), 2)} ${median(one) <= 20 ? 'ok' : 'OVER'}`,
        `${digits(median(list), 1)} ${median(list) <= 250 ? 'ok' : 'OVER'}`,
      ])
    }
    await directory.close()
  }
  printTable(
    ['unknown names, CPU ms', 'after a load', 'the first (≤ 20)', 'one (≤ 20)', `${digits(LISTED, 0)} (≤ 250)`],
    rows,
  )
}

/** Milliseconds of the processor's time. */
async function processor(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** In one process and by turns, so that ours and the bare route share the machine alike. */
async function benchRoutes(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-sync-bench-'))
  const server = await startPostgresServer()
  const litellm = await startLoopbackLiteLLM({ models: manyRows(LISTED) })
  const app = Fastify()
  try {
    await app.register(modelSync, {
      databaseUrl: server.url,
      dataDir: folder,
      litellm: { url: litellm.url, apiKey: litellm.key },
      syncOnStartup: false,
      allowUnauthenticated: true,
      settingsPage: false,
    })
    const first = async (url: string): Promise<Buffer> => (await app.inject(url)).rawPayload
    await app.ready()
    await app.modelSync.syncModels()
    const { models: found } = await app.modelSync.catalogue.models({ limit: 1 })
    const urls = ['/v1/models', `/models/resolve?model=${encodeURIComponent(found[0]?.name ?? '')}`]
    const bodies = await Promise.all(urls.map(first))
    const bare = Fastify()
    bodies.forEach((body, index) =>
      bare.get(`/${index}`, (_request, reply) => reply.type('application/json; charset=utf-8').send(body)),
    )
    const [address, floor] = [await app.listen({ port: 0 }), await bare.listen({ port: 0 })]
    const rows: string[][] = []
    for (const [index, url] of urls.entries()) {
      const [ours, base]: [number[], number[]] = [[], []]
      for (let repetition = 0; repetition < 5; repetition += 1) {
        base.push(await throughput(`${floor}/${index}`))
        ours.push(await throughput(`${address}${url}`))
      }
      const value = ratio(ours, base)
      rows.push([
        `GET ${url.split('?')[0]} (${digits(bodies[index]?.length ?? 0, 0)} bytes) : bare route`,
        digits(median(ours), 0),
        digits(median(base), 0),
        digits(value, 2),
        `≥ 0.80 ${value >= 0.8 ? 'ok' : 'UNDER'}`,
      ])
    }
    printTable(['', 'ours /s', 'floor /s', 'ratio', 'target'], rows)
    await bare.close()
  } finally {
    await app.close()
    await litellm.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Requests a second. */
async function throughput(url: string): Promise<number> {
  const { requests, non2xx } = await autocannon({ url, connections: 20, duration: SECONDS })
  if (non2xx > 0) throw new Error(`${url} refused ${non2xx} requests`)
  return requests.average
}
