/** The planner: compares what the catalogue has with what a complete, healthy answer says. Pure. */
import type { Availability, FieldName, UnavailableReason, UncallableReason } from '../model/model.js'
import type { DesiredFields } from '../model/model-fields.js'
import { FIELDS } from '../model/model.js'
import { sameValue } from '../model/same-value.js'
import { completeFields, diffFields, knownFields, withDesired, type FieldChanges } from '../model/field-changes.js'
import { effectiveFields } from '../model/pins.js'
import { atOnce } from './at-once.js'
import { Deferred, valueOf } from './deferred.js'
import type { CurrentValues } from './deferred-change.js'
import { DeferredModel } from './deferred-model.js'
import { changeOf, restoredOf } from './change-of.js'
import { heldField, withoutChanges } from './hold-fields.js'
import { dateAfter, emptyPlan, type CurrentModel, type Desired, type Plan, type PlanInput } from './plan.js'
import { findRenames, type Rename } from './renames.js'

/**
 * Compares field by field.
 *
 * | current      | desired               | result                                                                       |
 * |--------------|-----------------------|------------------------------------------------------------------------------|
 * | –            | there                 | added; renamed when exactly one id is gone that differs in case only         |
 * | listed       | same                  | unchanged                                                                    |
 * | listed       | differs               | updated, each changed field with from and to                                 |
 * | listed       | –                     | unavailable (`omitted`), once it was missing often enough                    |
 * | listed       | excluded by a rule    | unavailable (`excluded`)                                                     |
 * | listed       | its date is past      | unavailable (`deprecated`)                                                   |
 * | listed       | blocked upstream      | unavailable (`blocked`)                                                      |
 * | listed       | there, not callable   | unavailable (`not-callable`), once it was so often enough                    |
 * | not listed   | not to be called      | unavailable for that reason from then on                                     |
 * | not listed   | there                 | restored, with the fields that changed meanwhile                             |
 * | not listed   | –                     | unchanged                                                                    |
 * | any          | mentioned, unreadable | unchanged                                                                    |
 * | local        | there                 | updated: upstream's from now on, what was set by hand becomes pins           |
 * | once local   | –                     | updated: local again, with its pins as its fields                            |
 * | local        | –                     | untouched, not counted                                                       |
 *
 * A change that a person took back is held as `undone` while upstream repeats the value. A field that the desired side leaves out keeps its
 * value. The order of entries and of list members never matters. Throws nothing.
 */
export function makePlan(input: PlanInput): Plan {
  return atOnce(planInSteps(input))
}

/** As {@link makePlan}, a model at each step, so that a long plan holds nobody up. The input must stay as it is meanwhile. */
export function* planInSteps(input: PlanInput): Generator<undefined, Plan> {
  const plan = emptyPlan()
  const renames = yield* findRenames(goneIds(input), freshIds(input))
  const renamedFrom = new Map(renames.map((rename): [string, Rename] => [rename.from, rename]))
  const renamedTo = new Map(renames.map((rename): [string, Rename] => [rename.to, rename]))
  for (const [providerModelId, said] of input.desired) {
    yield
    const rename = renamedTo.get(providerModelId)
    const current = input.current.get(rename?.from ?? providerModelId)
    if (current === undefined) addModel(plan, input, providerModelId, said)
    else if (rename !== undefined && input.policy !== 'create-only')
      renameModel(plan, input, current, providerModelId, said)
    else if (input.policy === 'create-only') plan.unchanged += 1
    else if (current.origin === 'local') adoptModel(plan, input, current, valueOf(said))
    else compareModel(plan, input, current, said)
  }
  for (const current of input.current.values()) {
    yield
    if (
      current.origin === 'local' ||
      input.desired.has(current.providerModelId) ||
      renamedFrom.has(current.providerModelId)
    )
      continue
    if (input.policy !== 'sync') plan.unchanged += 1
    else if (input.excluded(current.providerModelId)) leave(plan, current, 'excluded')
    else if (input.mentioned.has(current.providerModelId)) plan.unchanged += 1
    else missModel(plan, input, current)
  }
  return plan
}

function* goneIds({ current, desired, mentioned, excluded, policy }: PlanInput): Generator<string> {
  if (policy === 'create-only') return
  for (const { providerModelId, origin } of current.values()) {
    if (origin === 'local' || desired.has(providerModelId) || mentioned.has(providerModelId)) continue
    // What a rule leaves out may well be in the answer.
    if (!excluded(providerModelId)) yield providerModelId
  }
}

function* freshIds({ current, desired }: PlanInput): Generator<string> {
  for (const id of desired.keys()) if (!current.has(id)) yield id
}

type Said = Exclude<Desired, Deferred<DesiredFields>>

function addModel(plan: Plan, input: PlanInput, providerModelId: string, said: Desired): void {
  const desired = valueOf(said)
  if (desired === 'same')
    throw new Error(`model ${providerModelId} is said to be unchanged, and is not in the catalogue`)
  const fields = completeFields(providerModelId, desired)
  const { deprecationDate } = fields
  const unavailableReason = reasonAgainst(input, providerModelId, fields)
  plan.added.push(
    said instanceof Deferred
      ? new DeferredModel(providerModelId, said, unavailableReason, deprecationDate)
      : { providerModelId, fields, unavailableReason },
  )
}

function renameModel(
  plan: Plan,
  input: PlanInput,
  current: CurrentModel,
  providerModelId: string,
  desired: Desired,
): void {
  const change = { id: current.id, from: current.providerModelId, providerModelId }
  const before = plan.unchanged
  if (current.undone?.['providerModelId'] === providerModelId) {
    plan.held.push({ kind: 'renamed', providerModelId, reason: 'undone', change })
    // Only the name is held: what else upstream says of the model goes on being synced.
    compareModel(plan, input, current, desired, providerModelId)
  } else {
    plan.renamed.push(change)
    compareModel(plan, input, { ...current, providerModelId }, desired)
  }
  plan.unchanged = before
}

/** Upstream lists what was added by hand: the row is upstream's now, and what was set by hand wins over it. */
function adoptModel(plan: Plan, input: PlanInput, current: CurrentModel, desired: Said): void {
  if (desired === 'same') throw new Error(`local model ${current.providerModelId} is said to be unchanged upstream`)
  const { id, providerModelId } = current
  const before = valuesOf(current).upstream
  const fields = completeFields(providerModelId, desired)
  const pins = knownFields(before)
  const changes = { origin: { from: 'local', to: 'synced' }, ...diffFields(before, effectiveFields(fields, pins)) }
  plan.updated.push({ id, providerModelId, changes, fields, pins })
  const reason = reasonAgainst(input, providerModelId, fields)
  if (input.policy === 'sync' && reason !== null) leave(plan, current, reason)
}

/** @param listedAs the id under which upstream lists the model */
function compareModel(
  plan: Plan,
  input: PlanInput,
  current: CurrentModel,
  answered: Desired,
  listedAs = current.providerModelId,
): void {
  const { id, providerModelId, undone, listedReason } = current
  const desired = valueOf(answered)
  const before = desired === 'same' ? null : valuesOf(current).upstream
  const changes = desired === 'same' || before === null ? {} : diffFields(before, desired)
  const fields = desired === 'same' || before === null ? null : withDesired(before, desired)
  const whole = fields === null ? null : changeOf(current, answered, changes, fields)
  const taken = whole === null ? [] : takenBack(undone, changes)
  for (const field of taken) if (whole !== null) plan.held.push(heldField(whole, field, 'undone'))
  const change = whole === null || taken.length === 0 ? whole : withoutChanges(whole, taken)
  const isChanged = Object.keys(changes).length > taken.length

  const stated = reasonAgainst(input, listedAs, fields ?? current)
  const misses = stated === 'not-callable' && listedReason === null ? current.misses + 1 : 0
  const waits = misses > 0 && misses < input.missesBeforeUnavailable
  if (waits || (current.misses > 0 && misses === 0)) plan.missed.push({ id, misses: waits ? misses : 0 })
  const reason = waits ? null : stated
  // Of a date that was taken back the row keeps another: what would follow from upstream's is held with it.
  const after = change === null ? current : { deprecationDate: dateAfter(change) }
  const isKept = reasonAgainst(input, listedAs, after) !== null
  endMarks(plan, current, { desired, availability: reason === null ? 'available' : 'unavailable', listedAs })
  if (listedReason !== null && reason === null) {
    const restored = restoredOf(current, change, listedReason)
    if (undone?.['availability'] === 'available' || isKept)
      plan.held.push({ kind: 'restored', providerModelId, reason: 'undone', change: restored })
    else plan.restored.push(restored)
    return
  }
  if (reason !== null && input.policy === 'sync' && isMove(listedReason, reason)) leave(plan, current, reason, !isKept)
  else if (!isChanged && taken.length === 0) plan.unchanged += 1
  if (change === null) return
  if (isChanged) plan.updated.push(change)
  else if (taken.length === 0) plan.entryOnly.push(providerModelId)
}

/** Fields whose change a person took back. */
function takenBack(undone: CurrentModel['undone'], changes: FieldChanges): FieldName[] {
  if (undone === null) return []
  return (Object.keys(changes) as FieldName[]).filter(
    (field) => field in undone && sameValue(FIELDS[field], undone[field], changes[field]?.to),
  )
}

/** A mark ends when upstream says something else than what was taken back. `listedAs` `null`: the answer lacks the model. */
function endMarks(
  plan: Plan,
  { id, undone }: CurrentModel,
  { desired, availability, listedAs }: { desired: Said | null; availability: Availability; listedAs: string | null },
): void {
  if (undone === null || desired === 'same') return
  const left = Object.entries(undone).filter(([field, value]) => {
    if (field === 'providerModelId') return listedAs === null || value === listedAs
    if (field === 'availability') return value === availability
    const said = desired?.[field as FieldName]
    return said === undefined || sameValue(FIELDS[field as FieldName], said, value)
  })
  if (left.length < Object.keys(undone).length)
    plan.undone.push({ id, marks: left.length === 0 ? null : Object.fromEntries(left) })
}

function missModel(plan: Plan, input: PlanInput, current: CurrentModel): void {
  const { id, wasLocal, listedReason } = current
  const misses = current.misses + 1
  if (listedReason !== null && !isUncallable(listedReason) && !wasLocal) {
    plan.unchanged += 1
    endMarks(plan, current, { desired: null, availability: 'unavailable', listedAs: null })
  } else if (misses < input.missesBeforeUnavailable) {
    plan.missed.push({ id, misses })
    plan.unchanged += 1
  } else if (wasLocal) returnToHand(plan, current)
  else leave(plan, current, isPast(current.deprecationDate, input) ? 'deprecated' : 'omitted')
}

/**
 * Upstream has dropped what was added by hand once: it is local again, with its pins as its fields. A pin that says that there is no value
 * is what is unknown of a local model, and none when upstream lists it once more.
 */
function returnToHand(plan: Plan, current: CurrentModel): void {
  const { id, providerModelId, listedReason } = current
  if (current.misses > 0) plan.missed.push({ id, misses: 0 })
  const { upstream, pins } = valuesOf(current)
  const fields = completeFields(providerModelId, pins)
  const changes = { origin: { from: 'synced', to: 'local' }, ...diffFields(effectiveFields(upstream, pins), fields) }
  const change = { id, providerModelId, changes, fields, pins: {} }
  if (listedReason === null) plan.updated.push(change)
  else plan.restored.push({ ...change, from: listedReason })
}

/** @param held the change that this follows from is held */
function leave(plan: Plan, current: CurrentModel, reason: UnavailableReason, held = false): void {
  const { id, providerModelId, listedReason, undone } = current
  if (!isMove(listedReason, reason)) {
    plan.unchanged += 1
    return
  }
  const change = { id, providerModelId, reason, from: listedReason }
  if (undone?.['availability'] === 'unavailable' || held)
    plan.held.push({ kind: 'unavailable', providerModelId, reason: 'undone', change })
  else plan.unavailable.push(change)
}

function valuesOf(current: CurrentModel): CurrentValues {
  if (current.values === null) throw new Error(`the fields of model ${current.providerModelId} were not read`)
  return valueOf(current.values)
}

/** Why a model that upstream lists cannot be had; `null`: it can. An operator's block says more than a date. */
function reasonAgainst(
  input: PlanInput,
  listedAs: string,
  { deprecationDate }: Pick<CurrentModel, 'deprecationDate'>,
): UnavailableReason | null {
  const reason = input.uncallable?.get(listedAs) ?? null
  return reason !== 'blocked' && isPast(deprecationDate, input) ? 'deprecated' : reason
}

/** Whether the reason changes. Once a model is unavailable, its reason stays, unless the old or the new one is `blocked` or `not-callable`. */
function isMove(from: UnavailableReason | null, to: UnavailableReason): boolean {
  return from === null || (from !== to && (isUncallable(from) || isUncallable(to)))
}

function isUncallable(reason: UnavailableReason): reason is UncallableReason {
  return reason === 'blocked' || reason === 'not-callable'
}

function isPast(deprecationDate: string | null, input: PlanInput): boolean {
  return deprecationDate !== null && deprecationDate < input.today
}
