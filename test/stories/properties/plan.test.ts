/** Properties of planning, guarding and approving, over random catalogues and answers. */
import fc from 'fast-check'
import t from 'tap'
import { releaseHeld } from '../../../src/core/plan/release-held.js'
import { countPlan } from '../../../src/core/plan/plan-counts.js'
import { Deferred, valueOf } from '../../../src/core/plan/deferred.js'
import { changesCatalogue, dateAfter, type Plan, type PlanInput } from '../../../src/core/plan/plan.js'
import type { ProviderPlanDocument } from '../../../src/core/plan/plan-document.js'
import { settleMarks } from '../../../src/core/plan/undo-marks.js'
import { describeAppliedPlan } from '../../../src/services/applied-changes.js'
import { changesOf } from '../../../src/store/changes/write-changes.js'
import { drained } from '../../support/drained.js'
import { describePlan, hashPlan } from '../../../src/services/sync/plan-document.js'
import { boundPlan } from '../../../src/services/sync/bound-plan.js'
import { answers, steps } from './arbitraries.js'
import { lived, reordered, type Life } from './life.js'

const past = fc.array(steps, { maxLength: 8 })
const runs = { numRuns: 300 }
const sync = (answer: typeof answers extends fc.Arbitrary<infer T> ? T : never) => ({
  kind: 'sync' as const,
  answer,
  approved: false,
})

/** A plan with nothing to do; that each entry is written anew is how the planner is asked here. */
function isEmpty(plan: Plan): boolean {
  return !changesCatalogue({ ...plan, entryOnly: [] }) && plan.missed.length === 0 && plan.undone.length === 0
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
}

t.test('applying a plan and planning again gives an empty plan, and holds the same', async () => {
  fc.assert(
    fc.property(past, answers, (past, answer) => {
      const life = lived(past)
      const { guarded } = life.plan(sync(answer))
      life.catalogue.apply(guarded)
      const { guarded: again } = life.plan(sync(answer))
      return isEmpty(again) && same(held(again), held(guarded))
    }),
    runs,
  )
})

t.test('what is approved is done whole', async () => {
  fc.assert(
    fc.property(past, answers, (past, answer) => {
      const life = lived(past)
      const approved = releaseHeld(life.plan(sync(answer)).guarded)
      if (approved.held.length > 0) return false
      life.catalogue.apply(approved)
      const { planned } = life.plan(sync(answer))
      return isEmpty(planned) && planned.held.length === 0
    }),
    runs,
  )
})

t.test('the numbers add up, each model counted once', async () => {
  fc.assert(
    fc.property(
      past,
      steps.filter((step) => step.kind === 'sync' || step.kind === 'odd sync'),
      fc.boolean(),
      (past, step, approved) => {
        const life = lived(past)
        const { guarded } = life.plan(step as never)
        const plan = approved ? releaseHeld(guarded) : guarded
        const left = step.kind === 'odd sync' ? new Set([...step.excluded, ...step.mentioned]) : new Set()
        const listed = new Set(step.answer.map(([id]) => id).filter((id) => !left.has(id))).size
        const counts = countPlan(plan, listed)
        const { totalModels, newModels, updatedModels, restoredModels, renamedModels, unchangedModels } = counts
        const parts = [newModels, updatedModels, restoredModels, renamedModels, unchangedModels]
        const local = [...plan.updated, ...plan.restored].filter(({ changes }) => changes.origin?.to === 'local')
        return (
          parts.every((part) => part >= 0) &&
          totalModels === parts.reduce((sum, part) => sum + part) &&
          totalModels === listed + local.length
        )
      },
    ),
    runs,
  )
})

t.test('every model of both sides is accounted for', async () => {
  fc.assert(
    fc.property(
      past,
      steps.filter((step) => step.kind === 'sync' || step.kind === 'odd sync'),
      (past, step) => {
        const life = lived(past)
        const { planned, guarded } = life.plan(step)
        return [planned, guarded, releaseHeld(guarded)].every(
          (plan) => told(plan).size + plan.unchanged === models(life, step, plan),
        )
      },
    ),
    runs,
  )
})

t.test('neither the planner nor the guards nor an approval touch what they are given', async () => {
  fc.assert(
    fc.property(past, answers, (past, answer) => {
      const life = lived(past)
      for (const row of life.catalogue.rows.values()) freeze(row)
      freeze(answer)
      const first = life.plan(sync(answer))
      freeze(first)
      releaseHeld(first.guarded)
      return same(life.plan(sync(answer)), first)
    }),
    runs,
  )
})

t.test('the order of entries, of members and of list members never matters', async () => {
  fc.assert(
    fc.property(past, answers, (past, answer) => {
      const [one, other] = [answer, reordered(answer)].map((spelled) => {
        const { guarded } = lived(past).plan(sync(spelled))
        const document = described(guarded)
        const options = { forceUpdate: false, markUnavailable: true, providers: ['p'] }
        return {
          document,
          hash: drained(hashPlan(options, [drained(describePlan('p', releaseHeld(guarded)))])),
          missed: guarded.missed.length,
        }
      })
      return same(one, other) && one?.hash === other?.hash
    }),
    runs,
  )
})

t.test('a guard only takes out of a plan what it holds, and an approval puts it back', async () => {
  fc.assert(
    fc.property(past, answers, (past, answer) => {
      const { planned, guarded } = lived(past).plan(sync(answer))
      return same(described(releaseHeld(guarded)), described(releaseHeld(planned)))
    }),
    runs,
  )
})

/** Ids of every model that the plan names. */
function told(plan: Plan): Set<string> {
  const { added, updated, unavailable, restored, renamed, held } = plan
  // One model may go by the name it has and the one that it would get.
  const renames = new Map(renamesOf(plan).map(({ from, providerModelId }) => [from, providerModelId]))
  return new Set(
    [added, updated, unavailable, restored, renamed, held]
      .flatMap((list: readonly { providerModelId: string }[]) => list.map(({ providerModelId }) => providerModelId))
      .map((id) => renames.get(id) ?? id),
  )
}

function renamesOf({ renamed, held }: Plan): Plan['renamed'] {
  return [...renamed, ...held.flatMap((change) => (change.kind === 'renamed' ? change.change : []))]
}

function models(life: Life, step: Parameters<Life['plan']>[0], plan: Plan): number {
  const left = step.kind === 'odd sync' ? [...step.excluded, ...step.mentioned] : []
  const ids = new Set(step.answer.map(([id]) => id).filter((id) => !left.includes(id)))
  const renamed = new Set(renamesOf(plan).map(({ from }) => from))
  for (const { providerModelId, origin } of life.catalogue.rows.values())
    if (origin === 'synced' && !renamed.has(providerModelId)) ids.add(providerModelId)
  return ids.size
}

function held(plan: Plan): unknown {
  return described(plan)?.held.map((change) => ({ ...change, from: null, to: null }))
}

function described(plan: Plan): ProviderPlanDocument | undefined {
  const whole = { planHash: '', revision: null, providers: [drained(describePlan('p', plan))] }
  return drained(boundPlan(whole, [])).plan.providers[0]
}

class Later<Value> extends Deferred<Value> {
  constructor(private readonly value: Value) {
    super()
  }

  read(): Value {
    return structuredClone(this.value)
  }
}

/** As a large answer is planned: nothing is at hand. */
function deferred({ current, desired, ...rest }: PlanInput): PlanInput {
  const later = <T extends object>(value: T | Deferred<T>): Deferred<T> => new Later(valueOf(value))
  return {
    ...rest,
    current: new Map([...current].map(([id, row]) => [id, { ...row, values: row.values && later(row.values) }])),
    desired: new Map([...desired].map(([id, said]) => [id, said === 'same' ? said : later(said)])),
  }
}

/** A model's changes have no order. */
function sorted(rows: Iterable<unknown>): string[] {
  return Array.from(rows, (row) => JSON.stringify(row)).sort()
}

/** All that a plan is used for. */
function uses(life: Life, plan: Plan): unknown[] {
  const facts = { values: life.catalogue.rows, pinnedUnavailable: new Set<number>() }
  return [
    described(plan),
    drained(
      hashPlan({ forceUpdate: false, markUnavailable: true, providers: ['p'] }, [drained(describePlan('p', plan))]),
    ),
    countPlan(plan, 0),
    settleMarks(plan, life.catalogue.current()),
    sorted(changesOf(plan, facts)),
    sorted(drained(describeAppliedPlan('p', changesOf(plan, facts), plan))),
    [...plan.updated, ...plan.restored].map(({ id, fields, pins }) => ({ id, fields, pins })),
    [...plan.added, ...plan.updated].map(dateAfter),
    plan.unavailable,
    plan.missed,
    plan.undone,
  ]
}

t.test('a plan is the same when nothing that it is made from is at hand', async () => {
  let changed = 0
  fc.assert(
    fc.property(past, answers, (past, answer) => {
      const life = lived(past)
      const [one, other] = [life.plan(sync(answer)), life.plan(sync(answer), deferred)]
      changed += other.planned.updated.length + other.planned.restored.length
      return (
        same(uses(life, one.planned), uses(life, other.planned)) &&
        same(uses(life, one.guarded), uses(life, other.guarded)) &&
        same(uses(life, releaseHeld(one.guarded)), uses(life, releaseHeld(other.guarded)))
      )
    }),
    runs,
  )
  t.ok(changed > 100, `${changed} changes`)
})

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
