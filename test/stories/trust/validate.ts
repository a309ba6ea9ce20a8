/** GET /models/validate: what is inconsistent, each with the way out, and the way out works. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { infoOf, startTrustHost, rows } from './support.js'

interface Found {
  code: string
  modelId: string
  detail: string
  wayOut: string
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database)
  const { litellm } = host
  const validate = async (): Promise<Found[]> =>
    (await host.get<{ inconsistencies: Found[] }>('/models/validate')).body.inconsistencies
  const found = async () => (await validate()).map(({ code, modelId, detail }) => [code, modelId, detail]).sort()

  t.test('nothing', async (t) => {
    await host.reset(rows('a', ['b', { input_cost_per_token: 0.0099, output_cost_per_token: 0 }]))
    t.strictSame(await validate(), [])
    await host.sync()
    await host.post('/models', { provider: 'elsewhere', providerModelId: 'local' })
    t.strictSame(await validate(), [], 'a local model needs no source')
  })

  t.test('prices', async (t) => {
    await host.reset(rows(['a', { input_cost_per_token: 0.01, cache_creation_input_token_cost: 2.5 }], 'b'))
    await host.sync()
    t.strictSame(await found(), [
      ['absurd-price', 'litellm/a', 'cacheWriteCostPerToken 2.5'],
      ['absurd-price', 'litellm/a', 'inputCostPerToken 0.01'],
    ])
    t.match((await validate())[0]?.wayOut, /check the unit upstream, and pin the right price/)
    await host.patch('litellm/a', { inputCostPerToken: '0.00001', cacheWriteCostPerToken: null })
    t.strictSame(await validate(), [])
    await host.patch('litellm/b', { outputCostPerToken: '3' })
    t.strictSame(await found(), [['absurd-price', 'litellm/b', 'outputCostPerToken 3']], 'a pinned one as well')
  })

  t.test('aliases', async (t) => {
    await host.reset(rows('a', 'b', 'c'))
    await host.sync()
    await host.patch('litellm/a', { aliases: ['shared', 'own'] })
    t.strictSame(
      (await found()).filter(([code]) => code === 'ambiguous-alias'),
      [],
    )
    await host.patch('litellm/b', { aliases: ['shared'] })
    const ambiguous = async () => (await found()).filter(([code]) => code === 'ambiguous-alias')
    t.strictSame(await ambiguous(), [
      ['ambiguous-alias', 'litellm/a', 'shared'],
      ['ambiguous-alias', 'litellm/b', 'shared'],
    ])
    await host.patch('litellm/b', { aliases: [] })
    t.strictSame(await ambiguous(), [])
    await host.patch('litellm/b', { aliases: ['shared'], availability: 'unavailable' })
    t.strictSame(await ambiguous(), [], 'an unavailable model claims nothing')
  })

  t.test('pins on what upstream does not speak of any more', async (t) => {
    await host.reset(rows(['a', { description: 'theirs', supports_vision: true }]))
    await host.sync()
    await host.patch('litellm/a', { description: 'mine', contextLength: 5, replacedBy: 'b' })
    t.strictSame(await validate(), [], 'what upstream never spoke of is no concern')
    infoOf(litellm, 'a')['description'] = null
    infoOf(litellm, 'a')['max_input_tokens'] = null
    await host.sync()
    t.strictSame(await found(), [
      ['orphaned-pin', 'litellm/a', 'contextLength'],
      ['orphaned-pin', 'litellm/a', 'description'],
    ])
    t.match((await validate())[0]?.wayOut, /unpin the field/)
    await host.patch('litellm/a', { unpin: ['description', 'contextLength'] })
    t.strictSame(await validate(), [])
  })

  t.test('models of a provider without a source', async (t) => {
    await host.reset(rows('a'))
    await host.sync()
    await host.pool.query(`UPDATE model_sync.providers SET slug = 'gone' WHERE slug = 'litellm'`)
    t.strictSame(await found(), [['unknown-provider', 'gone/a', 'gone']])
    t.match((await validate())[0]?.wayOut, /add its source again/)
  })

  t.test('models that are there although upstream’s date is past', async (t) => {
    await host.reset(rows(['a', { deprecation_date: '2020-01-01' }], 'b'))
    await host.sync({ markUnavailable: false })
    await host.patch('litellm/b', { deprecationDate: '2020-01-01' })
    t.strictSame(
      await found(),
      [],
      'a pinned date is no word of upstream’s, and one that came late was never available',
    )
    infoOf(litellm, 'b')['deprecation_date'] = '2021-01-01'
    await host.sync({ markUnavailable: false })
    t.strictSame(await found(), [['past-deprecation', 'litellm/b', '2021-01-01']])
    t.match((await validate())[0]?.wayOut, /the next complete sync/)
    t.match(await host.sync(), { success: true, unavailableModels: 1 })
    t.strictSame(await validate(), [])
  })
}
