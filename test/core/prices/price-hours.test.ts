/** Prices by the hour: every hour of a year, by days, over midnight, and where clocks change. */
import t from 'tap'
import { cleanWindow, cleanWindows, type PriceWindow } from '../../../src/core/model/price-window.js'
import { sheetAt, windowAt } from '../../../src/core/prices/price-hours.js'

const window = (over: object): PriceWindow => {
  const clean = cleanWindow({ from: '00:00', to: '00:00', prices: { inputCostPerToken: '1' }, ...over })
  if (clean === null) throw new Error('no window')
  return clean
}
const holds = (one: PriceWindow, at: string): boolean => windowAt([one], at) !== null

t.test('from on and to without, over midnight, the whole day', async (t) => {
  const night = window({ from: '16:30', to: '00:30' })
  for (const [at, expected] of [
    ['2026-06-01T16:29:59.999Z', false],
    ['2026-06-01T16:30:00.000Z', true],
    ['2026-06-02T00:29:59.999Z', true],
    ['2026-06-02T00:30:00.000Z', false],
  ] as const)
    t.equal(holds(night, at), expected, at)
  t.equal(holds(window({}), '2026-06-01T12:00:00Z'), true)
  t.equal(holds(window({ from: '09:00', to: '24:00' }), '2026-06-01T23:59:00Z'), true)
})

t.test('the day is that of the moment, in its own time zone', async (t) => {
  const fridays = window({ days: [5], from: '22:00', to: '02:00' })
  t.equal(holds(fridays, '2026-06-05T23:00:00Z'), true)
  t.equal(holds(fridays, '2026-06-06T01:00:00Z'), false, 'that is Saturday')
  t.equal(holds(fridays, '2026-06-05T01:00:00Z'), true)
  const shanghai = window({ days: [6, 7], dayTimeZone: 'Asia/Shanghai' })
  t.equal(holds(shanghai, '2026-06-05T15:59:00Z'), false, 'Friday, 23:59 there')
  t.equal(holds(shanghai, '2026-06-05T16:00:00Z'), true, 'Saturday there')
  t.equal(holds(shanghai, '2026-06-07T16:00:00Z'), false, 'Monday there')
})

/** What a clock shows there, by rules written by hand: Europe changes at 01:00 UTC on the last Sundays of March and October, New York at 02:00 of its own on the second of March and the first of November. */
function localHour(zone: string, ms: number): { hour: number; day: number } {
  const nth = (month: number, first: number): number => {
    const date = new Date(Date.UTC(2026, month, first))
    return Date.UTC(2026, month, first + ((7 - date.getUTCDay()) % 7))
  }
  const HOUR = 3_600_000
  const offset =
    zone === 'Europe/Berlin'
      ? ms >= nth(2, 25) + HOUR && ms < nth(9, 25) + HOUR
        ? 2
        : 1
      : zone === 'America/New_York'
        ? ms >= nth(2, 8) + 7 * HOUR && ms < nth(10, 1) + 6 * HOUR
          ? -4
          : -5
        : zone === 'Asia/Shanghai'
          ? 8
          : 0
  const local = new Date(ms + offset * HOUR)
  return { hour: local.getUTCHours(), day: ((local.getUTCDay() + 6) % 7) + 1 }
}

for (const timeZone of ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York'])
  t.test(`8,760 hours of a year in ${timeZone}`, async (t) => {
    const peak = window({ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', timeZone })
    const night = window({ days: [1, 3, 7], from: '22:00', to: '05:00', timeZone })
    let [wrong, hours, inPeak] = [0, 0, 0]
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 3_600_000) {
      const { hour, day } = localHour(timeZone, ms)
      const expected = day <= 5 && hour >= 9 && hour < 18
      const atNight = [1, 3, 7].includes(day) && (hour >= 22 || hour < 5)
      const found = windowAt([peak, night], ms)
      if (found !== (expected ? peak : atNight ? night : null)) wrong += 1
      if (expected) inPeak += 1
      hours += 1
    }
    t.same([hours, wrong], [8760, 0])
    t.equal(inPeak, 261 * 9)
  })

t.test('a window’s price holds for prompts of any length, and what it does not state stays', async (t) => {
  const sheet = {
    inputCostPerToken: '5',
    outputCostPerToken: '6',
    cacheReadCostPerToken: null,
    cacheWriteCostPerToken: null,
    otherPrices: ['input_above_200k', 'output_above_200k', 'input_tier_1_2', 'input_audio', 'cache_read_above_1k'].map(
      (kind) => ({ kind, unit: 'token', currency: 'USD', price: '9' }),
    ),
  }
  const { inputCostPerToken, outputCostPerToken, otherPrices } = sheetAt(sheet, [window({})], '2026-01-01T00:00:00Z')
  t.same([inputCostPerToken, outputCostPerToken], ['1', '6'])
  t.same(
    otherPrices.map(({ kind }) => kind),
    ['output_above_200k', 'input_audio', 'cache_read_above_1k'],
  )
})

t.test('what is no window is left out, and counted', async (t) => {
  const prices = { inputCostPerToken: '1' }
  const odd = [
    null,
    'always',
    { from: '00:00', to: '01:00' },
    { from: '0:00', to: '01:00', prices },
    { from: '00:00', to: '25:00', prices },
    { from: '00:00', to: '01:00', prices, days: [] },
    { from: '00:00', to: '01:00', prices, days: [8, 'Mon'] },
    { from: '00:00', to: '01:00', prices, timeZone: 'Mars/Base' },
    { from: '00:00', to: '01:00', prices, dayTimeZone: 7 },
    { from: '00:00', to: '01:00', prices: { inputCostPerToken: -1 } },
  ]
  t.same(cleanWindows(odd), { windows: [], rejected: odd.length })
  const twice = [
    { from: '01:00', to: '02:00', days: [3, 1, 3], prices },
    { from: '01:00', to: '02:00', days: [1, 3], prices: { inputCostPerToken: '2' } },
  ]
  t.same(cleanWindows(twice).windows, [{ days: [1, 3], from: '01:00', to: '02:00', timeZone: 'UTC', prices }])
})
