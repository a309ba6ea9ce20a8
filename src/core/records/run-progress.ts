/** RunProgress: how far a run is, provider by provider. */
import { Type, type Static } from 'typebox'
import { Nullable, Text, Time } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'
import { ProviderResultSchema } from './sync-result.js'

const ProviderProgressSchema = Type.Object({
  provider: Type.String(),
  /** `waiting`: for its turn among the others. */
  state: OneOf(['waiting', 'fetching', 'applying', 'done']),
  /** 0 for an answer that is the one of last time. */
  entries: Type.Integer({ description: 'raw ones read so far' }),
  /** When it is done. */
  result: Nullable(ProviderResultSchema),
})
export type ProviderProgress = Static<typeof ProviderProgressSchema>

export const RunProgressSchema = Type.Object({
  runId: Type.String(),
  trigger: Type.String(),
  /** `null`: the backend itself. */
  userId: Text,
  startedAt: Time,
  replica: Nullable(Type.String({ description: 'which process runs it' })),
  providers: Type.Array(ProviderProgressSchema),
})
export type RunProgress = Static<typeof RunProgressSchema>
