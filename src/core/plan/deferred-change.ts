/** DeferredChange: a change of a model (ChangedModel or RestoredModel) without its fields, which are compared again whenever they are wanted. */
import { diffFields, withDesired, type FieldChanges } from '../model/field-changes.js'
import type { DesiredFields, ModelFields } from '../model/model-fields.js'
import type { FieldName, UnavailableReason } from '../model/model.js'
import type { Pins } from '../model/pins.js'
import { valueOf, type Deferred } from './deferred.js'

/** Upstream's values and the pins of a row. */
export interface CurrentValues {
  upstream: ModelFields
  pins: Pins
}

/** The two sides of a comparison. Their deprecation dates (ISO) stand apart, because callers need those most often. */
export interface Sides {
  values: CurrentValues | Deferred<CurrentValues>
  dateBefore: string | null
  said: DesiredFields | Deferred<DesiredFields>
  dateAfter: string | null
}

/** Never of a model that passes between a person's hand and upstream. */
export class DeferredChange {
  /**
   * @param from of a restored model
   * @param only fields that change, of those that differ; `null`: all
   */
  constructor(
    readonly id: number,
    readonly providerModelId: string,
    private readonly sides: Sides,
    readonly from: UnavailableReason | null = null,
    private readonly only: readonly FieldName[] | null = null,
  ) {}

  get changes(): FieldChanges {
    const { before, said } = this.read()
    return diffFields(before, said)
  }

  get fields(): ModelFields {
    const { before, said } = this.read()
    return withDesired(before, said)
  }

  /** Among the fields. */
  get deprecationDate(): string | null {
    const { dateBefore, dateAfter } = this.sides
    return this.only?.includes('deprecationDate') === false ? dateBefore : dateAfter
  }

  /** The same model with these changes alone. */
  restrictedTo(only: readonly FieldName[]): DeferredChange {
    return new DeferredChange(this.id, this.providerModelId, this.sides, this.from, only)
  }

  /** With a change that it was restricted from. */
  joinedBy(field: FieldName): DeferredChange {
    return this.only === null ? this : this.restrictedTo([...this.only, field])
  }

  restoredFrom(from: UnavailableReason): DeferredChange {
    return new DeferredChange(this.id, this.providerModelId, this.sides, from, this.only)
  }

  private read(): { before: ModelFields; said: DesiredFields } {
    const before = valueOf(this.sides.values).upstream
    const said = valueOf(this.sides.said)
    if (this.only === null) return { before, said }
    return { before, said: Object.fromEntries(this.only.map((field) => [field, said[field]])) }
  }
}
