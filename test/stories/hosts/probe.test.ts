/** Probes: through LiteLLM and through a provider, within a budget that replicas share, and with no secret on record. */
import type { IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import { run } from '../../cli/support.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost, type HostOptions, type TestHost } from '../../support/host.js'
import { json, loopback } from '../../support/loopback.js'

interface Probe {
  model: string
  ok: boolean
  reason: string | null
  status: number | null
  latencyMs: number | null
  cause: string
  actor: string | null
}

const KEY = 'sk-secret-of-the-provider'
const database = await createPostgresDatabase(t)
let answer: (body: { model: string }) => { status: number; body: unknown } | null = () => null
const asked: { url: string; authorization: string | undefined; body: Record<string, unknown> }[] = []

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

const upstream = await loopback(t, async (request, response) => {
  if (request.method === 'GET') {
    const rows = [
      { id: 'talker', object: 'model' },
      { id: 'text-embedding-3', object: 'model' },
    ]
    return json(response, { object: 'list', data: rows })
  }
  const body = JSON.parse(await bodyOf(request)) as { model: string }
  asked.push({ url: request.url ?? '', authorization: request.headers.authorization, body: { ...body } })
  const found = answer(body)
  if (found !== null) json(response, found.body, found.status)
})
const GOOD = { status: 200, body: { choices: [{ message: { content: 'p' } }] } }

async function host(t: Test, settings: HostOptions['settings'] = {}): Promise<TestHost> {
  const started = await startHost(t, database, {
    litellm: { models: [] },
    settings: {
      providers: ['box'],
      openaiCompatible: [{ slug: 'box', url: `${upstream.url}/v1`, keyVariable: 'BOX_KEY', apiKey: KEY }],
      probe: true,
      user: () => 'ada',
      ...settings,
    },
  })
  await started.reset()
  asked.length = 0
  answer = () => GOOD
  return started
}

const post = (host: TestHost, model: string) =>
  host.request<Probe & { code: string; message: string }>({
    method: 'POST',
    url: `/models/probe?model=${encodeURIComponent(model)}`,
  })

t.test('a model that answers', async (t) => {
  const app = await host(t)
  await app.sync()
  const { status, body } = await post(app, 'box/talker')
  t.equal(status, 200)
  t.match(body, { model: 'box/talker', ok: true, reason: null, status: 200, cause: 'manual', actor: 'ada' })
  t.ok(body.latencyMs !== null && body.latencyMs >= 0)
  t.strictSame(asked, [
    {
      url: '/v1/chat/completions',
      authorization: `Bearer ${KEY}`,
      body: { model: 'talker', messages: [{ role: 'user', content: 'ping' }], stream: false, max_tokens: 1 },
    },
  ])
  t.match((await app.get('/models/probe?model=box/talker')).body, { probes: [{ ok: true, actor: 'ada' }] })
})

t.test('one that does not: what upstream says, without the key', async (t) => {
  const app = await host(t)
  await app.sync()
  answer = () => ({ status: 401, body: { error: { message: `Incorrect API key provided: ${KEY}` } } })
  t.match((await post(app, 'box/talker')).body, {
    ok: false,
    status: 401,
    reason: /^POST \/v1\/chat\/completions answered 401/,
  })
  answer = () => ({ status: 200, body: { error: 'sorry' } })
  t.match((await post(app, 'box/talker')).body, { ok: false, status: 200, reason: /without choices/ })
  const { body, text } = await app.get<{ probes: Probe[] }>('/models/probe?model=box/talker')
  t.strictSame(
    body.probes.map(({ status }) => status),
    [200, 401],
  )
  const { rows } = await app.pool.query('SELECT * FROM model_sync.probes')
  for (const said of [text, JSON.stringify(rows), app.log.text()]) t.notMatch(said, KEY)
})

t.test('what cannot be probed is told so, and costs nothing', async (t) => {
  const app = await host(t, { probeBudget: 1 })
  await app.sync()
  t.match(await post(app, 'box/text-embedding-3'), {
    status: 400,
    body: { code: 'FST_MODEL_SYNC_PROBE', message: /of mode embedding; only chat models/ },
  })
  t.match(await post(app, 'box/nobody'), { status: 404 })
  await app.app.modelSync.catalogue.editor.add({ provider: 'morpheus', providerModelId: '0xaa' }, 'ada')
  t.match(await post(app, 'morpheus/0xaa'), { status: 400, body: { message: /no OpenAI-compatible chat API/ } })
  t.match(await app.request({ method: 'POST', url: '/models/probe' }), { status: 400 })
  t.equal(asked.length, 0)
  t.match(await post(app, 'box/talker'), { status: 200 }, 'the one of the budget is still there')
})

t.test('off unless it was asked for', async (t) => {
  const app = await host(t, { probe: false, probeNew: true })
  await app.sync()
  t.match(await post(app, 'box/talker'), {
    status: 403,
    body: { code: 'FST_MODEL_SYNC_PROBE_OFF', message: /MODEL_SYNC_PROBE=true/ },
  })
  t.equal(asked.length, 0)
})

t.test('the budget of a day is one for all replicas', async (t) => {
  const one = await host(t, { probeBudget: 5 })
  const two = await startHost(t, database, {
    litellm: { models: [] },
    settings: {
      providers: ['box'],
      openaiCompatible: [{ slug: 'box', url: `${upstream.url}/v1`, keyVariable: 'BOX_KEY', apiKey: KEY }],
      probe: true,
      probeBudget: 5,
    },
  })
  await one.sync()
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => post(index % 2 ? one : two, 'box/talker')))
  t.equal(answers.filter(({ status }) => status === 200).length, 5)
  t.equal(asked.length, 5)
  t.match(
    answers.find(({ status }) => status !== 200),
    { status: 429, body: { code: 'FST_MODEL_SYNC_PROBE_BUDGET', message: /the 5 probes of .* are spent/ } },
  )
  await one.pool.query(`UPDATE model_sync.probe_budget SET day = day - 1`)
  t.match(await post(one, 'box/talker'), { status: 200 }, 'the next day')
})

t.test('what a sync added is probed behind its result, within the budget, and ends with the server', async (t) => {
  const app = await host(t, { probeNew: true })
  answer = () => null
  const { newModels } = await app.sync()
  t.equal(newModels, 2, 'the result does not wait for a model that hangs')
  for (let tries = 0; asked.length === 0 && tries < 400; tries++) await new Promise((resolve) => setTimeout(resolve, 5))
  t.equal(asked.length, 1)
  const started = performance.now()
  await app.app.close()
  t.ok(performance.now() - started < 5000, 'closing does not wait for it')
  const { rows } = await app.pool.query('SELECT * FROM model_sync.probes')
  t.strictSame(rows, [])
})

t.test('new models on record', async (t) => {
  const app = await host(t, { probeNew: true })
  await app.sync()
  await app.log.waitFor('A new model was probed')
  t.match((await app.get('/models/probe?model=box/talker')).body, {
    probes: [{ cause: 'added', ok: true, actor: null }],
  })
  await app.sync()
  t.equal(asked.length, 1, 'once')
})

t.test('through LiteLLM, by its public name', async (t) => {
  const app = await host(t, {
    providers: ['litellm'],
    litellm: { url: upstream.url, apiKey: 'sk-litellm' },
  })
  await app.app.modelSync.catalogue.editor.add(
    { provider: 'litellm', providerModelId: 'team/gpt-4o', mode: 'chat' },
    'ada',
  )
  t.match((await post(app, 'litellm/team/gpt-4o')).body, { ok: true })
  t.match(asked, [{ url: '/v1/chat/completions', authorization: 'Bearer sk-litellm', body: { model: 'team/gpt-4o' } }])
})

t.test(
  'model-sync probe',
  { skip: database.url === null && 'needs PostgreSQL, which does not run here' },
  async (t) => {
    const app = await host(t)
    await app.sync()
    const env = {
      DATABASE_URL: database.url!,
      MODEL_SYNC_PROVIDERS: 'box',
      MODEL_SYNC_OPENAI_COMPATIBLE: `box=${upstream.url}/v1;key=BOX_KEY`,
      BOX_KEY: KEY,
      MODEL_SYNC_PROBE: 'true',
    }
    t.match(await run(['probe', 'box/talker'], env), { code: 0, stdout: /^box\/talker answers, after \d+ ms\.\n$/ })
    answer = () => ({ status: 503, body: {} })
    t.match(await run(['probe', 'box/talker'], env), { code: 1, stdout: /does not answer: POST .* answered 503/ })
    t.match((await run(['probe', 'box/talker', '--json'], env)).json(), { ok: false, status: 503 })
    t.match(await run(['probe', 'box/talker'], { ...env, MODEL_SYNC_PROBE: 'false' }), {
      code: 1,
      stderr: /MODEL_SYNC_PROBE=true/,
    })
  },
)
