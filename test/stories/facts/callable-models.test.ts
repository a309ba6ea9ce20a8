/** Models of a LiteLLM that are listed and cannot be called: blocked by its operator, or named by no list of names. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow, type ModelRow } from '../../support/loopback-litellm.js'

const database = await createPostgresDatabase(t)
const host = await startHost(t, database)
const { litellm } = host

const row = (model_name: string, model_info: Record<string, unknown> = {}): ModelRow =>
  modelRow({ model_name, model_info })
const infoOf = (name: string): Record<string, unknown> =>
  litellm.models.find(({ model_name }) => model_name === name)!.model_info
const availability = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    [...(await host.models())].map(([id, model]) => [id, model.unavailableReason ?? model.availability]),
  )
const asked = (path: string): number => litellm.requests.filter(({ url }) => url === path).length

async function start(names: readonly string[] = ['a', 'b', 'c', 'd']): Promise<void> {
  await host.reset(names.map((name) => row(name)))
  await host.sync()
}

t.test('a model that LiteLLM’s operator has blocked is unavailable until the block ends', async (t) => {
  await start()
  infoOf('a')['blocked'] = true
  const result = await host.sync()
  t.match(result, { success: true, unavailableModels: 1, heldChanges: 0, totalModels: 4 })
  t.same(await availability(), { a: 'blocked', b: 'available', c: 'available', d: 'available' })
  t.match((await host.changes('&model=litellm/a'))[0], { kind: 'unavailable', to: 'blocked', cause: 'upstream' })
  t.match((await host.get('/models/resolve?model=a&strict=true')).body, {
    code: 'FST_MODEL_SYNC_MODEL_UNAVAILABLE',
    unavailable: { id: 'litellm/a', reason: 'blocked' },
  })
  t.notOk((await host.get('/v1/models')).text.includes('"litellm/a"'))

  await host.sync()
  t.equal((await host.changes('&model=litellm/a')).length, 2, 'nothing is told twice')

  infoOf('a')['input_cost_per_token'] = 0.000009
  await host.sync()
  t.equal((await host.models()).get('a')?.inputCostPerToken, '0.000009', 'its facts stay in step meanwhile')
  t.equal((await availability())['a'], 'blocked')

  infoOf('a')['blocked'] = false
  t.match(await host.sync(), { restoredModels: 1 })
  t.equal((await availability())['a'], 'available')
})

t.test('no guard holds a block, not even of all models', async (t) => {
  await start()
  for (const { model_info } of litellm.models) model_info['blocked'] = true
  t.match(await host.sync(), { success: true, unavailableModels: 4, heldChanges: 0 })
  t.same(await availability(), { a: 'blocked', b: 'blocked', c: 'blocked', d: 'blocked' })
  litellm.models.push(row('e', { blocked: true }))
  t.match(await host.sync(), { newModels: 1 })
  t.equal((await availability())['e'], 'blocked', 'also when it is new')
})

t.test('as long as one deployment of a name serves, the name does', async (t) => {
  await start(['a', 'b'])
  litellm.models.push(row('a', { id: 'second', blocked: true }))
  await host.sync()
  t.equal((await availability())['a'], 'available')
  infoOf('a')['blocked'] = true
  await host.sync()
  t.equal((await availability())['a'], 'blocked')
})

t.test('a row that the names lack cannot be called, until they have it again', async (t) => {
  await start()
  litellm.setUnnamed(['b'])
  t.match(await host.sync(), { success: true, unavailableModels: 1, totalModels: 4 })
  t.equal((await availability())['b'], 'not-callable')
  t.match((await host.get('/models/litellm/b')).body, { unavailableReason: 'not-callable' })
  t.match(await host.sync(), { unavailableModels: 0, restoredModels: 0 })
  litellm.setUnnamed([])
  t.match(await host.sync(), { restoredModels: 1 })
  t.equal((await availability())['b'], 'available')
  // One that is gone from both lists is no longer listed.
  litellm.setUnnamed(['b'])
  await host.sync()
  litellm.models.splice(1, 1)
  await host.sync()
  t.equal((await availability())['b'], 'omitted')
})

t.test('names that vanish by the dozen are held, as models are', async (t) => {
  await start()
  litellm.setUnnamed(['a', 'b', 'c'])
  const held = await host.sync()
  t.match(held, { success: false, heldChanges: 3, unavailableModels: 0, providers: [{ status: 'held' }] })
  t.same(Object.values(await availability()), ['available', 'available', 'available', 'available'])
  const { planHash } = await host.sync({ dryRun: true })
  t.match(await host.sync({ planHash }), { unavailableModels: 3, heldChanges: 0 })
  t.same(await availability(), { a: 'not-callable', b: 'not-callable', c: 'not-callable', d: 'available' })
})

t.test('a list of names that is refused, fails or is empty says nothing', async (t) => {
  for (const fault of [
    { kind: 'status', status: 404 },
    { kind: 'status', status: 500 },
    { kind: 'html' },
    { kind: 'no-models' },
  ] as const) {
    await start()
    litellm.setFault('/v1/models', fault)
    await host.sync()
    t.same(new Set(Object.values(await availability())), new Set(['available']), JSON.stringify(fault))
  }
})

for (const [what, keyInfo, sees] of [
  ['the master key, which is in no table', null, 'all'],
  ['a proxy without a database', 500, 'all'],
  ['a virtual key for every model', { info: { models: [], team_id: null } }, 'all'],
  ['a virtual key for all models of the proxy', { info: { models: ['all-proxy-models'] } }, 'all'],
  ['a virtual key for some models', { info: { models: ['a', 'c', 'd'] } }, 'a part'],
  ['a virtual key for what its team may call', { info: { models: ['all-team-models'], team_id: 't1' } }, 'a part'],
  ['a virtual key of a team', { info: { models: [], team_id: 't1' } }, 'a part'],
  ['a key that may not ask about itself', 403, 'a part'],
] as const)
  t.test(`${what} sees ${sees}`, async (t) => {
    await start()
    t.equal(asked('/key/info'), 0, 'nobody asks as long as no name is missing')
    litellm.setUnnamed(['b'])
    litellm.setKeyInfo(keyInfo)
    const result = await host.sync()
    t.equal(asked('/key/info'), 1)
    t.equal((await availability())['b'], sees === 'all' ? 'not-callable' : 'available')
    t.match(result.warnings.join(), sees === 'all' ? /^$/ : /lacks 1 of the models.*may call only some.*master key/)
  })

t.test('nobody is told that a model cannot be called whose names were read without /model/info', async (t) => {
  await start()
  litellm.setFault('/model/info', { kind: 'status', status: 403 })
  await host.sync()
  t.same(new Set(Object.values(await availability())), new Set(['available']))
})

t.test('wildcards are in no list of names', async (t) => {
  await start(['a'])
  litellm.models.push(row('openai/*'))
  litellm.wildcards['openai/*'] = ['openai/gpt-x']
  t.teardown(() => delete litellm.wildcards['openai/*'])
  await host.sync()
  t.same(await availability(), { a: 'available', 'openai/gpt-x': 'available' })
})

t.test(
  'an administrator who takes a change back is asked again, and one who switches the provider off and on sees the block',
  async (t) => {
    await start()
    litellm.setUnnamed(['b'])
    const { runId } = await host.sync()
    await host.request({ method: 'POST', url: `/models/sync/history/${runId}/undo`, payload: {} })
    t.equal((await availability())['b'], 'available')
    t.match(await host.sync(), { heldChanges: 1 })
    t.equal((await availability())['b'], 'available')
    litellm.setUnnamed([])
    await host.sync()
    infoOf('a')['blocked'] = true
    await host.sync()
    for (const enabled of [false, true])
      await host.request({ method: 'PATCH', url: '/providers/litellm', payload: { enabled } })
    t.equal((await availability())['a'], 'blocked')
  },
)
