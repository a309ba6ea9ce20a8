/** Doubts that books raise: what counts as apart, and what is the likely cause. */
import t from 'tap'
import type { Doubt } from '../../../src/core/model/doubt.js'
import { findBookDoubts, type Compared } from '../../../src/core/prices/book-doubts.js'
import type { BookName, BookWord } from '../../../src/core/prices/book-word.js'
import { discrepanciesOf } from '../../../src/core/prices/discrepancy.js'
import type { Facts } from '../../../src/core/prices/facts.js'

const NOW = '2026-11-30T12:00:00.000Z'
const word = (facts: Facts, book: BookName = 'genai-prices', date: string | null = '2026-11-01'): BookWord => ({
  ...{ book, date, facts },
})
const doubts = (ours: Compared, words: BookWord[], provider = 'groq'): Doubt[] =>
  findBookDoubts(ours, words, { provider, id: 'x' }, NOW)
const reasonOf = (...asked: Parameters<typeof doubts>): string | undefined => doubts(...asked)[0]?.reason

t.test('a doubt says what each book that is apart has, and of which day', async (t) => {
  const words = [
    word({ inputCostPerToken: '0.0000025' }),
    word({ inputCostPerToken: '0.000002', outputCostPerToken: '0.00001' }, 'litellm', null),
  ]
  t.strictSame(doubts({ inputCostPerToken: '0.0000031', outputCostPerToken: '0.00001' }, words), [
    {
      field: 'inputCostPerToken',
      value: '0.0000031',
      against: [
        { book: 'genai-prices', value: '0.0000025', date: '2026-11-01' },
        { book: 'litellm', value: '0.000002', date: null },
      ],
      reason: 'disagreement',
      expected: '0.0000025 by genai-prices (2026-11-01), 0.000002 by litellm',
    },
  ])
  t.strictSame(doubts({ inputCostPerToken: '1' }, []), [])
  t.strictSame(
    doubts({ inputCostPerToken: '1' }, [word({ outputCostPerToken: '2' })]),
    [],
    'unknown is no disagreement',
  )
})

t.test('prices: more than 1 % apart, exactly', async (t) => {
  const apart = (ours: Facts, book: Facts) =>
    discrepanciesOf('openai/x', doubts(ours, [word(book)])).map(({ field, percent }) => [field, percent])
  t.strictSame(apart({ inputCostPerToken: '0.00000101' }, { inputCostPerToken: '0.000001' }), [], '1 % is not more')
  t.strictSame(apart({ inputCostPerToken: '0.0000010101' }, { inputCostPerToken: '0.000001' }), [
    ['inputCostPerToken', 1.01],
  ])
  t.strictSame(apart({ outputCostPerToken: '0' }, { outputCostPerToken: '0.1' }), [['outputCostPerToken', 100]])
  t.strictSame(apart({ cacheReadCostPerToken: '0.1' }, { cacheReadCostPerToken: '0' }), [
    ['cacheReadCostPerToken', 100],
  ])
  t.strictSame(apart({ cacheReadCostPerToken: '0' }, { cacheReadCostPerToken: '0' }), [])
})

t.test('prices with hours', async (t) => {
  const night = { days: [1, 2, 3, 4, 5, 6, 7], from: '16:30', to: '00:30', timeZone: 'UTC' }
  const facts = (always: string, atNight: string | null, hours: object = night): Facts => ({
    inputCostPerToken: always,
    priceWindows: atNight === null ? [] : [{ ...night, ...hours, prices: { inputCostPerToken: atNight } }],
  })
  const apart = (ours: Facts, theirs: Facts) =>
    discrepanciesOf('deepseek/x', doubts(ours, [word(theirs)])).map(({ field, upstream, book, cause }) => [
      ...[field, upstream, book, cause],
    ])
  const book = facts('0.0000004', '0.0000002')
  t.strictSame(apart(book, book), [])
  t.strictSame(apart(facts('0.0000002', '0.0000004', { from: '00:30', to: '16:30' }), book), [], 'the other way round')
  t.strictSame(apart(facts('0.0000004', '0.0000002', { timeZone: 'Asia/Shanghai' }), book), [])
  t.strictSame(apart({ inputCostPerToken: '0.0000004' }, book), [], 'one of its prices')
  t.strictSame(apart({ inputCostPerToken: '0.0000008' }, book), [
    ['inputCostPerToken', '0.0000008', '0.0000004', 'disagreement'],
  ])
  t.strictSame(apart(facts('0.0000004', '0.0002'), book), [['priceWindows', '0.0002', '0.0000004', 'disagreement']])
  t.strictSame(apart(facts('0.0004', '0.0002'), book), [
    ['inputCostPerToken', '0.0004', '0.0000004', 'unit'],
    ['priceWindows', '0.0002', '0.0000004', 'disagreement'],
  ])
  t.strictSame(
    apart(facts('0.0000004', '0.0000003'), facts('0.0000004', null)),
    [],
    'a book without hours says nothing of them',
  )
  t.match(doubts(facts('0.0000004', '0.0002'), [word(book)])[0]?.expected, /by genai-prices .*16:30-00:30 UTC/)
})

t.test('limits and ends', async (t) => {
  const same = (ours: Compared, facts: Facts) => doubts(ours, [word(facts)]).length === 0
  t.notOk(same({ contextLength: 128_000 }, { contextLength: 200_000 }))
  t.notOk(same({ maxOutputTokens: 4096 }, { maxOutputTokens: 8192 }))
  t.ok(same({ contextLength: 131_072 }, { contextLength: 128_000 }), 'one limit in two spellings')
  t.ok(same({ contextLength: 1_000_000 }, { contextLength: 1_048_576 }))
  t.ok(
    same({ contextLength: 400_000 }, { contextLength: 272_000, maxOutputTokens: 128_000 }),
    'LiteLLM counts the prompt alone',
  )
  t.notOk(same({ maxOutputTokens: 400_000 }, { contextLength: 272_000, maxOutputTokens: 128_000 }))
  const ends = (ours: string, theirs: string) =>
    discrepanciesOf('a/x', doubts({ deprecationDate: ours }, [{ ...word({}), deprecationDate: theirs }]))
  t.strictSame(ends('2027-01-01', '2027-01-01'), [])
  t.match(ends('2027-01-01', '2027-01-02'), [
    { field: 'deprecationDate', upstream: '2027-01-01', book: '2027-01-02', percent: null, cause: 'disagreement' },
  ])
})

t.test('the likely cause', async (t) => {
  const input = (price: string): Facts => ({ inputCostPerToken: price })
  const units: [string, string][] = [
    ['0.00002', '0.000002'],
    ['0.0000002', '0.000002'],
    ['0.0002', '0.000002'],
    ['0.002', '0.000002'],
    ['0.000000002', '0.000002'],
    ['2', '0.000002'],
    ['0.0000000000025', '0.0000025'],
  ]
  for (const [ours, theirs] of units) t.equal(reasonOf(input(ours), [word(input(theirs))]), 'unit', `${ours} ${theirs}`)
  for (const ours of ['0.00001', '0.00004', '0.02', '0'])
    t.equal(reasonOf(input(ours), [word(input('0.000002'))]), 'disagreement', ours)
  t.equal(reasonOf({ contextLength: 1000 }, [word({ contextLength: 100_000 })]), 'disagreement', 'a limit has no unit')

  t.equal(
    reasonOf(input('0.000003'), [word(input('0.000002')), word(input('0.000003'), 'litellm')]),
    'stale-book',
    'another book says the same as we',
  )
  t.equal(reasonOf(input('0.000003'), [word(input('0.000002'), 'litellm', '2026-01-01')]), 'stale-book')
  t.equal(
    reasonOf(input('0.000003'), [word(input('0.000002'), 'litellm', '2026-01-01'), word(input('0.000001'))]),
    'disagreement',
    'one of them is of this month',
  )

  t.equal(reasonOf(input('0.0000033'), [word(input('0.000003'))], 'bedrock'), 'regional-price')
  t.equal(reasonOf(input('0.000003'), [word(input('0.0000036'))], 'azure'), 'regional-price')
  t.equal(reasonOf(input('0.0000033'), [word(input('0.000003'))], 'groq'), 'disagreement', 'it has no regions')
})
