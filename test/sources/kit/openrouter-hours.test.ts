/** Prices of OpenRouter's that hold at certain hours, each quarter of an hour of a week. */
import t from 'tap'
import { windowAt } from '../../../src/core/prices/price-hours.js'
import { readOpenrouterHours } from '../../../src/sources/kit/openrouter-hours.js'
import { random } from '../../support/litellm-rows.js'

const MONDAY = Date.parse('2026-11-30T00:00:00Z')
const QUARTER = 15 * 60_000
const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const ALWAYS = { inputCostPerToken: '0.000002', outputCostPerToken: '0.000004' }

interface Rule {
  utc_days?: string[]
  utc_start?: number
  utc_end?: number
  prompt?: string
  completion?: string
}

/** The last entry that applies, said once more in another way. */
function priceAt(rules: readonly Rule[], ms: number, member: 'prompt' | 'completion', always: string): string {
  const time = new Date(ms)
  const clock = time.getUTCHours() * 100 + time.getUTCMinutes()
  const day = NAMES[(time.getUTCDay() + 6) % 7]!
  let price = always
  for (const rule of rules) {
    const { utc_days: days = NAMES, utc_start: start = 0, utc_end: end = 0 } = rule
    const within = start === end || (start < end ? clock >= start && clock < end : clock >= start || clock < end)
    if (days.includes(day) && within) price = rule[member] ?? price
  }
  return price
}

function compare(t: Pick<typeof import('tap').t, 'equal'>, rules: readonly Rule[], name: string): void {
  const { windows, warning } = readOpenrouterHours({ overrides: rules }, ALWAYS)
  t.equal(warning, null)
  let wrong = ''
  for (let ms = MONDAY; ms < MONDAY + 7 * 86_400_000; ms += QUARTER) {
    const prices = windowAt(windows, ms)?.prices ?? {}
    const [input, output] = [prices.inputCostPerToken, prices.outputCostPerToken]
    const expected = [
      priceAt(rules, ms, 'prompt', ALWAYS.inputCostPerToken),
      priceAt(rules, ms, 'completion', ALWAYS.outputCostPerToken),
    ]
    const found = [input ?? ALWAYS.inputCostPerToken, output ?? ALWAYS.outputCostPerToken]
    if (found.join() !== expected.join())
      wrong = `${new Date(ms).toISOString()}: ${found.join()}, not ${expected.join()}`
  }
  t.equal(wrong, '', name)
}

const PEAK = { prompt: '0.000003', completion: '0.000006' }
const NIGHT = { prompt: '0.000001', completion: '0.000002' }

t.test('every quarter of an hour costs what the last entry that applies says', async (t) => {
  compare(t, [{ utc_start: 30, utc_end: 1630, ...PEAK }], 'by day')
  compare(t, [{ utc_start: 1630, utc_end: 30, ...NIGHT }], 'over midnight')
  compare(t, [{ utc_days: ['saturday', 'sunday'], ...NIGHT }], 'whole days')
  compare(
    t,
    [
      { utc_days: ['monday', 'friday'], utc_start: 1700, utc_end: 900, ...NIGHT },
      { utc_days: ['monday'], utc_start: 2000, utc_end: 2200, prompt: '0.000005' },
    ],
    'over midnight on certain days, and one price of two',
  )
  compare(
    t,
    [
      { utc_start: 0, utc_end: 0, ...NIGHT },
      { utc_start: 800, utc_end: 2000, ...PEAK },
      { utc_start: 1200, utc_end: 1400, prompt: ALWAYS.inputCostPerToken, completion: ALWAYS.outputCostPerToken },
    ],
    'entries that overlap, back to the price of all hours',
  )
  const next = random(16)
  for (let round = 0; round < 50; round++) {
    const clock = (): number => Math.floor(next() * 24) * 100 + Math.floor(next() * 4) * 15
    const rules = Array.from({ length: 1 + Math.floor(next() * 5) }, (): Rule => {
      const price = (): string => `0.00000${1 + Math.floor(next() * 4)}`
      return {
        ...(next() < 0.5 ? {} : { utc_days: NAMES.filter(() => next() < 0.5) }),
        ...(next() < 0.2 ? {} : { utc_start: clock(), utc_end: clock() }),
        ...{ prompt: price(), completion: price() },
      }
    }).filter(({ utc_days: days, utc_start: start }) => (days !== undefined && days.length > 0) || start !== undefined)
    compare(t, rules, JSON.stringify(rules))
  }
})

t.test('other spellings, and what cannot be kept', async (t) => {
  const read = (...overrides: unknown[]) => readOpenrouterHours({ overrides }, ALWAYS)
  const window = { days: [6, 7], from: '16:30', to: '00:30', timeZone: 'UTC' }
  const expected = [{ ...window, prices: { inputCostPerToken: '0.000001', outputCostPerToken: '0.000002' } }]
  const parts = [
    { ...expected[0], from: '00:00', to: '00:30' },
    { ...expected[0], from: '16:30', to: '00:00' },
  ]
  for (const rule of [
    { utc_days: ['Sat', 'SUNDAY'], utc_start: '16:30', utc_end: '0030', ...NIGHT },
    { utc_days: ['saturday', 'sunday'], utc_start: 1630, utc_end: 30, prompt: 0.000001, completion: '$0.000002' },
  ])
    t.strictSame(read(rule).windows, parts)
  t.strictSame(read({ min_prompt_tokens: 200_000, ...PEAK }), { windows: [], warning: null }, 'a tier is no window')
  t.strictSame(readOpenrouterHours({}, ALWAYS), { windows: [], warning: null })
  for (const odd of [
    { utc_start: 2561, utc_end: 900, ...PEAK },
    { utc_start: 'noon', ...PEAK },
    { utc_days: ['someday'], ...PEAK },
    { utc_days: [1], ...PEAK },
    { utc_start: 100, utc_end: 200, min_prompt_tokens: 200_000, ...PEAK },
  ]) {
    const { windows, warning } = read(odd, { utc_days: ['monday'], ...NIGHT })
    t.match(windows, [{ days: [1], from: '00:00', to: '00:00' }])
    t.match(warning, /certain hours are not kept/, JSON.stringify(odd))
  }
  const many = Array.from({ length: 5_000 }, (_, at) => ({ utc_start: at % 2400, utc_end: 0, ...PEAK }))
  t.match(read(...many).warning, /not kept/)
})
