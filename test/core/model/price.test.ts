import fc from 'fast-check'
import t from 'tap'
import {
  largerDecimal,
  normalizeDecimal,
  toCostPerToken,
  toDecimal,
  type PriceUnit,
} from '../../../src/core/model/price.js'

t.test('a raw amount becomes one plain decimal', async (t) => {
  const cases: [raw: unknown, expected: string | null][] = [
    [1.25e-6, '0.00000125'],
    ['1.25e-06', '0.00000125'],
    ['6e-06', '0.000006'],
    [0.18000000000000002, '0.18'],
    [0.1 + 0.2, '0.3'],
    [3.0000000000000004e-7, '0.0000003'],
    ['0.10', '0.1'],
    ['0.1', '0.1'],
    ['1.0', '1'],
    ['100', '100'],
    [100, '100'],
    [' 0.5 ', '0.5'],
    ['+2', '2'],
    ['.5', '0.5'],
    ['5.', '5'],
    [0, '0'],
    [-0, '0'],
    ['0.000', '0'],
    ['-0', '0'],
    ['0e-9', '0'],
    [1e-12, '0.000000000001'],
    [1e6, '1000000'],
    ['1e12', '1000000000000'],
  ]
  for (const [raw, expected] of cases) t.equal(toDecimal(raw), expected, JSON.stringify(raw))
})

t.test('what is no price is unknown, never 0', async (t) => {
  const cases: unknown[] = [
    ...[
      -1,
      '-1',
      '-0.5',
      -1e-9,
      NaN,
      Infinity,
      -Infinity,
      'NaN',
      'Infinity',
      'dynamic',
      '',
      ' ',
      '0x10',
      '1,5',
      '1 2',
      '€1',
      '1e',
      '1e9999',
    ],
    ...[null, undefined, true, false, [], [1], {}, { amount: 1 }, 5n, Symbol('1')],
    ...[1e13, '1e13', '1e999', '9'.repeat(65), 1e300],
    // Too small to be written: absurd, not free.
    ...[5e-324, '1e-31', '4e-31', '1e-999'],
  ]
  for (const raw of cases) t.equal(toDecimal(raw), null, String(typeof raw === 'object' ? JSON.stringify(raw) : raw))
  t.equal(toCostPerToken('1e-29', 'usd-per-million'), null)
})

t.test('units: the raw values of the field in USD per token', async (t) => {
  const cases: [raw: unknown, unit: PriceUnit, expected: string][] = [
    [0.00000125, 'usd-per-token', '0.00000125'],
    ['0.000003', 'usd-per-token', '0.000003'],
    [0.14, 'usd-per-million', '0.00000014'],
    [0.18000000000000002, 'usd-per-million', '0.00000018'],
    [1.69, 'usd-per-million', '0.00000169'],
    [15, 'usd-per-million', '0.000015'],
    [2, 'usd-per-thousand', '0.002'],
    [3.5e-5, 'cents-per-token', '0.00000035'],
    ['0.000035', 'cents-per-token', '0.00000035'],
    [2690, 'usd-per-10000-million', '0.000000269'],
    [7000, 'usd-per-10000-million', '0.0000007'],
    [12500, 'usd-per-10000-million', '0.00000125'],
    [30000, 'usd-per-10000-million', '0.000003'],
    [0, 'usd-per-million', '0'],
  ]
  for (const [raw, unit, expected] of cases) t.equal(toCostPerToken(raw, unit), expected, `${String(raw)} ${unit}`)
  t.equal(toCostPerToken(-1, 'usd-per-million'), null)
})

t.test('from 1e-12 to 1e6 each price of up to 15 digits is exact, as number and as string', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: -21, max: -3 }), (digits, exponent) => {
      // The expected spelling is made of characters only, so that no arithmetic can err twice the same way.
      const padded = String(digits).padStart(-exponent + 1, '0')
      const plain = `${padded.slice(0, exponent)}.${padded.slice(exponent)}`
      const expected = plain.replace(/0+$/, '').replace(/\.$/, '')
      return toDecimal(Number(`${digits}e${exponent}`)) === expected && toDecimal(`${digits}e${exponent}`) === expected
    }),
  )
})

t.test('the result is canonical, and reading it again changes nothing', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.float(), fc.integer(), fc.string(), fc.anything()), (raw) => {
      const decimal = toDecimal(raw)
      if (decimal === null) return true
      return (
        /^(0|[1-9]\d*)(\.\d*[1-9])?$/.test(decimal) &&
        toDecimal(decimal) === decimal &&
        normalizeDecimal(decimal) === decimal
      )
    }),
  )
})

t.test('normalizeDecimal and largerDecimal compare numbers, not texts', async (t) => {
  t.equal(normalizeDecimal('0.10'), normalizeDecimal('1e-1'))
  t.equal(normalizeDecimal('000.500'), '0.5')
  t.equal(largerDecimal('0.9', '0.10'), '0.9')
  t.equal(largerDecimal('9', '10'), '10')
  t.equal(largerDecimal(null, '0'), '0', 'known beats unknown')
  t.equal(largerDecimal('0', null), '0')
  t.equal(largerDecimal(null, null), null)
})

t.test('more different prices than are remembered are read just as well', async (t) => {
  for (let count = 1; count <= 10_000; count++) {
    if (toDecimal(count / 8) !== String(count / 8)) t.fail(`${count / 8} is read as ${toDecimal(count / 8)}`)
  }
})
