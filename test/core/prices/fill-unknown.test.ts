/** Filling the unknown, and finding disagreements: what wins, what counts as ambiguous, what is left alone. */
import t from 'tap'
import { findDiscrepancies } from '../../../src/core/prices/discrepancy.js'
import {
  fillUnknown,
  knownFacts,
  type Facts,
  type OtherEntry,
  type Unfilled,
} from '../../../src/core/prices/fill-unknown.js'

const gpt = (facts: Facts = {}, more: Partial<Unfilled> = {}): Unfilled => ({
  offer: 'openai/gpt-4o',
  canonicalName: 'openai/gpt-4o',
  facts,
  pinned: [],
  foreignPrices: false,
  ...more,
})
const entry = (provider: string, facts: Facts, offer = `${provider}/openai/gpt-4o`): OtherEntry => ({
  provider,
  offer,
  facts,
})
const BOOK: Facts = { inputCostPerToken: '0.0000025', outputCostPerToken: '0.00001', contextLength: 128_000 }

t.test('the book fills what is unknown, and nothing else', async (t) => {
  t.strictSame(fillUnknown(gpt(), BOOK, []), {
    facts: BOOK,
    provenance: { contextLength: 'price-book', inputCostPerToken: 'price-book', outputCostPerToken: 'price-book' },
  })
  t.strictSame(
    fillUnknown(gpt({ inputCostPerToken: '0.0000025', contextLength: 64_000 }), BOOK, []),
    { facts: { outputCostPerToken: '0.00001' }, provenance: { outputCostPerToken: 'price-book' } },
    'upstream’s own word stays',
  )
  t.strictSame(fillUnknown(gpt({ inputCostPerToken: '0', outputCostPerToken: '0' }), BOOK, []).facts, {
    contextLength: 128_000,
  })
  t.strictSame(
    fillUnknown(gpt({}, { pinned: ['outputCostPerToken', 'contextLength'] }), BOOK, []).facts,
    { inputCostPerToken: '0.0000025' },
    'a field pinned as unknown stays unknown',
  )
  t.strictSame(
    fillUnknown(gpt({ inputCostPerToken: '0.000003' }), BOOK, []).facts,
    { contextLength: 128_000 },
    'a book with another price for input is not asked for the price of output',
  )
  t.strictSame(fillUnknown(gpt({}, { foreignPrices: true }), BOOK, []).facts, { contextLength: 128_000 })
  t.strictSame(fillUnknown(gpt(), null, []), { facts: {}, provenance: {} })
})

t.test('other entries fill what they agree on', async (t) => {
  const others = [
    entry('vercel-ai-gateway', { mode: 'chat', maxOutputTokens: 16_384, contextLength: 128_000 }),
    entry('openrouter', { mode: 'chat', maxOutputTokens: 16_384, contextLength: 127_000, inputModalities: ['text'] }),
    entry('helicone', {}),
  ]
  t.strictSame(
    fillUnknown(gpt(), null, others),
    {
      facts: { mode: 'chat', maxOutputTokens: 16_384, inputModalities: ['text'] },
      provenance: {
        mode: 'provider:openrouter',
        maxOutputTokens: 'provider:openrouter',
        inputModalities: 'provider:openrouter',
      },
    },
    'contextLength is ambiguous; the first by slug is named',
  )
  t.strictSame(fillUnknown(gpt(), null, [...others].reverse()), fillUnknown(gpt(), null, others), 'in any order')
  t.equal(fillUnknown(gpt(), BOOK, others).facts.contextLength, 128_000, 'the book speaks of the very offer')
  t.strictSame(
    fillUnknown(gpt(), null, [
      entry('a', { inputModalities: ['text', 'image'] }),
      entry('b', { inputModalities: ['image', 'text'] }),
    ]).facts,
    { inputModalities: ['text', 'image'] },
    'sets, in any order',
  )
})

t.test('capabilities: what the first says and nobody contradicts; only where upstream says none', async (t) => {
  const others = [
    entry('b', { capabilities: { vision: false, streaming: true } }),
    entry('a', { capabilities: { vision: true, reasoning: false } }),
  ]
  t.strictSame(fillUnknown(gpt(), null, others).facts, { capabilities: { reasoning: false } })
  t.strictSame(fillUnknown(gpt({ capabilities: { toolChoice: true } }), null, others).facts, {})
  t.strictSame(
    fillUnknown(
      gpt(),
      null,
      others.map((one) => ({ ...one, facts: { capabilities: {} } })),
    ).facts,
    {},
  )
})

t.test('a price is of an offer', async (t) => {
  const price: Facts = { inputCostPerToken: '0.0000025' }
  t.strictSame(
    fillUnknown(gpt(), null, [entry('openrouter', price), entry('vercel-ai-gateway', price)]).provenance,
    { inputCostPerToken: 'provider:openrouter' },
    'a closed model at its maker: what all resellers ask',
  )
  t.strictSame(
    fillUnknown(gpt(), null, [entry('openrouter', price), entry('helicone', { inputCostPerToken: '0.000003' })]).facts,
    {},
    'resellers that differ are ambiguous',
  )
  t.strictSame(
    fillUnknown(gpt(), null, [entry('litellm', {}, 'openai/gpt-4o'), entry('openrouter', price)]).provenance,
    { inputCostPerToken: 'provider:openrouter' },
    'the same offer listed without a price says nothing',
  )
  const llama = { offer: 'groq/llama', canonicalName: 'meta/llama-3.3-70b-instruct' }
  t.strictSame(
    fillUnknown(gpt({}, llama), null, [entry('together', price)]).facts,
    {},
    'open weights: each its own price',
  )
  t.strictSame(
    fillUnknown(gpt({}, { canonicalName: 'openai/gpt-oss-20b', offer: 'openai/gpt-oss-20b' }), null, [
      entry('together', price),
    ]).facts,
    {},
  )
  t.strictSame(
    fillUnknown(gpt({}, llama), null, [
      entry('groq', { ...price, contextLength: 8 }, 'groq/llama'),
      entry('together', { inputCostPerToken: '0.1', contextLength: 9 }),
    ]),
    {
      facts: { contextLength: 8, inputCostPerToken: '0.0000025' },
      provenance: { contextLength: 'provider:groq', inputCostPerToken: 'provider:groq' },
    },
    'the same offer under another entry, before all others',
  )
  t.strictSame(
    fillUnknown(gpt({ inputCostPerToken: '0.000001' }), null, [
      entry('openrouter', { ...price, outputCostPerToken: '0.00001' }),
    ]).facts,
    {},
    'who contradicts a price is not asked for the others',
  )
})

t.test('known facts', async (t) => {
  const fields = {
    mode: null,
    contextLength: 0,
    maxOutputTokens: null,
    inputModalities: [],
    outputModalities: ['text'],
    capabilities: {},
    inputCostPerToken: '0',
    outputCostPerToken: null,
    cacheReadCostPerToken: null,
    cacheWriteCostPerToken: null,
  }
  t.strictSame(knownFacts(fields), { contextLength: 0, outputModalities: ['text'], inputCostPerToken: '0' })
})

t.test('discrepancies: more than 1 % apart, exactly', async (t) => {
  const apart = (upstream: Facts, book: Facts): [string, number][] =>
    findDiscrepancies('openai/x', upstream, book).map(({ field, percent }) => [field, percent])
  t.strictSame(findDiscrepancies('openai/x', { inputCostPerToken: '0.000003' }, { inputCostPerToken: '0.0000025' }), [
    { modelId: 'openai/x', field: 'inputCostPerToken', upstream: '0.000003', book: '0.0000025', percent: 20 },
  ])
  t.strictSame(apart({ inputCostPerToken: '0.00000101' }, { inputCostPerToken: '0.000001' }), [], '1 % is not more')
  t.strictSame(apart({ inputCostPerToken: '0.0000010101' }, { inputCostPerToken: '0.000001' }), [
    ['inputCostPerToken', 1.01],
  ])
  t.strictSame(apart({ outputCostPerToken: '0' }, { outputCostPerToken: '0.1' }), [['outputCostPerToken', 100]])
  t.strictSame(apart({ cacheReadCostPerToken: '0.1' }, { cacheReadCostPerToken: '0' }), [
    ['cacheReadCostPerToken', 100],
  ])
  t.strictSame(apart({ cacheReadCostPerToken: '0' }, { cacheReadCostPerToken: '0' }), [])
  t.strictSame(apart({ contextLength: 128_000 }, { contextLength: 200_000 }), [['contextLength', 36]])
  t.strictSame(apart({ inputCostPerToken: '1' }, { outputCostPerToken: '2' }), [], 'unknown is no disagreement')
})
