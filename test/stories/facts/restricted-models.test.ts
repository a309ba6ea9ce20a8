/** Models that only some teams may call: shown to who looks at the catalogue, offered and resolved for those teams alone. */
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow, type ModelRow } from '../../support/loopback-litellm.js'

const database = await createPostgresDatabase(t)
const teams = (request: FastifyRequest): string[] => {
  const given = request.headers['x-teams']
  return typeof given === 'string' && given !== '' ? given.split(',') : []
}
const host = await startHost(t, database, {
  settings: { teams, fallbackModel: 'open' },
  after: (app) => {
    app.post('/chat', { preHandler: app.modelSync.resolveRequest({ strict: true }) }, async (request) => request.body)
  },
})
const { litellm } = host
const row = (model_name: string, model_info: Record<string, unknown> = {}): ModelRow =>
  modelRow({ model_name, model_info: { mode: 'chat', ...model_info } })

const ROWS = [
  row('open', { direct_access: true, access_via_team_ids: ['t1', 't2'] }),
  row('team-one', { team_id: 't1', direct_access: false, access_via_team_ids: ['t1'] }),
  row('by-team', { direct_access: false, access_via_team_ids: ['t2', 't3'] }),
  row('nobodys', { direct_access: false, access_via_team_ids: [] }),
  row('beta', { access_groups: ['beta-models', 'staff'], direct_access: true }),
]

async function offered(of?: string): Promise<string[]> {
  const { body } = await host.get<{ data: { id: string }[] }>('/v1/models', { 'x-teams': of ?? '' })
  return body.data.map(({ id }) => id.replace(/^litellm\//, '')).sort()
}
async function resolves(name: string, of?: string): Promise<unknown> {
  const headers: Record<string, string> = of === undefined ? {} : { 'x-teams': of }
  const { status, body } = await host.get(`/models/resolve?model=${name}&strict=true`, headers)
  return status === 200 ? body['id'] : body['code']
}
const NOT_FOUND = 'FST_MODEL_SYNC_MODEL_NOT_FOUND'

t.beforeEach(async () => {
  await host.reset(structuredClone(ROWS))
  // What is a team's own stands in no list of names.
  litellm.setUnnamed(['team-one', 'by-team', 'nobodys', 'beta'])
  await host.sync()
})

t.test(
  'the catalogue shows them all, with whose they are, and none of them as one that cannot be called',
  async (t) => {
    const models = await host.models()
    const access = (id: string) => {
      const { availability, restricted, teams, accessGroups } = models.get(id)!
      return [availability, restricted, teams, accessGroups]
    }
    t.same(access('open'), ['available', null, [], []])
    t.same(access('team-one'), ['available', true, ['t1'], []])
    t.same(access('by-team'), ['available', true, ['t2', 't3'], []])
    t.same(access('nobodys'), ['available', true, [], []])
    t.same(access('beta'), ['available', true, [], ['beta-models', 'staff']])
    const ids = async (query: string) =>
      (await host.get<{ models: { providerModelId: string }[] }>(`/models?${query}`)).body.models.map(
        ({ providerModelId }) => providerModelId,
      )
    t.same(await ids('team=t2'), ['by-team'])
    t.same(await ids('team=t9'), [])
    t.same(await ids('accessGroup=staff'), ['beta'])
  },
)

t.test('/v1/models offers what anybody may call, and to a team what is its own', async (t) => {
  t.same(await offered(), ['open'])
  t.same(await offered('t1'), ['open', 'team-one'])
  t.same(await offered('t3,staff'), ['beta', 'by-team', 'open'])
  t.same(await offered('t9'), ['open'])
  t.same(await offered(), ['open'], 'nobody is given another’s list')
  const [one, two] = [await host.get('/v1/models'), await host.get('/v1/models', { 'x-teams': 't1' })]
  t.not(one.headers['etag'], two.headers['etag'])
  const again = await host.get('/v1/models', { 'x-teams': 't1', 'if-none-match': String(one.headers['etag']) })
  t.equal(again.status, 200, 'an ETag of another list is no match')
  t.equal((await host.get('/v1/models/litellm/team-one')).status, 404)
  t.equal((await host.get('/v1/models/team-one', { 'x-teams': 't1' })).status, 200)
})

t.test('a name resolves for those inside alone, one by one, by the list and in a proxy', async (t) => {
  t.equal(await resolves('team-one'), NOT_FOUND)
  t.equal(await resolves('team-one', 't2'), NOT_FOUND)
  t.equal(await resolves('team-one', 't1'), 'litellm/team-one')
  t.equal(await resolves('TEAM-ONE', 't1'), 'litellm/team-one', 'in another case')
  t.equal(await resolves('TEAM-ONE'), NOT_FOUND)
  t.equal(await resolves('nobodys', 't1'), NOT_FOUND)
  t.equal(await resolves('beta', 'beta-models'), 'litellm/beta')
  const fallback = (await host.get('/models/resolve?model=team-one')).body
  t.match(fallback, { id: 'litellm/open', fallback: true })
  t.notOk('unavailable' in fallback, 'an outsider is not told that it is there')

  const list = async (of: string) => {
    const { body } = await host.request<{ results: { id?: string; code?: string; suggestions: string[] }[] }>({
      method: 'POST',
      url: '/models/resolve',
      headers: { 'x-teams': of },
      payload: { models: ['open', 'team-one', 'by-tean', 'beta'], strict: true },
    })
    return body.results.map(({ id, code, suggestions }) => id ?? [code, suggestions])
  }
  t.same(await list('t1'), ['litellm/open', 'litellm/team-one', [NOT_FOUND, []], [NOT_FOUND, []]])
  t.same(await list('t2,staff'), ['litellm/open', [NOT_FOUND, []], [NOT_FOUND, ['by-team']], 'litellm/beta'])

  const chat = async (of: string) => {
    const headers = { 'x-teams': of }
    return (await host.request({ method: 'POST', url: '/chat', headers, payload: { model: 'team-one' } })).status
  }
  t.equal(await chat('t1'), 200)
  t.equal(await chat('t2'), 404)
  t.equal(host.app.modelSync.names.resolveCached('team-one', { teams: ['t1'] }).id, 'litellm/team-one')
})

t.test('a team’s own model is offered to nobody by the internal name that some proxies list', async (t) => {
  const internal = 'model_name_t1_0f8fad5b-d9cb-469f-a165-70867728950e'
  litellm.models.push(row(internal, { team_id: 't1', team_public_model_name: 'gpt-house' }))
  litellm.setUnnamed(ROWS.slice(1).map(({ model_name }) => model_name))
  await host.sync()
  t.same([...(await host.models()).keys()].sort(), [...ROWS.map(({ model_name }) => model_name), 'gpt-house'].sort())
  t.same(await offered(), ['open'])
  t.same(await offered('t1'), ['gpt-house', 'open', 'team-one'])
  for (const of of [undefined, 't1']) t.equal(await resolves(internal, of), NOT_FOUND)
  t.equal(await resolves('model_name_t1'), NOT_FOUND)
})

t.test('restricted in other spellings of a flag and of a list', async (t) => {
  litellm.models.push(row('no', { direct_access: 'false' }), row('groups', { access_groups: 'beta-models, staff' }))
  litellm.models.push(row('paused', { blocked: 'true' }), row('paused too', { blocked: 1 }))
  await host.sync()
  t.same(await offered(), ['open'])
  t.same(await offered('staff'), ['beta', 'groups', 'open'])
  t.match((await host.models()).get('paused'), { availability: 'unavailable', unavailableReason: 'blocked' })
  t.match((await host.models()).get('paused too'), { availability: 'unavailable', unavailableReason: 'blocked' })
  const { body } = await host.get<{ unread: { path: string }[] }>('/providers/litellm')
  t.same(
    body.unread.map(({ path }) => path),
    [],
    'nothing of it is news',
  )
})

t.test('a name with an open deployment is everybody’s', async (t) => {
  litellm.models.push(row('team-one', { id: 'second', direct_access: true }))
  await host.sync()
  t.match((await host.models()).get('team-one'), { restricted: null, teams: ['t1'], deployments: 2 })
  t.equal(await resolves('team-one'), 'litellm/team-one')
})

t.test('opened and closed, as upstream says', async (t) => {
  delete litellm.models[4]!.model_info['access_groups']
  litellm.setUnnamed(['team-one', 'by-team', 'nobodys'])
  await host.sync()
  t.same(await offered(), ['beta', 'open'])
  t.match((await host.changes('&model=litellm/beta&field=restricted'))[0], { from: true, to: null })
})

t.test('a key of nobody is told of no direct access to anything, which restricts nothing', async (t) => {
  await host.reset(ROWS.map(({ model_name }) => row(model_name, { direct_access: false })))
  await host.sync()
  t.same(await offered(), ['beta', 'by-team', 'nobodys', 'open', 'team-one'])
  litellm.models[0]!.model_info['direct_access'] = true
  await host.sync()
  t.same(await offered(), ['open'], 'said of some, it is about them')
})

t.test('a pin opens what upstream restricts', async (t) => {
  await host.request({ method: 'PATCH', url: '/models/litellm/nobodys', payload: { restricted: false } })
  t.same(await offered(), ['nobodys', 'open'])
  await host.sync({ forceUpdate: true })
  t.same(await offered(), ['nobodys', 'open'])
})
