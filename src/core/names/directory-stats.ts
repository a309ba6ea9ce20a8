/** DirectoryStats: the state of a model directory, in the names that clients of the older direct service read, and some more. */
import { Type, type Static } from 'typebox'
import { Nullable, Text } from '../schema/nullable.js'

const Seconds = Type.Number({ description: 'seconds' })

export const DirectoryStatsSchema = Type.Object({
  /** Models, not keys. */
  cached_models: Type.Integer(),
  /** From then on the next request has the models read anew; `null`: nothing is loaded. */
  cache_expiry: Nullable(Type.String({ description: 'ISO 8601' })),
  seconds_until_expiry: Seconds,
  /** SHA-256 of the last body, hex; `null`: there is none (the catalogue). */
  last_hash: Text,
  last_etag: Text,
  cache_duration: Seconds,
  hits: Type.Integer({ description: 'answered from memory' }),
  misses: Type.Integer({ description: 'had to wait for a load' }),
  /** Those that were begun. */
  loads: Type.Integer(),
  /** Of these, loads that found nothing new. */
  notModified: Type.Integer(),
  /** Of these, loads that failed. */
  errors: Type.Integer(),
  /** Why the last load failed; `null`: it did not. */
  lastError: Text,
  /** `null`: nobody knows. */
  age: Nullable(Type.Number({ description: 'seconds since the models were last known to be right' })),
  /** The last load failed, or there was none yet: the models may be out of date. */
  stale: Type.Boolean(),
  rejected: Type.Integer({ description: 'malformed entries of a models.json' }),
})
export type DirectoryStats = Static<typeof DirectoryStatsSchema>
