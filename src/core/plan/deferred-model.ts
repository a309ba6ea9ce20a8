/** DeferredModel: a model that a plan adds (AddedModel), without its fields. */
import { completeFields } from '../model/field-changes.js'
import type { DesiredFields, ModelFields } from '../model/model-fields.js'
import type { UnavailableReason } from '../model/model.js'
import type { Deferred } from './deferred.js'

export class DeferredModel {
  constructor(
    readonly providerModelId: string,
    private readonly deferred: Deferred<DesiredFields>,
    readonly unavailableReason: UnavailableReason | null,
    readonly deprecationDate: string | null,
  ) {}

  get fields(): ModelFields {
    return completeFields(this.providerModelId, this.deferred.read())
  }
}
