/** Prices that depend on the hour: DeepSeek's, out of the price book and out of LiteLLM, each hour of a year. */
import { calcPrice } from '@pydantic/genai-prices'
import t from 'tap'
import { sheetAt } from '../../../src/core/prices/price-hours.js'
import type { ModelRecord } from '../../../src/core/model/model-record.js'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { modelRow } from '../../support/loopback-litellm.js'
import { loopback } from '../../support/loopback.js'

const HOUR = 3_600_000
const database = await createPostgresDatabase(t)
const upstream = await loopback(t, (_request, response) => {
  const data = ['deepseek-chat', 'deepseek-reasoner', 'deepseek-v4-pro'].map((id) => ({ id, object: 'model' }))
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }))
})
const host = await startHost(t, database, {
  settings: {
    providers: ['litellm', 'deepseek'],
    providerOptions: { deepseek: { baseUrl: upstream.url, apiKey: 'sk-test-key-of-deepseek' } },
  },
})
const { litellm } = host
const { prices } = host.app.modelSync

/** As LiteLLM's price map states DeepSeek's hours. */
const OFF_PEAK = {
  input_cost_per_token: 6.6e-7,
  output_cost_per_token: 1.98e-6,
  cache_read_input_token_cost: 2.2e-8,
  windows: [
    { hours_utc: ['00:00-01:00', '04:00-06:00', '10:00-00:00'], weekdays: [1, 2, 3, 4, 5] },
    { hours_utc: '00:00-00:00', weekdays: [6, 7] },
  ],
}
const row = (off_peak_pricing: unknown = OFF_PEAK) =>
  modelRow({
    model_name: 'v4-pro',
    model_info: {
      litellm_provider: 'deepseek',
      input_cost_per_token: 1.32e-6,
      output_cost_per_token: 3.96e-6,
      cache_read_input_token_cost: 4.4e-8,
      input_cost_per_token_above_200k_tokens: 2e-6,
      off_peak_pricing,
    },
  })
/** DeepSeek's peak: 9 to 12 and 14 to 18 o'clock in Beijing, eight hours ahead, from Monday to Friday. */
function isPeak(ms: number): boolean {
  const beijing = new Date(ms + 8 * HOUR)
  const [hour, day] = [beijing.getUTCHours(), beijing.getUTCDay()]
  return day >= 1 && day <= 5 && ((hour >= 9 && hour < 12) || (hour >= 14 && hour < 18))
}

t.beforeEach(async () => {
  await host.reset([row()])
  await host.sync()
})

t.test('LiteLLM’s hours: each of a year', async (t) => {
  const model = (await host.get<ModelRecord>('/models/litellm/v4-pro')).body
  t.equal(model.priceWindows.length, 4)
  t.match(model.priceWindows, [{ timeZone: 'UTC' }])
  let [wrong, hours] = [0, 0]
  for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += HOUR) {
    const sheet = sheetAt(model, model.priceWindows, new Date(ms).toISOString())
    const expected = isPeak(ms)
      ? ['0.00000132', '0.00000396', '0.000000044']
      : ['0.00000066', '0.00000198', '0.000000022']
    const found = [sheet.inputCostPerToken, sheet.outputCostPerToken, sheet.cacheReadCostPerToken]
    if (String(found) !== String(expected)) wrong += 1
    hours += 1
  }
  t.same([hours, wrong], [8760, 0])
})

t.test('what a request costs, and what the price was, go by the hour', async (t) => {
  const day = new Date(Date.now() + 7 * 24 * HOUR)
  // The next Wednesday and Saturday, at a peak hour.
  const on = (weekday: number) =>
    new Date(
      Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + ((weekday - day.getUTCDay() + 7) % 7), 7),
    ).toISOString()
  const cost = async (at: string, tokens = 1000) =>
    (await host.get(`/models/cost?model=litellm/v4-pro&inputTokens=${tokens}&outputTokens=100&at=${at}`)).body
  t.match(await cost(on(3)), { total: '0.001716' })
  t.match(await cost(on(6)), { total: '0.000858' })
  t.match(await cost(on(3), 250_000), { parts: [{ tier: 'input_above_200k', price: '0.000002' }, { tier: null }] })
  t.match(await cost(on(6), 250_000), { parts: [{ tier: null, price: '0.00000066' }, { tier: null }] })
  const at = async (time: string) => (await host.get(`/models/prices?model=litellm/v4-pro&at=${time}`)).body
  t.match(await at(on(3)), { inputCostPerToken: '0.00000132', priceWindows: { length: 4 }, filledFrom: null })
  t.match(await at(on(6)), { inputCostPerToken: '0.00000066' })
  t.match((await at(on(6)))['history'], { length: 16 })
})

t.test('other hours are a change on record, and the same hours none', async (t) => {
  const before = await database.dump()
  litellm.models.splice(0, 1, row({ ...OFF_PEAK, windows: OFF_PEAK.windows.toReversed() }))
  await host.sync()
  t.same((await host.changes('&model=litellm/v4-pro')).length, 1)
  t.equal(before.includes('@1,2,3,4,5 04:00-06:00 UTC'), true)
  const then = new Date().toISOString()
  litellm.models.splice(0, 1, row({ ...OFF_PEAK, windows: undefined, hours_utc: '16:30-00:30' }))
  await host.sync()
  t.match((await host.changes('&model=litellm/v4-pro'))[0], {
    field: 'priceWindows',
    from: { length: 4 },
    to: { length: 1 },
  })
  const sheets = await Promise.all([prices.at('litellm/v4-pro', then), prices.at('litellm/v4-pro')])
  t.same(
    sheets.map(({ priceWindows }) => priceWindows.length),
    [4, 1],
    'the hours of then, and of now',
  )
  litellm.models.splice(0, 1, row(null))
  await host.sync()
  t.same((await prices.at('litellm/v4-pro')).priceWindows, [])
})

t.test('a price of certain hours that jumps is held, and hours of one digit are read', async (t) => {
  const at = (hours_utc: string, input_cost_per_token: number) => ({ hours_utc, input_cost_per_token })
  litellm.models[0]!.model_info['off_peak_pricing'] = at('4:00-9:30', 6.6e-7)
  await host.sync()
  t.match((await host.models()).get('v4-pro')?.priceWindows, [{ from: '04:00', to: '09:30' }])
  litellm.models[0]!.model_info['off_peak_pricing'] = at('4:00-9:30', 6.6e-4)
  t.match(await host.sync({ providers: ['litellm'] }), { heldChanges: 1, providers: [{ status: 'held' }] })
  t.match((await host.models()).get('v4-pro')?.priceWindows, [{ prices: { inputCostPerToken: '0.00000066' } }])
})

t.test('a pinned price holds at all hours', async (t) => {
  await host.request({ method: 'PATCH', url: '/models/litellm/v4-pro', payload: { inputCostPerToken: '0.000005' } })
  for (const at of ['2027-03-03T07:00:00Z', '2027-03-06T07:00:00Z'])
    t.match(await prices.at('litellm/v4-pro', at), { inputCostPerToken: '0.000005' })
  t.match(await prices.at('litellm/v4-pro', '2027-03-06T07:00:00Z'), { outputCostPerToken: '0.00000198' })
})

t.test('of two deployments only hours that both have count', async (t) => {
  litellm.models.push({ ...row(), model_info: { ...row().model_info, id: 'second' } })
  await host.sync()
  t.equal((await prices.at('litellm/v4-pro')).priceWindows.length, 4)
  litellm.models[1]!.model_info['off_peak_pricing'] = null
  await host.sync()
  t.same((await prices.at('litellm/v4-pro')).priceWindows, [])
})

t.test('odd hours are left out with a warning', async (t) => {
  litellm.models.splice(
    0,
    1,
    row({ ...OFF_PEAK, windows: [{ hours_utc: '9-10' }, { hours_utc: '09:00-10:00', weekdays: ['sat', 'Sunday'] }] }),
  )
  const { warnings } = await host.sync()
  t.match(warnings.join(), /off_peak_pricing: "9-10" is no window/)
  t.match((await host.models()).get('v4-pro'), { priceWindows: [{ days: [6, 7], from: '09:00', to: '10:00' }] })
})

for (const id of ['deepseek-chat', 'deepseek-reasoner', 'deepseek-v4-pro'])
  t.test(`the price book’s hours of ${id}: each of a year`, async (t) => {
    const model = (await host.get<ModelRecord>(`/models/deepseek/${id}`)).body
    t.ok(model.priceWindows.length > 0)
    t.match(model.provenance, { inputCostPerToken: 'price-book', priceWindows: 'price-book' })
    const usage = { input_tokens: 1_000_000, output_tokens: 1_000_000 }
    const expected = (ms: number): number[] => {
      const price = calcPrice(usage, id, { providerId: 'deepseek', timestamp: new Date(ms) })
      return [price?.input_price ?? NaN, price?.output_price ?? NaN]
    }
    const perMillion = (price: string | null): number => Number((Number(price) * 1e6).toPrecision(12))
    const found = (sheet: Pick<ModelRecord, 'inputCostPerToken' | 'outputCostPerToken'>): number[] =>
      [sheet.inputCostPerToken, sheet.outputCostPerToken].map(perMillion)
    let [wrong, hours] = [0, 0]
    for (let ms = Date.UTC(2027, 0, 1); ms < Date.UTC(2028, 0, 1); ms += HOUR) {
      const sheet = sheetAt(model, model.priceWindows, new Date(ms).toISOString())
      if (String(found(sheet)) !== String(expected(ms))) wrong += 1
      hours += 1
    }
    t.same([hours, wrong], [8760, 0])
    // Also of days before the book's last price, and where clocks change elsewhere.
    for (const day of ['2026-07-01', '2026-08-16', '2026-08-17', '2027-03-28', '2027-11-07'])
      for (let hour = 0; hour < 24; hour++) {
        const ms = Date.parse(day) + hour * HOUR
        const sheet = await prices.at(`deepseek/${id}`, new Date(ms))
        if (String(found(sheet)) !== String(expected(ms)))
          t.fail(`${new Date(ms).toISOString()}: ${String(found(sheet))}`)
      }
    const { body } = await host.get(`/models/cost?model=deepseek/${id}&inputTokens=1000000&at=2027-01-04T02:00:00Z`)
    t.equal(Number(body['total']), expected(Date.parse('2027-01-04T02:00:00Z'))[0])
    t.match(await prices.at(`deepseek/${id}`), { filledFrom: 'price-book' })
  })
