/** Inconsistency: something in the catalogue that contradicts itself. */
import { Type, type Static } from 'typebox'

const InconsistencySchema = Type.Object({
  /** `unknown-provider`, `ambiguous-alias`, `absurd-price`, `orphaned-pin` or `past-deprecation`. */
  code: Type.String(),
  modelId: Type.String(),
  detail: Type.String(),
  wayOut: Type.String(),
})
export type Inconsistency = Static<typeof InconsistencySchema>

export const InconsistenciesSchema = Type.Object({ inconsistencies: Type.Array(InconsistencySchema) })
