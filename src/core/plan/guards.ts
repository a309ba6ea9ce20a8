/** The guards: what looks like an accident is taken out of a plan and held for a person. Pure. */
import { Big } from '../model/big.js'
import type { FieldChanges } from '../model/field-changes.js'
import type { FieldName } from '../model/model.js'
import type { OtherPrice } from '../model/model-fields.js'
import { WINDOW_PRICES, windowKey, type PriceWindow } from '../model/price-window.js'
import { atOnce } from './at-once.js'
import { heldField, withoutChanges } from './hold-fields.js'
import { movesTo, type ChangedModel, type HeldChange, type HeldReason, type Plan } from './plan.js'

/** A number of available models, and until when it was in effect (ISO 8601). */
export interface ObservedSize {
  size: number
  until: string
}

export interface GuardInput {
  /** Entries in the answer that are models, duplicates merged. */
  listed: number
  /** Models available now, before the plan. */
  available: number
  /** The sizes of the last 24 hours, from {@link observeSize}. */
  sizes: readonly ObservedSize[]
  /** Percent, 0 to 100: how much of the largest recent size may go before removals are held. */
  maxRemovalPercent: number
  /** Removals below this number in one run are never a mass removal. */
  minRemovals: number
  /** A token price that grows or shrinks by this factor or more is held, and one that falls to 0. Infinity: none is. */
  maxPriceFactor: number
  /** ISO 8601. */
  now: string
}

const WINDOW_MS = 24 * 60 * 60 * 1000
const GUARDED_PRICES = [
  'inputCostPerToken',
  'outputCostPerToken',
  'cacheReadCostPerToken',
  'cacheWriteCostPerToken',
  // Those of images, seconds, tiers, and of certain hours; each is compared with its like.
  'otherPrices',
  'priceWindows',
] as const satisfies FieldName[]

/**
 * Holds the removals of an answer without models; those that would leave less than the allowed part of the largest size of the last 24 hours,
 * counted over time, so that a catalogue does not melt away run by run; and token prices that jump. A model that would go back to a person's hand
 * is a removal too, since it would lose what upstream says of it; one that a rule of the operator asks for, or a block of upstream's operator, is no
 * accident. Everything else passes.
 * Throws nothing.
 */
export function guardPlan(plan: Plan, input: GuardInput): Plan {
  return atOnce(guardInSteps(plan, input))
}

/** As {@link guardPlan}, a model at each step. */
export function* guardInSteps(plan: Plan, input: GuardInput): Generator<undefined, Plan> {
  return holdRemovals(yield* holdPriceJumps(plan, input.maxPriceFactor), input)
}

function holdRemovals(plan: Plan, input: GuardInput): Plan {
  const removals = plan.unavailable.filter(isAccidental)
  const returns = plan.updated.filter((change) => movesTo(change) === 'local')
  const excluded = plan.unavailable.filter(isByRule).length
  const reason = removalReason(plan, { removals: removals.length + returns.length, excluded }, input)
  if (reason === null) return plan
  const held = [
    ...removals.map((change): HeldChange => {
      const { providerModelId } = change
      return { kind: 'unavailable', providerModelId, reason, change }
    }),
    ...returns.map((change): HeldChange => {
      const { providerModelId } = change
      return { kind: 'updated', providerModelId, reason, field: 'origin', from: 'synced', to: 'local', change }
    }),
  ]
  const ids = new Set(returns.map(({ id }) => id))
  return {
    ...plan,
    unavailable: plan.unavailable.filter((change) => !isAccidental(change)),
    updated: plan.updated.filter(({ id }) => !ids.has(id)),
    held: [...plan.held, ...held],
    missed: plan.missed.filter(({ id }) => !ids.has(id)),
  }
}

function removalReason(
  plan: Plan,
  { removals, excluded }: { removals: number; excluded: number },
  input: GuardInput,
): HeldReason | null {
  if (removals === 0) return null
  if (input.listed === 0) return 'empty-answer'
  if (removals < input.minRemovals) return null
  const left = sizeAfter(plan, input.available)
  // What a rule of the operator takes out was never there, as far as accidents go.
  const peak = peakSize(input.sizes, input.available, input.now) - excluded
  const least = (peak * (100 - input.maxRemovalPercent)) / 100
  return left < least ? 'mass-removal' : null
}

/** Only the price is held; the other changes of the model pass. A price that becomes known or unknown is none that jumps. */
function* holdPriceJumps(plan: Plan, factor: number): Generator<undefined, Plan> {
  const held: HeldChange[] = []
  const updated: ChangedModel[] = []
  for (const model of plan.updated) {
    yield
    const { changes } = model
    const jumps = GUARDED_PRICES.filter((field) => isHardToBelieve(model, changes, field, factor))
    for (const field of jumps) held.push(heldField(model, field, 'price-jump'))
    if (jumps.length === 0) updated.push(model)
    else if (jumps.length < Object.keys(changes).length) updated.push(withoutChanges(model, jumps))
  }
  return held.length === 0 ? plan : { ...plan, updated, held: [...plan.held, ...held] }
}

function isHardToBelieve(model: ChangedModel, changes: FieldChanges, field: FieldName, factor: number): boolean {
  const change = changes[field]
  if (change === undefined) return false
  const { from, to } = change
  if (field === 'otherPrices') return hasJump(from as OtherPrice[], to as OtherPrice[], factor)
  if (field === 'priceWindows')
    return hasJumpAtHours(from as PriceWindow[], to as PriceWindow[], { changes, fields: model.fields }, factor)
  return isJump(from as string | null, to as string | null, factor)
}

/** Each price is compared with its like; one of another unit is its like where it is there no more. */
function hasJump(from: readonly OtherPrice[], to: readonly OtherPrice[], factor: number): boolean {
  const isAlike = (a: OtherPrice, b: OtherPrice): boolean => a.kind === b.kind && a.currency === b.currency
  const isLike = (a: OtherPrice, b: OtherPrice): boolean => isAlike(a, b) && a.unit === b.unit
  const left = from.filter((before) => !to.some((after) => isLike(before, after)))
  return to.some((after) => {
    const before = from.find((one) => isLike(one, after)) ?? left.find((one) => isAlike(one, after))
    return isJump(before?.price ?? null, after.price, factor)
  })
}

/** What these hours cost before: by the same window, else by the one that comes nearest, else what all hours did. */
function hasJumpAtHours(
  from: readonly PriceWindow[],
  to: readonly PriceWindow[],
  model: Pick<ChangedModel, 'changes' | 'fields'>,
  factor: number,
): boolean {
  return to.some((after) => {
    const same = from.filter((before) => windowKey(before) === windowKey(after))
    return WINDOW_PRICES.some((field) => {
      const price = after.prices[field] ?? null
      const known = (same.length > 0 ? same : from).flatMap(({ prices }) => prices[field] ?? [])
      const always = model.changes[field] === undefined ? model.fields[field] : model.changes[field].from
      const before = known.length > 0 ? known : [(always as string | null | undefined) ?? null]
      return before.every((one) => isJump(one, price, factor))
    })
  })
}

function isJump(from: string | null, to: string | null, factor: number): boolean {
  if (from === null || to === null || !Number.isFinite(factor)) return false
  const [before, after] = [new Big(from), new Big(to)]
  return after.eq(0) || after.gte(before.times(factor)) || before.gte(after.times(factor))
}

/** What an operator of ours (a rule) or of upstream's (a block) has asked for is no accident. */
export function isByRule({ reason, from }: Plan['unavailable'][number]): boolean {
  return from == null && (reason === 'excluded' || reason === 'blocked')
}

/** A model that was unavailable before is not removed once more. */
function isAccidental(change: Plan['unavailable'][number]): boolean {
  return change.from == null && !isByRule(change)
}

/** The number of models that the provider's side lists, once the plan has been carried out; `available`: before. */
export function sizeAfter(plan: Plan, available: number): number {
  const came =
    plan.added.filter(({ unavailableReason }) => unavailableReason === null).length +
    plan.restored.filter((change) => movesTo(change) === null).length +
    plan.updated.filter((change) => movesTo(change) === 'synced').length
  const went =
    plan.unavailable.filter(({ from }) => from == null).length +
    plan.updated.filter((change) => movesTo(change) === 'local').length
  return available + came - went
}

/** The largest number of available models in the 24 hours before `now`; a size that nobody has looked at since counts as long as it is the current one. */
export function peakSize(sizes: readonly ObservedSize[], current: number, now: string): number {
  return recent(sizes, now).reduce((peak, { size }) => Math.max(peak, size), current)
}

/** The sizes with a new observation. Kept short: one that is followed by a larger one can never be the peak again. */
export function observeSize(sizes: readonly ObservedSize[], size: number, now: string): ObservedSize[] {
  return [...recent(sizes, now).filter((observed) => observed.size > size), { size, until: now }]
}

function recent(sizes: readonly ObservedSize[], now: string): ObservedSize[] {
  const oldest = Date.parse(now) - WINDOW_MS
  return sizes.filter(({ until }) => Date.parse(until) >= oldest)
}
