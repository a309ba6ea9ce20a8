/** PlanDocument: a plan as an answer shows it. */
import { Type, type Static } from 'typebox'
import type { FieldChanges } from '../model/field-changes.js'
import { ModelFieldsSchema } from '../model/model-fields.js'
import { Anything, Nullable } from '../schema/nullable.js'

const modelId = Type.String()
const reason = Type.String()
const Changed = Type.Object({ modelId, fields: Anything<FieldChanges>() })

/** What of the host's hangs on models that would become unavailable: `{label: 'subscriptions', count: 12}`. */
const ImpactSchema = Type.Object({
  label: Type.String(),
  count: Type.Integer(),
  /** Unset: of all together. */
  modelId: Type.Optional(modelId),
})
export type Impact = Static<typeof ImpactSchema>

const ProviderPlanSchema = Type.Object({
  provider: Type.String(),
  added: Type.Array(Type.Object({ modelId, fields: ModelFieldsSchema })),
  updated: Type.Array(Changed),
  unavailable: Type.Array(Type.Object({ modelId, reason })),
  restored: Type.Array(Changed),
  renamed: Type.Array(Type.Object({ modelId, from: Type.String() })),
  held: Type.Array(
    Type.Object({
      modelId,
      kind: Type.String(),
      reason,
      field: Type.Optional(Type.String()),
      from: Type.Optional(Anything()),
      to: Type.Optional(Anything()),
    }),
  ),
  rejected: Type.Array(Type.Object({ modelId: Nullable(modelId), reason })),
  filtered: Type.Integer(),
  unchanged: Type.Integer({ description: 'models that stay as they are' }),
  impact: Type.Array(ImpactSchema, {
    description: 'what of the host’s hangs on the models that would become unavailable',
  }),
})
export type ProviderPlanDocument = Static<typeof ProviderPlanSchema>

export const PlanSchema = Type.Object({
  planHash: Type.String(),
  revision: Nullable(Type.Integer()),
  leftOut: Type.Optional(
    Type.Integer({
      description:
        'changes that belong to the plan and are not listed, since the answer would exceed 4 MiB; without it: none',
    }),
  ),
  providers: Type.Array(ProviderPlanSchema),
})
export type PlanDocument = Static<typeof PlanSchema>
