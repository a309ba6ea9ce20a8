/** RunRecord: every execution of a sync, also one that failed or changed nothing. */
import { Type, type Static } from 'typebox'
import { Anything, Nullable, Text, Time } from '../schema/nullable.js'
import { OneOf } from '../schema/one-of.js'
import { NextCursorSchema, PageSchema } from '../schema/page.js'
import { TRIGGERS } from './run-words.js'
import type { SyncResult } from './sync-result.js'

/** `own`: the user's; `backend`: those that the operator has set. */
export const KEYS = ['own', 'backend'] as const
export type Keys = (typeof KEYS)[number]

export const RunSchema = Type.Object({
  runId: Type.String(),
  keys: OneOf(KEYS, {
    description: 'with whose: your own, of which nobody else is shown anything, or the backend’s',
  }),
  trigger: Type.String(),
  userId: Text,
  startedAt: Time,
  /** `null`: in progress, as the next two. */
  finishedAt: Nullable(Time),
  durationMs: Nullable(Type.Integer()),
  success: Nullable(Type.Boolean()),
  options: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    description:
      'what it was asked to do: forceUpdate, markUnavailable, planHash, … Of `only` the first 100 ids, and how many there were',
  }),
  /** `null`: not recorded, as the next two. */
  providers: Nullable(Type.Array(Type.String(), { description: 'slugs that were asked for' })),
  appVersion: Text,
  replica: Nullable(Type.String({ description: 'which process ran it' })),
  takenOver: Nullable(Type.String({ description: 'which process had begun it; null: the same' })),
  phases: Type.Unsafe<{ fetchMs: number; applyMs: number } | null>({
    type: ['object', 'null'],
    properties: { fetchMs: { type: 'number' }, applyMs: { type: 'number' } },
    description: 'sums over the providers, which run side by side, ms',
  }),
  /** As its row has it, so not by the result's schema: runs of older versions lack what has come since. `null`: in progress. */
  result: Anything<SyncResult | null>(),
  folded: Type.Unsafe<{ runs: number; firstStartedAt: string } | null>({
    type: ['object', 'null'],
    properties: { runs: { type: 'integer' }, firstStartedAt: { type: 'string' } },
    description: 'this row stands for so many runs of one hour that changed nothing, of which it is the last',
  }),
})
export type RunRecord = Static<typeof RunSchema>

export const RunsPageSchema = Type.Object({ runs: Type.Array(RunSchema), nextCursor: NextCursorSchema })
export type RunsPage = Static<typeof RunsPageSchema>

export const RunsQuerySchema = Type.Object(
  {
    trigger: Type.Optional(OneOf<string>(TRIGGERS)),
    provider: Type.Optional(Type.String({ description: 'only runs that asked for this provider' })),
    user: Type.Optional(Type.String()),
    success: Type.Optional(Type.Boolean()),
    ...PageSchema,
  },
  { additionalProperties: false },
)
export type RunsQuery = Static<typeof RunsQuerySchema>
