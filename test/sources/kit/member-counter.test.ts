import t from 'tap'
import { MemberCounter } from '../../../src/sources/kit/member-counter.js'
import type { MemberList } from '../../../src/sources/kit/members.js'

function unreadOf(list: MemberList, entries: readonly unknown[], ours?: string): string[] {
  const counter = new MemberCounter(list, ours)
  for (const entry of entries) counter.add(entry)
  return counter
    .counts('/v1/models')
    .unread.map(({ path, looksLike, entries }) => `${path}: ${looksLike}, ${entries}`)
    .sort()
}

t.test('members that are neither read nor left aside, at each depth', async (t) => {
  const list = { keep: 'id pricing{prompt} tags tags{name} supports_*', leave: 'object permission meta{kind}' }
  t.strictSame(
    unreadOf(list, [
      { id: 'a', object: 'model', permission: [{ id: 'x' }], pricing: { prompt: '0.1' }, supports_vision: true },
      { id: 'b', tags: ['x', { name: 'y' }], meta: { kind: 'z' }, object: { of: 'any shape' } },
    ]),
    [],
    'what is named',
  )
  t.strictSame(
    unreadOf(list, [
      { id: 'a', pricing: { prompt: '1', input_cache_read: '0.0000001' }, context_length: 131072, gone: null },
      { id: 'b', pricing: '0.5', tags: [{ name: 'y', since: '2026-07-01' }], context_length: 4096, odd: [] },
      { id: { hex: 'a value was known, not an object' }, meta: { kind: 'z', is_ready: true }, created: 1_767_225_600 },
      null,
      'no object',
    ]),
    [
      'context_length: limit, 2',
      'created: date, 1',
      'id.hex: text, 1',
      'meta.is_ready: flag, 1',
      'pricing.input_cache_read: price, 1',
      'pricing: price, 1',
      'tags.since: date, 1',
    ],
  )
  const aside = { keep: 'id', leave: 'meta meta{price}' }
  t.strictSame(unreadOf(aside, [{ id: 'a', meta: { any: 1, price: { usd: 1 } } }]), [], 'left aside but for a member')
  const read = new MemberCounter(aside)
  read.add({ id: 'a', meta: { any: 1, price: 2 } })
  t.match(read.counts('').named, [{ path: 'id' }, { path: 'meta' }, { path: 'meta.price', entries: 1 }])
  const tiers = [
    { max: 1, cost: 2 },
    { max: null, cost: 3 },
  ]
  t.strictSame(unreadOf({ keep: 'id' }, [{ id: 'a', tiers }]), ['tiers.cost: price, 1', 'tiers.max: number, 1'])
  t.strictSame(unreadOf({ keep: 'id' }, [{ id: 'a', show: { added: 1 } }], 'show'), [], 'what we have added ourselves')
})

t.test('a family has known names, and an empty text is no value', async (t) => {
  const list = { keep: 'id info{*cost_per_* supports_*}', known: /^(?:supports_.*|(?:in|out)put_cost_per_token)$/ }
  const info = { input_cost_per_token: 1e-6, supports_anything: true }
  t.strictSame(unreadOf(list, [{ id: 'a', info }]), [])
  t.strictSame(unreadOf(list, [{ id: 'a', info: { ...info, input_cost_per_token_v2: 1e-6 } }]), [
    'info.input_cost_per_token_v2: price, 1',
  ])
  t.strictSame(unreadOf({ keep: 'id' }, [{ id: 'a', note: '' }]), [])
  const counter = new MemberCounter({ keep: 'id price' })
  for (const price of ['0.1', '']) counter.add({ id: 'a', price })
  t.match(counter.counts('').named, [{ path: 'id' }, { path: 'price', entries: 1 }])
})

t.test('what members look like', async (t) => {
  const rows: [entry: object, looks: string][] = [
    [{ inputPrice: 0.5 }, 'price'],
    [{ usd_per_image: '0.04' }, 'price'],
    [{ fee: '$0.10 / request' }, 'price'],
    [{ lookup: '1.5e-7' }, 'price'],
    [{ pricing: { web_search: '0.01' } }, 'price'],
    [{ prompt_text_token_price: 12500 }, 'price'],
    [{ pricing: { long_context_threshold: 200_000 } }, 'limit'],
    [{ discount_ends_at: 1_798_675_200 }, 'date'],
    [{ availableFrom: '2026-12-01T00:00:00Z' }, 'date'],
    [{ deprecationDate: { year: 2026 } }, 'date'],
    [{ max_output_length: 8192 }, 'limit'],
    [{ limits: { rpm: 60 } }, 'limit'],
    [{ rate_limit: 100 }, 'limit'],
    [{ is_ready: false }, 'flag'],
    [{ capabilities: ['vision'] }, 'flag'],
    [{ ranking: 3 }, 'number'],
    [{ note: 'price on request' }, 'text'],
  ]
  for (const [entry, looks] of rows) {
    const [line] = unreadOf({ keep: 'id' }, [entry])
    t.match(line, new RegExp(`: ${looks}, 1$`), line ?? JSON.stringify(entry))
  }
})

t.test('no value, no key and no id among the names', async (t) => {
  const secrets = [
    'sk-proj-a1B2c3D4e5F6g7H8i9J0',
    'alice@corp.example',
    '3f2a9c1e-77d0-4a51-9b1c-0f4f6a2b8c9d',
    'gpt-5.1-2025-11-13',
    'https://internal.corp/x',
    '/home/alice/models',
    'aB3dE5fG7hJ9kL1mN3pQ5r',
    'aws_secret_access_key',
    'x-internal-token',
    'dbPassword',
  ]
  for (const secret of secrets) {
    t.strictSame(unreadOf({ keep: 'id' }, [{ [secret]: { price: 1 } }]), ['*.price: price, 1'], secret)
    t.notMatch(unreadOf({ keep: 'id' }, [{ note: secret, cost: secret }]).join(), secret)
  }
  const counter = new MemberCounter({ keep: 'id supports_*' })
  counter.add({ id: 'a', supports_secret: true, supports_x: true })
  const { named, unread } = counter.counts('/v1/models')
  t.strictSame(
    [...named, ...unread].map(({ path }) => path),
    ['id', 'supports_x'],
    'nor in a family',
  )
  const keys = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`team_${'abcdefgh'[at % 8]}${at}`, { cost: 1 }]),
  )
  t.strictSame(unreadOf({ keep: 'id' }, [{ id: 'a', by_team: keys }]), ['by_team.*.cost: price, 1'], 'keys of a map')
  const many = Array.from({ length: 5_000 }, (_, at) => ({ id: 'a', [`note_${at}`]: 1, [`supports_${at}`]: true }))
  t.ok(unreadOf({ keep: 'id supports_*' }, many).length <= 41, 'an answer that invents names')
})

t.test('how many entries have the members that are known', async (t) => {
  const counter = new MemberCounter({ keep: 'id pricing{prompt} *cost_per_*', leave: 'object' })
  counter.add({ id: 'a', pricing: { prompt: 1 }, input_cost_per_token: 1 })
  counter.add({ id: 'b', pricing: { prompt: null }, object: 'model' })
  const named = counter.counts('').named.map(({ path, entries }) => [path, entries])
  t.strictSame(Object.fromEntries(named), { id: 2, 'pricing.prompt': 1, object: 1, input_cost_per_token: 1 })
})
