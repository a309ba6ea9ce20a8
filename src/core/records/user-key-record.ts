/** UserKeyRecord: a user's key for a provider as its owner sees it, without the key. */
import { Type, type Static } from 'typebox'
import { Nullable, Text, Time } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'

export const UserKeySchema = Type.Object({
  provider: Type.String(),
  lastFour: Nullable(Type.String({ description: 'null: the key is too short to show a part of it' })),
  active: Type.Boolean({ description: 'false: no sync uses it' }),
  /** `unreadable`: it was encrypted with a key that is not in the options any more. */
  status: OneOf(['untested', 'valid', 'invalid', 'unreadable']),
  /** Why it is invalid or unreadable, or why the last sync failed. */
  reason: Text,
  /** What to do about it. */
  nextStep: Text,
  createdAt: Time,
  updatedAt: Type.String(),
  /** Of the last sync with it. */
  lastUsedAt: Text,
})
export type UserKeyRecord = Static<typeof UserKeySchema>
