/** The interval that is learned: its bounds, its cases, and that it follows what a provider does. */
import fc from 'fast-check'
import t from 'tap'
import { adaptInterval, observeChange, withAdaptedInterval } from '../../../src/core/providers/learned-interval.js'

const START = Date.parse('2026-01-01T00:00:00Z')
const HOUR = 3_600_000
const times = (...hours: number[]): string[] => hours.map((hour) => new Date(START + hour * HOUR).toISOString())

t.test('half of what usually passes between two changes, from an hour to a day', (t) => {
  const at = (hours: number, ...changes: number[]) => adaptInterval(times(...changes), START + hours * HOUR)?.minutes
  t.equal(at(31, 0, 10, 20, 30), 5 * 60)
  t.equal(at(4, 0, 1, 2, 3), 60, 'not below an hour')
  t.equal(at(301, 0, 100, 200, 300), 24 * 60, 'not above a day')
  t.equal(at(31, 0, 10, 20, 21, 30), 4.75 * 60, 'the median, which one odd change does not move far')
  t.end()
})

t.test('nobody knows what is usual of fewer than four changes', (t) => {
  t.equal(adaptInterval([], START), null)
  t.equal(adaptInterval(times(0, 1, 2), START), null)
  t.end()
})

t.test('a silence that is longer than usual counts, and is told', (t) => {
  const found = adaptInterval(times(0, 4, 8, 12), START + 32 * HOUR)
  t.strictSame(found, {
    minutes: 10 * 60,
    reason:
      'its models change about every 4 hours (the last 4 changes), but not for 20 hours; asked every 10 hours, between an hour and a day',
  })
  t.end()
})

t.test('the last twelve changes are remembered', (t) => {
  const all = Array.from({ length: 20 }, (_, hour) => hour)
  t.strictSame(
    all.reduce<string[]>((known, hour) => observeChange(known, times(hour)[0]!), []),
    times(...all.slice(8)),
  )
  t.end()
})

t.test('an operator’s own interval stands; until it is learned, the backend’s', (t) => {
  const state = { intervalMinutes: 7, changeTimes: times(0, 10, 20, 30) }
  const now = START + 31 * HOUR
  t.match(withAdaptedInterval(state, now, 90), { intervalMinutes: 7, intervalReason: null })
  t.match(withAdaptedInterval({ ...state, intervalMinutes: null }, now, 90), {
    intervalMinutes: 300,
    intervalReason: /10 hours/,
  })
  t.match(withAdaptedInterval({ intervalMinutes: null, changeTimes: [] }, now, 90), {
    intervalMinutes: 90,
    intervalReason: null,
  })
  t.end()
})

t.test('for any history the interval is between an hour and a day', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 4, maxLength: 12 }), fc.nat(1000), (hours, later) => {
      const sorted = [...hours].sort((a, b) => a - b)
      const found = adaptInterval(times(...sorted), START + (sorted.at(-1)! + later) * HOUR)
      return found !== null && found.minutes >= 60 && found.minutes <= 1440 && Number.isInteger(found.minutes)
    }),
  )
  t.end()
})

t.test('it comes to rest at what a provider does, from too short and from too long', (t) => {
  for (const [changesEvery, first, expected] of [
    [12, 60, [300, 420]],
    [3, 1440, [60, 120]],
  ] as const) {
    let known: string[] = []
    let minutes: number = first
    let seen = 0
    for (let now = 0; now < 120 * 24 * 60; now += minutes) {
      const changes = Math.floor(now / 60 / changesEvery)
      if (changes > seen) known = observeChange(known, new Date(START + now * 60_000).toISOString())
      seen = changes
      minutes = adaptInterval(known, START + now * 60_000)?.minutes ?? first
    }
    t.ok(
      minutes >= expected[0] && minutes <= expected[1],
      `every ${changesEvery} hours: asked every ${minutes} minutes`,
    )
  }
  t.end()
})
