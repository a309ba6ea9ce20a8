/** ReplicaRecord: a process that shares the catalogue with others. */
import { Type, type Static } from 'typebox'
import { Time } from '../schema/nullable.js'

export const ReplicaSchema = Type.Object({
  name: Type.String({ description: 'as its runs have it' }),
  version: Type.String({ description: 'of fastify-model-sync' }),
  since: Time,
  seenAt: Type.String({
    description: 'its last heartbeat, ISO 8601; one that is silent for half a minute is left out',
  }),
  // Kinds alone: keys of work name users.
  holds: Type.Array(Type.String(), { description: 'kinds of work that it has in hand: run, tick, news, …' }),
})
export type ReplicaRecord = Static<typeof ReplicaSchema>
