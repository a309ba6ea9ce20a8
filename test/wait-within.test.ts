/** How a wait ends: with the value, when its time is over, or by a signal; whatever comes later is not lost. */
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { waitWithin } from '../src/wait-within.js'

const never = new Promise<string>(() => undefined)

t.test('what comes in time is the value, what rejects in time is thrown', async (t) => {
  t.equal(await waitWithin(Promise.resolve('here'), { timeoutMs: 1000, overdue: () => 'late' }), 'here')
  await t.rejects(waitWithin(Promise.reject(new Error('no')), { timeoutMs: 1000, overdue: () => 'late' }), {
    message: 'no',
  })
  t.equal(await waitWithin(Promise.resolve('here'), {}), 'here')
})

t.test('a wait that takes too long comes to what overdue gives or throws', async (t) => {
  t.equal(await waitWithin(never, { timeoutMs: 5, overdue: (ms) => `nothing in ${ms} ms` }), 'nothing in 5 ms')
  const overdue = (): never => {
    throw new Error('too late')
  }
  await t.rejects(waitWithin(never, { timeoutMs: 5, overdue }), { message: 'too late' })
})

t.test('a signal ends the wait, also one that was aborted before', async (t) => {
  const [first, second] = [new AbortController(), new AbortController()]
  const waiting = waitWithin(never, { signals: [first.signal, second.signal] })
  second.abort(new Error('second'))
  await t.rejects(waiting, { message: 'second' })
  await t.rejects(waitWithin(never, { signals: [second.signal] }), { message: 'second' })
})

t.test('a value that comes after the end is handed over, a failure is nobody’s', async (t) => {
  const late: string[] = []
  const bounds = { timeoutMs: 5, overdue: () => null, late: (value: string) => late.push(value) }
  t.equal(await waitWithin(delay(20, 'slow'), bounds), null)
  t.equal(
    await waitWithin(
      delay(20).then(() => Promise.reject(new Error('slow'))),
      bounds,
    ),
    null,
  )
  await delay(40)
  t.strictSame(late, ['slow'])
})
