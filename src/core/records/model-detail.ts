/** ModelDetail: one model with all that is known of it. */
import { Type, type Static } from 'typebox'
import { ModelSchema } from '../model/model-record.js'
import { Anything } from '../schema/nullable.js'
import { ChangeSchema } from './change-record.js'

export const ModelDetailSchema = Type.Object({
  ...ModelSchema.properties,
  /** Upstream's own, without secrets. */
  upstreamEntry: Anything(),
  /** The last ones, newest first. */
  changes: Type.Array(ChangeSchema),
})
export type ModelDetail = Static<typeof ModelDetailSchema>
