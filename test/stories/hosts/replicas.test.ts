/** Two replicas on one database, and two that boot together on an empty one. */
import t from 'tap'
import { createPostgresDatabase, needsPostgres } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { manyRows, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'

needsPostgres()

t.test('they boot together on an empty database: one migrates, all come up, nothing is doubled', async (t) => {
  const database = await createPostgresDatabase(t, { empty: true })
  const litellm = await startLoopbackLiteLLM({ models: manyRows(50) })
  t.teardown(() => litellm.close())
  const replicas = await Promise.all(
    Array.from({ length: 4 }, () => startHost(t, database, { litellm, settings: { syncOnStartup: true } })),
  )
  await Promise.all(replicas.map(({ log }) => log.waitFor('Initial model sync completed')))
  const migrated = replicas.filter(({ log }) => log.messages().includes('Database schema migrated'))
  t.equal(migrated.length, 1)
  const [first] = replicas
  t.equal((await first!.models()).size, 50)
  const added = (await first!.changes()).filter(({ kind }) => kind === 'added')
  t.equal(added.length, 50, 'each model was added once')
  t.equal((await first!.get('/models/health')).body['revision'], 1)
  const { runs } = (
    await first!.get<{ runs: { success: boolean; result: { newModels: number } }[] }>('/models/sync/history')
  ).body
  t.equal(runs.length, 1, 'one run for all of them')
  t.ok(runs.every(({ success }) => success))
  t.equal(
    runs.reduce((sum, { result }) => sum + result.newModels, 0),
    50,
    'and counted once',
  )
})

t.test('they sync at the same time, and an answer of one is seen by the other', async (t) => {
  const database = await createPostgresDatabase(t)
  const litellm = await startLoopbackLiteLLM({ models: manyRows(20) })
  t.teardown(() => litellm.close())
  const one = await startHost(t, database, { litellm })
  const other = await startHost(t, database, { litellm })
  await one.sync()
  t.match(await other.sync(), { providers: [{ status: 'not-modified' }] })
  for (let round = 1; round <= 3; round++) {
    for (const { model_info } of litellm.models) model_info['max_output_tokens'] = round
    const results = await Promise.all([one.sync(), other.sync()])
    t.ok(results.every(({ success }) => success))
    t.equal(new Set(results.map(({ runId }) => runId)).size, 1, 'they share one run')
    t.equal(results[0]!.updatedModels, 20)
  }
  t.equal((await other.changes()).filter(({ kind }) => kind === 'updated').length, 60)
  t.equal((await other.get('/models/health')).body['revision'], 4)
})

t.test('a replica that knows fewer migrations refuses to start', async (t) => {
  const database = await createPostgresDatabase(t)
  const host = await startHost(t, database)
  await host.pool.query(`INSERT INTO model_sync.migrations (version, name) VALUES (999, '999-future.sql')`)
  await t.rejects(startHost(t, database), {
    code: 'FST_MODEL_SYNC_MIGRATION',
    message: /999.*install the newer version/,
  })
})
