/** The life of a catalogue: one random step after the other, with the answers and the changes of each run kept. */
import { cleanFields } from '../../../src/core/model/clean-fields.js'
import { FIELD_NAMES } from '../../../src/core/model/model.js'
import type { DesiredFields } from '../../../src/core/model/model-fields.js'
import { guardPlan, observeSize, type GuardInput, type ObservedSize } from '../../../src/core/plan/guards.js'
import { releaseHeld } from '../../../src/core/plan/release-held.js'
import type { Desired, Plan, PlanInput } from '../../../src/core/plan/plan.js'
import { makePlan } from '../../../src/core/plan/make-plan.js'
import type { RecordedChange } from '../../../src/core/plan/plan-undo.js'
import type { Step } from './arbitraries.js'
import { MemoryCatalogue, planInput } from './memory-catalogue.js'

const NOW = '2026-11-21T00:00:00.000Z'

export class Life {
  readonly catalogue = new MemoryCatalogue()
  readonly runs: RecordedChange[][] = []
  last: Step & { kind: 'sync' | 'odd sync' } = { kind: 'sync', answer: [], approved: false }
  private sizes: ObservedSize[] = []

  /** The plan of an answer, before and after the guards. @param turn what the planner is given, into what it is given instead */
  plan(
    step: Step & { kind: 'sync' | 'odd sync' },
    turn = (input: PlanInput): PlanInput => input,
  ): { planned: Plan; guarded: Plan } {
    const desired = new Map<string, Desired>(step.answer.map(([id, said]) => [id, cleanFields(said).fields]))
    const rest: Partial<PlanInput> = {}
    if (step.kind === 'odd sync') {
      const { excluded, mentioned } = step
      for (const id of [...excluded, ...mentioned]) desired.delete(id)
      rest.excluded = (id) => excluded.includes(id)
      rest.mentioned = new Set(mentioned.filter((id) => !excluded.includes(id)))
      rest.policy = step.policy
      rest.missesBeforeUnavailable = step.missesBeforeUnavailable
    }
    const planned = makePlan(turn(planInput(this.catalogue, desired, rest)))
    return { planned, guarded: guardPlan(planned, this.guards(desired.size + (rest.mentioned?.size ?? 0))) }
  }

  live(step: Step): void {
    const { catalogue } = this
    const rows = [...catalogue.rows.values()]
    const pick = (index: number) => rows[index % rows.length]
    switch (step.kind) {
      case 'sync':
      case 'odd sync':
        this.last = step
        return this.sync(step)
      case 'repeat':
        return this.sync(this.last)
      case 'pin': {
        const row = pick(step.pick)
        if (row !== undefined) catalogue.edit(row, cleanFields(step.fields).fields)
        return
      }
      case 'unpin': {
        const row = pick(step.pick)
        if (row?.origin === 'synced') catalogue.edit(row, {}, FIELD_NAMES)
        return
      }
      case 'add local':
        if (catalogue.find(step.id) === undefined) catalogue.addLocal(step.id, cleanFields(step.fields).fields)
        return
      case 'undo': {
        const run = this.runs[step.pick % this.runs.length]
        if (run === undefined) return
        const { plan, marks } = catalogue.planUndo(run)
        this.runs.push(catalogue.apply(plan, marks))
      }
    }
  }

  private sync(step: Step & { kind: 'sync' | 'odd sync' }): void {
    const { guarded } = this.plan(step)
    const approved = step.kind === 'sync' && step.approved
    this.runs.push(this.catalogue.apply(approved ? releaseHeld(guarded) : guarded))
    this.sizes = observeSize(approved ? [] : this.sizes, this.catalogue.available, NOW)
  }

  private guards(listed: number): GuardInput {
    return {
      listed,
      available: this.catalogue.available,
      sizes: this.sizes,
      maxRemovalPercent: 50,
      minRemovals: 3,
      maxPriceFactor: 10,
      now: NOW,
    }
  }
}

/** A catalogue with a past. */
export function lived(past: readonly Step[]): Life {
  const life = new Life()
  for (const step of past) life.live(step)
  return life
}

/** The same answer, spelled in another order: entries, members of fields, members of lists. */
export function reordered(answer: readonly [string, DesiredFields][]): [string, DesiredFields][] {
  const reverse = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reverse).reverse()
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, member]) => [key, reverse(member)])
        .reverse(),
    )
  }
  return answer.map(([id, said]): [string, DesiredFields] => [id, reverse(said) as DesiredFields]).reverse()
}
