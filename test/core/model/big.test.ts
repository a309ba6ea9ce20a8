/** Decimals of ours are exact, and a host's own stay as the host has them. */
import BigJs from 'big.js'
import t from 'tap'
import { Big } from '../../../src/core/model/big.js'
import '../../../src/index.js'

t.test('ours divide to 40 decimals and write no exponent', async (t) => {
  t.equal(new Big(1).div(3).toString(), `0.${'3'.repeat(40)}`)
  t.equal(new Big('1e-12').toString(), '0.000000000001')
  t.equal(new Big('1e30').plus(1).toString(), `1${'0'.repeat(29)}1`)
})

t.test("a host's big.js is left alone", async (t) => {
  t.equal(new BigJs(1).div(3).toString(), `0.${'3'.repeat(20)}`)
  t.equal(new BigJs('1e-12').toString(), '1e-12')
  t.equal(new BigJs('1e30').toString(), '1e+30')
})
