/** A dry run writes nothing: the whole schema is byte for byte what it was, whatever the run would do. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { infoOf, startTrustHost, rows, serve } from './support.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database)
  const { litellm } = host
  const sequences = async () =>
    (
      await host.pool.query(
        `SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'model_sync' ORDER BY 1`,
      )
    ).rows
  const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']

  const situations: [name: string, arrange: () => unknown, body?: object][] = [
    ['nothing to do', () => undefined],
    ['nothing to do, forced', () => undefined, { forceUpdate: true }],
    [
      'additions and updates',
      () => (litellm.models.push(...rows('new')), (infoOf(litellm, 'a')['max_input_tokens'] = 7)),
    ],
    ['a removal, a return and a rename', () => serve(litellm, rows(...TEN.slice(1, 9), 'gone', 'J'))],
    ['a mass removal', () => serve(litellm, rows('a'))],
    ['an empty answer', () => serve(litellm, [])],
    ['a price that jumps', () => (infoOf(litellm, 'a')['input_cost_per_token'] = 5)],
    ['malformed entries', () => serve(litellm, rows('a', '', '', ''))],
    ['a failing upstream', () => litellm.setFault('/model/info', { kind: 'html' })],
    ['half of a listing', () => litellm.setFault('/v1/models', { kind: 'status', status: 403 })],
    ['another order', () => (litellm.setShuffle(3), litellm.setShuffleKeys(4))],
    ['a change that was taken back', async () => host.undo((await host.sync()).runId)],
    ['removals left out', () => serve(litellm, rows('a')), { markUnavailable: false }],
    ['a local model that upstream lists', () => litellm.models.push(...rows('mine'))],
  ]
  for (const [name, arrange, body] of situations) {
    await host.reset(rows(...TEN, 'gone'))
    await host.sync()
    litellm.models.pop()
    await host.sync()
    await host.post('/models', { provider: 'litellm', providerModelId: 'mine' })
    await host.patch('litellm/a', { contextLength: 9 })
    await arrange()
    const before = [await host.database.dump(), await sequences()]
    const first = await host.sync({ dryRun: true, ...body })
    const second = await host.sync({ dryRun: true, ...body })
    t.strictSame([await host.database.dump(), await sequences()], before, name)
    t.match(first, { dryRun: true, runId: null, planHash: String, plan: { planHash: first.planHash } })
    const { planHash, plan, ...rest } = second
    t.equal(planHash, first.planHash, 'and says the same again')
    t.strictSame(plan?.providers, first.plan?.providers)
    t.match(rest, { success: first.success, errors: first.errors })
  }

  await host.reset(rows('a'))
  const before = await host.database.dump()
  t.match(await host.sync({ dryRun: true }), { newModels: 1 })
  t.equal(await host.database.dump(), before, 'before the first sync there is not even a row of the provider')
}
