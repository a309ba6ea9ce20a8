/** SyncOptions: what a sync can be asked to do, in a body of the API as in code. */
import { Type, type Static } from 'typebox'
import { Texts } from '../schema/texts.js'

const dryRun = Type.Optional(Type.Boolean({ description: 'write nothing, return the plan; default false' }))
const planHash = Type.Optional(
  Type.String({ maxLength: 10_000, description: 'of a dry run: carry exactly that plan out, held changes included' }),
)

export const SyncOptionsSchema = Type.Object(
  {
    forceUpdate: Type.Optional(Type.Boolean({ description: 'rewrite every row; default false' })),
    markUnavailable: Type.Optional(Type.Boolean({ description: 'false: add and update only; default true' })),
    dryRun,
    providers: Type.Optional(
      Texts({
        items: { type: 'string', maxLength: 200 },
        maxItems: 500,
        description: 'slugs, or all for every provider that can be asked; default: the configured ones',
      }),
    ),
    planHash,
    only: Type.Optional(
      Texts({
        items: { type: 'string', maxLength: 2000 },
        minItems: 1,
        maxItems: 300_000,
        description: 'ids of models: of the plan, only their changes',
      }),
    ),
  },
  { additionalProperties: false },
)
export type SyncOptions = Static<typeof SyncOptionsSchema>

export const UndoOptionsSchema = Type.Object({ dryRun, planHash }, { additionalProperties: false })
export type UndoOptions = Static<typeof UndoOptionsSchema>
