import t from 'tap'
import { findDoubts } from '../../../src/core/model/doubt.js'
import type { ModelFields } from '../../../src/core/model/model-fields.js'

const NOW = '2026-11-30T12:00:00.000Z'

const doubted = (fields: Partial<ModelFields>, now: string | null = NOW): string[] =>
  findDoubts(fields, now).map(({ field, reason }) => `${field} ${reason}`)

t.test('prices per token', async (t) => {
  const cases: [price: string | null, doubted: boolean][] = [
    [null, false],
    ['0', false],
    ['0.00000000005', true],
    ['0.0000000001', false],
    ['0.000003', false],
    ['0.01', false],
    ['0.0100001', true],
    ['3', true],
  ]
  for (const [price, is] of cases)
    for (const field of ['inputCostPerToken', 'outputCostPerToken', 'cacheReadCostPerToken', 'cacheWriteCostPerToken'])
      t.same(doubted({ [field]: price }), is ? [`${field} implausible-price`] : [], `${field} ${price}`)
})

t.test('the context of a chat model', async (t) => {
  for (const contextLength of [255, 100_000_001]) {
    t.same(doubted({ mode: 'chat', contextLength }), ['contextLength implausible-context'])
    t.same(doubted({ mode: 'responses', contextLength }), ['contextLength implausible-context'])
    t.same(doubted({ mode: 'embedding', contextLength }), [], 'an embedding reads as little as a sentence')
    t.same(doubted({ mode: null, contextLength }), [])
  }
  for (const contextLength of [256, 128_000, 100_000_000, null]) t.same(doubted({ mode: 'chat', contextLength }), [])
})

t.test('a day that is to come', async (t) => {
  t.same(doubted({ createdAt: '2026-12-02T00:00:00.000Z' }), ['createdAt future-date'])
  t.same(doubted({ createdAt: '2026-12-01T09:00:00.000Z' }), [], 'tomorrow somewhere is today here')
  t.same(doubted({ createdAt: '2023-01-01T00:00:00.000Z' }), [])
  t.same(doubted({ createdAt: '2030-01-01T00:00:00.000Z' }, null), [])
})

t.test('other prices per token, and tiers that nobody can reach', async (t) => {
  const price = (kind: string, unit: string, amount: string, currency = 'USD') => ({
    kind,
    unit,
    currency,
    price: amount,
  })
  const implausible = ['otherPrices implausible-price']
  t.same(doubted({ otherPrices: [price('input_audio', 'token', '0.02')] }), implausible)
  t.same(doubted({ otherPrices: [price('input_image', 'image', '0.02')] }), [], 'an image is more than a token')
  t.same(doubted({ otherPrices: [price('input', 'token', '0.02', 'CNY')] }), [], 'another currency')
  const tier = { otherPrices: [price('input_tier_200000_up', 'token', '0.000006')] }
  t.same(doubted({ ...tier, contextLength: 1_000_000 }), [])
  t.same(
    doubted({ ...tier, contextLength: 131_072 }),
    [],
    'a host that cuts the context repeats the tiers of the whole one',
  )
  t.same(doubted({ ...tier, contextLength: 200_000 }), [])
  t.same(doubted({ ...tier, contextLength: 1_024 }), implausible)
  t.same(doubted({ ...tier, contextLength: null }), [])
  t.same(doubted({ otherPrices: [price('input_tier_200_up', 'token', '0.000006')] }), implausible)
  t.same(doubted({ otherPrices: [price('input_tier_0_32000', 'token', '0.000006')] }), [])
  t.same(doubted({ otherPrices: [price('input_tier_200000000_up', 'token', '0.000006')] }), implausible)
})

t.test('a price that holds at certain hours', async (t) => {
  const window = (inputCostPerToken: string): Pick<ModelFields, 'priceWindows'> => ({
    priceWindows: [{ days: [6, 7], from: '00:00', to: '00:00', timeZone: 'UTC', prices: { inputCostPerToken } }],
  })
  t.same(doubted(window('0.0000002')), [])
  t.same(doubted(window('0.2')), ['priceWindows implausible-price'])
  t.same(doubted(window('0')), [])
})
