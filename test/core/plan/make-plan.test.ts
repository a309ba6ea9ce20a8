/** Each line of the planner's table, and what is easily got wrong beside it. */
import t from 'tap'
import { changesCatalogue, type Plan, type PlanInput } from '../../../src/core/plan/plan.js'
import { restrictPlan } from '../../../src/core/plan/release-held.js'
import { makePlan } from '../../../src/core/plan/make-plan.js'
import type { UncallableReason } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { MemoryCatalogue, planInput } from '../../stories/properties/memory-catalogue.js'

/** Everything of a plan that is not empty, by the models' ids. */
function summary(plan: Plan): Record<string, unknown> {
  const { added, updated, unavailable, restored, renamed, held, missed, unchanged } = plan
  const lists = {
    added: added.map(({ providerModelId }) => providerModelId),
    updated: updated.map(({ providerModelId, changes }) => [providerModelId, ...Object.keys(changes)].join(' ')),
    unavailable: unavailable.map(({ providerModelId, reason }) => `${providerModelId} ${reason}`),
    restored: restored.map(({ providerModelId, from }) => `${providerModelId} ${from}`),
    renamed: renamed.map(({ from, providerModelId }) => `${from} ${providerModelId}`),
    held: held.map(({ kind, providerModelId, reason }) => `${providerModelId} ${kind} ${reason}`),
    missed: missed.map(({ misses }) => misses),
  }
  const told = Object.entries(lists).filter(([, list]) => list.length > 0)
  return { ...Object.fromEntries(told), ...(unchanged === 0 ? {} : { unchanged }) }
}

class Scene {
  readonly catalogue = new MemoryCatalogue()

  plan(listed: Record<string, DesiredFields>, rest: Partial<PlanInput> = {}): Plan {
    return makePlan(planInput(this.catalogue, new Map(Object.entries(listed)), rest))
  }

  sync(listed: Record<string, DesiredFields>, rest: Partial<PlanInput> = {}): Record<string, unknown> {
    const plan = this.plan(listed, rest)
    this.catalogue.apply(plan)
    return summary(plan)
  }
}

t.test('added, unchanged, updated, unavailable, restored', async (t) => {
  const scene = new Scene()
  t.strictSame(scene.sync({ a: {}, b: { contextLength: 5 } }), { added: ['a', 'b'] })
  t.strictSame(scene.sync({ a: {}, b: { contextLength: 5 } }), { unchanged: 2 })
  t.strictSame(scene.sync({ a: { mode: 'chat' }, b: {} }), { updated: ['a mode'], unchanged: 1 })
  t.equal(scene.catalogue.find('b')?.upstream.contextLength, 5, 'a field that is left out keeps its value')
  t.strictSame(scene.sync({ b: {} }), { unavailable: ['a omitted'], unchanged: 1 })
  t.strictSame(scene.sync({ b: {} }), { unchanged: 2 }, 'once')
  t.strictSame(scene.sync({ a: { contextLength: 0 }, b: {} }), { restored: ['a omitted'], unchanged: 1 })
  t.equal(scene.catalogue.find('a')?.upstream.contextLength, 0, 'with what changed meanwhile')
})

t.test('an entry that is mentioned, but cannot be read, is neither missing nor compared', async (t) => {
  const scene = new Scene()
  scene.sync({ a: {}, b: {} })
  t.strictSame(scene.plan({ a: {} }, { mentioned: new Set(['b']) }).unavailable, [])
  t.strictSame(summary(scene.plan({ a: {} }, { mentioned: new Set(['b']) })), { unchanged: 2 })
})

t.test('misses are counted one by one, and start anew', async (t) => {
  const scene = new Scene()
  const three = { missesBeforeUnavailable: 3 }
  scene.sync({ a: {}, b: {} })
  t.strictSame(scene.sync({ b: {} }, three), { missed: [1], unchanged: 2 })
  t.strictSame(scene.sync({ b: {} }, three), { missed: [2], unchanged: 2 })
  t.strictSame(scene.sync({ a: {}, b: {} }, three), { missed: [0], unchanged: 2 })
  t.strictSame(scene.sync({ b: {} }, three), { missed: [1], unchanged: 2 })
  t.strictSame(
    scene.sync({ b: {} }, { ...three, mentioned: new Set(['a']) }),
    { unchanged: 2 },
    'not missing, not there',
  )
  t.strictSame(scene.sync({ b: {} }, three), { missed: [2], unchanged: 2 })
  t.strictSame(scene.sync({ b: {} }, three), { unavailable: ['a omitted'], unchanged: 1 })
  t.equal(scene.catalogue.find('a')?.misses, 0)
})

t.test('what is listed and cannot be called: why, for how long, and what follows', async (t) => {
  const scene = new Scene()
  const both = { a: { contextLength: 5 }, b: {} }
  const against = (a: UncallableReason, rest: Partial<PlanInput> = {}) => ({ uncallable: new Map([['a', a]]), ...rest })
  t.strictSame(scene.sync(both, against('blocked')), { added: ['a', 'b'] })
  t.equal(scene.catalogue.find('a')?.listedReason, 'blocked', 'from the first day on')
  t.strictSame(scene.sync(both, against('blocked')), { unchanged: 2 })
  t.strictSame(scene.sync({ ...both, a: { contextLength: 6 } }, against('blocked')), {
    updated: ['a contextLength'],
    unchanged: 1,
  })
  t.strictSame(scene.sync(both), { restored: ['a blocked'], unchanged: 1 })
  t.strictSame(scene.sync(both, against('not-callable')), { unavailable: ['a not-callable'], unchanged: 1 })
  t.strictSame(scene.sync(both, against('blocked')), { unavailable: ['a blocked'], unchanged: 1 }, 'another reason')
  t.strictSame(scene.sync({ b: {} }), { unavailable: ['a omitted'], unchanged: 1 }, 'gone altogether')
  t.strictSame(
    scene.sync(both, against('not-callable')),
    { unavailable: ['a not-callable'], unchanged: 1 },
    'listed again',
  )
  t.strictSame(scene.sync(both), { restored: ['a not-callable'], unchanged: 1 })
  const old = { a: { deprecationDate: '2026-01-01' }, b: {} }
  const today = { today: '2026-11-21' }
  t.match(scene.sync(old, against('blocked', today)), { unavailable: ['a blocked'] })
  t.match(scene.sync(old, today), { unavailable: ['a deprecated'] }, 'the block ends, the date is past')
})

t.test('a name that is missing now and then is none that cannot be called', async (t) => {
  const scene = new Scene()
  const unnamed = { uncallable: new Map([['a', 'not-callable'] as const]), missesBeforeUnavailable: 3 }
  scene.sync({ a: {}, b: {} })
  t.strictSame(scene.sync({ a: {}, b: {} }, unnamed), { missed: [1], unchanged: 2 })
  t.strictSame(scene.sync({ a: {}, b: {} }, { missesBeforeUnavailable: 3 }), { missed: [0], unchanged: 2 })
  scene.sync({ a: {}, b: {} }, unnamed)
  t.strictSame(scene.sync({ a: {}, b: {} }, unnamed), { missed: [2], unchanged: 2 })
  t.strictSame(scene.sync({ a: {}, b: {} }, unnamed), { unavailable: ['a not-callable'], unchanged: 1 })
  t.strictSame(scene.sync({ a: {}, b: {} }, { ...unnamed, policy: 'upsert-only' }), { unchanged: 2 })
})

t.test('a policy that removes nothing leaves what cannot be called', async (t) => {
  const scene = new Scene()
  scene.sync({ a: {} })
  for (const reason of ['blocked', 'not-callable'] as const)
    t.strictSame(scene.sync({ a: {} }, { uncallable: new Map([['a', reason]]), policy: 'upsert-only' }), {
      unchanged: 1,
    })
})

t.test('a deprecation date', async (t) => {
  const scene = new Scene()
  const on = (deprecationDate: string | null) => ({ a: { deprecationDate } })
  const today = { today: '2026-11-21' }
  t.strictSame(scene.sync(on('2026-11-21'), today), { added: ['a'] })
  t.equal(scene.catalogue.find('a')?.listedReason, null, 'today it is still there')
  t.strictSame(scene.sync(on('2026-11-21'), { today: '2026-11-22' }), { unavailable: ['a deprecated'] })
  t.strictSame(scene.sync(on('2026-11-21'), { today: '2026-11-23' }), { unchanged: 1 })
  t.strictSame(scene.sync(on('2027-01-01'), { today: '2026-11-23' }), { restored: ['a deprecated'] })
  t.strictSame(scene.sync(on('2026-01-01'), { ...today, policy: 'upsert-only' }), { updated: ['a deprecationDate'] })
  t.strictSame(scene.sync({}, today), { unavailable: ['a deprecated'] }, 'it left on its date')
  t.strictSame(scene.plan({ b: { deprecationDate: '2026-11-20' } }, today).added[0]?.unavailableReason, 'deprecated')
})

t.test('rules', async (t) => {
  const scene = new Scene()
  const excluded = (id: string): boolean => id === 'a'
  scene.sync({ a: {}, b: {} })
  t.strictSame(scene.sync({ b: {} }, { excluded }), { unavailable: ['a excluded'], unchanged: 1 })
  t.strictSame(scene.sync({ b: {} }, { excluded }), { unchanged: 2 })
  t.strictSame(scene.sync({ a: {}, b: {} }), { restored: ['a excluded'], unchanged: 1 })
  const three = { excluded, missesBeforeUnavailable: 3 }
  t.strictSame(scene.sync({ b: {} }, three), { unavailable: ['a excluded'], unchanged: 1 }, 'a rule waits for nothing')
})

t.test('policies', async (t) => {
  const scene = new Scene()
  scene.sync({ a: {}, b: {}, c: {} })
  scene.sync({ a: {}, b: {} })
  const listed = { B: {}, c: {}, a: { contextLength: 1 }, d: {} }
  t.strictSame(summary(scene.plan(listed, { policy: 'create-only' })), { added: ['B', 'd'], unchanged: 3 })
  t.strictSame(summary(scene.plan({ c: {}, a: { contextLength: 1 }, d: {} }, { policy: 'upsert-only' })), {
    added: ['d'],
    updated: ['a contextLength'],
    restored: ['c omitted'],
    unchanged: 1,
  })
  t.strictSame(summary(scene.plan({}, { policy: 'upsert-only', excluded: () => true })), { unchanged: 3 })
})

t.test('local models', async (t) => {
  const scene = new Scene()
  const { catalogue } = scene
  const row = catalogue.addLocal('mine', { name: 'My own', contextLength: 10, capabilities: { vision: true } })
  t.strictSame(scene.sync({ a: {} }), { added: ['a'] }, 'not touched, not counted')
  t.strictSame(scene.sync({ a: {}, Mine: {} }), { added: ['Mine'], unchanged: 1 }, 'another case is another model')

  const said = {
    name: 'Theirs',
    contextLength: 99,
    inputCostPerToken: '0.1',
    capabilities: { vision: false, reasoning: true },
  }
  t.strictSame(scene.sync({ a: {}, Mine: {}, mine: said }), {
    updated: ['mine origin capabilities inputCostPerToken'],
    unchanged: 2,
  })
  t.match(row, { origin: 'synced', wasLocal: true, pins: { name: 'My own', contextLength: 10 } })
  t.notOk('description' in row.pins, 'what was not known is no pin')
  t.match(row.upstream, { name: 'Theirs', contextLength: 99 }, 'upstream is kept beneath')
  t.match(catalogue.effective(row), {
    name: 'My own',
    contextLength: 10,
    inputCostPerToken: '0.1',
    capabilities: { vision: true, reasoning: true },
  })
  t.strictSame(scene.sync({ a: {}, Mine: {}, mine: said }), { unchanged: 3 })

  t.strictSame(scene.sync({ a: {}, Mine: {} }), {
    updated: ['mine origin capabilities inputCostPerToken'],
    unchanged: 2,
  })
  t.match(row, { origin: 'local', wasLocal: false, listedReason: null, pins: {} })
  t.match(row.upstream, { name: 'My own', contextLength: 10, inputCostPerToken: null, capabilities: { vision: true } })
  t.strictSame(scene.sync({ a: {}, Mine: {} }), { unchanged: 2 })

  t.strictSame(summary(scene.plan({ mine: said }, { policy: 'create-only' })), { unchanged: 3 })
})

t.test('a local model that is adopted past its date, and is local again when it goes', async (t) => {
  const scene = new Scene()
  const row = scene.catalogue.addLocal('mine', {})
  t.strictSame(scene.sync({ mine: { deprecationDate: '2026-01-01' } }), {
    updated: ['mine origin deprecationDate'],
    unavailable: ['mine deprecated'],
  })
  t.strictSame(scene.sync({ mine: { deprecationDate: '2026-01-01' } }), { unchanged: 1 }, 'nothing is left to do')
  t.strictSame(scene.sync({}), { restored: ['mine deprecated'] })
  t.match(row, { origin: 'local', listedReason: null, upstream: { deprecationDate: null } })
  t.strictSame(scene.sync({}), {})
})

t.test('an adopted model goes back to hand only after enough misses', async (t) => {
  const scene = new Scene()
  const row = scene.catalogue.addLocal('mine', {})
  scene.sync({ mine: { contextLength: 1 } })
  t.strictSame(scene.sync({}, { missesBeforeUnavailable: 2 }), { missed: [1], unchanged: 1 })
  t.equal(row.origin, 'synced')
  t.match(scene.sync({}, { missesBeforeUnavailable: 2 }), { updated: ['mine origin contextLength'] })
  t.match(row, { origin: 'local', misses: 0 })
})

t.test('renames', async (t) => {
  const scene = new Scene()
  scene.sync({ 'gpt-4': { contextLength: 1 }, other: {} })
  t.strictSame(scene.sync({ 'GPT-4': { contextLength: 2 }, other: {} }), {
    updated: ['GPT-4 contextLength'],
    renamed: ['gpt-4 GPT-4'],
    unchanged: 1,
  })
  t.strictSame(scene.sync({ other: {} }), { unavailable: ['GPT-4 omitted'], unchanged: 1 })
  t.strictSame(
    scene.sync({ 'Gpt-4': { contextLength: 2 }, other: {} }),
    { restored: ['Gpt-4 omitted'], renamed: ['GPT-4 Gpt-4'], unchanged: 1 },
    'also of one that was gone',
  )
  t.equal(scene.catalogue.rows.size, 2)
  t.strictSame(
    scene.sync({ 'gPT-4': {}, 'gpT-4': {}, other: {} }),
    { added: ['gPT-4', 'gpT-4'], unavailable: ['Gpt-4 omitted'], unchanged: 1 },
    'of two new ones nobody can say which it is',
  )
})

t.test('an id that a rule leaves out is not gone', async (t) => {
  const scene = new Scene()
  scene.sync({ Foo: {} })
  t.strictSame(summary(scene.plan({ foo: {} }, { excluded: (id) => id === 'Foo' })), {
    added: ['foo'],
    unavailable: ['Foo excluded'],
  })
  t.strictSame(summary(scene.plan({ foo: {} }, { mentioned: new Set(['Foo']) })), { added: ['foo'], unchanged: 1 })
})

t.test('an entry that is said to be the same needs no values, and must be known', async (t) => {
  const scene = new Scene()
  scene.sync({ a: {} })
  const current = new Map([...scene.catalogue.current()].map(([id, model]) => [id, { ...model, values: null }]))
  const same = new Map([['a', 'same' as const]])
  t.strictSame(summary(makePlan({ ...planInput(scene.catalogue, same), current })), { unchanged: 1 })
  t.throws(() => makePlan(planInput(new MemoryCatalogue(), same)), /not in the catalogue/)
  t.throws(() => makePlan({ ...planInput(scene.catalogue, new Map([['a', {}]])), current }), /were not read/)
})

t.test('restricting a plan', async (t) => {
  const scene = new Scene()
  scene.sync({ a: {}, b: {}, c: {} })
  const plan = scene.plan({ b: { mode: 'chat' }, n: {}, C: { mode: 'chat' } })
  t.strictSame(summary(restrictPlan(plan, new Set(['n', 'C']))), {
    added: ['n'],
    updated: ['C mode'],
    renamed: ['c C'],
  })
  t.equal(changesCatalogue(restrictPlan(plan, new Set(['other']))), false)
  t.equal(changesCatalogue(restrictPlan(plan, new Set(['a']))), true)
})
