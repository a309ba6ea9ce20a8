/** The planner: each row of its table. */
import { valueOf } from '../../../src/core/plan/deferred.js'
import t from 'tap'
import { changesCatalogue, type CurrentModel, type Desired, type PlanInput } from '../../../src/core/plan/plan.js'
import { makePlan } from '../../../src/core/plan/make-plan.js'
import { current, inputOf, spell, TODAY } from './plan-input.js'

const TABLE: [
  name: string,
  models: CurrentModel[],
  desired: Record<string, Desired>,
  over: Partial<PlanInput>,
  expected: string[],
][] = [
  ['nothing and nothing', [], {}, {}, []],
  ['there', [], { a: {} }, {}, ['added a']],
  ['there, its date past', [], { a: { deprecationDate: '2026-06-14' } }, {}, ['added a deprecated']],
  ['there, its date today', [], { a: { deprecationDate: TODAY } }, {}, ['added a']],
  ['listed, same', [current('a')], { a: 'same' }, {}, ['unchanged 1']],
  ['listed, alike', [current('a', { contextLength: 5 })], { a: { contextLength: 5 } }, {}, ['unchanged 1']],
  [
    'listed, differs',
    [current('a', { contextLength: 5 })],
    { a: { contextLength: 6, mode: 'chat' } },
    {},
    ['updated a contextLength mode'],
  ],
  [
    'listed, becomes unknown',
    [current('a', { contextLength: 5 })],
    { a: { contextLength: null } },
    {},
    ['updated a contextLength'],
  ],
  ['listed, not spoken of', [current('a', { contextLength: 5 })], { a: {} }, {}, ['unchanged 1']],
  ['listed, missing', [current('a')], {}, {}, ['unavailable a omitted']],
  [
    'listed, missing, its date past',
    [current('a', { deprecationDate: '2020-01-01' })],
    {},
    {},
    ['unavailable a deprecated'],
  ],
  [
    'listed, its date past',
    [current('a', { deprecationDate: '2020-01-01' })],
    { a: 'same' },
    {},
    ['unavailable a deprecated'],
  ],
  [
    'listed, its date past from now on',
    [current('a')],
    { a: { deprecationDate: '2020-01-01' } },
    {},
    ['unavailable a deprecated', 'updated a deprecationDate'],
  ],
  ['listed, missing, but mentioned', [current('a')], {}, { mentioned: new Set(['a']) }, ['unchanged 1']],
  ['listed, missing, a second chance', [current('a')], {}, { missesBeforeUnavailable: 2 }, ['unchanged 1']],
  [
    'listed, missing, the second time',
    [current('a', {}, { misses: 1 })],
    {},
    { missesBeforeUnavailable: 2 },
    ['unavailable a omitted'],
  ],
  ['listed, missing, add and update only', [current('a')], {}, { policy: 'upsert-only' }, ['unchanged 1']],
  ['not listed, there', [current('a', {}, { listedReason: 'omitted' })], { a: {} }, {}, ['restored a omitted']],
  [
    'not listed, there and changed',
    [current('a', {}, { listedReason: 'omitted' })],
    { a: { contextLength: 1 } },
    {},
    ['restored a omitted contextLength'],
  ],
  ['not listed, missing', [current('a', {}, { listedReason: 'omitted' })], {}, {}, ['unchanged 1']],
  [
    'deprecated, there',
    [current('a', { deprecationDate: '2020-01-01' }, { listedReason: 'deprecated' })],
    { a: 'same' },
    {},
    ['unchanged 1'],
  ],
  [
    'deprecated, its date was moved',
    [current('a', { deprecationDate: '2020-01-01' }, { listedReason: 'deprecated' })],
    { a: { deprecationDate: '2030-01-01' } },
    {},
    ['restored a deprecated deprecationDate'],
  ],
  ['local', [current('a', {}, { origin: 'local' })], {}, {}, []],
]

t.test('the table', async (t) => {
  for (const [name, models, desired, over, expected] of TABLE)
    t.strictSame(spell(makePlan(inputOf(models, desired, over))), expected, name)
})

t.test('what the changes and the bookkeeping say', async (t) => {
  const [a, b, c] = [
    current('a', { contextLength: 5, aliases: ['x', 'y'] }),
    current('b', {}, { misses: 2 }),
    current('c'),
  ]
  const plan = makePlan(
    inputOf([a, b, c], { a: { contextLength: null, aliases: ['y', 'x'] }, b: 'same' }, { missesBeforeUnavailable: 3 }),
  )
  t.strictSame(plan.updated, [
    {
      id: a.id,
      providerModelId: 'a',
      changes: { contextLength: { from: 5, to: null } },
      fields: { ...valueOf(a.values!).upstream, contextLength: null, aliases: ['y', 'x'] },
    },
  ])
  t.strictSame(
    plan.missed,
    [
      { id: b.id, misses: 0 },
      { id: c.id, misses: 1 },
    ],
    'back in time; missed for the first time',
  )
  t.equal(plan.unchanged, 2)
  t.strictSame(
    makePlan(inputOf([a], { a: { contextLength: 5 } })).entryOnly,
    ['a'],
    'the entry differs, the fields do not',
  )
  t.strictSame(makePlan(inputOf([a], { a: 'same' })).entryOnly, [])
  t.match(makePlan(inputOf([], { n: { contextLength: 3 } })).added, [
    { providerModelId: 'n', fields: { name: 'n', contextLength: 3, mode: null, aliases: [], capabilities: {} } },
  ])
})

t.test('what cannot be is said', async (t) => {
  t.throws(() => makePlan(inputOf([], { a: 'same' })), { message: /a is said to be unchanged/ })
  t.throws(() => makePlan(inputOf([current('a', {}, { values: null })], { a: {} })), {
    message: /fields of model a were not read/,
  })
  t.strictSame(
    spell(makePlan(inputOf([current('a', {}, { values: null })], { a: 'same' }))),
    ['unchanged 1'],
    'what is the same need not be read',
  )
})

t.test('whether a plan changes what a read returns', async (t) => {
  const row = current('a', { contextLength: 5 })
  const changes = (desired: Record<string, Desired>, over: Partial<PlanInput> = {}) =>
    changesCatalogue(makePlan(inputOf([row], desired, over)))
  t.equal(changes({ a: 'same' }), false)
  t.equal(changes({}, { missesBeforeUnavailable: 2 }), false, 'a miss is seen by nobody')
  t.equal(changes({ a: { contextLength: 5 } }), true, 'its entry is')
  t.equal(changes({ a: { contextLength: 6 } }), true)
  t.equal(changes({}), true)
  t.equal(changes({ a: 'same', b: {} }), true)
})
