/** GET /models/sync/events over a real connection: progress, result, revision, the end of the server. */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { ProviderProgress, RunProgress } from '../../src/services/sync-progress.js'
import type { SyncResult } from '../../src/services/sync-result.js'
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
async function open(address: string, signal: AbortSignal, method = 'GET'): Promise<IncomingMessage> {
  const call = request(`${address}/models/sync/events`, { signal, method }).end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  call.on('error', () => undefined)
  response.on('error', () => undefined)
  return response
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
  while (host.app.modelSync.runProgress?.providers[0]?.state !== 'fetching') await delay(5)
  const [first] = await until(listen(url, abort.signal), 'started')
  t.match(first?.data, { providers: [{ provider: 'litellm', state: 'fetching', result: null }] })
  await run
  t.equal(host.app.modelSync.runProgress, null)
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
  t.equal(statusCode, 404)
})

t.test('200 listen at most, and one that leaves makes room', async (t) => {
  const aborts = Array.from({ length: 200 }, () => new AbortController())
  const first = await Promise.all(aborts.map(({ signal }) => until(listen(url, signal), 'revision')))
  t.equal(first.length, 200)
  t.match(await host.get('/models/sync/events'), {
    status: 503,
    headers: { 'retry-after': '5' },
    body: { code: 'FST_MODEL_SYNC_TOO_MANY_LISTENERS' },
  })
  for (const abort of aborts) abort.abort()
  for (let status: number | undefined = 503; status !== 200; await delay(20)) {
    const abort = new AbortController()
    status = (await open(url, abort.signal)).statusCode
    abort.abort()
  }
})

t.test('an open stream does not keep the server from closing', async (t) => {
  const events = listen(url, new AbortController().signal)
  await until(events, 'revision')
  const started = performance.now()
  await host.app.close()
  t.ok(performance.now() - started < 2000)
  t.equal((await events.next()).done, true, 'it ended, and was not cut off')
})
