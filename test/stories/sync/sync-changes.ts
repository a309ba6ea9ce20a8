/** A sync's changes, of each kind, through the real plugin on both databases. */
import type { Test } from 'tap'
import type { TestDatabase } from '../../support/databases.js'
import { counts, startHost } from '../../support/host.js'
import { modelRow, type ModelRow } from '../../support/loopback-litellm.js'

const rows = (...names: string[]): ModelRow[] => names.map((model_name) => modelRow({ model_name }))

export default async function suite(t: Test, database: TestDatabase): Promise<void> {
  const host = await startHost(t, database)
  const { litellm } = host

  t.test('the first sync: a row, a change and an entry for each model', async (t) => {
    await host.reset(rows('in-house', 'vendor/own', 'embed'))
    const result = await host.sync()
    t.match(result, { success: true, errors: [], warnings: [], dryRun: false, trigger: 'manual', revision: 1 })
    t.match(result.runId, /^[0-9a-f-]{36}$/)
    t.equal(new Date(result.syncedAt).toISOString(), result.syncedAt)
    t.strictSame(counts(result), { totalModels: 3, newModels: 3 })

    const at = await host.lastSuccessAt()
    const models = await host.models()
    t.strictSame([...models.keys()], ['embed', 'in-house', 'vendor/own'])
    t.match(models.get('in-house'), {
      id: 'litellm/in-house',
      provider: 'litellm',
      name: 'in-house',
      ownedBy: 'openai',
      mode: 'chat',
      contextLength: 128_000,
      maxOutputTokens: 16_384,
      inputCostPerToken: '0.0000025',
      outputCostPerToken: '0.00001',
      cacheReadCostPerToken: null,
      deployments: 1,
      availability: 'available',
      unavailableReason: null,
      origin: 'synced',
      stale: false,
      firstSeenAt: at,
      lastSeenAt: at,
      updatedAt: at,
    })
    const changes = await host.changes()
    t.equal(changes.length, 3, 'one row for each added model')
    const added = changes.find(({ modelId }) => modelId === 'litellm/in-house')
    t.match(added, { kind: 'added', field: null, from: null, cause: 'upstream', actor: 'sync', runId: result.runId })
    const { capabilities: _, ...shown } = models.get('in-house') as unknown as Record<string, unknown>
    const { capabilities: __, ...stored } = added?.to as Record<string, unknown>
    for (const [field, value] of Object.entries(stored)) t.same(value, shown[field], `to holds ${field} as it is shown`)
    t.equal(Object.keys(stored).length, 24, 'and all fields')
    const detail = await host.get('/models/litellm/in-house')
    t.match(detail.body['upstreamEntry'], { model_name: 'in-house', model_info: { max_input_tokens: 128_000 } })
  })

  t.test('added, updated field by field, unavailable and restored in one run', async (t) => {
    await host.reset(rows('stays', 'changes', 'goes', 'comes back'))
    await host.sync()
    litellm.models.splice(3, 1)
    t.strictSame(counts(await host.sync()), { totalModels: 3, unavailableModels: 1, unchangedModels: 3 })

    const before = await host.models()
    litellm.models.splice(0, Infinity, ...rows('stays', 'changes', 'comes back', 'new'))
    Object.assign(litellm.models[1]!.model_info, {
      max_input_tokens: 200_000,
      input_cost_per_token: 0.000003,
      supports_vision: true,
      mode: 'responses',
    })
    Object.assign(litellm.models[2]!.model_info, { max_output_tokens: 4_096 })
    const result = await host.sync()
    t.equal(result.success, true)
    t.strictSame(counts(result), {
      totalModels: 4,
      newModels: 1,
      updatedModels: 1,
      unavailableModels: 1,
      restoredModels: 1,
      unchangedModels: 1,
    })
    t.equal(result.revision, 3)

    const at = await host.lastSuccessAt()
    const after = await host.models()
    t.same(
      { ...after.get('stays'), lastSeenAt: null },
      { ...before.get('stays'), lastSeenAt: null },
      'what stays is as it was',
    )
    t.equal(after.get('stays')?.lastSeenAt, at)
    t.match(after.get('changes'), {
      contextLength: 200_000,
      inputCostPerToken: '0.000003',
      mode: 'responses',
      capabilities: { vision: true },
      inputModalities: ['image', 'text'],
      updatedAt: at,
    })
    t.match(after.get('goes'), {
      availability: 'unavailable',
      unavailableReason: 'omitted',
      unavailableSince: at,
      lastSeenAt: before.get('goes')?.lastSeenAt,
      contextLength: 128_000,
    })
    t.match(after.get('comes back'), {
      availability: 'available',
      unavailableReason: null,
      unavailableSince: null,
      maxOutputTokens: 4_096,
      lastSeenAt: at,
    })

    const changes = (await host.changes()).filter(({ runId }) => runId === result.runId)
    const spelled = changes.map(({ modelId, kind, field, from, to }) =>
      kind === 'added'
        ? `${modelId} added`
        : `${modelId} ${kind} ${field}: ${JSON.stringify(from)} > ${JSON.stringify(to)}`,
    )
    t.strictSame(spelled.sort(), [
      'litellm/changes updated capabilities: {} > {"vision":true}',
      'litellm/changes updated contextLength: 128000 > 200000',
      'litellm/changes updated inputCostPerToken: "0.0000025" > "0.000003"',
      'litellm/changes updated inputModalities: ["text"] > ["image","text"]',
      'litellm/changes updated mode: "chat" > "responses"',
      'litellm/comes back restored null: "omitted" > null',
      'litellm/comes back updated maxOutputTokens: 16384 > 4096',
      'litellm/goes unavailable null: null > "omitted"',
      'litellm/new added',
    ])
  })

  t.test('a value that becomes unknown is null, and the change says so', async (t) => {
    await host.reset(rows('m'))
    await host.sync()
    Object.assign(litellm.models[0]!.model_info, { input_cost_per_token: null, mode: null })
    t.strictSame(counts(await host.sync()), { totalModels: 1, updatedModels: 1 })
    t.match((await host.models()).get('m'), { inputCostPerToken: null, mode: 'chat', outputCostPerToken: '0.00001' })
    t.match(await host.changes('&field=inputCostPerToken'), [{ from: '0.0000025', to: null }])
  })

  t.test('markUnavailable: false adds and updates only, and the next sync still finds what is missing', async (t) => {
    await host.reset(rows('a', 'b'))
    await host.sync()
    litellm.models.splice(0, Infinity, ...rows('b', 'c'))
    litellm.models[0]!.model_info['max_input_tokens'] = 1
    t.strictSame(counts(await host.sync({ markUnavailable: false })), {
      totalModels: 2,
      newModels: 1,
      updatedModels: 1,
    })
    t.equal((await host.models()).get('a')?.availability, 'available')
    t.strictSame(
      counts(await host.sync()),
      { totalModels: 2, unavailableModels: 1, unchangedModels: 2 },
      'although the body is the same',
    )
  })

  t.test('forceUpdate rewrites every row, and nothing is said to have changed', async (t) => {
    await host.reset(rows('a', 'b', 'c'))
    await host.sync()
    litellm.models.pop()
    await host.sync()
    await host.pool.query(`UPDATE model_sync.models SET context_length = 7 WHERE provider_model_id = 'a'`)
    t.strictSame(counts(await host.sync()), { totalModels: 2, unchangedModels: 2 }, 'unseen without it')
    const before = await host.models()
    const result = await host.sync({ forceUpdate: true })
    t.strictSame(counts(result), { totalModels: 2, updatedModels: 1, unchangedModels: 1 })
    t.equal(result.revision, 3)
    const at = await host.lastSuccessAt()
    const after = await host.models()
    t.equal(after.get('a')?.contextLength, 128_000)
    for (const id of ['a', 'b']) t.equal(after.get(id)?.updatedAt, at, `${id} is rewritten`)
    t.equal(after.get('c')?.updatedAt, before.get('c')?.updatedAt, 'what the answer does not have is not')
    t.strictSame(
      (await host.changes())
        .filter(({ runId }) => runId === result.runId)
        .map(({ modelId, field }) => [modelId, field]),
      [['litellm/a', 'contextLength']],
    )
  })

  t.test('forceUpdate that changes nothing raises no revision', async (t) => {
    await host.reset(rows('a', 'b'))
    const { revision } = await host.sync()
    const before = await host.models()
    t.match(await host.sync({ forceUpdate: true }), { success: true, revision, unchangedModels: 2 })
    const reads = (models: typeof before) => [...models.values()].map(({ lastSeenAt: _, ...model }) => model)
    t.strictSame(reads(await host.models()), reads(before), 'and what a read returns stays')
  })

  t.test('a deprecation date that is past takes a model out by the calendar alone', async (t) => {
    await host.reset([
      modelRow({ model_name: 'old', model_info: { deprecation_date: '2001-01-01' } }),
      modelRow({ model_name: 'later', model_info: { deprecation_date: '2078-01-01' } }),
    ])
    const result = await host.sync()
    t.strictSame(counts(result), { totalModels: 2, newModels: 2 })
    const models = await host.models()
    t.match(models.get('old'), {
      availability: 'unavailable',
      unavailableReason: 'deprecated',
      deprecationDate: '2001-01-01',
    })
    t.match(models.get('later'), { availability: 'available', deprecationDate: '2078-01-01' })
  })

  t.test('every run is on record', async (t) => {
    await host.reset(rows('a'))
    const first = await host.sync()
    const second = await host.sync()
    litellm.setFault('/model/info', { kind: 'html' })
    const third = await host.sync()
    const { runs } = (
      await host.get<{ runs: { runId: string; result: object; success: boolean }[] }>('/models/sync/history')
    ).body
    t.strictSame(
      runs.map(({ runId, success }) => [runId, success]),
      [
        [third.runId, false],
        [second.runId, true],
        [first.runId, true],
      ],
    )
    t.same(runs[0]?.result, third, 'with the result as it was answered')
    const one = await host.get(`/models/sync/history/${second.runId}`)
    t.same(one.body['result'], second)
    t.match(one.body, { trigger: 'manual', startedAt: second.syncedAt })
  })
}
