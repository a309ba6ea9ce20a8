/** What a million tokens cost, in words. */
import t from 'tap'
import { describeTokenCost } from '../../../src/core/model/price-text.js'

const costOf = (inputCostPerToken: string | null, outputCostPerToken: string | null) =>
  describeTokenCost({ inputCostPerToken, outputCostPerToken })

t.test('exact, and written as price lists do', async (t) => {
  t.equal(costOf('0.0000025', '0.00001'), '$2.50 in / $10 out per 1M tokens')
  t.equal(costOf('0.00000125', '0.000075'), '$1.25 in / $75 out per 1M tokens')
  t.equal(costOf('0.0000000375', '0.00000015'), '$0.0375 in / $0.15 out per 1M tokens')
  t.equal(costOf('0.000000000000000001', '1'), '$0.000000000001 in / $1000000 out per 1M tokens', 'no exponent')
})

t.test('free is said, and unknown is not free', async (t) => {
  t.equal(costOf('0', '0'), '$0 in / $0 out per 1M tokens')
  t.equal(costOf('0.0000025', null), '$2.50 in / unknown out per 1M tokens')
  t.equal(costOf(null, null), 'price per token unknown')
})
