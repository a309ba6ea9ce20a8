/** What a run changed can be taken back, by a run of its own; upstream does not bring it again, until somebody says so. */
import type { Test } from 'tap'
import type { SyncResult } from '../../../src/core/records/sync-result.js'
import type { TestDatabase } from '../../support/databases.js'
import { infoOf, startTrustHost, only, rows, serve } from './support.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database)
  const { litellm } = host
  const start = async (...models: Parameters<typeof rows>) => {
    await host.reset(rows(...models))
    return host.sync()
  }
  const undo = async (runId: string | null, body: object = {}): Promise<SyncResult> => {
    const answer = await host.undo(runId, body)
    if (answer.status !== 200) throw new Error(`undo answered ${answer.status}: ${answer.text}`)
    return answer.body
  }
  /** Everything that a read returns, but for when. */
  const catalogue = async () =>
    [...(await host.models()).values()].map(
      ({ updatedAt: _, lastSeenAt: __, unavailableSince: ___, ...model }) => model,
    )

  t.test('a run of every kind of change, there and back', async (t) => {
    await start('stays', 'changes', 'goes', 'comes back', 'Name')
    litellm.models.splice(3, 1)
    await host.sync()
    const before = await catalogue()
    serve(
      litellm,
      rows('stays', ['changes', { max_input_tokens: 7, supports_vision: true }], 'comes back', 'new', 'name'),
    )
    const run = await host.sync()
    t.match(run, { newModels: 1, updatedModels: 1, unavailableModels: 1, restoredModels: 1, renamedModels: 1 })
    const after = await catalogue()

    const dump = await host.database.dump()
    const shown = await undo(run.runId, { dryRun: true })
    t.equal(await host.database.dump(), dump, 'a dry run writes nothing')
    t.match(shown, { dryRun: true, runId: null, trigger: 'undo', success: true, warnings: [], revision: 3 })
    t.match(shown.plan?.providers, [
      {
        provider: 'litellm',
        updated: [
          { modelId: 'litellm/changes', fields: { contextLength: { from: 7, to: 128_000 } } },
          { modelId: 'litellm/name', fields: { name: { from: 'name', to: 'Name' } } },
        ],
        unavailable: [{ modelId: 'litellm/comes back', reason: 'omitted' }, { modelId: 'litellm/new' }],
        restored: [{ modelId: 'litellm/goes' }],
        renamed: [{ modelId: 'litellm/Name', from: 'litellm/name' }],
      },
    ])

    const undone = await undo(run.runId, { planHash: shown.planHash })
    t.match(undone, { success: true, trigger: 'undo', updatedModels: 1, unavailableModels: 2, restoredModels: 1 })
    t.match(undone, { renamedModels: 1, revision: 4, runId: String })
    t.match(undone, { totalModels: 4, newModels: 0, unchangedModels: 1 }, 'each model that is offered again, once')
    t.match(shown, { totalModels: 4, unchangedModels: 1 }, 'and the dry run says the same')
    const there = await catalogue()
    t.strictSame(
      there.filter(({ providerModelId }) => providerModelId !== 'new').map(({ aliases: _, ...model }) => model),
      before.map(({ aliases: _, ...model }) => model),
    )
    t.match((await host.models()).get('new'), { availability: 'unavailable', unavailableReason: 'operator' })
    t.strictSame((await host.models()).get('Name')?.aliases, ['name'])
    const rows_ = await host.changes()
    t.ok(
      rows_
        .filter(({ runId }) => runId === undone.runId)
        .every(({ cause, actor }) => cause === 'undo' && actor === 'operator'),
    )
    t.match((await host.get('/models/sync/history')).body, { runs: [{ runId: undone.runId, trigger: 'undo' }] })

    const held = await host.sync()
    t.match(only(held), { status: 'held', reason: 'undone' })
    t.match(held, { updatedModels: 0, unavailableModels: 0, restoredModels: 0, renamedModels: 0, newModels: 0 })
    const { held: waiting } = await host.plan()
    t.strictSame(
      waiting.map(({ modelId, kind, reason, field = '' }) => `${modelId} ${kind} ${field} ${reason}`).sort(),
      [
        'litellm/Name updated name undone',
        'litellm/changes updated capabilities undone',
        'litellm/changes updated contextLength undone',
        'litellm/changes updated inputModalities undone',
        'litellm/comes back restored  undone',
        'litellm/goes unavailable  undone',
        'litellm/name renamed  undone',
        'litellm/new restored  undone',
      ],
    )
    t.strictSame(await catalogue(), there, 'for as long as upstream repeats it')
    t.match(await host.sync({ forceUpdate: true }), { heldChanges: held.heldChanges }, 'forced or not')
    t.strictSame((await host.get('/models/sync')).body['held'], held.heldChanges)

    const again = await undo(undone.runId)
    t.match(again, { success: true, warnings: [], unavailableModels: 1, restoredModels: 2, renamedModels: 1 })
    t.strictSame(
      (await catalogue()).map(({ aliases: _, ...model }) => model),
      after.map(({ aliases: _, ...model }) => model),
      'an undo is taken back like any other run',
    )
    t.match(await host.sync(), { success: true, heldChanges: 0, updatedModels: 0, unchangedModels: 5 })
    t.strictSame((await host.pool.query('SELECT FROM model_sync.models WHERE undone IS NOT NULL')).rows, [])
  })

  t.test('another value ends it', async (t) => {
    await start(['a', {}], 'b')
    infoOf(litellm, 'a')['max_input_tokens'] = 7
    const { runId } = await host.sync()
    await undo(runId)
    t.match(await host.sync(), { heldChanges: 1 })
    infoOf(litellm, 'a')['max_output_tokens'] = 8
    t.match(await host.sync(), { heldChanges: 1, updatedModels: 1 }, 'what else changes is applied')
    t.match(await host.model('litellm/a'), { contextLength: 128_000, maxOutputTokens: 8 })
    infoOf(litellm, 'a')['max_input_tokens'] = 9
    t.match(await host.sync(), { success: true, heldChanges: 0, updatedModels: 1 })
    infoOf(litellm, 'a')['max_input_tokens'] = 7
    t.match(await host.sync(), { success: true, heldChanges: 0, updatedModels: 1 }, 'for good')
    t.equal((await host.model('litellm/a')).contextLength, 7)
  })

  t.test('an approval ends it', async (t) => {
    await start('a', 'b', 'c', 'd')
    serve(litellm, rows('b', ['c', { max_input_tokens: 7 }]))
    const { runId } = await host.sync()
    await undo(runId)
    t.match(await host.sync(), { heldChanges: 3 })
    t.match(await host.approve({}, { only: ['litellm/a'] }), { unavailableModels: 1, heldChanges: 2 })
    t.match(await host.sync(), { heldChanges: 2 })
    t.match(await host.approve(), { success: true, unavailableModels: 1, updatedModels: 1 })
    t.match(await host.sync(), { success: true, heldChanges: 0 })
    serve(litellm, rows('a', 'b', 'c', 'd'))
    await host.sync()
    serve(litellm, rows('b', ['c', { max_input_tokens: 7 }]))
    t.match(await host.sync(), { success: true, unavailableModels: 2, updatedModels: 1 }, 'for good')
  })

  t.test('what has changed again since is listed and left', async (t) => {
    await start('a', 'b', 'c', 'Name', 'pinned')
    serve(
      litellm,
      rows(['a', { max_input_tokens: 7, max_output_tokens: 7 }], 'b', 'name', ['pinned', { max_input_tokens: 7 }]),
    )
    const { runId } = await host.sync()
    serve(
      litellm,
      rows(['a', { max_input_tokens: 8, max_output_tokens: 7 }], 'b', 'c', 'name', 'Name', [
        'pinned',
        { max_input_tokens: 7 },
      ]),
    )
    await host.sync()
    await host.patch('litellm/pinned', { contextLength: 1 })
    const result = await undo(runId)
    t.match(result, { success: true, updatedModels: 3, renamedModels: 0, restoredModels: 0 })
    t.strictSame(result.warnings.sort(), [
      'litellm: litellm/a contextLength is left alone: it has changed again since',
      'litellm: litellm/c is left alone: its availability has changed again since',
      'litellm: litellm/name is left alone: another model has its id now',
    ])
    t.match(await host.model('litellm/a'), { contextLength: 8, maxOutputTokens: 16_384 })
    t.match(
      await host.model('litellm/pinned'),
      { contextLength: 1, conflicts: [{ upstream: 128_000 }] },
      'beneath the pin',
    )
  })

  t.test('of many that are left alone the first thirty are named', async (t) => {
    const names = Array.from({ length: 35 }, (_, index) => `m${String(index).padStart(2, '0')}`)
    const sized = (tokens: number) =>
      rows(...names.map((name): [string, Record<string, unknown>] => [name, { max_input_tokens: tokens }]))
    await start(...names)
    serve(litellm, sized(7))
    const run = await host.sync()
    serve(litellm, sized(8))
    await host.sync()
    const { warnings, totalModels, unchangedModels } = await undo(run.runId)
    t.equal(warnings.length, 31)
    t.equal(warnings[29], 'litellm: litellm/m29 contextLength is left alone: it has changed again since')
    t.equal(warnings[30], 'litellm: 5 further warnings are left out')
    t.strictSame([totalModels, unchangedModels], [35, 35])
  })

  t.test('a plan of an undo, when something changes in between', async (t) => {
    await start('a', 'b')
    infoOf(litellm, 'a')['max_input_tokens'] = 7
    infoOf(litellm, 'b')['max_input_tokens'] = 7
    const { runId } = await host.sync()
    const { planHash } = await undo(runId, { dryRun: true })
    await host.patch('litellm/a', { description: 'a pin makes nothing stale' })
    infoOf(litellm, 'a')['max_input_tokens'] = 8
    await host.sync()
    const before = await host.database.dump()
    const stale = await host.undo<SyncResult & { code: string }>(runId, { planHash })
    t.equal(stale.status, 409)
    t.match(stale.body, {
      code: 'FST_MODEL_SYNC_PLAN_STALE',
      plan: { providers: [{ updated: [{ modelId: 'litellm/b' }] }] },
    })
    t.equal(await host.database.dump(), before)
    t.match(await undo(runId, { planHash: stale.body.planHash }), { success: true, updatedModels: 1 })
  })

  t.test('a run that failed, or whose models are gone, changes nothing', async (t) => {
    const first = await start('a')
    await host.post('/models', { provider: 'litellm', providerModelId: 'mine' })
    serve(litellm, rows('a', 'mine'))
    await host.sync()
    serve(litellm, rows('a'))
    const dropped = await host.sync()
    await host.remove('litellm/mine')
    const result = await undo(dropped.runId)
    t.match(result, { success: true, updatedModels: 0, providers: [{ status: 'ok' }] })
    t.match(result.warnings[0], /litellm\/mine .*is left alone: the model is not there any more/)

    litellm.setFault('/model/info', { kind: 'html' })
    const failed = await host.sync()
    t.match(await undo(failed.runId), { success: true, providers: [], warnings: [] })
    litellm.setFault('/model/info', null)

    t.match(await undo(first.runId), { unavailableModels: 1 })
    t.match(
      await undo(first.runId),
      { unavailableModels: 0, warnings: [/litellm\/a is left alone/] },
      'twice does nothing more',
    )
  })

  t.test(
    'an addition is taken back without losing the row, and comes again when upstream had dropped it',
    async (t) => {
      await start('a')
      litellm.models.push(...rows('new'))
      const { runId } = await host.sync()
      await undo(runId)
      const { rows: kept } = await host.pool.query(`SELECT FROM model_sync.models WHERE provider_model_id = 'new'`)
      t.equal(kept.length, 1)
      t.match(await host.sync(), { heldChanges: 1, restoredModels: 0 })
      litellm.models.pop()
      t.match(await host.sync(), { success: true, heldChanges: 0 })
      litellm.models.push(...rows('new'))
      t.match(await host.sync(), { success: true, restoredModels: 1 })
    },
  )

  t.test('what cannot be undone', async (t) => {
    const { runId } = await start('a')
    const { planHash } = await undo(runId, { dryRun: true })
    t.match(await host.undo('nobody'), { status: 404, body: { code: 'FST_MODEL_SYNC_NOT_FOUND' } })
    t.match(await host.undo('00000000-0000-4000-8000-000000000000'), { status: 404 })
    t.match(await host.undo(runId, { dryRun: true, planHash }), { status: 400 })
    t.match(await host.undo(runId, { nonsense: true }), { status: 400 })
    t.match(await host.undo(runId, { planHash: 'x' }), { status: /40[09]/ })
    t.match(await host.post('/models/sync', { planHash }), { status: 409 }, 'a plan of an undo is none of a sync')
  })
}
