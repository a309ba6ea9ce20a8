/** Costs: exact, by the tier of the prompt, and never out of an unknown price. */
import t from 'tap'
import { costOf } from '../../../src/core/prices/cost.js'
import type { PriceSheet } from '../../../src/core/prices/price-records.js'

const sheet = (prices: Partial<PriceSheet>): PriceSheet => ({
  inputCostPerToken: '0.00000125',
  outputCostPerToken: '0.00001',
  cacheReadCostPerToken: '0.000000125',
  cacheWriteCostPerToken: null,
  otherPrices: [],
  ...prices,
})
const other = (kind: string, price: string, currency = 'USD'): PriceSheet['otherPrices'][number] => ({
  kind,
  unit: 'token',
  currency,
  price,
})
const usage = (inputTokens: number, outputTokens = 0, cacheReadTokens = 0): Parameters<typeof costOf>[1] => ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
})
const tierOf = (prices: Partial<PriceSheet>, inputTokens: number): unknown => {
  const cost = costOf(sheet(prices), usage(inputTokens))
  return 'parts' in cost ? cost.parts[0]?.tier : cost.unknown
}

t.test('sums exactly, where floats would not', async (t) => {
  const cost = costOf(sheet({ inputCostPerToken: '0.0000001', outputCostPerToken: '0.0000002' }), usage(1_000_001, 3))
  t.match(cost, { total: '0.1000007', parts: [{ cost: '0.1000001' }, { cost: '0.0000006' }] })
  t.match(costOf(sheet({}), usage(1000, 10, 400)), {
    total: '0.0009',
    parts: [
      { kind: 'input', tokens: 600, price: '0.00000125', tier: null, cost: '0.00075' },
      { kind: 'cache_read', tokens: 400, cost: '0.00005' },
      { kind: 'output', tokens: 10, cost: '0.0001' },
    ],
  })
  t.match(costOf(sheet({ inputCostPerToken: '0' }), usage(5)), { total: '0' }, 'free is free')
  t.match(costOf(sheet({}), usage(Number.MAX_SAFE_INTEGER)), { total: '11258999068.42623875' })
})

t.test('an unknown price is no 0; one that is not needed is no matter', async (t) => {
  const prices = { inputCostPerToken: null, otherPrices: [other('input', '0.1', 'CNY')] }
  t.strictSame(costOf(sheet(prices), usage(1)), { unknown: [{ kind: 'input', currencies: ['CNY'] }] })
  t.match(costOf(sheet(prices), usage(0, 1)), { total: '0.00001' })
  t.match(costOf(sheet({ cacheReadCostPerToken: null }), usage(2, 0, 1)), { unknown: [{ kind: 'cache_read' }] })
})

t.test('tiers, as upstreams spell them', async (t) => {
  const above = {
    otherPrices: [other('input_above_128k', '3'), other('input_above_200k', '2'), other('output_above_200k', '4')],
  }
  t.equal(tierOf(above, 128_000), null)
  t.equal(tierOf(above, 128_001), 'input_above_128k')
  t.equal(tierOf(above, 200_001), 'input_above_200k')
  t.match(costOf(sheet(above), usage(200_001, 2, 1)), {
    parts: [{ price: '2' }, { kind: 'cache_read', tier: null }, { tier: 'output_above_200k', cost: '8' }],
  })
  const ranges = {
    inputCostPerToken: null,
    otherPrices: [other('input_tier_0_32000', '1'), other('input_tier_32000_128000', '2')],
  }
  t.equal(tierOf(ranges, 32_000), 'input_tier_0_32000', 'the lower one has the edge')
  t.equal(tierOf(ranges, 32_001), 'input_tier_32000_128000')
  t.equal(tierOf(ranges, 128_001), 'input_tier_32000_128000', 'beyond the last one it holds on')
  t.equal(tierOf({ ...ranges, inputCostPerToken: '1' }, 128_001), 'input_tier_32000_128000')
  const gap = { inputCostPerToken: null, otherPrices: [other('input_tier_32000_64000', '1')] }
  t.strictSame(tierOf(gap, 31_999), [{ kind: 'input', currencies: [] }], 'before all tiers, and without a price')
  const up = { otherPrices: [other('input_tier_32k_128k', '2'), other('input_tier_128k_up', '3')] }
  t.equal(tierOf(up, 31_999), null)
  t.equal(tierOf(up, 100_000), 'input_tier_32k_128k')
  t.equal(tierOf(up, 128_001), 'input_tier_128k_up')
  t.equal(tierOf({ otherPrices: [other('input_above_200k_priority', '9')] }, 300_000), null, 'of another service')
  t.equal(tierOf({ otherPrices: [other('input_above_200k', '9', 'CNY')] }, 300_000), null, 'of another currency')
})
