/** The planner: compares what the catalogue has with what a complete, healthy answer says. Pure. */
import type { Availability, FieldName, UnavailableReason, UncallableReason } from '../model/model.js'
import type { DesiredFields, ModelFields } from '../model/model-fields.js'
import { FIELDS } from '../model/model.js'
import { sameValue } from '../model/same-value.js'
import { completeFields, diffFields, knownFields, withDesired, type FieldChanges } from '../model/field-changes.js'
import { effectiveFields, type Pins } from '../model/pins.js'
import { DeferredFields, DeferredModel } from './deferred-model.js'
import { emptyPlan, type CurrentModel, type Desired, type Plan, type PlanInput } from './plan.js'
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
  const steps = planInSteps(input)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** As {@link makePlan}, a model at each step, so that a long plan holds nobody up. The input must stay as it is meanwhile. */
export function* planInSteps(input: PlanInput): Generator<undefined, Plan> {
  const plan = emptyPlan()
  const renames = findRenames(goneIds(input), freshIds(input))
  const renamedFrom = new Map(renames.map((rename): [string, Rename] => [rename.from, rename]))
  const renamedTo = new Map(renames.map((rename): [string, Rename] => [rename.to, rename]))
  for (const [providerModelId, said] of input.desired) {
    yield
    const rename = renamedTo.get(providerModelId)
    const current = input.current.get(rename?.from ?? providerModelId)
    const desired = said instanceof DeferredFields ? said.read() : said
    if (current === undefined) addModel(plan, input, providerModelId, desired, said)
    else if (rename !== undefined && input.policy !== 'create-only')
      renameModel(plan, input, current, providerModelId, desired)
    else if (input.policy === 'create-only') plan.unchanged += 1
    else if (current.origin === 'local') adoptModel(plan, input, current, desired)
    else compareModel(plan, input, current, desired)
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

type Said = Exclude<Desired, DeferredFields>

function addModel(plan: Plan, input: PlanInput, providerModelId: string, desired: Said, said: Desired): void {
  if (desired === 'same')
    throw new Error(`model ${providerModelId} is said to be unchanged, and is not in the catalogue`)
  const fields = completeFields(providerModelId, desired)
  const { deprecationDate } = fields
  const unavailableReason = reasonAgainst(input, providerModelId, fields)
  plan.added.push(
    said instanceof DeferredFields
      ? new DeferredModel(providerModelId, said, unavailableReason, deprecationDate)
      : { providerModelId, fields, unavailableReason },
  )
}

function renameModel(
  plan: Plan,
  input: PlanInput,
  current: CurrentModel,
  providerModelId: string,
  desired: Said,
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
  desired: Said,
  listedAs = current.providerModelId,
): void {
  const { id, providerModelId, undone } = current
  const before = desired === 'same' ? null : valuesOf(current).upstream
  const changes = desired === 'same' || before === null ? {} : diffFields(before, desired)
  const held = takeUndone(plan, current, changes, before)
  const fields = desired === 'same' || before === null ? null : withDesired(before, withoutFields(desired, held))

  const said = desired === 'same' || before === null ? null : withDesired(before, desired)
  const stated = reasonAgainst(input, listedAs, said ?? current)
  const misses = stated === 'not-callable' && current.listedReason === null ? current.misses + 1 : 0
  const waits = misses > 0 && misses < input.missesBeforeUnavailable
  if (waits || (current.misses > 0 && misses === 0)) plan.missed.push({ id, misses: waits ? misses : 0 })
  const reason = waits ? null : stated
  // Of a date that was taken back the row keeps another: what would follow from upstream's is held with it.
  const isKept = reasonAgainst(input, listedAs, fields ?? current) !== null
  endMarks(plan, current, { desired, availability: reason === null ? 'available' : 'unavailable', listedAs })
  if (current.listedReason !== null && reason === null) {
    const change = { id, providerModelId, changes, fields, from: current.listedReason }
    if (undone?.['availability'] === 'available' || isKept)
      plan.held.push({ kind: 'restored', providerModelId, reason: 'undone', change })
    else plan.restored.push(change)
    return
  }
  if (reason !== null && input.policy === 'sync' && isMove(current.listedReason, reason))
    leave(plan, current, reason, !isKept)
  else if (Object.keys(changes).length === 0 && held.length === 0) plan.unchanged += 1
  if (fields === null) return
  if (Object.keys(changes).length > 0) plan.updated.push({ id, providerModelId, changes, fields })
  else if (held.length === 0) plan.entryOnly.push(providerModelId)
}

/** Takes changes that a person took back out of `changes`, and holds them. Returns their fields. */
function takeUndone(
  plan: Plan,
  { id, providerModelId, undone }: CurrentModel,
  changes: FieldChanges,
  before: ModelFields | null,
): FieldName[] {
  if (undone === null || before === null) return []
  const held: FieldName[] = []
  for (const [field, change] of Object.entries(changes) as [FieldName, { from: unknown; to: unknown }][]) {
    if (!(field in undone) || !sameValue(FIELDS[field], undone[field], change.to)) continue
    held.push(field)
    delete changes[field]
    const fields = { ...before, [field]: change.to }
    plan.held.push({
      kind: 'updated',
      providerModelId,
      reason: 'undone',
      field,
      ...change,
      change: { id, providerModelId, changes: { [field]: change }, fields },
    })
  }
  return held
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

function withoutFields(desired: DesiredFields, fields: readonly FieldName[]): DesiredFields {
  if (fields.length === 0) return desired
  return Object.fromEntries(Object.entries(desired).filter(([field]) => !fields.includes(field as FieldName)))
}

function valuesOf(current: CurrentModel): { upstream: ModelFields; pins: Pins } {
  if (current.values === null) throw new Error(`the fields of model ${current.providerModelId} were not read`)
  return current.values
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
