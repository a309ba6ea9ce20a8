/** A plan can be carried out later, held changes included, exactly as it was shown, or not at all. */
import type { Test } from 'tap'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import type { TestDatabase } from '../../support/databases.js'
import { counts } from '../../support/host.js'
import { startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import { infoOf, only, rows, serve, startTrustHost } from './support.js'

const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
interface ErrorBody extends SyncResult {
  code: string
  message: string
}

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database)
  const { litellm } = host
  const start = async () => {
    await host.reset(rows(...TEN))
    await host.sync()
  }

  t.test('what is held is applied once it is approved', async (t) => {
    await start()
    serve(litellm, rows('a', 'b', 'new'))
    infoOf(litellm, 'a')['input_cost_per_token'] = 1
    t.match(counts(await host.sync()), { newModels: 1, heldChanges: 9 })

    const shown = await host.sync({ dryRun: true })
    t.strictSame(counts(shown), { totalModels: 3, unchangedModels: 3, heldChanges: 9 })
    const result = await host.sync({ planHash: shown.planHash })
    t.match(result, { success: true, errors: [], providers: [{ status: 'ok' }], heldChanges: 0, dryRun: false })
    t.strictSame(counts(result), { totalModels: 3, updatedModels: 1, unavailableModels: 8, unchangedModels: 2 })
    const models = await host.models()
    t.equal(models.get('a')?.inputCostPerToken, '1')
    t.match(models.get('j'), { availability: 'unavailable', unavailableReason: 'omitted' })

    const { body: run } = await host.get<{ result: SyncResult }>(`/models/sync/history/${result.runId}`)
    t.match(run.result, { success: true, unavailableModels: 8, heldChanges: 0 })
    t.match((await host.get('/models/sync')).body, { held: 0, lastSync: { runId: result.runId } })
    t.match(await host.sync(), { success: true, providers: [{ status: 'not-modified' }] }, 'nothing is left to do')
    t.match(await host.sync({ planHash: shown.planHash }).catch(String), /409/, 'a plan is carried out once')
  })

  t.test('an empty answer, too', async (t) => {
    await start()
    serve(litellm, [])
    t.match(await host.approve(), { success: true, unavailableModels: 10 })
    t.match(await host.sync(), { success: true, heldChanges: 0 })
  })

  t.test('a plan is stale when upstream says something else by then', async (t) => {
    await start()
    serve(litellm, rows('a', 'b'))
    const { planHash } = await host.sync({ dryRun: true })
    infoOf(litellm, 'a')['max_input_tokens'] = 7
    const before = await host.database.dump()
    const stale = await host.post<ErrorBody>('/models/sync', { planHash })
    t.equal(stale.status, 409)
    t.match(stale.body, { statusCode: 409, code: 'FST_MODEL_SYNC_PLAN_STALE', dryRun: true, runId: null })
    t.match(stale.body.message, /look at the new plan/)
    t.match(stale.body.plan?.providers, [
      { updated: [{ modelId: 'litellm/a' }], held: stale.body.plan?.providers[0]?.held },
    ])
    t.equal(stale.body.plan?.providers[0]?.held.length, 8)
    t.equal(await host.database.dump(), before, 'nothing is written, no run either')
    t.match(await host.sync({ planHash: stale.body.planHash }), {
      success: true,
      unavailableModels: 8,
      updatedModels: 1,
    })
  })

  t.test('and when the catalogue has moved on', async (t) => {
    await start()
    serve(litellm, rows(...TEN.slice(1), 'new'))
    const { planHash } = await host.sync({ dryRun: true })
    await host.sync()
    t.equal((await host.post('/models/sync', { planHash })).status, 409)
  })

  t.test('and when upstream cannot be read', async (t) => {
    await start()
    serve(litellm, rows('a', 'b'))
    const { planHash } = await host.sync({ dryRun: true })
    litellm.setFault('/model/info', { kind: 'html' })
    const failed = await host.post<ErrorBody>('/models/sync', { planHash })
    t.equal(failed.status, 409)
    t.match(failed.body, { success: false, providers: [{ status: 'failed', reason: 'malformed-answer' }] })
    litellm.setFault('/model/info', null)
    t.match(await host.sync({ planHash }), { success: true, unavailableModels: 8 }, 'later it is the same plan again')
  })

  t.test('the order of an answer and a pin make no plan stale', async (t) => {
    await start()
    serve(litellm, rows('a', 'b'))
    infoOf(litellm, 'a')['max_input_tokens'] = 7
    const { planHash } = await host.sync({ dryRun: true })
    litellm.setShuffle(1)
    litellm.setShuffleKeys(2)
    await host.patch('litellm/a', { contextLength: 5 })
    t.match(await host.sync({ planHash }), { success: true, updatedModels: 1, unavailableModels: 8 })
    t.match((await host.models()).get('a'), { contextLength: 5, conflicts: [{ upstream: 7 }] })
  })

  t.test('the options travel in the hash', async (t) => {
    await start()
    serve(litellm, rows('b', 'new'))
    const { planHash } = await host.sync({ dryRun: true, markUnavailable: false })
    for (const other of [{ markUnavailable: true }, { forceUpdate: true }, { providers: ['openrouter'] }]) {
      const refused = await host.post<ErrorBody>('/models/sync', { planHash, ...other })
      t.equal(refused.status, 400, JSON.stringify(other))
      t.match(refused.body, { code: 'FST_MODEL_SYNC_PLAN_HASH', message: /markUnavailable.*leave these options out/ })
    }
    const agreed = { planHash, markUnavailable: false, forceUpdate: false, providers: ['litellm'] }
    t.match(await host.sync(agreed), { newModels: 1, unavailableModels: 0 }, 'given again and the same')

    const forced = await host.sync({ dryRun: true, forceUpdate: true, markUnavailable: false })
    t.not(forced.planHash, (await host.sync({ dryRun: true, markUnavailable: false })).planHash)
    t.match(await host.sync({ planHash: forced.planHash }), { success: true, unavailableModels: 0 })
  })

  t.test('what cannot be approved', async (t) => {
    await start()
    const { planHash = '' } = await host.sync({ dryRun: true })
    for (const [body, message] of [
      [{ planHash, dryRun: true }, /pass one of them/],
      [{ only: ['litellm/a'] }, /planHash of a dry run/],
      [{ planHash, only: ['litellm/nobody'] }, /litellm\/nobody, of which the plan changes nothing/],
      [{ planHash, only: ['litellm/a'] }, /litellm\/a, of which the plan changes nothing/],
      [{ planHash: 'x' }, /not the hash of a plan/],
      [{ planHash: '' }, /not the hash of a plan/],
      [{ planHash: `e30.${'0'.repeat(64)}` }, /not the hash of a plan/],
      [{ planHash: planHash.split('.')[0] }, /not the hash of a plan/],
      [{ planHash, only: [] }, /only/],
      [{ planHash: 5 }, /planHash/],
    ] as const) {
      const before = await host.database.dump()
      const refused = await host.post<ErrorBody>('/models/sync', body)
      t.equal(refused.status, 400, JSON.stringify(body))
      t.match(refused.body.message, message)
      t.equal(await host.database.dump(), before)
    }
    const unknown = Buffer.from(JSON.stringify({ forceUpdate: false, markUnavailable: true, providers: ['nobody'] }))
    const answer = await host.post<ErrorBody>('/models/sync', {
      planHash: `${unknown.toString('base64url')}.${'0'.repeat(64)}`,
    })
    t.match(answer, { status: 400, body: { code: 'FST_MODEL_SYNC_UNKNOWN_PROVIDER' } })
  })

  t.test('only some models of a plan', async (t) => {
    await start()
    serve(litellm, rows('a', 'b', 'new', 'newer'))
    infoOf(litellm, 'a')['input_cost_per_token'] = 1
    infoOf(litellm, 'a')['max_input_tokens'] = 7
    infoOf(litellm, 'b')['max_input_tokens'] = 7
    const chosen = ['litellm/a', 'litellm/c', 'litellm/new']
    const result = await host.approve({}, { only: chosen })
    t.match(result, { newModels: 1, updatedModels: 1, unavailableModels: 1, heldChanges: 7 })
    t.match(only(result), { status: 'held', reason: 'mass-removal' }, 'the rest waits on')
    t.match((await host.get('/models/sync')).body, { held: 7 })
    const models = await host.models()
    t.match(models.get('a'), { inputCostPerToken: '1', contextLength: 7 })
    t.equal(models.get('b')?.contextLength, 128_000)
    t.equal(models.get('c')?.availability, 'unavailable')
    t.equal(models.get('d')?.availability, 'available')
    t.notOk(models.has('newer'))
    t.match(await host.sync(), { newModels: 1, updatedModels: 1, heldChanges: 7 }, 'and is planned again')
    t.match(await host.approve(), { success: true, unavailableModels: 7, heldChanges: 0 })
  })

  t.test('after an approved removal the largest size counts anew, after an approved price it does not', async (t) => {
    await start()
    serve(litellm, rows('a', 'b', 'c', 'd', 'e'))
    t.match(await host.sync(), { success: true, unavailableModels: 5 })
    infoOf(litellm, 'a')['input_cost_per_token'] = 1
    t.match(await host.approve(), { success: true, updatedModels: 1 })
    litellm.models.splice(0, 3)
    t.match(await host.sync(), { heldChanges: 3, unavailableModels: 0 }, '2 of 10')
    t.match(await host.approve(), { success: true, unavailableModels: 3 })
    serve(litellm, rows('d', ...TEN.slice(5)))
    await host.sync()
    serve(litellm, rows('d', 'f', 'g'))
    t.match(await host.sync(), { success: true, unavailableModels: 3 }, '3 of 6')
  })

  t.test('a second provider', async (t) => {
    const other = await startLoopbackLiteLLM({ models: rows('x', 'y'), key: null })
    t.teardown(() => other.close())
    const host = await startTrustHost(t, database, {
      settings: { providers: ['litellm', 'other'], openaiCompatible: [{ slug: 'other', url: other.url }] },
    })
    await host.reset(rows('a', 'b', 'c'))
    serve(other, rows('x', 'y'))
    const result = await host.sync()
    t.match(result.providers, [{ provider: 'litellm' }, { provider: 'other', newModels: 2 }])

    host.litellm.models.length = 0
    const { planHash, plan } = await host.sync({ dryRun: true, providers: ['litellm'] })
    t.strictSame(
      plan?.providers.map(({ provider }) => provider),
      ['litellm'],
    )
    serve(other, rows('x', 'z'))
    t.match(await host.sync({ providers: ['other'] }), { newModels: 1 })
    t.match(await host.sync({ planHash }), { success: true, providers: [{ provider: 'litellm' }] }, 'not its business')

    serve(other, rows('z'))
    const both = await host.sync({ dryRun: true })
    serve(other, rows('z', 'new'))
    t.equal((await host.post('/models/sync', { planHash: both.planHash })).status, 409, 'planned with it, it is')
    serve(other, rows('z'))
    t.match(await host.sync({ planHash: both.planHash, providers: ['other', 'litellm'] }), { unavailableModels: 1 })
  })
}
