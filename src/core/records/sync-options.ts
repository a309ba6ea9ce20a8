/** SyncOptions: what a sync can be asked to do, in a body of the API as in code. */
import { Type, type Static } from 'typebox'
import { Texts } from '../schema/texts.js'

const dryRun = Type.Optional(Type.Boolean({ description: 'write nothing and return the plan' }))
const planHash = Type.Optional(
  Type.String({
    maxLength: 10_000,
    description: 'hash of a dry run: carries out exactly that plan, held changes included',
  }),
)

export const SyncOptionsSchema = Type.Object(
  {
    forceUpdate: Type.Optional(Type.Boolean({ description: 'read every answer from scratch and rewrite every row' })),
    markUnavailable: Type.Optional(Type.Boolean({ description: 'false: add and update only' })),
    dryRun,
    providers: Type.Optional(
      Texts({
        items: { type: 'string', maxLength: 200 },
        maxItems: 500,
        description: 'slugs, or `all`; by default the configured ones',
      }),
    ),
    planHash,
    only: Type.Optional(
      Texts({
        items: { type: 'string', maxLength: 2000 },
        minItems: 1,
        maxItems: 300_000,
        description: 'ids of models: carries out only what the plan does to them',
      }),
    ),
  },
  { additionalProperties: false },
)
export type SyncOptions = Static<typeof SyncOptionsSchema>

export const UndoOptionsSchema = Type.Object({ dryRun, planHash }, { additionalProperties: false })
export type UndoOptions = Static<typeof UndoOptionsSchema>
