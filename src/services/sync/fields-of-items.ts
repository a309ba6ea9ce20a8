/** The fields of one model, read from its entries where they are kept, each time that somebody asks. */
import type { DesiredFields } from '../../core/model/model-fields.js'
import { DeferredFields } from '../../core/plan/deferred-model.js'
import type { ModelReading } from './read-model.js'

export class FieldsOfItems<Item> extends DeferredFields {
  constructor(
    private readonly providerModelId: string,
    private readonly items: readonly Item[],
    private readonly steps: (providerModelId: string, items: readonly Item[]) => Generator<undefined, ModelReading>,
  ) {
    super()
  }

  read(): DesiredFields {
    const steps = this.steps(this.providerModelId, this.items)
    for (;;) {
      const { done, value } = steps.next()
      if (done === true) return value.fields ?? {}
    }
  }
}
