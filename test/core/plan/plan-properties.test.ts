/** What must hold for every plan: carried out it is done, order never matters, every model is counted, nothing given is changed. */
import fc from 'fast-check'
import t from 'tap'
import { completeFields, diffFields, withDesired } from '../../../src/core/model/field-changes.js'
import { MODES } from '../../../src/core/model/model.js'
import type { DesiredFields, ModelFields } from '../../../src/core/model/model-fields.js'
import type { CurrentModel, Desired, Plan, PlanInput } from '../../../src/core/plan/plan.js'
import { Deferred } from '../../../src/core/plan/deferred.js'
import { makePlan } from '../../../src/core/plan/make-plan.js'
import { current, inputOf, spell } from './plan-input.js'

// Few ids and few values, so that the two sides meet often; the ids never differ in case alone, which would be a rename.
const text = fc.constantFrom('a', 'b', 'gpt')
const fieldsArbitrary: fc.Arbitrary<DesiredFields> = fc.record(
  {
    name: text,
    mode: fc.constantFrom(null, ...MODES),
    contextLength: fc.option(fc.nat(3)),
    inputCostPerToken: fc.constantFrom(null, '0', '0.1', '0.2'),
    inputModalities: fc.subarray(['audio', 'image', 'text']),
    capabilities: fc.dictionary(fc.constantFrom('vision', 'reasoning'), fc.boolean(), { maxKeys: 2 }),
    deprecationDate: fc.constantFrom(null, '2020-01-01', '2030-01-01'),
    deployments: fc.option(fc.nat(2)),
  },
  { requiredKeys: [] },
)
const idArbitrary = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g/h', 'i:j')
const currentArbitrary = fc.uniqueArray(
  fc.record({
    providerModelId: idArbitrary,
    fields: fieldsArbitrary,
    listedReason: fc.constantFrom(null, null, 'omitted' as const, 'deprecated' as const),
    misses: fc.nat(2),
    origin: fc.constantFrom('synced' as const, 'synced' as const, 'local' as const),
  }),
  { selector: ({ providerModelId }) => providerModelId, maxLength: 8 },
)
const desiredArbitrary = fc.uniqueArray(
  fc.tuple(idArbitrary, fc.oneof(fieldsArbitrary, fc.constant('same' as const))),
  { selector: ([id]) => id, maxLength: 8 },
)
const inputArbitrary = fc
  .tuple(
    currentArbitrary,
    desiredArbitrary,
    fc.subarray(['a', 'b', 'x']),
    fc.constantFrom('sync' as const, 'upsert-only' as const),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([models, desired, mentioned, policy, missesBeforeUnavailable]) => {
    const rows = models.map(({ providerModelId, fields, origin, misses, listedReason }) =>
      current(
        providerModelId,
        fields,
        origin === 'local' ? { origin } : { listedReason, misses: listedReason === null ? misses : 0 },
      ),
    )
    // Only what is in the catalogue as upstream's can be the same as before.
    const same = new Set(rows.filter(({ origin }) => origin === 'synced').map(({ providerModelId }) => providerModelId))
    const known = desired.map(([id, fields]): [string, Desired] => [
      id,
      fields === 'same' && !same.has(id) ? {} : fields,
    ])
    return inputOf(rows, new Map(known), { policy, missesBeforeUnavailable, mentioned: new Set(mentioned) })
  })

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Map) && !(value instanceof Set))
    for (const member of Object.values(value)) freeze(member)
  return Object.freeze(value)
}

/** The catalogue after the plan has been carried out. */
function carryOut({ current: before }: PlanInput, plan: Plan): CurrentModel[] {
  const rows = new Map([...before.values()].map((row) => [row.id, { ...row }]))
  const write = (id: number, fields: ModelFields | null) => {
    const row = rows.get(id)!
    if (fields !== null)
      Object.assign(row, { values: { upstream: fields, pins: {} }, deprecationDate: fields.deprecationDate })
    return row
  }
  for (const { id, fields, pins } of plan.updated)
    Object.assign(write(id, fields), pins === undefined ? {} : { origin: 'synced' })
  for (const { id, fields } of plan.restored) Object.assign(write(id, fields), { listedReason: null, misses: 0 })
  for (const { id, reason } of plan.unavailable) Object.assign(write(id, null), { listedReason: reason, misses: 0 })
  for (const { id, misses } of plan.missed) write(id, null).misses = misses
  const added = plan.added.map(({ providerModelId, fields, unavailableReason }) =>
    current(providerModelId, fields, { listedReason: unavailableReason }),
  )
  return [...rows.values(), ...added]
}

t.test('carried out and made again, a plan is empty', async () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const after = carryOut(input, makePlan(input))
      const again = makePlan({ ...input, current: new Map(after.map((row) => [row.providerModelId, row])) })
      const left = spell(again).filter((line) => !line.startsWith('unchanged'))
      // A model that is missing but not yet for long enough goes on to be counted.
      const counted = input.missesBeforeUnavailable > 1 ? left.filter((line) => !line.startsWith('unavailable')) : left
      return counted.length === 0 && again.entryOnly.length >= 0
    }),
    { numRuns: 500 },
  )
})

t.test('the order of rows, entries and list members never matters', async () => {
  fc.assert(
    fc.property(inputArbitrary, fc.array(fc.nat(), { minLength: 16, maxLength: 16 }), (input, seeds) => {
      const shuffle = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
        new Map(
          [...map]
            .map((entry, index) => [seeds[index] ?? 0, entry] as const)
            .sort(([a], [b]) => a - b)
            .map(([, entry]) => entry),
        )
      const turned = new Map(
        [...shuffle(input.desired)].map(([id, desired]): [string, Desired] =>
          desired === 'same' || desired instanceof Deferred || desired.inputModalities === undefined
            ? [id, desired]
            : [id, { ...desired, inputModalities: [...desired.inputModalities].reverse() }],
        ),
      )
      const plan = spell(makePlan(input))
      const other = spell(makePlan({ ...input, current: shuffle(input.current), desired: turned }))
      return JSON.stringify(plan) === JSON.stringify(other)
    }),
    { numRuns: 500 },
  )
})

t.test('every model of the two sides is counted, and in one list only', async () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      const plan = makePlan(input)
      const lists = [plan.added, plan.restored, plan.unavailable].map((list) =>
        list.map(({ providerModelId }) => providerModelId),
      )
      // What leaves by its date may have changed as well.
      const leaving = new Set(plan.unavailable.map(({ providerModelId }) => providerModelId))
      const updated = plan.updated.map(({ providerModelId }) => providerModelId).filter((id) => !leaving.has(id))
      const ids = [...lists.flat(), ...updated]
      const untouched = [...input.current.values()].filter(
        ({ origin, providerModelId }) => origin === 'local' && !input.desired.has(providerModelId),
      ).length
      const all = new Set([...input.current.keys(), ...input.desired.keys()]).size
      return new Set(ids).size === ids.length && ids.length + plan.unchanged + untouched === all
    }),
    { numRuns: 500 },
  )
})

t.test('pure: nothing that is given is changed, and the same input gives the same plan', async () => {
  fc.assert(
    fc.property(inputArbitrary, (input) => {
      for (const row of input.current.values()) freeze(row)
      for (const fields of input.desired.values()) freeze(fields)
      const before = JSON.stringify([[...input.current], [...input.desired], [...input.mentioned]])
      const one = JSON.stringify(makePlan(input))
      return (
        one === JSON.stringify(makePlan(input)) &&
        before === JSON.stringify([[...input.current], [...input.desired], [...input.mentioned]])
      )
    }),
    { numRuns: 300 },
  )
})

t.test('the changes of a field are what turns one state into the other', async () => {
  fc.assert(
    fc.property(fieldsArbitrary, fieldsArbitrary, (a, b) => {
      const before = completeFields('m', a)
      const after = withDesired(before, b)
      const changes = diffFields(before, b)
      return (
        Object.keys(diffFields(after, b)).length === 0 &&
        Object.entries(changes).every(
          ([field, { from, to }]) =>
            from === before[field as keyof ModelFields] && to === after[field as keyof ModelFields],
        )
      )
    }),
  )
})
