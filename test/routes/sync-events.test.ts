/** GET /models/sync/events over a real connection: progress, result, revision, the end of the server. */
import { once } from 'node:events'
import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { clientAddress } from '../../src/routes/shared/client-address.js'
import type { ProviderProgress, RunProgress } from '../../src/core/records/run-progress.js'
import type { SyncResult } from '../../src/core/records/sync-result.js'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost } from '../support/host.js'
import { manyRows } from '../support/loopback-litellm.js'

interface Told {
  event: string
  data: unknown
}

const database = await createPostgresDatabase(t)
const host = await startHost(t, database, { litellm: { models: manyRows(3) } })
const url = await host.app.listen({ host: '127.0.0.1', port: 0 })

// Not fetch, which opens a connection in advance for each that is aborted: a server that closes waits for it.
async function open(
  address: string,
  signal: AbortSignal,
  method = 'GET',
  more: RequestOptions = {},
): Promise<IncomingMessage> {
  const call = request(`${address}/models/sync/events`, { signal, method, ...more }).end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  call.on('error', () => undefined)
  response.on('error', () => undefined)
  return response
}

/** Once the server has seen that others have left, for two seconds. */
async function eventually(more: RequestOptions): Promise<IncomingMessage> {
  for (const started = Date.now(); ; await delay(20)) {
    const abort = new AbortController()
    const answer = await open(url, abort.signal, 'GET', more)
    abort.abort()
    if (answer.statusCode === 200 || Date.now() - started > 2000) return answer
  }
}

async function* listen(address: string, signal: AbortSignal): AsyncGenerator<Told> {
  const response = await open(address, signal)
  t.equal(response.headers['content-type'], 'text/event-stream')
  t.match(response.headers['cache-control'], 'no-transform')
  let rest = ''
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    const parts = `${rest}${chunk}`.split('\n\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? []
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown }
    }
  }
}

async function until(events: AsyncGenerator<Told>, event: string): Promise<Told[]> {
  const told: Told[] = []
  for (;;) {
    const next = await events.next()
    if (next.done === true) throw new Error(`the stream ended before ${event}`)
    told.push(next.value)
    if (next.value.event === event) return told
  }
}

t.test('a run is told from its start to its result, and the revision after it', async (t) => {
  const abort = new AbortController()
  t.teardown(() => abort.abort())
  const events = listen(url, abort.signal)
  t.strictSame(await until(events, 'revision'), [{ event: 'revision', data: { revision: 0 } }])

  const result = await host.sync()
  const told = await until(events, 'finished')
  const [started] = told.filter(({ event }) => event === 'started').map(({ data }) => data as RunProgress)
  t.match(started, { runId: result.runId, trigger: 'manual', providers: [{ provider: 'litellm', state: 'waiting' }] })
  const progress = told.filter(({ event }) => event === 'progress').map(({ data }) => data as ProviderProgress)
  t.strictSame([...new Set(progress.map(({ state }) => state))], ['fetching', 'applying', 'done'])
  t.equal(progress.at(-1)?.entries, 6, 'three of each of the two listings')
  t.match(progress.at(-1)?.result, { status: 'ok', newModels: 3 })
  t.strictSame(told.at(-1)?.data as SyncResult, result)
  if (!told.some(({ event }) => event === 'revision'))
    t.strictSame((await until(events, 'revision')).at(-1)?.data, { revision: 1 })
})

t.test('who comes in the middle of a run is told how far it is', async (t) => {
  const abort = new AbortController()
  t.teardown(() => abort.abort())
  host.litellm.setFault('/model/info', { kind: 'delay', ms: 300, times: 1 })
  const run = host.sync({ forceUpdate: true })
  while (host.app.modelSync.sync.runProgress?.providers[0]?.state !== 'fetching') await delay(5)
  const [first] = await until(listen(url, abort.signal), 'started')
  t.match(first?.data, { providers: [{ provider: 'litellm', state: 'fetching', result: null }] })
  await run
  t.equal(host.app.modelSync.sync.runProgress, null)
})

t.test('a change by another process is told within two seconds', async (t) => {
  const replica = await startHost(t, database, { litellm: host.litellm })
  const abort = new AbortController()
  t.teardown(() => abort.abort())
  const events = listen(url, abort.signal)
  const [{ data: before } = { data: null }] = await until(events, 'revision')
  const { models } = await replica.app.modelSync.catalogue.models({ limit: 1 })
  const started = performance.now()
  await replica.request({ method: 'PATCH', url: `/models/${models[0]!.id}`, payload: { hidden: true } })
  const after = (await until(events, 'revision')).at(-1)?.data
  t.ok(performance.now() - started < 2000)
  t.equal((after as { revision: number }).revision, (before as { revision: number }).revision + 1)
})

t.test('a HEAD is not answered with a stream, which would have no end', async (t) => {
  const { statusCode } = await open(url, AbortSignal.timeout(2000), 'HEAD')
  t.equal(statusCode, 405)
})

t.test('ten of an address and 200 in all listen at most, and one that leaves makes room', async (t) => {
  const aborts = Array.from({ length: 200 }, () => new AbortController())
  // On Linux all of 127.0.0.0/8 is this machine.
  const from = (index: number) => `127.0.1.${1 + Math.floor(index / 10)}`
  const first = await Promise.all(
    aborts.map(({ signal }, index) => open(url, signal, 'GET', { localAddress: from(index) })),
  )
  t.ok(first.every(({ statusCode }) => statusCode === 200))
  const refused = await open(url, AbortSignal.timeout(2000), 'GET', { localAddress: '127.0.2.1' })
  t.match([refused.statusCode, refused.headers['retry-after']], [503, '5'])
  for (const abort of aborts.slice(10)) abort.abort()
  t.match(await eventually({ localAddress: '127.0.2.1' }), { statusCode: 200 })

  const eleventh = await open(url, AbortSignal.timeout(2000), 'GET', { localAddress: from(0) })
  t.match([eleventh.statusCode, eleventh.headers['retry-after']], [429, '60'])
  t.match(JSON.parse((await eleventh.setEncoding('utf8').toArray()).join('')), {
    code: 'FST_MODEL_SYNC_TOO_MANY_LISTENERS',
  })
  aborts[0]!.abort()
  t.match(await eventually({ localAddress: from(0) }), { statusCode: 200 })
  for (const abort of aborts) abort.abort()
})

t.test('one client without a token leaves places for those whom authorize lets in', async (t) => {
  const guarded = await startHost(t, await createPostgresDatabase(t), {
    settings: {
      allowUnauthenticated: false,
      authorize: async ({ headers }) => {
        if (headers.authorization !== 'Bearer admin') throw Object.assign(new Error('no'), { statusCode: 401 })
      },
    },
  })
  const address = await guarded.app.listen({ host: '127.0.0.1', port: 0 })
  const aborts = Array.from({ length: 180 }, () => new AbortController())
  t.teardown(() => aborts.forEach((abort) => abort.abort()))
  await Promise.all(
    aborts.map(({ signal }, index) =>
      open(address, signal, 'GET', { localAddress: `127.0.1.${1 + Math.floor(index / 10)}` }),
    ),
  )
  const other = { localAddress: '127.0.2.1' }
  t.equal((await open(address, AbortSignal.timeout(2000), 'GET', other)).statusCode, 503)
  const admin = { localAddress: '127.0.1.1', headers: { authorization: 'Bearer admin' } }
  const leaving = new AbortController()
  t.teardown(() => leaving.abort())
  const admitted = await Promise.all(Array.from({ length: 20 }, () => open(address, leaving.signal, 'GET', admin)))
  t.ok(
    admitted.every(({ statusCode }) => statusCode === 200),
    'also from an address that has its ten',
  )
  t.equal((await open(address, AbortSignal.timeout(2000), 'GET', admin)).statusCode, 503, 'the last one is taken')
})

t.test('whom the limits count as one client', async (t) => {
  const cases = {
    '10.1.2.3': '10.1.2.3',
    '::ffff:10.1.2.3': '10.1.2.3',
    '::FFFF:10.1.2.3': '10.1.2.3',
    '::1': '0:0:0:0::/64',
    '2001:db8::1': '2001:db8:0:0::/64',
    '2001:0db8:0:0:ffff::2': '2001:db8:0:0::/64',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
  }
  for (const [ip, client] of Object.entries(cases)) t.equal(clientAddress({ ip }), client, ip)
})

t.test('an open stream does not keep the server from closing', async (t) => {
  const events = listen(url, new AbortController().signal)
  await until(events, 'revision')
  const started = performance.now()
  await host.app.close()
  t.ok(performance.now() - started < 2000)
  t.equal((await events.next()).done, true, 'it ended, and was not cut off')
})
