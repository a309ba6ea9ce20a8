/** Which warning of a model's end is due, and how long is left. */
import t from 'tap'
import { addDays, daysUntil, dueWarning } from '../../../src/core/model/deprecation.js'

const END = '2026-12-31'

t.test('a warning is due from 30, 7 and 1 day before on', async (t) => {
  const due = (daysBefore: number) => dueWarning(END, addDays(END, -daysBefore))
  t.equal(due(31), null)
  t.strictSame([30, 29, 8].map(due), [30, 30, 30])
  t.strictSame([7, 2].map(due), [7, 7])
  t.strictSame([1, 0].map(due), [1, 1], 'on the day itself the last one is still due')
  t.equal(due(-1), null, 'past')
})

t.test('days go by the calendar, over months and leap days', async (t) => {
  t.equal(daysUntil('2028-03-01', '2028-02-28'), 2)
  t.equal(daysUntil('2026-01-01', '2026-01-02'), -1)
  t.equal(addDays('2026-12-31', 1), '2027-01-01')
})
