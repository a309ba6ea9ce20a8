/** ProviderRecord: a provider with a source, a row, or both, and what an operator sets of it. */
import { Type, type Static } from 'typebox'
import { Nullable, Text } from '../schema/nullable.js'
import { DriftingMemberSchema } from './drift-record.js'
import { CauseSchema } from './sync-result.js'

export const ProviderSchema = Type.Object({
  /** The row's; `null`: never synced. */
  id: Nullable(Type.Integer()),
  slug: Type.String(),
  name: Type.String(),
  description: Text,
  homepage: Text,
  /** Scheme, host and port. */
  baseUrl: Text,
  addressVariable: Text,
  keyVariable: Text,
  keyRequired: Type.Boolean(),
  /** Never the key. */
  keyPresent: Type.Boolean(),
  /** False: a provider of local models, or one whose source is gone. */
  syncable: Type.Boolean(),
  enabled: Type.Boolean(),
  priority: Type.Integer(),
  interval: Nullable(Type.Integer({ description: 'minutes; null: the backend’s own' })),
  effectiveInterval: Nullable(
    Type.Number({ description: 'minutes between two automatic syncs, by whatever rule; null: auto-sync is off' }),
  ),
  intervalReason: Nullable(Type.String({ description: 'why, where it was learned from how often the models change' })),
  /** ISO 8601, as the times below; `null`: auto-sync is off, or at once. */
  nextAttemptAt: Text,
  /** Why the next attempt is later than usual. */
  backOff: Text,
  lastAttemptAt: Text,
  lastSuccessAt: Text,
  lastError: Text,
  /** What `lastError` says; `null`: nothing is wrong, or it is not known. */
  lastProblem: Nullable(CauseSchema),
  consecutiveFailures: Type.Integer(),
  staleSince: Text,
  healthy: Type.Boolean(),
  heldChanges: Type.Integer(),
  unread: Type.Array(DriftingMemberSchema, { description: 'members of its entries that nobody reads' }),
  vanished: Type.Array(DriftingMemberSchema, {
    description: 'members that nearly all of its entries had, and that are gone',
  }),
  totalModels: Type.Integer(),
  availableModels: Type.Integer(),
  unavailableModels: Type.Integer(),
  capabilities: Type.Array(Type.String()),
})
export type ProviderRecord = Static<typeof ProviderSchema>

export const ProviderEditSchema = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'lower comes first' })),
    interval: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: 1,
          maximum: 43_200,
          description: 'minutes between two automatic syncs, not below the backend’s own',
        }),
      ),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type ProviderEdit = Static<typeof ProviderEditSchema>

export const ProviderStatsSchema = Type.Object({
  total: Type.Integer(),
  active: Type.Integer(),
  healthy: Type.Integer(),
  /** Slugs with a row. */
  inDatabase: Type.Array(Type.String()),
  /** Slugs with a source. */
  withSources: Type.Array(Type.String()),
})
export type ProviderStats = Static<typeof ProviderStatsSchema>
