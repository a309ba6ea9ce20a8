/** Two values of a field are the same, whatever the order of their members. */
import fc from 'fast-check'
import t from 'tap'
import { sameValue } from '../../../src/core/model/same-value.js'
import type { OtherPrice } from '../../../src/core/model/model-fields.js'

const price = (over: Partial<OtherPrice> = {}): OtherPrice => ({
  kind: 'input',
  unit: 'image',
  currency: 'USD',
  price: '0.1',
  ...over,
})

t.test('unknown is not zero, not false and not empty', async (t) => {
  for (const type of ['text', 'integer', 'decimal', 'mode', 'timestamp', 'date'] as const) {
    t.ok(sameValue(type, null, null), type)
    for (const value of ['', '0', 0, false]) {
      t.notOk(sameValue(type, null, value), `${type} ${JSON.stringify(value)}`)
      t.notOk(sameValue(type, value, null), `${type} ${JSON.stringify(value)}`)
    }
  }
  t.notOk(sameValue('integer', 0, '0'))
})

t.test('sets', async (t) => {
  t.ok(sameValue('set', [], []))
  t.ok(sameValue('set', ['b', 'a'], ['a', 'b']))
  t.notOk(sameValue('set', ['a'], ['a', 'b']))
  t.notOk(sameValue('set', ['a', 'b'], ['a', 'c']))
  t.notOk(sameValue('set', [], null))
})

t.test('capabilities: an absent one is unknown, which is not false', async (t) => {
  t.ok(sameValue('capabilities', { vision: true, reasoning: false }, { reasoning: false, vision: true }))
  t.notOk(sameValue('capabilities', { vision: false }, {}))
  t.notOk(sameValue('capabilities', {}, { vision: false }))
  t.notOk(sameValue('capabilities', { vision: true }, { vision: false }))
  t.notOk(sameValue('capabilities', { vision: true }, { reasoning: true }))
})

t.test('prices: every part counts', async (t) => {
  const other = price({ kind: 'output', price: '2' })
  t.ok(sameValue('prices', [price(), other], [other, price()]))
  for (const over of [{ kind: 'output' }, { unit: 'second' }, { currency: 'EUR' }, { price: '0.2' }])
    t.notOk(sameValue('prices', [price()], [price(over)]), JSON.stringify(over))
  t.notOk(sameValue('prices', [price()], [price(), price()]))
})

t.test('the arguments are left as they are, and their order makes no difference', async () => {
  const list = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 6 })
  fc.assert(
    fc.property(list, list, fc.func(fc.nat()), (a, b, order) => {
      const [frozenA, frozenB] = [Object.freeze([...a]), Object.freeze([...b])]
      const expected = a.length === b.length && a.every((member) => b.includes(member))
      const shuffled = [...a].sort((x, y) => order(x) - order(y))
      return (
        sameValue('set', frozenA, frozenB) === expected &&
        sameValue('set', frozenB, frozenA) === expected &&
        sameValue('set', shuffled, frozenA)
      )
    }),
  )
})
