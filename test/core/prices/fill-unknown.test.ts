/** Filling the unknown: what wins, what counts as ambiguous, what is left alone. */
import t from 'tap'
import type { BookWord } from '../../../src/core/prices/book-word.js'
import { knownFacts, type Facts } from '../../../src/core/prices/facts.js'
import { fillUnknown, type OtherEntry, type Unfilled } from '../../../src/core/prices/fill-unknown.js'

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
const WORD: BookWord = { book: 'genai-prices', date: null, facts: BOOK }

t.test('the book fills what is unknown, and nothing else', async (t) => {
  t.strictSame(fillUnknown(gpt(), [WORD], []), {
    facts: BOOK,
    provenance: { contextLength: 'price-book', inputCostPerToken: 'price-book', outputCostPerToken: 'price-book' },
    estimated: [],
  })
  t.strictSame(
    fillUnknown(gpt({ inputCostPerToken: '0.0000025', contextLength: 64_000 }), [WORD], []),
    { facts: { outputCostPerToken: '0.00001' }, provenance: { outputCostPerToken: 'price-book' }, estimated: [] },
    'upstream’s own word stays',
  )
  t.strictSame(fillUnknown(gpt({ inputCostPerToken: '0', outputCostPerToken: '0' }), [WORD], []).facts, {
    contextLength: 128_000,
  })
  t.strictSame(
    fillUnknown(gpt({}, { pinned: ['outputCostPerToken', 'contextLength'] }), [WORD], []).facts,
    { inputCostPerToken: '0.0000025' },
    'a field pinned as unknown stays unknown',
  )
  t.strictSame(
    fillUnknown(gpt({ inputCostPerToken: '0.000003' }), [WORD], []).facts,
    { contextLength: 128_000 },
    'a book with another price for input is not asked for the price of output',
  )
  t.strictSame(fillUnknown(gpt({}, { foreignPrices: true }), [WORD], []).facts, { contextLength: 128_000 })
  t.strictSame(fillUnknown(gpt(), [], []), { facts: {}, provenance: {}, estimated: [] })
})

t.test('other entries fill what they agree on', async (t) => {
  const others = [
    entry('vercel-ai-gateway', { mode: 'chat', maxOutputTokens: 16_384, contextLength: 128_000 }),
    entry('openrouter', { mode: 'chat', maxOutputTokens: 16_384, contextLength: 127_000, inputModalities: ['text'] }),
    entry('helicone', {}),
  ]
  t.strictSame(
    fillUnknown(gpt(), [], others),
    {
      facts: { mode: 'chat', maxOutputTokens: 16_384, inputModalities: ['text'] },
      provenance: {
        mode: 'provider:openrouter',
        maxOutputTokens: 'provider:openrouter',
        inputModalities: 'provider:openrouter',
      },
      estimated: ['maxOutputTokens'],
    },
    'contextLength is ambiguous; the first by slug is named',
  )
  t.strictSame(fillUnknown(gpt(), [], [...others].reverse()), fillUnknown(gpt(), [], others), 'in any order')
  t.equal(fillUnknown(gpt(), [WORD], others).facts.contextLength, 128_000, 'the book speaks of the very offer')
  t.strictSame(
    fillUnknown(
      gpt(),
      [],
      [entry('a', { inputModalities: ['text', 'image'] }), entry('b', { inputModalities: ['image', 'text'] })],
    ).facts,
    { inputModalities: ['text', 'image'] },
    'sets, in any order',
  )
})

t.test('capabilities: what the first can do and nobody contradicts; only where upstream says none', async (t) => {
  const others = [
    entry('b', { capabilities: { vision: false, streaming: true } }),
    entry('a', { capabilities: { vision: true, reasoning: true, toolChoice: false } }),
  ]
  t.strictSame(fillUnknown(gpt(), [], others).facts, { capabilities: { reasoning: true } })
  t.strictSame(fillUnknown(gpt({ capabilities: { toolChoice: true } }), [], others).facts, {})
  t.strictSame(
    fillUnknown(
      gpt(),
      [],
      others.map((one) => ({ ...one, facts: { capabilities: {} } })),
    ).facts,
    {},
  )
})

t.test('what another seller cannot do says nothing of this one', async (t) => {
  const unable: Facts = { capabilities: { functionCalling: false, vision: false } }
  const qwq = { offer: 'nebius/Qwen/QwQ-32B', canonicalName: 'qwen/qwq-32b' }
  for (const others of [[entry('near', unable)], [entry('near', unable), entry('chutes', unable)]])
    t.strictSame(fillUnknown(gpt({}, qwq), [], others).facts, {})
  t.strictSame(fillUnknown(gpt(), [{ ...WORD, facts: unable }], []).facts, {}, 'nor does a book’s')
  t.strictSame(fillUnknown(gpt(), [], [entry('openai', unable, 'openai/gpt-4o')]).facts, {}, 'nor another listing')
})

t.test('limits of open weights: another host’s are an estimate, and two must agree', async (t) => {
  const qwen = { offer: 'nebius/qwen2.5-vl-72b', canonicalName: 'qwen/qwen2.5-vl-72b-instruct' }
  const limit = (provider: string, contextLength: number, maxOutputTokens?: number) =>
    entry(provider, { contextLength, ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) })
  const fill = (others: OtherEntry[], books: BookWord[] = []) => fillUnknown(gpt({}, qwen), books, others)
  t.strictSame(fill([limit('openrouter', 128_000)]).facts, {}, 'one is no measure')
  t.strictSame(fill([limit('openrouter', 128_000), limit('openrouter', 128_000)]).facts, {}, 'nor is one twice')
  t.strictSame(fill([limit('openrouter', 128_000), limit('novita', 32_000)]).facts, {})
  t.strictSame(fill([limit('openrouter', 128_000), limit('novita', 128_000), limit('near', 8_000)]).facts, {})
  t.strictSame(fill([limit('openrouter', 128_000, 8_192), limit('novita', 128_000)]), {
    facts: { contextLength: 128_000 },
    provenance: { contextLength: 'provider:novita' },
    estimated: ['contextLength'],
  })
  const others = [limit('openrouter', 128_000), limit('novita', 128_000)]
  t.strictSame(
    fill([...others, entry('nebius', { contextLength: 32_000 }, qwen.offer)]),
    { facts: { contextLength: 32_000 }, provenance: { contextLength: 'provider:nebius' }, estimated: [] },
    'its own list speaks of it',
  )
  t.strictSame(
    fill(others, [{ book: 'litellm', date: null, facts: { contextLength: 32_000 } }]),
    { facts: { contextLength: 32_000 }, provenance: { contextLength: 'price-book:litellm' }, estimated: [] },
    'and so does a book that names it',
  )
})

t.test('the maker’s own word beats a book; books speak in their order', async (t) => {
  const own = { contextLength: 64_000, inputCostPerToken: '0.000002' }
  t.strictSame(
    fillUnknown(gpt(), [WORD], [entry('openai', own, 'openai/gpt-4o')]),
    {
      facts: own,
      provenance: { contextLength: 'provider:openai', inputCostPerToken: 'provider:openai' },
      estimated: [],
    },
    'a book with another price fills none',
  )
  const resold = { offer: 'azure/gpt-4o' }
  t.match(
    fillUnknown(gpt({}, resold), [WORD], [entry('openai', own, 'openai/gpt-4o')]),
    { facts: { ...BOOK, contextLength: 64_000 }, estimated: ['contextLength'] },
    'of another seller’s offer its limits, but not its prices',
  )
  const second: BookWord = { book: 'litellm', date: null, facts: { ...BOOK, contextLength: 5, maxOutputTokens: 6 } }
  t.match(fillUnknown(gpt(), [WORD, second], []), {
    facts: { ...BOOK, maxOutputTokens: 6 },
    provenance: { contextLength: 'price-book', maxOutputTokens: 'price-book:litellm' },
  })
})

t.test('a price is of an offer', async (t) => {
  const price: Facts = { inputCostPerToken: '0.0000025' }
  t.strictSame(
    fillUnknown(gpt(), [], [entry('openrouter', price), entry('vercel-ai-gateway', price)]).provenance,
    { inputCostPerToken: 'provider:openrouter' },
    'a closed model at its maker: what all resellers ask',
  )
  t.strictSame(
    fillUnknown(gpt(), [], [entry('openrouter', price), entry('helicone', { inputCostPerToken: '0.000003' })]).facts,
    {},
    'resellers that differ are ambiguous',
  )
  t.strictSame(
    fillUnknown(gpt(), [], [entry('litellm', {}, 'openai/gpt-4o'), entry('openrouter', price)]).provenance,
    { inputCostPerToken: 'provider:openrouter' },
    'the same offer listed without a price says nothing',
  )
  const llama = { offer: 'groq/llama', canonicalName: 'meta/llama-3.3-70b-instruct' }
  t.strictSame(
    fillUnknown(gpt({}, llama), [], [entry('together', price)]).facts,
    {},
    'open weights: each its own price',
  )
  t.strictSame(
    fillUnknown(
      gpt({}, { canonicalName: 'openai/gpt-oss-20b', offer: 'openai/gpt-oss-20b' }),
      [],
      [entry('together', price)],
    ).facts,
    {},
  )
  t.strictSame(
    fillUnknown(
      gpt({}, llama),
      [],
      [
        entry('groq', { ...price, contextLength: 8 }, 'groq/llama'),
        entry('together', { inputCostPerToken: '0.1', contextLength: 9 }),
      ],
    ),
    {
      facts: { contextLength: 8, inputCostPerToken: '0.0000025' },
      provenance: { contextLength: 'provider:groq', inputCostPerToken: 'provider:groq' },
      estimated: [],
    },
    'the same offer under another entry, before all others',
  )
  t.strictSame(
    fillUnknown(
      gpt({ inputCostPerToken: '0.000001' }),
      [],
      [entry('openrouter', { ...price, outputCostPerToken: '0.00001' })],
    ).facts,
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
