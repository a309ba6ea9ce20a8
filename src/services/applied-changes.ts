/** Changes of models as a host is told them: in its hook, and by events. */
import { modelId } from '../core/model/model.js'
import { DeferredModel } from '../core/plan/deferred-model.js'
import type { AddedModel } from '../core/plan/plan.js'
import type { Change } from '../store/changes/write-changes.js'

/** One change of a model, as the host's hook and the `applied` event get it. */
export interface AppliedChange {
  /** Public id. */
  modelId: string
  kind: 'added' | 'updated' | 'unavailable' | 'restored' | 'renamed' | 'deleted'
  /** `null`: the model as a whole. */
  field: string | null
  from: unknown
  to: unknown
}

/** A change as a listener of `change` is told it. */
export interface CommittedChange extends AppliedChange {
  provider: string
  /** `null`: by hand. */
  runId: string | null
}

/** An added model of a very large answer: its fields are read again by whoever wants them. */
class DeferredAddition implements AppliedChange {
  readonly kind = 'added'
  readonly field = null
  readonly from = null

  constructor(
    readonly modelId: string,
    private readonly model: DeferredModel,
  ) {}

  get to(): unknown {
    return this.model.fields
  }

  toJSON(): AppliedChange {
    const { modelId, kind, field, from, to } = this
    return { modelId, kind, field, from, to }
  }
}

/** Added models, whose rows of the changelog the database makes, and the rows of everything else. */
export function describeApplied(
  provider: string,
  added: readonly AddedModel[],
  changes: readonly Change[],
): AppliedChange[] {
  return [
    ...added.map((model): AppliedChange => {
      const id = modelId(provider, model.providerModelId)
      if (model instanceof DeferredModel) return new DeferredAddition(id, model)
      return { modelId: id, kind: 'added', field: null, from: null, to: model.fields }
    }),
    ...changes.map(({ providerModelId, kind, field, from, to }) => ({
      modelId: modelId(provider, providerModelId),
      kind,
      field,
      from,
      to,
    })),
  ]
}
