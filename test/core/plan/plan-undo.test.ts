/** What an undo takes back, what it leaves, and what its marks hold afterwards. */
import t from 'tap'
import { guardPlan, type GuardInput } from '../../../src/core/plan/guards.js'
import { releaseHeld } from '../../../src/core/plan/release-held.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import type { Plan, PlanInput } from '../../../src/core/plan/plan.js'
import { makePlan } from '../../../src/core/plan/make-plan.js'
import type { RecordedChange, UndoPlan } from '../../../src/core/plan/plan-undo.js'
import { MemoryCatalogue, planInput } from '../../stories/properties/memory-catalogue.js'

const GUARDS: GuardInput = {
  listed: 1,
  available: 0,
  sizes: [],
  maxRemovalPercent: 100,
  minRemovals: 3,
  maxPriceFactor: 10,
  now: '2026-11-21T00:00:00.000Z',
}

class Scene {
  readonly catalogue = new MemoryCatalogue()
  readonly runs: RecordedChange[][] = []
  last!: Plan

  plan(listed: Record<string, DesiredFields>, rest: Partial<PlanInput> = {}): Plan {
    return guardPlan(makePlan(planInput(this.catalogue, new Map(Object.entries(listed)), rest)), GUARDS)
  }

  /** Returns what is held. */
  sync(listed: Record<string, DesiredFields>, rest: Partial<PlanInput> = {}): string[] {
    this.last = this.plan(listed, rest)
    this.runs.push(this.catalogue.apply(this.last))
    return this.last.held.map((held) => `${held.providerModelId} ${held.kind} ${held.reason}`)
  }

  approve(listed: Record<string, DesiredFields>): void {
    this.runs.push(this.catalogue.apply(releaseHeld(this.plan(listed))))
  }

  undo(changes = this.runs.at(-1) ?? []): UndoPlan {
    const undo = this.catalogue.planUndo(changes)
    this.runs.push(this.catalogue.apply(undo.plan, undo.marks))
    return undo
  }

  value(id: string, field: keyof DesiredFields): unknown {
    return this.catalogue.find(id)?.upstream[field]
  }

  reason(id: string): string | null | undefined {
    return this.catalogue.find(id)?.listedReason
  }
}

t.test('an update', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { contextLength: 1, mode: 'chat' } })
  scene.sync({ a: { contextLength: 2, mode: 'embedding' } })
  t.strictSame(scene.undo().left, [])
  t.equal(scene.value('a', 'contextLength'), 1)
  t.equal(scene.value('a', 'mode'), 'chat')

  const held = ['a updated undone', 'a updated undone']
  t.strictSame(scene.sync({ a: { contextLength: 2, mode: 'embedding' } }), held)
  t.strictSame(scene.sync({ a: { contextLength: 2, mode: 'embedding' } }), held, 'for as long as upstream repeats it')
  t.equal(scene.value('a', 'contextLength'), 1)
  t.strictSame(scene.sync({ a: { contextLength: 3, mode: 'embedding' } }), ['a updated undone'])
  t.equal(scene.value('a', 'contextLength'), 3, 'another value ends it')
  t.strictSame(scene.sync({ a: { contextLength: 2, mode: 'embedding' } }), ['a updated undone'])
  t.equal(scene.value('a', 'contextLength'), 2, 'for good')
  scene.approve({ a: { contextLength: 2, mode: 'embedding' } })
  t.equal(scene.value('a', 'mode'), 'embedding', 'so does an approval')
  t.equal(scene.catalogue.find('a')?.undone, null)
  scene.sync({ a: { contextLength: 2, mode: 'chat' } })
  t.strictSame(scene.sync({ a: { contextLength: 2, mode: 'embedding' } }), [])
})

t.test('unknown is a value like any other', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { description: 'text', capabilities: { vision: true } } })
  scene.sync({ a: { description: null, capabilities: {} } })
  scene.undo()
  t.equal(scene.value('a', 'description'), 'text')
  t.strictSame(scene.sync({ a: { description: null, capabilities: {} } }), ['a updated undone', 'a updated undone'])
  t.strictSame(scene.sync({ a: {} }), [], 'a listing that cannot speak of it repeats nothing')
  t.strictSame(scene.sync({ a: { description: null } }), ['a updated undone'], 'and ends nothing')
})

t.test('a removal', async (t) => {
  const scene = new Scene()
  scene.sync({ a: {}, b: {} })
  scene.sync({ b: {} })
  scene.undo()
  t.equal(scene.reason('a'), null)
  t.strictSame(scene.sync({ b: {} }), ['a unavailable undone'])
  t.strictSame(scene.sync({ b: {} }), ['a unavailable undone'])
  t.strictSame(scene.sync({ a: {}, b: {} }), [])
  t.strictSame(scene.sync({ b: {} }), [], 'it was there again in between')
  t.equal(scene.reason('a'), 'omitted')
  scene.undo()
  scene.approve({ b: {} })
  t.equal(scene.reason('a'), 'omitted')
})

t.test('a removal on its date, and one by a rule', async (t) => {
  const scene = new Scene()
  const past = { a: { deprecationDate: '2026-01-01' } }
  scene.sync({ a: {} })
  scene.sync(past)
  t.equal(scene.reason('a'), 'deprecated')
  scene.undo(scene.runs.at(-1)?.filter(({ kind }) => kind === 'unavailable'))
  t.equal(scene.reason('a'), null)
  for (const _ of [1, 2]) t.strictSame(scene.sync(past), ['a unavailable undone'])
  t.strictSame(scene.sync({ a: { deprecationDate: '2027-01-01' } }), [])
  t.strictSame(scene.sync(past), [], 'the date had moved in between')

  const rule = { excluded: () => true }
  scene.sync({ b: {} })
  scene.sync({}, rule)
  scene.undo(scene.runs.at(-1)?.filter(({ providerModelId }) => providerModelId === 'b'))
  for (const _ of [1, 2]) t.strictSame(scene.sync({}, rule), ['b unavailable undone'])
})

t.test('an addition', async (t) => {
  const scene = new Scene()
  scene.sync({ a: {} })
  scene.undo()
  t.equal(scene.reason('a'), 'operator', 'a row is never deleted')
  for (const _ of [1, 2]) t.strictSame(scene.sync({ a: { contextLength: 5 } }), ['a restored undone'])
  t.equal(scene.value('a', 'contextLength'), null)
  scene.approve({ a: { contextLength: 5 } })
  t.equal(scene.reason('a'), null)
  t.equal(scene.value('a', 'contextLength'), 5)

  scene.undo(scene.runs[0])
  t.strictSame(scene.sync({ b: {} }), [])
  t.strictSame(scene.sync({ a: {}, b: {} }), [], 'it was gone in between')
  t.equal(scene.reason('a'), null)
})

t.test('an addition that was past its date from the start', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { deprecationDate: '2026-01-01' } })
  const { left, plan } = scene.undo()
  t.match(left, [{ providerModelId: 'a', field: null, reason: /not available anyway/ }])
  t.equal(left.length, 1)
  t.strictSame([plan.restored, plan.unavailable], [[], []])
  t.equal(scene.reason('a'), 'deprecated')
})

t.test('a return, with what changed in between', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { contextLength: 1 }, b: {} })
  scene.sync({ b: {} })
  scene.sync({ a: { contextLength: 2 }, b: {} })
  scene.undo()
  t.equal(scene.reason('a'), 'omitted')
  t.equal(scene.value('a', 'contextLength'), 1)
  const held = ['a updated undone', 'a restored undone']
  for (const _ of [1, 2]) t.strictSame(scene.sync({ a: { contextLength: 2 }, b: {} }), held)
  scene.approve({ a: { contextLength: 2 }, b: {} })
  t.equal(scene.reason('a'), null, 'approved whole')
  t.equal(scene.value('a', 'contextLength'), 2)
  t.strictSame(scene.sync({ a: { contextLength: 2 }, b: {} }), [])
  t.equal(scene.last.unchanged, 2, 'and nothing is left to do')
})

t.test('a rename', async (t) => {
  const scene = new Scene()
  scene.sync({ foo: { contextLength: 1 } })
  scene.sync({ Foo: { contextLength: 1 } })
  scene.undo()
  t.equal(scene.catalogue.find('Foo'), undefined)
  for (const _ of [1, 2]) t.strictSame(scene.sync({ Foo: { contextLength: 2 } }), ['Foo renamed undone'])
  t.equal(scene.value('foo', 'contextLength'), 2, 'only its name is held')
  scene.approve({ Foo: { contextLength: 3 } })
  t.equal(scene.value('Foo', 'contextLength'), 3)
  t.equal(scene.catalogue.rows.size, 1)
  t.strictSame(scene.sync({ foo: {} }), [])

  scene.sync({ Foo: {} })
  scene.undo()
  t.strictSame(scene.sync({ foo: {} }), [])
  t.strictSame(scene.sync({ Foo: {} }), [], 'upstream had taken the old name in between')
  t.ok(scene.catalogue.find('Foo'))
})

t.test('an undo is a run like any other, and can be taken back', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { contextLength: 1 }, b: {}, foo: {} })
  const next = { a: { contextLength: 2 }, c: {}, Foo: {} }
  scene.sync(next)
  const before = structuredClone([...scene.catalogue.rows.values()].map(({ undone: _, ...row }) => row))
  scene.undo()
  t.strictSame(scene.undo().left, [])
  t.strictSame(
    [...scene.catalogue.rows.values()].map(({ undone: _, ...row }) => row),
    before,
  )
  t.strictSame(scene.sync(next), [], 'upstream says what the catalogue has')
  t.ok([...scene.catalogue.rows.values()].every(({ undone }) => undone === null))
  t.equal(scene.last.unchanged, 4)
})

t.test('what has changed again since is listed and left', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { contextLength: 1 }, b: { mode: 'chat' }, c: {}, foo: {} })
  scene.sync({ a: { contextLength: 2, mode: 'chat' }, b: { mode: 'embedding' }, Foo: {} })
  const run = scene.runs.at(-1)
  scene.sync({ a: { contextLength: 3, mode: 'chat' }, b: { mode: 'embedding' }, c: {}, FOO: {} })
  const { left } = scene.undo(run)
  t.strictSame(left.map(({ providerModelId, field }) => [providerModelId, field]).sort(), [
    ['Foo', null],
    ['a', 'contextLength'],
    ['c', null],
  ])
  t.match(left[0]?.reason, /since/)
  t.equal(scene.value('a', 'contextLength'), 3)
  t.equal(scene.value('a', 'mode'), null, 'the rest goes back')
  t.equal(scene.value('b', 'mode'), 'chat')
  t.ok(scene.catalogue.find('FOO'))
})

t.test('a model that is not there any more, and a name that another model has now', async (t) => {
  const scene = new Scene()
  scene.sync({ foo: {} })
  scene.sync({ Foo: {} })
  const [renamed] = scene.runs.at(-1)!
  t.match(scene.catalogue.planUndo([{ ...renamed!, modelId: 99 }]).left, [{ reason: /not there any more/ }])
  scene.sync({ foo: {}, Foo: {} })
  const undo = scene.catalogue.planUndo([renamed!])
  t.match(undo, { left: [{ providerModelId: 'Foo', reason: /another model has its id now/ }], plan: { renamed: [] } })
})

t.test('beneath a pin', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { contextLength: 1, capabilities: { vision: true } } })
  const row = scene.catalogue.find('a')!
  scene.catalogue.edit(row, { contextLength: 100, capabilities: { reasoning: true } })
  scene.sync({ a: { contextLength: 2, capabilities: { vision: false } } })
  t.strictSame(
    scene.runs.at(-1)?.map(({ field }) => field),
    ['upstream.contextLength', 'upstream.capabilities', 'capabilities'].sort().reverse(),
  )
  t.strictSame(scene.undo().left, [])
  t.equal(scene.value('a', 'contextLength'), 1)
  t.strictSame(scene.value('a', 'capabilities'), { vision: true })
  t.match(scene.catalogue.effective(row), { contextLength: 100, capabilities: { vision: true, reasoning: true } })
  t.strictSame(scene.sync({ a: { contextLength: 2, capabilities: { vision: false } } }).sort(), [
    'a updated undone',
    'a updated undone',
  ])
})

t.test('a price that was taken back and jumps is held once', async (t) => {
  const scene = new Scene()
  scene.sync({ a: { inputCostPerToken: '1' } })
  scene.approve({ a: { inputCostPerToken: '100' } })
  scene.undo()
  t.equal(scene.value('a', 'inputCostPerToken'), '1')
  t.strictSame(scene.sync({ a: { inputCostPerToken: '100' } }), ['a updated undone'])
  t.strictSame(scene.sync({ a: { inputCostPerToken: '200' } }), ['a updated price-jump'])
})
