/** The fields of one model, read from its entries where they are kept, each time that somebody asks. */
import type { DesiredFields } from '../../core/model/model-fields.js'
import { atOnce } from '../../core/plan/at-once.js'
import { Deferred } from '../../core/plan/deferred.js'
import type { ModelReading } from './read-model.js'

export class FieldsOfItems<Item> extends Deferred<DesiredFields> {
  constructor(
    private readonly providerModelId: string,
    private readonly items: readonly Item[],
    private readonly steps: (providerModelId: string, items: readonly Item[]) => Generator<undefined, ModelReading>,
  ) {
    super()
  }

  read(): DesiredFields {
    return atOnce(this.steps(this.providerModelId, this.items)).fields ?? {}
  }
}
