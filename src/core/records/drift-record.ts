/** DriftingMemberRecord: a member of a provider's entries that nobody reads, or that is gone. */
import { Type, type Static } from 'typebox'
import { LOOKS } from '../providers/drift.js'
import { OneOf } from '../schema/one-of.js'
import { Time } from '../schema/nullable.js'

export const DriftingMemberSchema = Type.Object({
  listing: Type.String({ description: 'the path of the list that has it' }),
  path: Type.String({
    description: 'below an entry; lists are looked through, and * stands for names that may be ids',
  }),
  looksLike: OneOf(LOOKS),
  entries: Type.Integer({ description: 'that have it, in the answer that was applied last' }),
  of: Type.Integer({ description: 'all entries of that list' }),
  since: Type.Unsafe<string>({ ...Time, description: 'of the sync that found it first; ISO 8601, UTC' }),
})
export type DriftingMemberRecord = Static<typeof DriftingMemberSchema>
