/** What an answer says of a model, read again whenever it is wanted: all of a large answer at once would fill the memory. */
import { completeFields } from '../model/field-changes.js'
import type { DesiredFields, ModelFields } from '../model/model-fields.js'
import type { UnavailableReason } from '../model/model.js'

/** Stands in `desired` for the fields of one model. */
export abstract class DeferredFields {
  /** Gives the same each time; throws nothing. */
  abstract read(): DesiredFields
}

/** A model that a plan adds (AddedModel), without its fields. */
export class DeferredModel {
  constructor(
    readonly providerModelId: string,
    private readonly deferred: DeferredFields,
    readonly unavailableReason: UnavailableReason | null,
    readonly deprecationDate: string | null,
  ) {}

  get fields(): ModelFields {
    return completeFields(this.providerModelId, this.deferred.read())
  }
}
