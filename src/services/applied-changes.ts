/** Changes of models as a host is told them: in its hook, and by events. */
import { modelId } from '../core/model/model.js'
import type { FieldChange } from '../core/model/field-changes.js'
import type { FieldName } from '../core/model/model.js'
import { DeferredChange } from '../core/plan/deferred-change.js'
import { DeferredModel } from '../core/plan/deferred-model.js'
import type { Plan } from '../core/plan/plan.js'
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

/** One change of a very large answer: its values are read again by whoever wants them. */
abstract class DeferredApplied implements AppliedChange {
  abstract readonly kind: AppliedChange['kind']
  abstract readonly from: unknown
  abstract readonly to: unknown

  constructor(
    readonly modelId: string,
    readonly field: string | null,
  ) {}

  toJSON(): AppliedChange {
    const { modelId, kind, field, from, to } = this
    return { modelId, kind, field, from, to }
  }
}

class DeferredAddition extends DeferredApplied {
  readonly kind = 'added'
  readonly from = null

  constructor(
    modelId: string,
    private readonly model: DeferredModel,
  ) {
    super(modelId, null)
  }

  get to(): unknown {
    return this.model.fields
  }
}

class DeferredUpdate extends DeferredApplied {
  readonly kind = 'updated'

  constructor(
    modelId: string,
    field: string,
    private readonly model: DeferredChange,
  ) {
    super(modelId, field)
  }

  get from(): unknown {
    return this.change?.from
  }
  get to(): unknown {
    return this.change?.to
  }

  private get change(): FieldChange | undefined {
    return this.model.changes[this.field?.replace(BENEATH_PIN, '') as FieldName]
  }
}

const BENEATH_PIN = /^upstream\./

/** Of changes by hand. */
export function describeApplied(provider: string, changes: readonly Change[]): AppliedChange[] {
  return changes.map((change) => describe(provider, change))
}

/**
 * A change at each step.
 * @param plan that the changes are of: added models are not among their rows, and what takes its time to read stays where it is
 */
export function* describeAppliedPlan(
  provider: string,
  changes: Iterable<Change>,
  { added, updated, restored }: Plan,
): Generator<undefined, AppliedChange[]> {
  const applied: AppliedChange[] = added.map((model) => {
    const id = modelId(provider, model.providerModelId)
    if (model instanceof DeferredModel) return new DeferredAddition(id, model)
    return { modelId: id, kind: 'added', field: null, from: null, to: model.fields }
  })
  const deferred = new Map(
    [...updated, ...restored].flatMap((model) => (model instanceof DeferredChange ? [[model.id, model] as const] : [])),
  )
  for (const change of changes) {
    yield
    const { modelId: rowId, providerModelId, kind, field } = change
    const model = deferred.get(rowId)
    // What a read returns of a field with a pinned part is nowhere but in its row.
    if (model === undefined || kind !== 'updated' || field === null || field === 'capabilities')
      applied.push(describe(provider, change))
    else applied.push(new DeferredUpdate(modelId(provider, providerModelId), field, model))
  }
  return applied
}

function describe(provider: string, { providerModelId, kind, field, from, to }: Change): AppliedChange {
  return { modelId: modelId(provider, providerModelId), kind, field, from, to }
}
