/** Which models are wanted: include, exclude, modes and policies, per provider; what a rule leaves out comes back with its lifting. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { counts, startHost } from '../../support/host.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import type { ModelSyncOptions } from '../../../src/plugin.js'
import { emptyCatalogue, infoOf, rows, serve, startTrustHost, type TrustHost } from './support.js'

type ProviderOptions = NonNullable<ModelSyncOptions['providerOptions']>[string]

/** One database and one upstream, and hosts on them one after the other, each with other options. */
async function hosts(t: Test, database: TestDatabase, models: ReturnType<typeof rows>) {
  const litellm = await startLoopbackLiteLLM({ models })
  t.teardown(() => litellm.close())
  await emptyCatalogue(database)
  return {
    litellm,
    with: async (options: ProviderOptions, work: (host: TrustHost) => Promise<void>) => {
      const host = await startTrustHost(t, database, { litellm, settings: { providerOptions: { litellm: options } } })
      await work(host)
      await host.app.close()
    },
  }
}

async function listed(host: TrustHost): Promise<Record<string, string | null>> {
  return Object.fromEntries([...(await host.models())].map(([id, model]) => [id, model.unavailableReason]))
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  t.test('excluded and restored', async (t) => {
    const models = rows('openai/gpt-4o', 'openai/o1', 'meta/llama', 'x:free')
    const scene = await hosts(t, database, models)

    await scene.with({ exclude: ['openai/*', '/^X:/i'], include: ['openai/o1', '*a*', '*:*'] }, async (host) => {
      t.strictSame(counts(await host.sync()), { totalModels: 1, newModels: 1, filteredModels: 3 }, 'deny wins')
      t.strictSame(await listed(host), { 'meta/llama': null })
    })
    await scene.with({}, async (host) => {
      t.match(await host.sync(), { success: true, newModels: 3, filteredModels: 0 })
    })
    await scene.with({ exclude: ['openai/*', 'x:free'] }, async (host) => {
      const plan = await host.plan()
      t.match(plan, { filtered: 3, unavailable: [{ reason: 'excluded' }, {}, {}], held: [] })
      const result = await host.sync()
      t.strictSame(
        counts(result),
        { totalModels: 1, unavailableModels: 3, unchangedModels: 1, filteredModels: 3 },
        'a rule of the operator is no accident, and waits for no approval',
      )
      t.strictSame(await listed(host), {
        'openai/gpt-4o': 'excluded',
        'openai/o1': 'excluded',
        'meta/llama': null,
        'x:free': 'excluded',
      })
      t.match((await host.changes('&kind=unavailable'))[0], { to: 'excluded', cause: 'rule', actor: 'sync' })
      t.match(await host.sync(), { success: true, unavailableModels: 0 })
    })
    await scene.with({ exclude: ['x:free'] }, async (host) => {
      t.strictSame(counts(await host.sync()), {
        totalModels: 3,
        restoredModels: 2,
        unchangedModels: 1,
        filteredModels: 1,
      })
      t.strictSame(await listed(host), {
        'openai/gpt-4o': null,
        'openai/o1': null,
        'meta/llama': null,
        'x:free': 'excluded',
      })
    })
    serve(scene.litellm, [...models, ...rows('X:FREE')])
    await scene.with({ exclude: ['x:free'] }, async (host) => {
      t.match(await host.sync(), { newModels: 1, renamedModels: 0 }, 'what is left out has not been renamed')
    })
  })

  if (database.kind === 'pglite') return
  t.test('what a rule takes out does not hold what upstream takes out', async (t) => {
    const names = Array.from({ length: 20 }, (_, index) => `${index < 12 ? 'out' : 'in'}-${index}`)
    const scene = await hosts(t, database, rows(...names))
    await scene.with({}, async (host) => void (await host.sync()))
    await scene.with({ exclude: ['out-*'] }, async (host) => {
      t.match(await host.sync(), { success: true, unavailableModels: 12 })
      serve(scene.litellm, rows(...names.slice(0, 17)))
      t.match(await host.sync(), { success: true, unavailableModels: 3 }, '5 of 8 stay')
      serve(scene.litellm, rows('in-12'))
      t.match(await host.sync(), { success: false, heldChanges: 4, unavailableModels: 0 }, '1 of 8 does not')
    })
  })

  t.test('modes of a provider', async (t) => {
    const models = rows('chat', ['embed', { mode: 'embedding' }], ['unknown', { mode: null }])
    const scene = await hosts(t, database, models)
    await scene.with({ modes: ['chat'] }, async (host) => {
      t.strictSame(counts(await host.sync()), { totalModels: 1, newModels: 1, filteredModels: 2 })
    })
    await scene.with({ modes: ['embedding'] }, async (host) => {
      t.strictSame(counts(await host.sync()), { totalModels: 1, newModels: 1, filteredModels: 2 })
      t.strictSame(await listed(host), { chat: null, embed: null }, 'filtered is not missing')
    })
  })

  t.test('policies', async (t) => {
    const scene = await hosts(t, database, rows('a', 'b', 'c', 'past'))
    const { litellm } = scene
    await scene.with({}, async (host) => void (await host.sync()))
    serve(litellm, rows('A', 'b', 'past', 'new'))
    infoOf(litellm, 'b')['max_input_tokens'] = 7
    infoOf(litellm, 'past')['deprecation_date'] = '2020-01-01'
    await scene.with({ policy: 'create-only', exclude: ['b'] }, async (host) => {
      const [before] = (await host.pool.query('SELECT * FROM model_sync.models WHERE provider_model_id = $1', ['b']))
        .rows
      t.match(counts(await host.sync()), { newModels: 2, filteredModels: 1 }, 'A and new')
      t.strictSame(await listed(host), { A: null, a: null, b: null, c: null, new: null, past: null })
      const [after] = (await host.pool.query('SELECT * FROM model_sync.models WHERE provider_model_id = $1', ['b']))
        .rows
      t.strictSame(after, before, 'nothing else is touched')
    })
    await scene.with({ policy: 'upsert-only' }, async (host) => {
      t.match(await host.sync(), { success: true, updatedModels: 2, unavailableModels: 0 })
      t.match(await host.model('litellm/b'), { contextLength: 7 })
      litellm.models.shift()
      t.match(await host.sync(), { success: true, unavailableModels: 0, heldChanges: 0 })
      serve(litellm, [])
      t.match(await host.sync(), { success: true, unavailableModels: 0, heldChanges: 0 }, 'not even of an empty answer')
    })
    await scene.with({ policy: 'sync' }, async (host) => {
      t.match(await host.sync(), { heldChanges: 6 })
    })
  })

  t.test('a pattern that cannot be read stops the boot', async (t) => {
    for (const [options, message] of [
      [{ exclude: ['ok', '/(/'] }, /providerOptions\.litellm.*"\/\(\/" cannot be read/],
      [{ include: ['/a(?=b)/'] }, /cannot be read/],
      [{ include: [''] }, /0 characters/],
      [{ exclude: 'openai/*' }, /providerOptions/],
      [{ policy: 'sometimes' }, /sync, upsert-only, create-only/],
      [{ modes: ['telepathy'] }, /chat, completion/],
      [{ maxRemovalPercent: 101 }, /0 to 100/],
      [{ unknown: 1 }, /there is no option providerOptions\.litellm\.unknown/],
    ] as [ProviderOptions, RegExp][]) {
      const settings = { providerOptions: { litellm: options } }
      await t.rejects(startHost(t, database, { settings }), { code: 'FST_MODEL_SYNC_OPTIONS', message })
    }
    await t.rejects(startHost(t, database, { settings: { providerOptions: { nobody: {} } } }), { message: /nobody/ })
  })
}
