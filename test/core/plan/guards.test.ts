/** The guards: what is held, what passes, and how the size of a catalogue is remembered. */
import t from 'tap'
import { guardPlan, observeSize, peakSize, type GuardInput, type ObservedSize } from '../../../src/core/plan/guards.js'
import type { Plan } from '../../../src/core/plan/plan.js'

const NOW = '2026-06-15T12:00:00.000Z'
const hoursAgo = (hours: number) => new Date(Date.parse(NOW) - hours * 3_600_000).toISOString()

/** A plan that only removes and adds; a guard looks at nothing else of it here. */
function planOf({ removals = 0, added = 0, deprecated = 0, restored = 0 }): Plan {
  const models = (count: number, name: string) =>
    Array.from({ length: count }, (_, id) => ({ id, providerModelId: `${name}${id}` }))
  return {
    added: [
      ...models(added, 'new').map((model) => ({ ...model, unavailableReason: null })),
      ...models(deprecated, 'old').map((model) => ({ ...model, unavailableReason: 'deprecated' })),
    ],
    updated: [],
    unavailable: models(removals, 'gone').map((model) => ({ ...model, reason: 'omitted' })),
    restored: models(restored, 'back').map((model) => ({ ...model, changes: {} })),
    renamed: [],
    held: [],
    missed: [],
    entryOnly: [],
    undone: [],
    unchanged: 0,
  } as unknown as Plan
}

const input = (over: Partial<GuardInput> = {}): GuardInput => ({
  listed: 1,
  available: 10,
  sizes: [],
  maxRemovalPercent: 50,
  minRemovals: 3,
  maxPriceFactor: 10,
  now: NOW,
  ...over,
})
const held = (plan: Plan, over: Partial<GuardInput> = {}): string[] =>
  guardPlan(plan, input(over)).held.map(({ reason }) => reason)

t.test('an answer without models', async (t) => {
  const plan = planOf({ removals: 1 })
  const guarded = guardPlan(plan, input({ listed: 0, available: 1 }))
  t.strictSame(guarded.unavailable, [])
  t.match(guarded.held, [{ kind: 'unavailable', providerModelId: 'gone0', reason: 'empty-answer', change: { id: 0 } }])
  t.equal(plan.unavailable.length, 1, 'the plan that was given is left as it is')
  t.strictSame(
    held(planOf({ removals: 1 }), { listed: 0, maxRemovalPercent: 100 }),
    ['empty-answer'],
    'no percentage lets it through',
  )
  t.strictSame(
    held(planOf({ removals: 0 }), { listed: 0, available: 0 }),
    [],
    'where nothing goes there is nothing to hold',
  )
})

t.test('a block is an operator’s word; a name that no key can call is a removal', async (t) => {
  const plan = (reason: string, from: string | null = null): Plan => {
    const planned = planOf({ removals: 9 })
    return { ...planned, unavailable: planned.unavailable.map((change) => ({ ...change, reason, from })) } as Plan
  }
  t.strictSame(held(plan('blocked')), [])
  t.equal(guardPlan(plan('blocked'), input()).unavailable.length, 9)
  t.strictSame(
    held(plan('not-callable')),
    Array.from({ length: 9 }, () => 'mass-removal'),
  )
  t.strictSame(held(plan('omitted', 'blocked'), { available: 1 }), [], 'they were unavailable before')
  const mixed = plan('blocked')
  const last = mixed.unavailable.slice(0, 1).map((change) => ({ ...change, reason: 'not-callable' as const }))
  const guarded = guardPlan({ ...mixed, unavailable: [...mixed.unavailable.slice(1), ...last] }, input({ listed: 0 }))
  t.equal(guarded.unavailable.length, 8, 'what is blocked goes, whatever is held')
  t.match(guarded.held, [{ reason: 'empty-answer', change: { reason: 'not-callable' } }])
})

t.test('a mass removal: what would be left, against the largest size of a day', async (t) => {
  const cases: [name: string, plan: Plan, over: Partial<GuardInput>, count: number][] = [
    ['half of ten stay', planOf({ removals: 5 }), {}, 0],
    ['less than half', planOf({ removals: 6 }), {}, 6],
    ['what is added counts', planOf({ removals: 6, added: 1 }), {}, 0],
    ['what is added and past its date does not', planOf({ removals: 6, deprecated: 4 }), {}, 6],
    ['what comes back counts', planOf({ removals: 6, restored: 1 }), {}, 0],
    ['two are an everyday change', planOf({ removals: 2 }), { available: 2 }, 0],
    ['three are not', planOf({ removals: 3 }), { available: 3 }, 3],
    ['nothing may go', planOf({ removals: 3 }), { maxRemovalPercent: 0 }, 3],
    ['all may go', planOf({ removals: 10 }), { maxRemovalPercent: 100 }, 0],
    ['it was larger an hour ago', planOf({ removals: 3 }), { sizes: [{ size: 20, until: hoursAgo(1) }] }, 3],
    ['it was larger two days ago', planOf({ removals: 3 }), { sizes: [{ size: 20, until: hoursAgo(48) }] }, 0],
    ['it was smaller', planOf({ removals: 5 }), { sizes: [{ size: 4, until: hoursAgo(1) }] }, 0],
  ]
  for (const [name, plan, over, count] of cases) {
    const reasons = held(plan, over)
    t.equal(reasons.length, count, name)
    t.ok(reasons.every((reason) => reason === 'mass-removal'))
  }
})

t.test('everything else of a plan passes', async (t) => {
  const plan = planOf({ removals: 9, added: 2, restored: 1 })
  const guarded = guardPlan(plan, input())
  t.equal(guarded.added, plan.added)
  t.equal(guarded.restored, plan.restored)
  t.equal(guarded.held.length, 9)
})

t.test('sizes: the largest of the last 24 hours, and a short memory', async (t) => {
  t.equal(peakSize([], 7, NOW), 7)
  t.equal(peakSize([{ size: 9, until: hoursAgo(23) }], 7, NOW), 9)
  t.equal(peakSize([{ size: 9, until: hoursAgo(25) }], 7, NOW), 7)
  let sizes: ObservedSize[] = []
  for (const [hours, size] of [
    [30, 100],
    [20, 50],
    [10, 60],
    [5, 40],
    [4, 40],
    [1, 30],
  ] as const)
    sizes = observeSize(sizes, size, hoursAgo(hours))
  t.strictSame(
    sizes.map(({ size }) => size),
    [60, 40, 30],
    'what a larger one has followed can never be the peak again',
  )
  t.equal(peakSize(sizes, 30, NOW), 60)
  for (let minute = 0; minute < 2_000; minute++)
    sizes = observeSize(sizes, 30, new Date(Date.parse(NOW) + minute * 60_000).toISOString())
  t.equal(sizes.length, 1, 'a size that stays is one entry, and those of yesterday are gone')
})

t.test('jumps of prices that are none of the four', async (t) => {
  const image = { kind: 'output_image', unit: 'image', currency: 'USD', price: '0.04' }
  const heldFor = (from: object[], to: object[]): string[] => {
    const changes = { otherPrices: { from, to }, description: { from: 'a', to: 'b' } }
    const model = { id: 1, providerModelId: 'a', changes, fields: { otherPrices: to, description: 'b' } }
    const guarded = guardPlan({ ...planOf({}), updated: [model] } as unknown as Plan, input())
    t.match(guarded.updated, [{ changes: { description: { to: 'b' } } }], 'the rest passes')
    return guarded.held.map(({ reason, ...change }) => `${(change as { field?: string }).field} ${reason}`)
  }
  const jump = ['otherPrices price-jump']
  t.strictSame(heldFor([image], [{ ...image, price: '40' }]), jump)
  t.strictSame(heldFor([image], [{ ...image, price: '0.00004' }]), jump)
  t.strictSame(heldFor([image], [{ ...image, unit: 'token', price: '0.00004' }]), jump, 'in another unit')
  t.strictSame(heldFor([image], [{ ...image, price: '0.08' }]), [])
  t.strictSame(heldFor([image], [image, { ...image, unit: 'token', price: '0.00004' }]), [], 'one more unit')
  t.strictSame(heldFor([image], []), [], 'one that is no longer stated')
  t.strictSame(heldFor([image], [{ ...image, currency: 'CNY', price: '4' }]), [])
})

t.test('jumps of prices that hold at certain hours', async (t) => {
  const night = { days: [1, 2, 3, 4, 5, 6, 7], from: '16:30', to: '00:30', timeZone: 'UTC' }
  const at = (inputCostPerToken: string, hours: object = night) => ({ ...hours, prices: { inputCostPerToken } })
  const heldFor = (from: object[], to: object[], always: string | null = '0.000001'): string[] => {
    const changes = { priceWindows: { from, to }, description: { from: 'a', to: 'b' } }
    const fields = { priceWindows: to, description: 'b', inputCostPerToken: always }
    const model = { id: 1, providerModelId: 'a', changes, fields }
    const guarded = guardPlan({ ...planOf({}), updated: [model] } as unknown as Plan, input())
    t.match(guarded.updated, [{ changes: { description: { to: 'b' } } }], 'the rest passes')
    return guarded.held.map(({ reason, ...change }) => `${(change as { field?: string }).field} ${reason}`)
  }
  const jump = ['priceWindows price-jump']
  t.strictSame(heldFor([at('0.0000005')], [at('0.0005')]), jump)
  t.strictSame(heldFor([at('0.0000005')], [at('0.00000005')]), jump)
  t.strictSame(heldFor([at('0.0000005')], [at('0')]), jump, 'for nothing at night')
  t.strictSame(heldFor([at('0.0000005')], [at('0.0000004')]), [])
  const later = { ...night, from: '17:30' }
  t.strictSame(heldFor([at('0.0000005')], [at('0.0005', later)]), jump, 'at other hours as well')
  t.strictSame(heldFor([at('0.0000005')], [at('0.0000005', later)]), [])
  t.strictSame(heldFor([], [at('0.00001')]), jump, 'against what all hours cost')
  t.strictSame(heldFor([], [at('0.0000005')]), [])
  t.strictSame(heldFor([], [at('0.0005')], null), [], 'a price that becomes known')
  t.strictSame(heldFor([at('0.0000005')], []), [], 'one that is no longer stated')
})
