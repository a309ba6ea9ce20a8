/** Releases the held changes that a person approves. Pure. */
import { joinField } from './hold-fields.js'
import type { ChangedModel, Plan, RestoredModel } from './plan.js'

/** The plan with the approved changes released. @param ids the approved models; `null`: all. Changes that are not approved stay held. */
export function approvePlan(guarded: Plan, ids: ReadonlySet<string> | null): Plan {
  const released = releaseHeld(guarded)
  if (ids === null) return released
  const held = guarded.held.filter(({ providerModelId }) => !ids.has(providerModelId))
  return { ...restrictPlan(released, ids), held }
}

/** The plan with everything that is held let through: what a person approves. */
export function releaseHeld(plan: Plan): Plan {
  const updated = new Map(plan.updated.map((change): [number, ChangedModel] => [change.id, change]))
  const restored = new Map(plan.restored.map((change): [number, RestoredModel] => [change.id, change]))
  const unavailable = [...plan.unavailable]
  const renamed = [...plan.renamed]
  for (const held of plan.held) {
    if (held.kind === 'unavailable') unavailable.push(held.change)
    else if (held.kind === 'restored') restored.set(held.change.id, held.change)
    else if (held.kind === 'renamed') renamed.push(held.change)
  }
  const missed = [...plan.missed]
  for (const held of plan.held) {
    if (held.kind !== 'updated') continue
    const { change } = held
    if (held.field === 'origin') {
      updated.set(change.id, change)
      missed.push({ id: change.id, misses: 0 })
      continue
    }
    // A row is written once, with all that changes about it.
    const back = restored.get(change.id)
    if (back === undefined) updated.set(change.id, joinField(updated.get(change.id) ?? change, held))
    else restored.set(change.id, joinField(back, held))
  }
  return {
    ...plan,
    updated: [...updated.values()],
    restored: [...restored.values()],
    unavailable,
    renamed,
    held: [],
    missed,
  }
}

/** The plan cut down to some models. */
export function restrictPlan(plan: Plan, ids: ReadonlySet<string>): Plan {
  const chosen = <T extends { providerModelId: string }>(list: readonly T[]): T[] =>
    list.filter(({ providerModelId }) => ids.has(providerModelId))
  return {
    ...plan,
    added: chosen(plan.added),
    updated: chosen(plan.updated),
    unavailable: chosen(plan.unavailable),
    restored: chosen(plan.restored),
    renamed: chosen(plan.renamed),
    held: chosen(plan.held),
    missed: [],
    entryOnly: [],
  }
}
