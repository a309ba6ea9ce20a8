/** What is hard to believe is kept, warned of, and marked wherever it is shown; what a person has set is no doubt. */
import t from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'

t.test('a price a million times too high, and a context of a hundred tokens', async (t) => {
  const host = await startHost(t, await createPostgresDatabase(t))
  const row = (model_name: string, model_info: object) => modelRow({ model_name, model_info: { ...model_info } })
  await host.reset([
    row('dear', { input_cost_per_token: 3, output_cost_per_token: 0.00001 }),
    row('cheap', { input_cost_per_token: 5e-12 }),
    row('short', { max_input_tokens: 100 }),
    row('free', { input_cost_per_token: 0, output_cost_per_token: 0 }),
    row('usual', {}),
  ])
  const { success, warnings } = await host.sync()
  t.ok(success)
  t.match(warnings.sort(), [
    /dear and 1 more: inputCostPerToken: 3 is hard to believe, expected .* USD per token; kept, and marked as doubtful/,
    /short: contextLength: 100 is hard to believe, expected 256 to 100000000 tokens/,
  ])
  t.equal(warnings.length, 2)

  const doubts = async (name: string) => (await host.get(`/models/litellm/${name}`)).body['doubts'] as object[]
  t.match(await doubts('dear'), [{ field: 'inputCostPerToken', value: '3', reason: 'implausible-price' }])
  t.match(await doubts('cheap'), [{ field: 'inputCostPerToken', value: '0.000000000005' }])
  t.match(await doubts('short'), [{ field: 'contextLength', value: 100, reason: 'implausible-context' }])
  for (const name of ['free', 'usual']) t.same(await doubts(name), [], name)
  const { models } = (await host.get('/models')).body as { models: { providerModelId: string; doubts: object[] }[] }
  t.same(
    models.filter((model) => model.doubts.length > 0).map(({ providerModelId }) => providerModelId),
    ['cheap', 'dear', 'short'],
  )

  await host.request({ method: 'PATCH', url: '/models/litellm/dear', payload: { inputCostPerToken: '3' } })
  t.same(await doubts('dear'), [], 'a person says that it is so')
})
