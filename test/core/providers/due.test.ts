/** When a provider is due for an automatic sync. */
import t from 'tap'
import { isDue, nextAttemptAt, pauseMinutes } from '../../../src/core/providers/due.js'

const AT = '2026-01-01T00:00:00.000Z'
const state = { intervalMinutes: null, lastAttemptAt: AT, consecutiveFailures: 0 }
const after = (minutes: number): number => Date.parse(AT) + minutes * 60_000

t.test('a provider without a setting of its own is due each time, also right after a manual sync', async (t) => {
  t.equal(isDue(state, 60, after(1)), true)
  t.equal(isDue({ ...state, lastAttemptAt: null }, 60, after(0)), true)
  t.equal(nextAttemptAt(state, 60), '2026-01-01T01:00:00.000Z')
  t.equal(nextAttemptAt({ ...state, lastAttemptAt: null }, 60), null)
})

t.test('an interval of its own holds when it is longer than the backend’s', async (t) => {
  const slow = { ...state, intervalMinutes: 180 }
  t.equal(isDue(slow, 60, after(120)), false)
  t.equal(isDue(slow, 60, after(180)), true)
  t.equal(isDue(slow, 60, after(179)), true, 'an attempt starts a moment after its tick')
  t.equal(pauseMinutes({ ...state, intervalMinutes: 5 }, 60), 60, 'never shorter than the tick')
})

t.test('from the fifth failure in a row on the pauses double, up to a day', async (t) => {
  const pauses = [4, 5, 6, 7, 8, 9, 10, 100].map((consecutiveFailures) =>
    pauseMinutes({ ...state, consecutiveFailures }, 60),
  )
  t.strictSame(pauses, [60, 120, 240, 480, 960, 1440, 1440, 1440])
  t.equal(
    pauseMinutes({ ...state, intervalMinutes: 3000, consecutiveFailures: 9 }, 60),
    3000,
    'an interval above a day stays',
  )
  t.equal(isDue({ ...state, consecutiveFailures: 5 }, 60, after(60)), false)
  t.equal(isDue({ ...state, consecutiveFailures: 5 }, 60, after(120)), true)
})
