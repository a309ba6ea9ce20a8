/** A warning repeats numbers and short words of upstream's, and nothing that could be a secret in the wrong member. */
import t from 'tap'
import { quoteValue } from '../../../src/core/input/quote-value.js'

t.test('what helps to find the value is quoted', (t) => {
  for (const [value, quoted] of [
    [128000.5, '128000.5'],
    ['1,25', '"1,25"'],
    ['$0.25', '"$0.25"'],
    ['2026-11-30T00:00:00Z', '"2026-11-30T00:00:00Z"'],
    ['128k', '"128k"'],
    ['soon', '"soon"'],
    ['', '""'],
    [null, 'null'],
    [true, 'true'],
    [[1, 2], 'a list of 2'],
    [{ a: 'b' }, 'an object'],
  ] as const)
    t.equal(quoteValue(value), quoted)
  t.end()
})

t.test('what may be a secret is not', (t) => {
  for (const value of [
    'cost-note-secret',
    'sk-0123456789',
    'hunter2',
    'http://10.11.12.13/private',
    '/home/anna',
    'a b',
    'x'.repeat(13),
    '1'.repeat(61),
  ])
    t.equal(quoteValue(value), `a text of ${value.length} characters`)
  t.notMatch(quoteValue({ key: 'sk-0123456789', 'sk-in-a-name': 1 }), 'sk-')
  t.end()
})
