/** What looks like an accident is held and reported, and nothing is lost. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { counts, startHost, statuses } from '../../support/host.js'
import { manyRows, modelRow } from '../../support/loopback-litellm.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database)
  const { litellm } = host
  const available = async () =>
    [...(await host.models()).values()].filter(({ availability }) => availability === 'available').length

  t.test('an answer without models: nothing is lost, and a later sync asks again', async (t) => {
    await host.reset(manyRows(2))
    await host.sync()
    const seen = await host.lastSuccessAt()
    litellm.models.length = 0
    const result = await host.sync()
    t.equal(result.success, false)
    t.strictSame(statuses(result), ['held'])
    t.match(result.errors, [/^litellm: .*no models.*held/])
    t.equal(result.errors.length, 1)
    t.strictSame(counts(result), { heldChanges: 2 })
    t.equal(result.revision, 1)
    t.equal(await available(), 2)
    t.equal(await host.lastSuccessAt(), seen, 'the missing models were not seen')
    t.match((await host.get('/models/sync')).body, { held: 2, lastSync: { success: false } })
    t.match((await host.get('/models/health')).body, { status: 'degraded' })

    t.match(await host.sync(), { success: false, heldChanges: 2 }, 'also when the same body comes again')
    t.match(
      await host.sync({ forceUpdate: true }),
      { success: false, heldChanges: 2 },
      'forceUpdate overrides no guard',
    )
    t.match(await host.sync({ dryRun: true }), {
      plan: { providers: [{ held: [{ kind: 'unavailable', reason: 'empty-answer' }, {}], unavailable: [] }] },
    })
    t.match(await host.sync({ markUnavailable: false }), { success: true, heldChanges: 0 }, 'nothing is to be marked')
    t.equal(await available(), 2)

    litellm.models.push(...manyRows(2))
    t.match(await host.sync(), { success: true, unchangedModels: 2 })
    t.match((await host.get('/models/sync')).body, { held: 0 })
    t.match((await host.get('/models/health')).body, { status: 'ok' })
  })

  t.test('an empty answer for an empty catalogue is fine', async (t) => {
    await host.reset([])
    t.match(await host.sync(), { success: true, totalModels: 0, providers: [{ status: 'ok' }] })
  })

  t.test('more than half at once is held, and the rest of the plan is applied', async (t) => {
    await host.reset(manyRows(10))
    await host.sync()
    litellm.models.splice(0, 6)
    litellm.models.push(modelRow({ model_name: 'new' }))
    litellm.models[0]!.model_info['max_output_tokens'] = 3
    // 10 − 6 + 1 = 5 stay, which is half; without the new one it is less.
    t.match(await host.sync({ dryRun: true }), { heldChanges: 0, unavailableModels: 6 })
    litellm.models.shift()
    litellm.models[0]!.model_info['max_output_tokens'] = 3
    const result = await host.sync()
    t.strictSame(statuses(result), ['held'])
    t.match(result.errors, [/^litellm: 7 models .*held.*mass-removal/])
    t.strictSame(counts(result), {
      totalModels: 4,
      newModels: 1,
      updatedModels: 1,
      unchangedModels: 2,
      heldChanges: 7,
    })
    t.equal(await available(), 11)
  })

  t.test('a catalogue does not melt away run by run', async (t) => {
    await host.reset(manyRows(16))
    await host.sync()
    litellm.models.splice(0, 4)
    t.match(await host.sync(), { success: true, unavailableModels: 4 })
    litellm.models.splice(0, 4)
    t.match(await host.sync(), { success: true, unavailableModels: 4 })
    litellm.models.splice(0, 3)
    t.match(await host.sync(), { success: false, unavailableModels: 0, heldChanges: 3 }, '5 of 16 would be left')
    t.equal(await available(), 8)
    litellm.models.push(...manyRows(16).slice(8, 10))
    t.match(await host.sync(), { success: true, unavailableModels: 1 }, 'fewer than three are never a mass removal')
  })

  t.test('more than 20 % malformed entries fail the provider, 20 % do not', async (t) => {
    await host.reset(manyRows(8))
    await host.sync()
    const odd = () => modelRow({ model_name: '' })
    litellm.models.splice(7, 1, odd())
    litellm.setFault('/v1/models', { kind: 'json', body: { data: [] } })
    litellm.models.push(modelRow({ model_name: 'new' }), odd())
    const some = await host.sync()
    t.match(some, { success: true, totalModels: 8, newModels: 1, unavailableModels: 1, rejectedModels: 2 })
    t.match(some.warnings, [/^litellm: 2 malformed entries/])
    litellm.models.push(odd())
    litellm.models.splice(0, 1)
    const many = await host.sync()
    t.strictSame(statuses(many), ['failed'])
    t.match(many.errors, [/^litellm: 3 of 10 entries are malformed/])
    t.equal(await available(), 8)
  })

  t.test('the guards’ options', async (t) => {
    t.test('maxRemovalPercent', async (t) => {
      const host = await startHost(t, database, {
        settings: { maxRemovalPercent: 100 },
        litellm: { models: manyRows(10) },
      })
      await host.reset()
      await host.sync()
      host.litellm.models.splice(1)
      t.match(await host.sync(), { success: true, unavailableModels: 9 })
      host.litellm.models.length = 0
      t.match(await host.sync(), { success: false, heldChanges: 1 }, 'an empty answer is held all the same')
    })

    t.test('missesBeforeUnavailable: counted by healthy listings, also of the same body', async (t) => {
      const host = await startHost(t, database, { settings: { missesBeforeUnavailable: 3 } })
      await host.reset(manyRows(4))
      await host.sync()
      const [gone] = host.litellm.models.splice(0, 1)
      t.match(await host.sync(), { success: true, unavailableModels: 0, unchangedModels: 3 })
      host.litellm.setFault('/model/info', { kind: 'html', status: 200 })
      t.match(await host.sync(), { success: false })
      host.litellm.setFault('/model/info', null)
      t.match(await host.sync(), { success: true, unavailableModels: 0 })
      t.match(await host.sync(), { success: true, unavailableModels: 1 })
      host.litellm.models.push(gone!)
      t.match(await host.sync(), { success: true, restoredModels: 1 })
      host.litellm.models.pop()
      t.match(await host.sync(), { unavailableModels: 0 }, 'and from the start again')
      host.litellm.models.push(gone!)
      t.match(await host.sync(), { unavailableModels: 0, restoredModels: 0 })
      host.litellm.models.pop()
      t.match(await host.sync(), { unavailableModels: 0 }, 'a model that was back starts anew')
    })
  })
}
