/** Which ids that go and come are one model. */
import t from 'tap'
import { atOnce } from '../../../src/core/plan/at-once.js'
import { findRenames } from '../../../src/core/plan/renames.js'

t.test('exactly one gone and one new that differ in case only', async (t) => {
  t.strictSame(atOnce(findRenames(['gpt-4', 'x'], ['GPT-4', 'y'])), [{ from: 'gpt-4', to: 'GPT-4' }])
  t.strictSame(atOnce(findRenames(['vendor/Äpfel'], ['Vendor/äpfel'])), [{ from: 'vendor/Äpfel', to: 'Vendor/äpfel' }])
  t.strictSame(atOnce(findRenames(['a', 'b'], ['B', 'A'])), [
    { from: 'a', to: 'A' },
    { from: 'b', to: 'B' },
  ])
})

t.test('of several nobody can say which became which', async (t) => {
  t.strictSame(atOnce(findRenames(['ab', 'aB'], ['AB'])), [])
  t.strictSame(atOnce(findRenames(['ab'], ['AB', 'Ab'])), [])
  t.strictSame(atOnce(findRenames(['ab', 'aB', 'c'], ['AB', 'Ab', 'C'])), [{ from: 'c', to: 'C' }])
})

t.test('anything else is another model', async (t) => {
  t.strictSame(atOnce(findRenames(['gpt-4'], ['gpt_4', 'gpt-4 ', 'gpt-40', 'openai/gpt-4'])), [])
  t.strictSame(atOnce(findRenames([], ['a'])), [])
  t.strictSame(atOnce(findRenames(['a'], [])), [])
})
