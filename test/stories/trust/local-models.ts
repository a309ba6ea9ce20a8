/** Local models are a person's own: no sync takes them away, and upstream that lists the same id changes nothing that was set by hand. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { infoOf, startTrustHost, rows, serve } from './support.js'

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startTrustHost(t, database)
  const { litellm } = host
  const start = async () => {
    await host.reset(rows('a', 'b', 'c'))
    await host.sync()
  }
  const MINE = { provider: 'litellm', providerModelId: 'Mine/one:free', name: 'My one', contextLength: 10 }
  const ID = 'litellm/Mine/one:free'

  t.test('add, patch, delete', async (t) => {
    await start()
    const { revision } = (await host.get<{ revision: number }>('/models/health')).body
    const added = await host.post<Record<string, unknown>>('/models', MINE)
    t.equal(added.status, 201)
    t.match(added.body, {
      id: ID,
      origin: 'local',
      name: 'My one',
      contextLength: 10,
      pins: {},
      availability: 'available',
    })
    t.match(added.body, { description: null, lastSeenAt: null, stale: false, provenance: { name: 'local' } })
    t.match(await host.post('/models', MINE), {
      status: 409,
      body: { code: 'FST_MODEL_SYNC_CONFLICT', message: /PATCH/ },
    })

    const patched = await host.patch(ID, { description: 'text', contextLength: 11, hidden: true })
    t.match(patched.body, { description: 'text', contextLength: 11, hidden: true, pins: {}, conflicts: [] })
    t.match(await host.patch(ID, { unpin: ['contextLength'] }), { status: 400, body: { message: /is a local model/ } })
    t.match((await host.patch(ID, { availability: 'unavailable' })).body, { unavailableReason: 'operator' })
    t.match((await host.patch(ID, { availability: 'available' })).body, { availability: 'available' })

    t.equal((await host.remove(ID)).status, 204)
    t.equal((await host.get(`/models/${ID}`)).status, 404)
    t.equal((await host.remove(ID)).status, 404)
    t.equal((await host.get<{ revision: number }>('/models/health')).body.revision, revision + 5, 'each one is seen')
    t.match(
      (await host.changes()).slice(0, 7).map(({ kind, field, cause, runId }) => [kind, field, cause, runId]),
      [
        ['deleted', null, 'local', null],
        ['restored', null, 'local', null],
        ['unavailable', null, 'local', null],
        ['updated', 'hidden', 'local', null],
        ['updated', 'contextLength', 'local', null],
        ['updated', 'description', 'local', null],
        ['added', null, 'local', null],
      ],
    )
  })

  t.test('no sync touches one', async (t) => {
    await start()
    await host.post('/models', MINE)
    await host.post('/models', { provider: 'elsewhere', providerModelId: 'x' })
    const mine = await host.model(ID)
    serve(litellm, rows('a', 'b', 'c', 'mine/one:free', 'Mine/One:Free'))
    for (const body of [{}, { forceUpdate: true }]) {
      t.match(await host.sync(body), { success: true, updatedModels: 0, unavailableModels: 0, renamedModels: 0 })
    }
    serve(litellm, [])
    t.match(await host.sync(), { heldChanges: 5 })
    t.match(await host.approve(), { success: true, unavailableModels: 5 })
    litellm.setFault('/model/info', { kind: 'html' })
    await host.sync()
    t.strictSame(await host.model(ID), mine)
    t.match(await host.model('litellm/a'), { stale: true })
    t.match(await host.model('elsewhere/x'), { origin: 'local', availability: 'available', name: 'x' })
  })

  t.test('upstream starts to list it, and drops it again', async (t) => {
    await start()
    await host.post('/models', { ...MINE, capabilities: { vision: true }, inputCostPerToken: '5' })
    serve(litellm, [
      ...litellm.models,
      ...rows([MINE.providerModelId, { supports_vision: false, supports_reasoning: true }]),
    ])
    const adopted = await host.sync()
    t.match(adopted, { success: true, newModels: 0, updatedModels: 1, heldChanges: 0 })
    t.match(await host.model(ID), {
      origin: 'synced',
      name: 'My one',
      contextLength: 10,
      maxOutputTokens: 16_384,
      inputCostPerToken: '5',
      outputCostPerToken: '0.00001',
      capabilities: { vision: true, reasoning: true },
      pins: { name: 'My one', contextLength: 10, capabilities: { vision: true }, inputCostPerToken: '5' },
      conflicts: [
        { field: 'name' },
        { field: 'contextLength' },
        { field: 'capabilities' },
        { field: 'inputCostPerToken' },
      ],
    })
    t.strictSame(
      (await host.changes(`&model=${ID}`)).flatMap(({ runId, field }) => (runId === adopted.runId ? field : [])).sort(),
      [
        'capabilities',
        'deployments',
        'inputModalities',
        'maxOutputTokens',
        'mode',
        'origin',
        'outputCostPerToken',
        'outputModalities',
        'ownedBy',
      ],
    )
    const byField = new Map((await host.changes(`&model=${ID}`)).map((change) => [change.field, change]))
    t.match(byField.get('origin'), { kind: 'updated', from: 'local', to: 'synced', cause: 'upstream' })
    t.notOk(byField.has('name') || byField.has('contextLength'), 'what a read returns of these is as it was')
    t.match(await host.remove(ID), { status: 409, body: { message: /comes from upstream.*hidden/ } })
    t.match(await host.sync({ forceUpdate: true }), { updatedModels: 0 })

    infoOf(litellm, MINE.providerModelId)['max_input_tokens'] = 77
    await host.sync()
    t.match((await host.patch(ID, { unpin: ['contextLength'], description: 'later' })).body, { contextLength: 77 })

    litellm.models.pop()
    t.match(await host.sync(), { success: true, unavailableModels: 0, updatedModels: 1 })
    const back = await host.model(ID)
    t.match(back, {
      origin: 'local',
      availability: 'available',
      name: 'My one',
      description: 'later',
      inputCostPerToken: '5',
    })
    t.match(back, { contextLength: null, outputCostPerToken: null, mode: null, pins: {}, conflicts: [] })
    t.strictSame(
      Object.entries(back.capabilities).filter(([, said]) => said !== null),
      [['vision', true]],
    )
    t.match((await host.changes(`&model=${ID}&field=origin`))[0], { from: 'synced', to: 'local' })
    t.equal(back.upstreamEntry, null)

    serve(litellm, [...litellm.models, ...rows([MINE.providerModelId, { max_input_tokens: 77 }])])
    for (const row of [litellm.models.at(-1)!, litellm.models.at(-1)!]) {
      t.match(await host.sync(), { success: true, updatedModels: 1 }, 'listed again, as it was')
      t.match(await host.model(ID), { origin: 'synced', name: 'My one', outputCostPerToken: '0.00001' })
      litellm.models.pop()
      t.match(await host.sync(), { success: true, updatedModels: 1 })
      litellm.models.push(row)
    }
    litellm.models.pop()
    t.equal((await host.remove(ID)).status, 204)
  })

  t.test('an adopted model that was hidden, switched off and renamed', async (t) => {
    await start()
    await host.post('/models', MINE)
    await host.patch(ID, { hidden: true, availability: 'unavailable' })
    serve(litellm, [...litellm.models, ...rows(MINE.providerModelId)])
    await host.sync()
    t.match(await host.model(ID), { origin: 'synced', hidden: true, unavailableReason: 'operator' })
    litellm.models.pop()
    await host.sync()
    t.match(await host.model(ID), { origin: 'local', hidden: true, unavailableReason: 'operator' })
  })

  t.test('an answer without models takes nothing from an adopted one', async (t) => {
    await start()
    await host.post('/models', MINE)
    serve(litellm, rows(MINE.providerModelId))
    await host.approve()
    serve(litellm, [])
    t.match(await host.sync(), { success: false, heldChanges: 1, providers: [{ reason: 'empty-answer' }] })
    t.match(await host.model(ID), { origin: 'synced', maxOutputTokens: 16_384 })
    t.match(await host.approve(), { success: true, updatedModels: 1 })
    t.match(await host.model(ID), { origin: 'local', maxOutputTokens: null })
  })

  t.test('what cannot be added', async (t) => {
    await start()
    const before = await host.database.dump()
    for (const [body, message] of [
      [{}, /provider/],
      [{ provider: 'litellm' }, /providerModelId/],
      [{ provider: 'litellm', providerModelId: ' ' }, /the id is empty/],
      [{ provider: 'litellm', providerModelId: 'x'.repeat(1_025) }, /1025 bytes/],
      [{ provider: 'Sync!', providerModelId: 'x' }, /"Sync!"; expected lower-case letters/],
      [{ provider: 'sync', providerModelId: 'x' }, /none of sync,/],
      [{ provider: 'validate', providerModelId: 'x' }, /none of sync,/],
      [{ ...MINE, origin: 'synced' }, /origin/],
      [{ ...MINE, inputCostPerToken: 'cheap' }, /inputCostPerToken/],
    ] as const) {
      const refused = await host.post<{ message: string }>('/models', body)
      t.equal(refused.status, 400, JSON.stringify(body))
      t.match(refused.body.message, message)
    }
    t.match(await host.post('/models', { provider: 'litellm', providerModelId: 'a' }), { status: 409 })
    t.equal(await host.database.dump(), before)
    t.match(await host.remove('litellm/a'), { status: 409, body: { message: /hide it with PATCH/ } })
  })
}
