/** Work of which there is one at a time. */
import t from 'tap'
import { SingleFlight } from '../../src/services/single-flight.js'

function openable() {
  const open: (() => void)[] = []
  let begun = 0
  const flight = new SingleFlight(async () => {
    const place = ++begun
    await new Promise<void>((resolve) => open.push(resolve))
    return place
  })
  return { flight, open }
}

t.test('who asks while it goes on shares it; the next one begins anew', async (t) => {
  const { flight, open } = openable()
  const both = [flight.run(), flight.run()]
  t.equal(flight.running, both[0])
  open[0]?.()
  t.strictSame(await Promise.all(both), [1, 1])
  t.equal(flight.running, null)
  const next = flight.run()
  open[1]?.()
  t.equal(await next, 2)
})

t.test('a failure is everybody’s who shared it, and nobody’s afterwards', async (t) => {
  let fails = true
  const flight = new SingleFlight(async () => {
    if (fails) throw new Error('once')
    return 'well'
  })
  const both = [flight.run(), flight.run()]
  for (const one of both) await t.rejects(one, { message: 'once' })
  fails = false
  t.equal(await flight.run(), 'well')
})

t.test('what is forgotten goes on for those who have it, and does not end the next one', async (t) => {
  const { flight, open } = openable()
  const old = flight.run()
  flight.forget()
  const fresh = flight.run()
  open[0]?.()
  t.equal(await old, 1)
  t.equal(flight.running, fresh)
  open[1]?.()
  t.equal(await fresh, 2)
})
