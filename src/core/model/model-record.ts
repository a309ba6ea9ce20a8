/** ModelRecord: one model as an answer shows it, and what a list of them can be asked for. `null` = unknown. */
import { Type, type Static } from 'typebox'
import { Anything, Nullable, Text, Time } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'
import { NextCursorSchema, PageSchema } from '../schema/page.js'
import { ModelFieldsSchema } from './model-fields.js'
import { CAPABILITIES, MODE_CHOICES, type Availability, type Capability } from './model.js'
import { DoubtSchema } from './doubt.js'
import type { Conflict, Pins } from './pins.js'
import { SORT_KEYS } from './sort-keys.js'

const AVAILABILITIES = ['available', 'unavailable'] as const satisfies Availability[]

export const ModelSchema = Type.Object({
  /** `<provider>/<providerModelId>`. */
  id: Type.String(),
  provider: Type.String(),
  providerModelId: Type.String(),
  canonicalName: Nullable(
    Type.String({ description: 'vendor/model, shared by the offers of one model; null: not certain' }),
  ),
  ...ModelFieldsSchema.properties,
  /** Every one; `null` = upstream does not say. */
  capabilities: Type.Unsafe<Record<Capability, boolean | null>>(
    Type.Object(Object.fromEntries(CAPABILITIES.map((capability) => [capability, Nullable(Type.Boolean())]))),
  ),
  origin: Type.Unsafe<'synced' | 'local'>(Type.String()),
  availability: Type.Unsafe<Availability>(Type.String()),
  unavailableReason: Text,
  unavailableSince: Nullable(Time),
  /** The provider's last listing could not be read, so that this may be out of date. */
  stale: Type.Boolean(),
  hidden: Type.Boolean(),
  /** Fields set by hand. */
  pins: Anything<Pins>(),
  /** Pinned fields on which upstream says something else. */
  conflicts: Type.Array(Anything<Conflict>()),
  /** Where each known field comes from. */
  provenance: Anything<Record<string, string>>(),
  estimated: Type.Array(Type.String(), {
    description: 'limits and prices that are another seller’s, named by provenance',
  }),
  /** Values that are hard to believe. */
  doubts: Type.Array(DoubtSchema),
  firstSeenAt: Time,
  lastSeenAt: Nullable(Time),
  updatedAt: Time,
})
export type ModelRecord = Static<typeof ModelSchema>

export const ModelsPageSchema = Type.Object({
  models: Type.Array(ModelSchema),
  nextCursor: NextCursorSchema,
  /** Of all pages. */
  total: Type.Integer(),
})
export type ModelsPage = Static<typeof ModelsPageSchema>

/** Tokens, as many as the column holds; a model whose context is unknown is in no range. */
const Context = Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'tokens' }))
/** A model whose price is unknown is in no range. */
const Cost = Type.Optional(
  Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,30})?$', description: 'USD per token, decimal' }),
)

export const ModelsQuerySchema = Type.Object(
  {
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'up to ten words that must all be in the id, the name or the owner',
      }),
    ),
    id: Type.Optional(Type.String({ description: 'one model by its id, for ids that no path can hold' })),
    provider: Type.Optional(Type.String()),
    mode: Type.Optional(
      Type.String({ maxLength: 64, description: `${MODE_CHOICES.join(', ')}, or another that a model states` }),
    ),
    availability: Type.Optional(OneOf(AVAILABILITIES)),
    ownedBy: Type.Optional(Type.String()),
    canonicalName: Type.Optional(Type.String({ description: 'all offers of one model, cheapest first' })),
    capability: Type.Optional(OneOf(CAPABILITIES)),
    hidden: Type.Optional(Type.Boolean()),
    doubtful: Type.Optional(
      Type.Boolean({ description: 'true: only available models with a value that is hard to believe' }),
    ),
    team: Type.Optional(
      Type.String({ description: 'only models restricted to this team, by the provider’s id of the team' }),
    ),
    accessGroup: Type.Optional(Type.String({ description: 'only models restricted to this access group' })),
    minContext: Context,
    maxContext: Context,
    minInputCost: Cost,
    maxInputCost: Cost,
    minOutputCost: Cost,
    maxOutputCost: Cost,
    visibleTo: Type.Optional(OneOf(['me'], { description: 'only models that your own keys show' })),
    sort: Type.Optional(
      OneOf<string>(
        SORT_KEYS.flatMap((key) => [key, `-${key}`]),
        {
          description:
            'a field, behind "-" for descending, models of which it is not known last either way; default: id',
        },
      ),
    ),
    ...PageSchema,
  },
  { additionalProperties: false },
)
export type ModelsQuery = Static<typeof ModelsQuerySchema>

const Numbers = Type.Record(Type.String(), Type.Integer(), { additionalProperties: false })

export const ModelStatsSchema = Type.Object({
  totalModels: Type.Integer(),
  availableModels: Type.Integer(),
  unavailableModels: Type.Integer(),
  byProvider: Numbers,
  /** `unknown`: upstream does not say. */
  byMode: Numbers,
})
export type ModelStats = Static<typeof ModelStatsSchema>
