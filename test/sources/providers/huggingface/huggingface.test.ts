import t from 'tap'
import { keepMembers } from '../../../../src/sources/kit/members.js'
import { huggingface } from '../../../../src/sources/providers/huggingface/huggingface.js'

const [listing] = huggingface.listings
const offer = (provider: string, input: number, output: number): object => ({
  ...{ provider, status: 'live', pricing: { input, output }, context_length: 8_192 },
  ...{ throughput: Math.random(), first_token_latency_ms: Math.random() },
})

t.test('the cheapest offer does not depend on the order of the offers', async (t) => {
  const offers = [offer('a', 2, 2), offer('b', 1, 3), offer('c', 3, 1), offer('d', 0, 0), offer('e', 9, 9)]
  const orders = offers.map((_, i) => [...offers.slice(i), ...offers.slice(0, i)])
  for (const providers of [...orders, ...orders.map((order) => order.toReversed())])
    t.match(listing?.parse({ id: 'a/b', providers }), {
      kind: 'model',
      fields: { inputCostPerToken: '0.000001', outputCostPerToken: '0.000003' },
    })
})

t.test('what is measured anew with each request is neither read nor kept', async (t) => {
  const one = { id: 'a/b', providers: [offer('a', 1, 2)] }
  const other = { id: 'a/b', providers: [offer('a', 1, 2)] }
  t.strictSame(listing?.parse(one), listing?.parse(other))
  const [kept, keptOfOther] = [one, other].map((entry) => keepMembers(listing?.members, entry))
  t.strictSame(kept, keptOfOther)
  t.match(JSON.stringify(kept), 'pricing')
})
