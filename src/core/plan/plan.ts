/** The plan: what a sync would do to one provider's models. {@link makePlan} makes it. Pure. */
import type { FieldName, UnavailableReason, UncallableReason } from '../model/model.js'
import type { DesiredFields, ModelFields } from '../model/model-fields.js'
import type { FieldChanges } from '../model/field-changes.js'
import type { Pins } from '../model/pins.js'
import type { Deferred } from './deferred.js'
import { DeferredChange, type CurrentValues } from './deferred-change.js'

/** What the catalogue has of one model. */
export interface CurrentModel {
  /** The row's internal id. */
  id: number
  providerModelId: string
  origin: 'synced' | 'local'
  /** Why the provider's side holds it for unavailable, whatever an operator set on top; `null`: it is listed. */
  listedReason: UnavailableReason | null
  /** Healthy listings in a row that lacked the model. */
  misses: number
  /** ISO date; upstream's. */
  deprecationDate: string | null
  /** Added by hand once, before upstream listed it. */
  wasLocal: boolean
  /** Upstream's values that a person took back, by field, `availability` among them. */
  undone: Record<string, unknown> | null
  /** Upstream's values and the pins. `null`: not read, because the entry is byte for byte the one that was applied last. */
  values: CurrentValues | Deferred<CurrentValues> | null
}

/** What the answer says of one model; `'same'`: exactly what it said when the model was last written. */
export type Desired = DesiredFields | Deferred<DesiredFields> | 'same'

/** What a sync may do to a provider's models: everything; add and update; add only. */
export type Policy = 'sync' | 'upsert-only' | 'create-only'

export interface PlanInput {
  current: ReadonlyMap<string, CurrentModel>
  desired: ReadonlyMap<string, Desired>
  /** In the answer, but malformed or filtered there: neither missing nor compared. */
  mentioned: ReadonlySet<string>
  /** In the answer, and not to be called. Default: none. */
  uncallable?: ReadonlyMap<string, UncallableReason>
  /** Left out by a rule, in the answer or not. */
  excluded: (providerModelId: string) => boolean
  policy: Policy
  /** Healthy listings that must lack a model before it is unavailable, 1 or more. */
  missesBeforeUnavailable: number
  /** ISO date, UTC: a deprecation date before it is past. */
  today: string
}

export interface AddedModel {
  readonly providerModelId: string
  readonly fields: ModelFields
  /** Of a model whose fields take time to read: the one among them, ISO. */
  readonly deprecationDate?: string | null
  /** Set when upstream's own deprecation date is past already. */
  readonly unavailableReason: UnavailableReason | null
}
export interface ChangedModel {
  id: number
  providerModelId: string
  changes: FieldChanges
  /** Upstream's values after the change. */
  fields: ModelFields
  /** ISO. Set where it takes time to read all fields of the change. */
  readonly deprecationDate?: string | null
  /** Set when the model passes from a person's hand to upstream or back: its pins from then on. */
  pins?: Pins
}
export interface RestoredModel {
  id: number
  providerModelId: string
  changes: FieldChanges
  /** `null`: as they are. */
  fields: ModelFields | null
  from: UnavailableReason | null
  /** As of a changed model. */
  pins?: Pins
}
interface UnavailableModel {
  id: number
  providerModelId: string
  /** Why it was unavailable before; `null` or unset: it was available. */
  from?: UnavailableReason | null
  reason: UnavailableReason
}
export interface RenamedModel {
  id: number
  /** The provider's id of the model before. */
  from: string
  /** And now. */
  providerModelId: string
}
export interface MissedModel {
  id: number
  /** Healthy listings in a row that lacked the model, this one included; 0 = it is back. */
  misses: number
}

/** Why a guard does not let a change through without a person. */
export type HeldReason = 'empty-answer' | 'mass-removal' | 'price-jump' | 'undone'

export type HeldChange =
  | { kind: 'unavailable'; providerModelId: string; reason: HeldReason; change: UnavailableModel }
  | { kind: 'restored'; providerModelId: string; reason: HeldReason; change: RestoredModel }
  | { kind: 'renamed'; providerModelId: string; reason: HeldReason; change: RenamedModel }
  | {
      kind: 'updated'
      providerModelId: string
      reason: HeldReason
      /** `origin`: the model as a whole passes back to a person's hand. */
      field: FieldName | 'origin'
      from: unknown
      to: unknown
      change: ChangedModel
    }

/** Each model of the two sides is in exactly one of added, updated, unavailable, restored, held (`renamed` apart), or counted in `unchanged`. */
export interface Plan {
  added: AddedModel[]
  updated: ChangedModel[]
  unavailable: UnavailableModel[]
  restored: RestoredModel[]
  renamed: RenamedModel[]
  held: HeldChange[]
  /** Bookkeeping beneath the changes: models that are missing, but not yet for long enough, or that are back in time. */
  missed: MissedModel[]
  /** Providers' ids of models whose fields are as they were, although their entry is not: only the entry is written anew. */
  entryOnly: string[]
  /** What is left of the marks of changes that were taken back, for models whose marks change. */
  undone: { id: number; marks: Record<string, unknown> | null }[]
  unchanged: number
}

/** A plan that does nothing, to be filled. */
export function emptyPlan(): Plan {
  return {
    added: [],
    updated: [],
    unavailable: [],
    restored: [],
    renamed: [],
    held: [],
    missed: [],
    entryOnly: [],
    undone: [],
    unchanged: 0,
  }
}

/** The deprecation date among the fields after a change, or of a new model; ISO. */
export function dateAfter(change: AddedModel | ChangedModel): string | null {
  return change.deprecationDate === undefined ? change.fields.deprecationDate : change.deprecationDate
}

/** Where the model passes between a person's hand and upstream: to which; `null`: it does not. */
export function movesTo(change: ChangedModel | RestoredModel): 'synced' | 'local' | null {
  if (change instanceof DeferredChange) return null
  return (change.changes.origin?.to as 'synced' | 'local' | undefined) ?? null
}

/** Whether the held change would take a model out of the provider's listing. */
export function isRemoval(held: HeldChange): boolean {
  return held.kind === 'unavailable' || (held.kind === 'updated' && held.field === 'origin')
}

/** Whether carrying the plan out would change what a read of the catalogue returns. */
export function changesCatalogue(plan: Plan): boolean {
  return (
    plan.added.length +
      plan.updated.length +
      plan.unavailable.length +
      plan.restored.length +
      plan.renamed.length +
      plan.entryOnly.length >
    0
  )
}
