/** A dry run returns the plan and writes nothing at all. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { counts, startHost } from '../../support/host.js'
import { manyRows, modelRow } from '../../support/loopback-litellm.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database)
  const { litellm } = host
  const rows = (...names: string[]) => names.map((model_name) => modelRow({ model_name }))

  t.test('before the first sync', async (t) => {
    await host.reset(rows('a', 'b'))
    const before = await host.database.dump()
    const result = await host.sync({ dryRun: true })
    t.equal(await host.database.dump(), before)
    t.match(result, { success: true, dryRun: true, runId: null, newModels: 2, trigger: 'manual' })
    t.strictSame(
      result.plan?.providers.map(({ provider, added }) => [provider, added.map(({ modelId }) => modelId)]),
      [['litellm', ['litellm/a', 'litellm/b']]],
    )
    t.match(result.plan?.providers[0]?.added[0], {
      fields: { name: 'a', contextLength: 128_000, inputCostPerToken: '0.0000025' },
    })
  })

  t.test('every kind of change is in the plan, and applying it afterwards gives the same counts', async (t) => {
    await host.reset(rows('stays', 'changes', 'goes', 'comes back'))
    await host.sync()
    litellm.models.splice(3, 1)
    await host.sync()
    litellm.models.splice(0, Infinity, ...rows('stays', 'changes', 'comes back', 'new', 'wild/*', 'x'.repeat(2_000)))
    litellm.models[1]!.model_info['max_input_tokens'] = 7

    const before = await host.database.dump()
    const result = await host.sync({ dryRun: true })
    t.equal(await host.database.dump(), before, 'byte for byte')
    const [plan] = result.plan?.providers ?? []
    t.match(plan, {
      provider: 'litellm',
      added: [{ modelId: 'litellm/new' }],
      updated: [{ modelId: 'litellm/changes', fields: { contextLength: { from: 128_000, to: 7 } } }],
      unavailable: [{ modelId: 'litellm/goes', reason: 'omitted' }],
      restored: [{ modelId: 'litellm/comes back', fields: {} }],
      renamed: [],
      held: [],
      filtered: 1,
      unchanged: 1,
    })
    t.strictSame(Object.keys(plan?.updated[0]?.fields ?? {}), ['contextLength'])
    t.match(plan?.rejected[0], { reason: /2000 bytes/ })
    t.equal(result.planHash, result.plan?.planHash)
    t.match(result.planHash, /^[\w-]+\.[0-9a-f]{64}$/)
    t.equal(result.revision, 2, 'the revision that the plan is made from')
    t.equal(result.plan?.revision, 2)

    const again = await host.sync({ dryRun: true })
    t.equal(again.planHash, result.planHash, 'the same plan has the same hash')
    litellm.setShuffle(1)
    t.equal((await host.sync({ dryRun: true })).planHash, result.planHash, 'whatever the order of the answer')
    litellm.models[1]!.model_info['max_input_tokens'] = 8
    t.not((await host.sync({ dryRun: true })).planHash, result.planHash)
    litellm.models[1]!.model_info['max_input_tokens'] = 7
    t.strictSame(counts(await host.sync()), counts(result), 'what was planned is what is done')
  })

  t.test('nothing to do, with the same body and with forceUpdate', async (t) => {
    await host.reset(manyRows(3))
    await host.sync()
    const before = await host.database.dump()
    t.match(await host.sync({ dryRun: true }), { success: true, unchangedModels: 3, revision: 1, planHash: String })
    t.match(await host.sync({ dryRun: true, forceUpdate: true }), {
      unchangedModels: 3,
      plan: { providers: [{ provider: 'litellm', added: [], updated: [], unavailable: [], unchanged: 3 }] },
    })
    t.equal(await host.database.dump(), before)
  })

  t.test('an upstream that fails leaves no trace either', async (t) => {
    await host.reset(manyRows(3))
    await host.sync()
    const before = await host.database.dump()
    litellm.setFault('/model/info', { kind: 'html' })
    t.match(await host.sync({ dryRun: true }), { success: false, runId: null, errors: [/^litellm: /] })
    t.equal(await host.database.dump(), before)
    t.equal((await host.get<{ runs: unknown[] }>('/models/sync/history')).body.runs.length, 1)
  })

  t.test('takes no turn: it answers while a run is in progress', async (t) => {
    await host.reset(manyRows(3))
    litellm.setFault('/v1/models', { kind: 'delay', ms: 1000, times: 1 })
    const running = host.sync()
    while (!litellm.requests.some(({ url }) => url === '/v1/models'))
      await new Promise((resolve) => setTimeout(resolve, 5))
    t.match(await host.sync({ dryRun: true }), { success: true, newModels: 3 })
    t.equal(host.app.modelSync.sync.running, true)
    t.match(await running, { success: true, newModels: 3 })
  })
}
