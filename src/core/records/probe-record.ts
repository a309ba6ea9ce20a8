/** ProbeRecord: what a probe of a model came to. */
import { Type, type Static } from 'typebox'
import { Nullable, Text, Time } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'

export const ProbeSchema = Type.Object({
  model: Type.String({ description: 'public id' }),
  cause: OneOf(['manual', 'added']),
  /** `null`: nobody in particular. */
  actor: Text,
  ok: Type.Boolean(),
  /** Without secrets. */
  reason: Nullable(Type.String({ description: 'why it did not answer' })),
  status: Nullable(Type.Integer({ description: 'HTTP; null: no answer' })),
  latencyMs: Nullable(Type.Integer({ description: 'milliseconds; null: no answer' })),
  at: Time,
})
export type ProbeRecord = Static<typeof ProbeSchema>
