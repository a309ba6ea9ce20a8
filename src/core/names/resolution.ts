/** Resolution: what a name leads to, or why to nothing. */
import { Type, type Static } from 'typebox'
import type { Mode, UnavailableReason } from '../model/model.js'
import { Nullable, Text } from '../schema/nullable.js'
import { Texts } from '../schema/texts.js'
import type { MatchedBy } from './name-index.js'
import type { RequestType } from './request-types.js'

/** `hidden`: it is available, and an administrator keeps it out of sight. */
export type WithheldReason = UnavailableReason | 'hidden'

const UnavailableSchema = Type.Object(
  {
    /** Public. */
    id: Type.String(),
    reason: Type.Unsafe<WithheldReason>(
      Type.String({
        description: 'omitted, deprecated, excluded, provider-disabled, operator, blocked, not-callable or hidden',
      }),
    ),
    since: Nullable(Type.String({ description: 'ISO 8601' })),
    /** `sync`, or the id of a user. */
    actor: Nullable(Type.String({ description: 'who made it so; null: not known, or the caller may not write here' })),
  },
  { description: 'the model of that name, which is there and cannot be had' },
)
export type Unavailable = Static<typeof UnavailableSchema>

export const ResolutionSchema = Type.Object({
  /** As it was asked for; blank is `''`. */
  requested: Type.String(),
  type: Type.Unsafe<RequestType>(Type.String()),
  id: Type.String(),
  provider: Type.String(),
  providerModelId: Type.String(),
  name: Type.String(),
  mode: Type.Unsafe<Mode | null>(Text),
  matchedBy: Type.Unsafe<MatchedBy | 'default' | 'fallback'>(
    Type.String({ description: 'id, name, alias, slug, default or fallback' }),
  ),
  fallback: Type.Boolean({ description: 'the model is a substitute for the one that was asked for' }),
  /** The next to be taken first. */
  alternatives: Texts({ description: 'ids of the other models that own the name' }),
  /** At most 5; those of another version stand last. */
  suggestions: Texts({ description: 'names that may have been meant, where they were asked for' }),
  /** Of a substitute. */
  unavailable: Type.Optional(UnavailableSchema),
})
export type Resolution = Static<typeof ResolutionSchema>

/** Of one name among many. */
export const RefusedNameSchema = Type.Object({
  requested: Type.String(),
  statusCode: Type.Integer(),
  code: Type.String(),
  message: Type.String(),
  suggestions: Texts(),
  unavailable: Type.Optional(UnavailableSchema),
})
export type RefusedName = Static<typeof RefusedNameSchema>
