/** What a function remembers of the texts it was asked for. */
import t from 'tap'
import { memoize } from '../../../src/core/input/memoize.js'

t.test('each text is computed once, whatever it comes to', async (t) => {
  const asked: string[] = []
  const length = memoize<number | null>(10, (text) => {
    asked.push(text)
    return text === '' ? null : text.length
  })
  t.strictSame(['ab', '', 'ab', ''].map(length), [2, null, 2, null])
  t.strictSame(asked, ['ab', ''])
})

t.test('beyond its bound it answers all the same, and remembers the first ones', async (t) => {
  let computed = 0
  const length = memoize(2, (text) => {
    computed += 1
    return text.length
  })
  for (const text of ['a', 'bb', 'ccc', 'ccc', 'a']) t.equal(length(text), text.length)
  t.equal(computed, 4)
})
