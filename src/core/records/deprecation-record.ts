/** DeprecationRecord: an available model whose end is known. */
import { Type, type Static } from 'typebox'
import { Nullable } from '../schema/nullable.js'
import { NextCursorSchema, PageSchema } from '../schema/page.js'

const DeprecationSchema = Type.Object({
  modelId: Type.String(),
  provider: Type.String(),
  name: Type.String(),
  deprecationDate: Type.String({ description: 'ISO date, as upstream states it' }),
  daysLeft: Type.Integer({ description: '0: today; negative: past, and served all the same' }),
  replacedBy: Nullable(Type.String({ description: 'upstream’s id of the model to use instead' })),
})
export type DeprecationRecord = Static<typeof DeprecationSchema>

export const DeprecationsPageSchema = Type.Object({
  deprecations: Type.Array(DeprecationSchema),
  nextCursor: NextCursorSchema,
})
export type DeprecationsPage = Static<typeof DeprecationsPageSchema>

export const DeprecationsQuerySchema = Type.Object(
  {
    within: Type.Optional(
      Type.String({ pattern: '^\\d{1,4}d$', description: 'days from today, as 30d; default: all that are known' }),
    ),
    provider: Type.Optional(Type.String()),
    ...PageSchema,
  },
  { additionalProperties: false },
)
export type DeprecationsQuery = Static<typeof DeprecationsQuerySchema>
