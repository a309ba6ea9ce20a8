/** What stands in the address of the models view, and what the API is asked for it. */
import t from 'tap'
import {
  apiQueryOf,
  FILTERS,
  isFiltered,
  isUnreadable,
  PAGE_SIZE,
  readTokens,
} from '../../../src/settings-page/models/model-query.js'

const ask = (members: Record<string, string>) => apiQueryOf(new URLSearchParams(members))

t.test('each filter of the address is asked for, with prices per token', async (t) => {
  const members = {
    search: ' gpt-4o & "o1" ',
    provider: 'litellm',
    mode: 'chat',
    capability: 'vision',
    availability: 'available',
    doubtful: 'true',
    minContext: '128k',
    maxContext: '1M',
    minInput: '0',
    maxInput: '1.25',
    minOutput: '$0.1234567890123',
    maxOutput: '1,000',
    sort: '-inputCostPerToken',
  }
  t.strictSame(Object.keys(members).slice(0, -1), [...FILTERS], 'none is left out here')
  t.strictSame(ask(members), {
    limit: PAGE_SIZE,
    search: 'gpt-4o & "o1"',
    provider: 'litellm',
    mode: 'chat',
    capability: 'vision',
    availability: 'available',
    doubtful: 'true',
    minContext: '128000',
    maxContext: '1000000',
    minInputCost: '0',
    maxInputCost: '0.00000125',
    minOutputCost: '0.0000001234567890123',
    maxOutputCost: '0.001',
    sort: '-inputCostPerToken',
  })
  const address = new URLSearchParams(members).toString()
  t.strictSame(apiQueryOf(new URLSearchParams(address)), ask(members), 'a link asks for the same')
})

t.test('what is no value of a filter is left out, and is marked', async (t) => {
  t.strictSame(
    ask({ minContext: 'many', maxInput: '-1', minOutput: '1e-6', search: '  ', columns: 'mode', model: 'a/b' }),
    {
      limit: PAGE_SIZE,
    },
  )
  t.ok(isUnreadable('minContext', 'many'))
  t.ok(isUnreadable('maxInput', 'cheap'))
  t.notOk(isUnreadable('maxInput', '0'))
  t.notOk(isUnreadable('maxInput', ' '))
  t.notOk(isUnreadable('search', 'many'))
})

t.test('a list is filtered by what is typed, not by its order, its columns or an open model', async (t) => {
  t.notOk(isFiltered(new URLSearchParams({ sort: 'name', columns: 'mode', model: 'a/b', search: '' })))
  t.notOk(isFiltered(new URLSearchParams({ minContext: 'a lot', search: ' ' })), 'what is of no use narrows nothing')
  for (const name of FILTERS) t.ok(isFiltered(new URLSearchParams({ [name]: '1' })), name)
})

t.test('tokens as people write them', async (t) => {
  const cases: [text: string, tokens: number | null][] = [
    ['32768', 32_768],
    ['32,768', 32_768],
    ['128k', 128_000],
    ['128.000', null],
    ['1,28', null],
    ['12,8k', null],
    ['1.5 M', 1_500_000],
    ['0', 0],
    ['2147483647', null],
    ['999999999', 999_999_999],
    ['3000m', null],
    ['', null],
    ['-1', null],
    ['1e5', null],
    ['128kb', null],
  ]
  for (const [text, tokens] of cases) t.equal(readTokens(text), tokens, text)
})
