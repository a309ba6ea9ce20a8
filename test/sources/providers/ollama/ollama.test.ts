/** Ollama servers that tell contexts and capabilities one by one: each digest is asked about once, and only a few at a time. */
import t, { type Test } from 'tap'
import { ListingCollector } from '../../../../src/services/sync/collect-listing.js'
import { ollama } from '../../../../src/sources/providers/ollama.js'
import { fetchSource, type Validators } from '../../../../src/upstream/read-source.js'
import { createHttpClient } from '../../../../src/upstream/http-client.js'
import { json, loopback } from '../../../support/loopback.js'

const model = (name: string, digest: string, more: object = {}): object => ({
  ...{ name, model: name, digest, details: { format: 'gguf', family: 'titan' } },
  ...more,
})
const shown = (context: number, ...capabilities: string[]): object => ({
  ...{
    license: 'x'.repeat(1000),
    capabilities,
    model_info: { 'titan.context_length': context, 'titan.block_count': 4 },
  },
})

interface Server {
  models: object[]
  show(name: string): { status: number; body: unknown }
  /** Names in the order of the questions. */
  asked: string[]
}

async function serve(t: Test, server: Server): Promise<(previous?: Validators) => ReturnType<typeof readOnce>> {
  const { url } = await loopback(t, async (request, response) => {
    if (request.url !== '/api/show') return void json(response, { models: server.models })
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const { model: name } = JSON.parse(text) as { model: string }
    server.asked.push(name)
    const { status, body } = server.show(name)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const client = createHttpClient({ timeoutMs: 2000 })
  t.teardown(() => client.close())
  return (previous) => readOnce(url, client, previous ?? null)
}

async function readOnce(address: string, client: ReturnType<typeof createHttpClient>, previous: Validators | null) {
  const collector = new ListingCollector(ollama)
  const outcome = await fetchSource(ollama, {
    ...{ address, apiKey: null, client, previous, timeoutMs: 2000, userAgent: 'test' },
    signal: new AbortController().signal,
    wait: async () => {},
    ...{ random: () => 0, now: () => 0 },
    onPage: (listing, entries) => collector.add(listing, entries),
  })
  const { desired } = await collector.resolve(() => false, { excludes: () => false, modes: null })
  return { outcome, models: Object.fromEntries(desired) }
}

t.test('what the list leaves out is asked for, once for each digest', async (t) => {
  const server: Server = {
    models: [
      model('titan:8b', 'aa'),
      model('titan:latest', 'aa'),
      model('vectors', 'bb'),
      model('new', 'cc', { capabilities: ['completion'], details: { format: 'gguf', context_length: 4_096 } }),
    ],
    show: (name) => ({
      status: 200,
      body: name === 'vectors' ? shown(512, 'embedding') : shown(262_144, 'completion', 'tools', 'vision'),
    }),
    asked: [],
  }
  const read = await serve(t, server)
  const first = await read()
  t.same(first.outcome.warnings, [])
  t.same(
    server.asked.sort(),
    ['titan:latest', 'vectors'],
    'one of two names, and an entry that says it all is not asked about',
  )
  t.match(first.models, {
    'titan:8b': { mode: 'chat', contextLength: 262_144, capabilities: { functionCalling: true, vision: true } },
    'titan:latest': { contextLength: 262_144, inputModalities: ['image', 'text'] },
    vectors: { mode: 'embedding', contextLength: 512 },
    new: { mode: 'chat', contextLength: 4_096 },
  })
  t.equal((await read(first.outcome.validators)).outcome.state, 'not-modified')

  server.models.push(model('titan:70b', 'dd'))
  t.match((await read(first.outcome.validators)).models, { 'titan:70b': { contextLength: 262_144 } })
  t.same(server.asked.slice(2), ['titan:70b'], 'of a changed list the new digest alone')
})

t.test('a server that does not tell leaves what is known, says so, and is asked again', async (t) => {
  const server: Server = {
    models: [model('titan:8b', 'aa'), model('titan:70b', 'bb')],
    show: (name) => (name === 'titan:8b' ? { status: 500, body: { error: 'busy' } } : { status: 404, body: {} }),
    asked: [],
  }
  const read = await serve(t, server)
  const { outcome, models } = await read()
  t.equal(outcome.state, 'complete')
  t.match(outcome.warnings, [
    /1 model was not asked about: POST \/api\/show answered 500.*; their contexts .* last values/,
  ])
  for (const fields of Object.values(models)) t.notOk('contextLength' in (fields as object), 'not spoken of')
  server.show = () => ({ status: 200, body: shown(8_192, 'completion') })
  const again = await read(outcome.validators)
  t.match(again.models, { 'titan:8b': { contextLength: 8_192 } })
  t.same(again.outcome.warnings, [])
  t.same(server.asked.length, 3, 'a model that the server does not show is not asked about again')
})

t.test('no more than 200 are asked about at once, the rest with the next sync', async (t) => {
  const server: Server = {
    models: Array.from({ length: 250 }, (_, at) => model(`m-${at}`, `d-${at}`)),
    show: () => ({ status: 200, body: shown(1_024, 'completion') }),
    asked: [],
  }
  const read = await serve(t, server)
  const { outcome, models } = await read()
  t.equal(server.asked.length, 200)
  t.match(outcome.warnings, [/^50 models were not asked about: no more than 200 are asked for at once/])
  t.equal(Object.values(models).filter((fields) => 'contextLength' in (fields as object)).length, 200)
  const { outcome: next } = await read(outcome.validators)
  t.equal(server.asked.length, 250)
  t.same(next.warnings, [])
})

t.test('nobody goes on asking where nobody answers', async (t) => {
  const server: Server = {
    models: Array.from({ length: 100 }, (_, at) => model(`m-${at}`, `d-${at}`)),
    show: () => ({ status: 503, body: {} }),
    asked: [],
  }
  const read = await serve(t, server)
  t.match((await read()).outcome, { state: 'complete', warnings: [/^100 models were not asked about/] })
  t.ok(server.asked.length < 10, String(server.asked.length))
})
