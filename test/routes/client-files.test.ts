/** GET /clients: who gets which models, from which address, and when it is new. */
import t from 'tap'
import { run } from '../cli/support.js'
import { createPostgresDatabase } from '../support/databases.js'
import { startHost, type HostOptions } from '../support/host.js'
import { json, loopback } from '../support/loopback.js'
import { modelRow } from '../support/loopback-litellm.js'

const ROWS = [
  modelRow({ model_name: 'gpt-4o' }),
  modelRow({ model_name: 'team-model', model_info: { access_groups: ['beta'] } }),
  modelRow({ model_name: 'hidden-model' }),
  modelRow({ model_name: 'gone' }),
]

async function start(settings: HostOptions['settings'] = {}) {
  const host = await startHost(t, await createPostgresDatabase(t), {
    litellm: { models: structuredClone(ROWS) },
    settings: { teams: ({ headers }) => [headers['x-team'] ?? []].flat(), ...settings },
  })
  await host.sync()
  const ids = async (headers = {}) => {
    const { status, body } = await host.get<{ provider: { gateway: { models: object } } }>('/clients/opencode', headers)
    t.equal(status, 200)
    return Object.keys(body.provider.gateway.models)
  }
  return { host, ids }
}

t.test('hidden, unavailable and restricted models are left out, but for the team that may call them', async (t) => {
  const { host, ids } = await start()
  await host.request({ method: 'PATCH', url: '/models/litellm/hidden-model', payload: { hidden: true } })
  host.litellm.models.splice(3, 1)
  await host.sync()
  t.strictSame(await ids(), ['gpt-4o'])
  t.strictSame(await ids({ 'x-team': 'beta' }), ['gpt-4o', 'team-model'])
  t.strictSame(await ids({ 'x-team': 'other' }), ['gpt-4o'])
  t.strictSame(await ids(), ['gpt-4o'], 'nobody gets what another was given')
})

t.test('an unchanged catalogue is a 304, a changed one has another ETag, and another team’s is another', async (t) => {
  const { host } = await start()
  for (const name of ['litellm', 'models.dev', 'models.dev/api.json']) {
    const url = `/clients/${name}`
    const { headers } = await host.get(url)
    const etag = String(headers['etag'])
    t.equal((await host.get(url, { 'if-none-match': etag })).status, 304)
    t.equal((await host.get(url, { 'if-none-match': etag, 'x-team': 'beta' })).status, 200)
    await host.request({
      method: 'PATCH',
      url: '/models/litellm/gpt-4o',
      payload: { contextLength: name.length * 100 },
    })
    const next = await host.get(url, { 'if-none-match': etag })
    t.equal(next.status, 200)
    t.match(next.text, String(name.length * 100), 'what was pinned a moment ago')
  }
})

t.test('each name has its media type and its file, and one that there is none of is told what there are', async (t) => {
  const { host } = await start()
  for (const [name, type, file] of [
    ['codex', 'application/json', 'models.json'],
    ['librechat', 'application/yaml', 'librechat.yaml'],
  ] as const) {
    const { headers } = await host.get(`/clients/${name}`)
    t.match(headers['content-type'], type)
    t.match(headers['content-disposition'], `filename="${file}"`)
  }
  const { status, body } = await host.get('/clients/cursor')
  t.equal(status, 400)
  t.match(body['message'], /litellm.*opencode/)
  t.equal((await host.get('/clients/codex?provider=litellm')).status, 400, 'no parameter is overlooked')
})

t.test(
  'without a gateway it is the proxy with its own models; with one, all models under the listed ids',
  async (t) => {
    const other = await loopback(t, (_request, response) => json(response, { data: [{ id: 'only-here' }] }))
    const both = {
      providers: ['litellm', 'box'],
      openaiCompatible: [{ slug: 'box', url: `${other.url}/v1` }],
    }
    const proxy = await start(both)
    t.notOk((await proxy.ids()).includes('only-here'))
    t.match((await proxy.host.get('/clients/opencode')).text, `"baseURL":"${proxy.host.litellm.url}/v1"`)
    const gateway = await start({ ...both, gatewayUrl: 'https://llm.example.com/v1/' })
    t.ok((await gateway.ids()).includes('box/only-here'))
    t.ok((await gateway.ids()).includes('litellm/gpt-4o'))
    t.match((await gateway.host.get('/clients/opencode')).text, '"baseURL":"https://llm.example.com/v1"')
    const named = await start({ ...both, gatewayUrl: 'https://llm.example.com/v1', openaiIds: 'provider' })
    t.ok((await named.ids()).includes('only-here'))
  },
)

t.test('where nobody calls a proxy and no gateway is named, the answer says what to set', async (t) => {
  const other = await loopback(t, (_request, response) => json(response, { data: [{ id: 'only-here' }] }))
  const host = await startHost(t, await createPostgresDatabase(t), {
    settings: { providers: ['box'], openaiCompatible: [{ slug: 'box', url: `${other.url}/v1` }] },
  })
  const { status, body } = await host.get('/clients/llm')
  t.equal(status, 404)
  t.match(body, { code: 'FST_MODEL_SYNC_NO_GATEWAY', message: /MODEL_SYNC_GATEWAY_URL/ })
})

t.test('the command line gets the same file from a server', async (t) => {
  const { host } = await start()
  const url = await host.app.listen({ host: '127.0.0.1', port: 0 })
  for (const name of ['llm', 'litellm-price-map']) {
    const { code, stdout } = await run(['export', '--format', name, '--url', url], {})
    t.equal(code, 0)
    t.equal(stdout, (await host.get(`/clients/${name}`)).text)
  }
})

t.test('reads that the host guards guard these too', async (t) => {
  const { host } = await start({
    authorizeRead: async ({ headers }) => {
      if (headers['x-team'] === undefined) throw Object.assign(new Error('who are you?'), { statusCode: 401 })
    },
  })
  t.equal((await host.get('/clients/codex')).status, 401)
  t.equal((await host.get('/clients/models.dev/api.json')).status, 401)
  t.equal((await host.get('/clients/codex', { 'x-team': 'beta' })).status, 200)
})
