/** Replicas whose clocks are wrong: what they write is in the order in which it happened, by the database's clock. */
import t, { type Test } from 'tap'
import { databaseKinds, type TestDatabase } from '../../support/databases.js'
import { startHost, type TestHost } from '../../support/host.js'
import { modelRow, startLoopbackLiteLLM } from '../../support/loopback-litellm.js'
import { infoOf, rows, startServices } from '../trust/support.js'

const DAY_MS = 24 * 60 * 60 * 1000
const MINUTE_MS = 60 * 1000

/** The clock of this process, in which each replica lives for a while. */
function wrongClock(t: Test): (days: number) => void {
  const { now } = Date
  t.teardown(() => void (Date.now = now))
  return (days) => void (Date.now = () => now() + days * DAY_MS)
}

/** Price rows of one price that hold at the same time, and those that end before they begin. */
async function crookedPrices({ pool }: Pick<TestHost, 'pool'>): Promise<unknown[]> {
  const { rows } = await pool.query(`
    SELECT a.*
    FROM model_sync.model_prices AS a
    LEFT JOIN model_sync.model_prices AS b
      ON (a.model_id, a.kind, a.unit, a.currency) = (b.model_id, b.kind, b.unit, b.currency)
        AND a.valid_from < b.valid_from AND COALESCE(a.valid_to, 'infinity') > b.valid_from
    WHERE b.model_id IS NOT NULL OR a.valid_to <= a.valid_from`)
  return rows
}

/** Of the changelog in the order of its ids: what it says when. */
async function changeTimes({ pool }: Pick<TestHost, 'pool'>): Promise<number[]> {
  const { rows } = await pool.query<{ at: Date }>('SELECT at FROM model_sync.model_changes ORDER BY id')
  return rows.map(({ at }) => at.getTime())
}

async function servers(t: Test, database: TestDatabase): Promise<void> {
  const setClock = wrongClock(t)
  const litellm = await startLoopbackLiteLLM({ models: rows('a', 'b') })
  t.teardown(() => litellm.close())
  const began = Date.now()
  const open = async (days: number) => {
    setClock(days)
    const host = await startHost(t, database, { litellm })
    return { host, days }
  }
  const replicas = [await open(400), await open(-1), await open(0)]
  const order: (string | null)[] = []
  let price = 1
  for (let round = 1; round <= 3; round++)
    for (const { host, days } of replicas) {
      setClock(days)
      infoOf(litellm, 'a')['input_cost_per_token'] = (price++ * 1e-6).toFixed(6)
      order.push((await host.sync()).runId)
      await host.request({
        method: 'PATCH',
        url: '/models/litellm/b',
        payload: { inputCostPerToken: `0.0000${10 + price}` },
      })
    }
  setClock(0)
  const { host } = replicas[2]!
  const times = await changeTimes(host)
  t.same(
    times,
    times.toSorted((one, other) => one - other),
    'the changelog is in order',
  )
  t.ok(
    times.every((time) => time > began - MINUTE_MS && time < Date.now() + MINUTE_MS),
    'and of today',
  )
  t.same(await crookedPrices(host), [])
  const { runs } = (
    await host.get<{ runs: { runId: string; startedAt: string; finishedAt: string }[] }>('/models/sync/history')
  ).body
  t.same(runs.map(({ runId }) => runId).reverse(), order, 'so are the runs')
  t.ok(runs.every(({ startedAt, finishedAt }) => startedAt <= finishedAt))
  t.match((await host.get('/models/sync')).body, { lastSync: { runId: order.at(-1) }, needsSync: false })
  const model = (await host.get('/models/prices?model=litellm/a')).body as { inputCostPerToken: string }
  t.equal(model.inputCostPerToken, '0.000009')
  setClock(400)
  t.match((await replicas[0]!.host.get('/models/prices?model=litellm/a')).body, { inputCostPerToken: '0.000009' })
  t.match(
    (await replicas[0]!.host.get('/models/sync')).body,
    { needsSync: false },
    'not stale by a clock that is ahead',
  )

  litellm.models.push(modelRow({ model_name: 'c' }))
  await replicas[0]!.host.request({ method: 'POST', url: '/models/sync/seen' })
  setClock(-1)
  await replicas[1]!.host.sync()
  t.match((await replicas[1]!.host.get('/models/sync')).body, { newModels: 1 }, 'new since somebody looked')
  setClock(0)
}

for (const [kind, createDatabase] of databaseKinds)
  t.test(`servers with wrong clocks on ${kind}`, async (t) => servers(t, await createDatabase(t)))

t.test('a clock that goes back reorders no change and lets no price overlap another', async (t) => {
  const [[, createDatabase]] = databaseKinds
  const services = await startServices(t, await createDatabase(t))
  const { litellm, modelSync, editor, advance, undo } = services
  litellm.models.push(...rows('a', 'b'))
  await modelSync.syncModels()
  for (const [index, days] of [400, -401, 0, 0, 1].entries()) {
    advance({ days })
    infoOf(litellm, 'a')['input_cost_per_token'] = `0.00000${index + 3}`
    const { runId } = await modelSync.syncModels()
    await editor.edit('litellm/b', { outputCostPerToken: `0.00001${index}` }, 'anna')
    if (days === 0) await undo.undo(runId ?? '')
  }
  const times = await changeTimes(services)
  t.same(
    times,
    times.toSorted((one, other) => one - other),
  )
  t.same(await crookedPrices(services), [])
  const { rows: prices } = await services.pool.query<{ price: string }>(
    `SELECT price::text FROM model_sync.model_prices WHERE kind = 'output' AND model_id = 2 ORDER BY valid_from`,
  )
  t.same(
    prices.map(({ price }) => price),
    ['0.00001', '0.000011', '0.000012', '0.000013', '0.000014'],
  )
})
