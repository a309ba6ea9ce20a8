/** SyncStatus: the last and the next sync, and how things stand. */
import { Type, type Static } from 'typebox'
import { Anything, Nullable, Text } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'
import { KEYS, RunSchema } from './run-record.js'
import { RunProgressSchema } from './run-progress.js'
import type { Standing } from './standing.js'

/** A run, with the names that an older system had for the same. */
const LastRunSchema = Type.Object({
  ...RunSchema.properties,
  synced_at: Type.String(),
  total_new_models: Type.Integer(),
  /** Of each provider. */
  sync_results: Type.Array(Anything()),
})
export type LastRun = Static<typeof LastRunSchema>

const StandingSchema = Type.Unsafe<Standing>(
  Type.Object({
    state: OneOf(['ok', 'never-synced', 'attention', 'failing']),
    reasons: Type.Array(
      Type.Object({
        code: Type.String({
          description:
            'database-refuses, last-run-failed, last-run-cancelled, provider-failing, overdue, stale, held, news-disabled, left-out, undone, provider-disabled, never-synced',
        }),
        level: OneOf(['note', 'warning', 'failure']),
        facts: Type.Object({}, { additionalProperties: true, description: 'what belongs to the code' }),
      }),
      { description: 'everything that is off, the worst first; up to date is only ok without any' },
    ),
  }),
)

export const SyncStatusSchema = Type.Object({
  /** Whose syncs this is about. */
  keys: OneOf(KEYS),
  /** Whatever came of it; an undo is no sync. */
  lastSync: Nullable(LastRunSchema),
  lastSuccess: Nullable(LastRunSchema),
  nextSyncAt: Nullable(Type.String({ description: 'ISO 8601; null: auto-sync is off' })),
  running: Type.Boolean(),
  /** How far the run in progress is; `null`: there is none in the process that answers. */
  progress: Nullable(RunProgressSchema),
  needsSync: Type.Boolean({
    description:
      'the last success is too long ago, there is none, or a provider could not be read; of the providers that a sync takes which names none',
  }),
  newModels: Type.Integer({ description: 'available models that came since this user last looked; all, if never' }),
  held: Type.Integer({ description: 'changes that wait for a person' }),
  standing: StandingSchema,
})
export type SyncStatus = Static<typeof SyncStatusSchema>

export const StatusQuerySchema = Type.Object(
  {
    keys: Type.Optional(
      OneOf(KEYS, {
        description:
          'whose syncs to show; by default those with your own keys if you have active ones, else the backend’s',
      }),
    ),
  },
  { additionalProperties: false },
)
export type StatusQuery = Static<typeof StatusQuerySchema>

export const HealthSchema = Type.Object({
  /** `degraded`: the standing has a warning or a failure. */
  status: OneOf(['ok', 'degraded']),
  revision: Type.Integer(),
  disabledNews: Type.Array(Type.String({ description: 'a subscription to which nothing is sent any more' })),
  problems: Type.Array(Type.String({ description: 'why it is degraded, a sentence each' })),
  providers: Type.Array(
    Type.Object({
      provider: Type.String(),
      healthy: Type.Boolean(),
      lastSuccessAt: Text,
      lastError: Text,
      consecutiveFailures: Type.Integer(),
    }),
  ),
})
export type Health = Static<typeof HealthSchema>
