/** A filter by a provider that does not exist is a slip, and no empty answer. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'

const host = await startHost(t, await createPostgresDatabase(t))
await host.reset([modelRow({ model_name: 'a' })])
await host.sync()

const LISTS = ['/models', '/models/changes', '/models/changes.atom', '/models/deprecations', '/models/sync/history']

t.test('what was probably meant', async (t) => {
  for (const list of LISTS)
    for (const [asked, meant] of [
      ['openia', 'openai'],
      ['litelm', 'litellm'],
      ['Anthropic', 'anthropic'],
    ] as const)
      t.match(
        await host.get(`${list}?provider=${asked}`),
        {
          status: 400,
          body: {
            code: 'FST_MODEL_SYNC_UNKNOWN_PROVIDER',
            message: new RegExp(`there is no provider "${asked}"; did you mean ${meant}\\?`),
          },
        },
        `${list} ${asked}`,
      )
  t.match(await host.get('/models?provider=nobody'), { status: 400, body: { message: /the providers are: .*litellm/ } })
  t.match(await host.get('/models/changes?kind=add'), { status: 400, body: { message: /did you mean added\?/ } })
  t.match(await host.get('/models/sync/history?trigger=manuel'), { status: 400, body: { message: /manual\?/ } })
})

t.test('one without models, or with models by hand alone, is answered', async (t) => {
  for (const list of LISTS) t.equal((await host.get(`${list}?provider=groq`)).status, 200, list)
  const mine = { provider: 'house', providerModelId: 'mine', name: 'Mine' }
  t.equal((await host.request({ method: 'POST', url: '/models', payload: mine })).status, 201)
  t.match(await host.get('/models?provider=house'), { status: 200, body: { total: 1 } })
  t.match(await host.get('/models?provider=hous'), { status: 400, body: { message: /did you mean house\?/ } })
  await t.rejects(host.app.modelSync.catalogue.models({ provider: 'openia' }), {
    code: 'FST_MODEL_SYNC_UNKNOWN_PROVIDER',
  })
})

t.test('a field or an id that no change can have', async (t) => {
  for (const list of ['/models/changes', '/models/changes.atom']) {
    for (const [asked, meant] of [
      ['inputCostPerTokn', 'inputCostPerToken'],
      ['ContextLength', 'contextLength'],
      ['upstream.nam', 'upstream.name'],
    ])
      t.match(
        await host.get(`${list}?field=${asked}`),
        { status: 400, body: { message: new RegExp(`expected one of name, .*did you mean ${meant}\\?`) } },
        `${list} ${asked}`,
      )
    for (const field of ['name', 'hidden', 'origin', 'upstream.availability'])
      t.equal((await host.get(`${list}?field=${field}`)).status, 200, field)
    t.match(await host.get(`${list}?model=gpt-4o`), { status: 400, body: { message: /<provider>/ } }, list)
    t.match(await host.get(`${list}?model=openia/gpt-4o`), { status: 400, body: { message: /did you mean openai/ } })
    t.equal((await host.get(`${list}?model=litellm/never-there`)).status, 200)
  }
  t.match(await host.get('/models?id=gpt-4o'), { status: 400, body: { message: /<provider>/ } })
  t.match(await host.get('/models?id=litelm/a'), { status: 400, body: { message: /did you mean litellm/ } })
  t.match(await host.get('/models?id=litellm/nothing'), { status: 200, body: { total: 0 } })
  const { changelog } = host.app.modelSync.catalogue
  await t.rejects(changelog.changes({ field: 'price' }), { code: 'FST_MODEL_SYNC_VALIDATION' }, 'in code too')
  await t.rejects(changelog.changes({ kind: 'removed' }), { code: 'FST_MODEL_SYNC_VALIDATION' })
})
