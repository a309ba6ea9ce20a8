/** ChangeRecord: a row of the changelog as everybody reads it, and what a list of them can be asked for. */
import { Type, type Static } from 'typebox'
import { CHANGED_FIELDS } from '../model/changed-fields.js'
import { Anything, Text, Time } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'
import { NextCursorSchema, PageSchema } from '../schema/page.js'

export const CHANGE_KINDS = ['added', 'updated', 'unavailable', 'restored', 'renamed', 'deleted'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export const ChangeSchema = Type.Object({
  id: Type.Integer(),
  /** `null`: by hand. */
  runId: Text,
  /** Public id, as it was at the time. */
  modelId: Type.String(),
  provider: Type.String(),
  kind: Type.String(),
  /** `null`: the model as a whole. */
  field: Text,
  from: Anything(),
  to: Anything(),
  cause: Type.String(),
  actor: Type.String(),
  at: Time,
})
export type ChangeRecord = Static<typeof ChangeSchema>

export const ChangesPageSchema = Type.Object({ changes: Type.Array(ChangeSchema), nextCursor: NextCursorSchema })
export type ChangesPage = Static<typeof ChangesPageSchema>

export const ChangeFilterSchema = {
  since: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?)?$',
      description: 'ISO 8601',
    }),
  ),
  provider: Type.Optional(Type.String()),
  kind: Type.Optional(OneOf<string>(CHANGE_KINDS)),
  model: Type.Optional(Type.String({ description: 'id of a model, or an id that it had before' })),
  field: Type.Optional(
    OneOf<string>(CHANGED_FIELDS, {
      description: 'updates of this field; behind "upstream.": what upstream says beneath a pin',
    }),
  ),
}
export const ChangesQuerySchema = Type.Object({ ...ChangeFilterSchema, ...PageSchema }, { additionalProperties: false })
export type ChangesQuery = Static<typeof ChangesQuerySchema>
