/** Numbers that a person has typed into a request: a decimal comma is never a hundred times the price. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'

const host = await startHost(t, await createPostgresDatabase(t))
await host.reset([modelRow({ model_name: 'a', model_info: { max_input_tokens: 64_000 } })])
await host.sync()

const patch = (payload: object) => host.request({ method: 'PATCH', url: '/models/litellm/a', payload })

t.test('prices', async (t) => {
  for (const price of ['1,25', '0,15', '0,150', '1.234,5'])
    t.match(
      await patch({ inputCostPerToken: price }),
      { status: 400, body: { code: 'FST_MODEL_SYNC_EDIT', message: /inputCostPerToken: .*1\.25, not 1,25/ } },
      price,
    )
  t.match(await patch({ inputCostPerToken: '0.00000125' }), { status: 200, body: { inputCostPerToken: '0.00000125' } })
  t.match(await patch({ otherPrices: [{ kind: 'request', unit: 'request', currency: 'USD', price: '0,5' }] }), {
    status: 400,
    body: { message: /otherPrices: "0,5" is not a price of 0 or more.*1\.25, not 1,25/ },
  })
})

t.test('what is refused is not said to be kept, left out or cut', async (t) => {
  for (const payload of [
    { inputCostPerToken: '-1' },
    { otherPrices: [{ kind: 'request', unit: 'request', currency: 'USD', price: 'free' }] },
    { deprecationDate: '2026-02-30' },
    { description: 'x'.repeat(16_385) },
  ]) {
    const { status, body } = await patch(payload)
    t.equal(status, 400, JSON.stringify(payload).slice(0, 60))
    t.notMatch((body as unknown as { message: string }).message, /kept as unknown|left out|; cut/)
  }
  t.match((await host.get('/models/litellm/a')).body, { description: null, deprecationDate: null })
})

t.test('whole numbers, which a schema would coerce', async (t) => {
  for (const text of ['128.000', '128,0', '1.28', 'many'])
    t.match(
      await patch({ contextLength: text }),
      { status: 400, body: { message: /contextLength is .*expected a whole number.*128000/ } },
      text,
    )
  for (const text of ['128,000', '128k', '128000'])
    t.match(await patch({ contextLength: text }), { status: 200, body: { contextLength: 128_000 } }, text)
  t.match(await patch({ maxOutputTokens: '4.096' }), { status: 400 })
  t.match(await patch({ deployments: '2' }), { status: 200, body: { deployments: 2 } })
  t.equal((await host.get('/models?minContext=128.000')).status, 400)
  t.match((await host.get('/models?minContext=128,000')).body, { total: 1 })
  t.match((await host.get('/models?maxContext=127k')).body, { total: 0 })
})

t.test('every number in a query', async (t) => {
  for (const url of [
    ...['/models?limit=1.000', '/models?limit=1,5', '/models?limit=1.5'],
    ...['/models/changes?limit=1.000', '/models/changes.atom?limit=1.000', '/models/deprecations?limit=2,0'],
    ...['/models/sync/history?limit=10,0', '/models/cost?id=litellm/a&inputTokens=1.000'],
    ...['/models/cost?id=litellm/a&outputTokens=12.345', '/models?limit=1%20000,5'],
  ])
    t.match(
      await host.get(url),
      { status: 400, body: { message: /is "[\d., ]+": expected a whole number without/ } },
      url,
    )
  t.match((await host.get('/models?limit=1.000')).body, { message: /limit is "1\.000": .*such as 1000$/ })
  t.match(await host.get('/models?limit=0'), { status: 400, body: { message: /from 1 to 500/ } })
  t.match(await host.get('/models?limit=many'), { status: 400, body: { message: /limit in the query/ } })
  t.equal((await host.get('/models?limit=10.0')).status, 200)
})
