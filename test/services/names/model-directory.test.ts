/** One load for all callers, nobody waits while there are models, old models answer while upstream is down. */
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { ResolvableModel } from '../../../src/core/names/resolvable-model.js'
import {
  createModelDirectory,
  type ModelDirectory,
  type ModelDirectoryOptions,
} from '../../../src/services/names/model-directory.js'
import type { LoadedModels } from '../../../src/services/names/model-loader.js'
import { DEFAULTS, resolvable } from '../../core/names/resolvable.js'

const TTL_MS = 300_000
const DEFAULT_MODEL = resolvable('mistral-31-24b')

interface Upstream {
  models: ResolvableModel[] | null
  error: Error | null
  /** Ms. */
  takes: number
  /** A load answers only then. */
  waitsFor: Promise<void> | null
  loads: number[]
}

function open(t: Test, more: Partial<ModelDirectoryOptions> = {}) {
  const time = { now: 1_000_000 }
  const upstream: Upstream = {
    models: [DEFAULT_MODEL, resolvable('a')],
    error: null,
    takes: 0,
    waitsFor: null,
    loads: [],
  }
  const load = async (): Promise<LoadedModels> => {
    upstream.loads.push(time.now)
    if (upstream.takes > 0) await delay(upstream.takes)
    await upstream.waitsFor
    if (upstream.error !== null) throw upstream.error
    return { models: upstream.models, rejected: 1, etag: 'e', hash: 'h' }
  }
  const directory = createModelDirectory({
    load,
    ttlMs: TTL_MS,
    defaults: DEFAULTS,
    clock: () => time.now,
    now: () => time.now,
    ...more,
  })
  t.teardown(() => directory.close())
  return { directory, upstream, time }
}

/** Waits until a load that was begun beside a request has ended. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await delay(0)
}

async function code(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return null
}

t.test('50 callers, cold and at expiry, with an upstream that takes a second', async (t) => {
  const { directory, upstream, time } = open(t)
  upstream.takes = 1000
  const cold = await Promise.all(Array.from({ length: 50 }, () => directory.resolve('a')))
  t.ok(cold.every(({ id }) => id === 'litellm/a'))
  t.equal(upstream.loads.length, 1, 'one fetch')
  t.match(directory.stats(), { hits: 0, misses: 50, loads: 1, cached_models: 2 })

  time.now += TTL_MS
  upstream.models = [DEFAULT_MODEL, resolvable('b')]
  let turned = false
  setImmediate(() => (turned = true))
  const waits = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const began = performance.now()
      await directory.resolve('a')
      return performance.now() - began
    }),
  )
  t.notOk(turned, 'nobody waited for as much as a turn of the event loop')
  // Not the longest: this process itself may be kept waiting by others.
  const median = waits.sort((one, other) => one - other)[25] ?? Infinity
  t.ok(median <= 5, `nor 5 ms (${median.toFixed(2)} ms)`)
  t.equal(upstream.loads.length, 2, 'one fetch')
  await delay(1100)
  t.equal((await directory.resolve('b')).id, 'litellm/b', 'and then the new ones answer')
  t.equal(upstream.loads.length, 2)
})

t.test('an hour without upstream', async (t) => {
  const { directory, upstream, time } = open(t)
  await directory.resolve('a')
  upstream.error = new Error('upstream is down')
  const started = (time.now += TTL_MS)
  for (; time.now < started + 3_600_000; time.now += 500) {
    if ((await directory.resolve('a')).id !== 'litellm/a') throw new Error('the answer went away')
    await Promise.resolve()
  }
  await settle()
  const seconds = upstream.loads
    .slice(1)
    .map((at, index, all) => (index === 0 ? 0 : (at - (all[index - 1] ?? 0)) / 1000))
  t.strictSame(
    seconds.slice(0, 11),
    [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300],
    'the pauses double up to the time to live',
  )
  t.ok(upstream.loads.length < 24, 'and no more than that')
  const { stale, age, lastError, errors, cached_models } = directory.stats()
  t.strictSame([stale, lastError, cached_models], [true, 'upstream is down', 2])
  t.equal(errors, upstream.loads.length - 1)
  t.ok((age ?? 0) >= 3900, 'the age is seen')

  upstream.error = null
  time.now += TTL_MS
  await directory.resolve('a')
  await settle()
  t.match(directory.stats(), { stale: false, age: 0, lastError: null })
})

t.test('cold, while upstream is down', async (t) => {
  const { directory, upstream, time } = open(t)
  upstream.error = new Error('upstream is down')
  const refused = await directory.resolve('a').catch((error: unknown) => error)
  t.match(refused, {
    code: 'FST_MODEL_SYNC_NO_MODELS',
    statusCode: 503,
    retryAfter: 1,
    message: /upstream is down; try again in 1 s/,
  })
  await code(() => directory.resolve('a'))
  t.equal(upstream.loads.length, 1, 'not asked again before the pause is over')
  t.match(directory.stats(), {
    cached_models: 0,
    cache_expiry: null,
    age: null,
    stale: true,
    lastError: 'upstream is down',
  })
  upstream.error = null
  time.now += 1000
  t.equal((await directory.resolve('a')).id, 'litellm/a')
})

t.test('the synchronous form', async (t) => {
  const { directory, upstream } = open(t)
  t.equal(await code(() => directory.resolveCached('a')), 'FST_MODEL_SYNC_NO_MODELS')
  await settle()
  t.equal(directory.resolveCached('a').id, 'litellm/a', 'the first call has begun to load')
  t.equal(upstream.loads.length, 1)
  t.equal(await code(() => directory.resolveCached('a', { type: 'speech' })), 'FST_MODEL_SYNC_TYPE_MISMATCH')
})

t.test('an empty answer takes no models away', async (t) => {
  const { directory, upstream, time } = open(t)
  await directory.resolve('a')
  upstream.models = []
  time.now += TTL_MS
  await directory.resolve('a')
  await settle()
  t.equal((await directory.resolve('a')).id, 'litellm/a')
  t.match(directory.stats(), { errors: 1, stale: true, lastError: /no models/ })
  const empty = open(t)
  empty.upstream.models = []
  t.equal(await code(() => empty.directory.resolve('a')), 'FST_MODEL_SYNC_NO_MODELS')
})

t.test('an answer that has not changed', async (t) => {
  const { directory, upstream, time } = open(t)
  await directory.resolve('a')
  upstream.models = null
  time.now += TTL_MS
  await directory.resolve('a')
  await settle()
  t.match(directory.stats(), {
    loads: 2,
    notModified: 1,
    errors: 0,
    age: 0,
    stale: false,
    last_etag: 'e',
    last_hash: 'h',
    cached_models: 2,
  })
  t.match(directory.stats(), {
    cache_duration: 300,
    seconds_until_expiry: 300,
    cache_expiry: new Date(time.now + TTL_MS).toISOString(),
    rejected: 1,
  })
})

t.test('models at hand answer until the first load has succeeded', async (t) => {
  const { directory, upstream, time } = open(t, {
    warm: async () => ({ models: [DEFAULT_MODEL, resolvable('old')], rejected: 0, ageMs: 60_000 }),
  })
  upstream.error = new Error('upstream is down')
  t.equal((await directory.resolve('old')).id, 'litellm/old')
  t.match(directory.stats(), { stale: true, age: 60 })
  upstream.error = null
  time.now += 1000
  await directory.resolve('old')
  await settle()
  t.equal((await directory.resolve('old')).matchedBy, 'fallback')
  t.equal((await directory.resolve('a')).id, 'litellm/a')
})

t.test('refresh sees what was written before it', async (t) => {
  const { directory, upstream } = open(t)
  await directory.resolve('a')
  let answer = (): void => undefined
  upstream.waitsFor = new Promise((resolve) => (answer = resolve))
  const first = directory.refresh()
  await settle()
  upstream.models = [DEFAULT_MODEL, resolvable('b')]
  const later = [directory.refresh(), directory.refresh()]
  answer()
  await Promise.all([first, ...later])
  t.equal(directory.resolveCached('b').id, 'litellm/b')
  t.equal(upstream.loads.length, 3, 'one under way, and one behind it for all')
})

t.test('names that nobody has are told', async (t) => {
  const missed: string[] = []
  const { directory }: { directory: ModelDirectory } = open(t, { missed: (name) => missed.push(name) })
  await directory.resolve('a')
  await directory.resolve('')
  await directory.resolve('zz')
  await code(() => directory.resolve('yy', { strict: true }))
  await code(() => directory.resolve('xx', { type: 'speech' }))
  await code(() => directory.resolve('', { type: 'speech' }))
  t.strictSame(missed, ['zz', 'yy', 'xx'])
})
