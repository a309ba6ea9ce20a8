/** /models/sync: start, cancel, status, counts, history. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, onRequestAsyncHookHandler, onRequestHookHandler } from 'fastify'
import { Type } from 'typebox'
import { TRIGGERS, type Trigger } from '../core/records/run-words.js'
import { ErrorSchema } from './shared/errors.js'
import { chosenKeys, type Keys } from './shared/choose-keys.js'
import { answerWith, failedSyncStatus, failureSchemas, type FailedSyncOptions } from './shared/result-status.js'
import { requireUser, type RouteHooks } from './shared/hooks.js'
import {
  NextCursorSchema,
  Nullable,
  PageSchema,
  RunProgressSchema,
  RunSchema,
  SyncResultSchema,
} from './shared/schemas.js'

interface SyncRequestBody {
  forceUpdate?: boolean
  markUnavailable?: boolean
  dryRun?: boolean
  providers?: string[]
  planHash?: string
  only?: string[]
}

const planHash = Type.String({
  maxLength: 10_000,
  description: 'of a dry run: carry exactly that plan out, held changes included',
})

// A type in place of `null`: a body is optional, and `null` is how some clients spell that.
// `only` may name each model that a plan shows, and an answer has 8 MiB at most; whatever the host's own limit is.
const MOST_BODY_BYTES = 8 * 1024 * 1024

const SyncBody = Type.Unsafe<SyncRequestBody | null | undefined>({
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    forceUpdate: Type.Boolean({ description: 'rewrite every row; default false' }),
    markUnavailable: Type.Boolean({ description: 'false: add and update only; default true' }),
    dryRun: Type.Boolean({ description: 'write nothing, return the plan; default false' }),
    providers: Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: 500,
      description: 'slugs, or all for every provider that can be asked; default: the configured ones',
    }),
    planHash,
    only: Type.Array(Type.String({ maxLength: 2000 }), {
      minItems: 1,
      maxItems: 300_000,
      description: 'ids of models: of the plan, only their changes',
    }),
  },
})

const UndoBody = Type.Unsafe<{ dryRun?: boolean; planHash?: string } | null | undefined>({
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { dryRun: Type.Boolean({ description: 'write nothing, return the plan; default false' }), planHash },
})

/** A 409 carries the new plan with the error. */
const StaleSchema = Type.Object(
  { ...ErrorSchema.properties },
  { additionalProperties: true, description: 'the error, with the result of a dry run: plan and planHash' },
)

const LastRunSchema = Type.Unsafe({
  ...Type.Object({
    ...RunSchema.properties,
    synced_at: Type.String(),
    total_new_models: Type.Integer(),
    sync_results: Type.Array(Type.Unsafe<unknown>({})),
  }),
  type: ['object', 'null'],
})

const KeysSchema = Type.Unsafe<Keys>({ type: 'string', enum: ['own', 'backend'] })

const StatusQuery = Type.Object(
  {
    keys: Type.Optional(
      Type.Unsafe<Keys>({
        type: 'string',
        enum: ['own', 'backend'],
        description: 'about whose syncs; default: those with your own keys if you have active ones, else the backend’s',
      }),
    ),
  },
  { additionalProperties: false },
)

const StandingSchema = Type.Object({
  state: Type.Unsafe<string>({ type: 'string', enum: ['ok', 'never-synced', 'attention', 'failing'] }),
  reasons: Type.Array(
    Type.Object({
      code: Type.String({
        description:
          'database-refuses, last-run-failed, last-run-cancelled, provider-failing, overdue, stale, held, news-disabled, left-out, undone, provider-disabled, never-synced',
      }),
      level: Type.Unsafe<string>({ type: 'string', enum: ['note', 'warning', 'failure'] }),
      facts: Type.Object({}, { additionalProperties: true, description: 'what belongs to the code' }),
    }),
    { description: 'everything that is off, the worst first; up to date is only ok without any' },
  ),
})

const StatusSchema = Type.Object({
  keys: KeysSchema,
  lastSync: LastRunSchema,
  lastSuccess: LastRunSchema,
  nextSyncAt: Nullable(Type.String({ description: 'ISO 8601; null: auto-sync is off' })),
  running: Type.Boolean(),
  progress: Nullable(RunProgressSchema),
  needsSync: Type.Boolean({
    description:
      'the last success is too long ago, there is none, or a provider could not be read; of the providers that a sync takes which names none',
  }),
  newModels: Type.Integer({ description: 'available models that came since this user last looked; all, if never' }),
  held: Type.Integer({ description: 'changes that wait for a person' }),
  standing: StandingSchema,
})

const HistoryQuery = Type.Object(
  {
    trigger: Type.Optional(Type.Unsafe<Trigger>({ type: 'string', enum: TRIGGERS })),
    provider: Type.Optional(Type.String({ description: 'runs that asked for this slug' })),
    user: Type.Optional(Type.String()),
    success: Type.Optional(Type.Boolean()),
    ...PageSchema,
  },
  { additionalProperties: false },
)

const tags = ['sync']

export interface SyncRouteHooks extends RouteHooks, FailedSyncOptions {
  /** For the start of a sync. @see chooseKeys */
  start: (onRequestHookHandler | onRequestAsyncHookHandler)[]
}

export default async function syncRoutes(
  instance: FastifyInstance,
  { read, write, ownWrite, start, user, failedSyncStatus: failed }: SyncRouteHooks,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { modelSync } = instance

  fastify.post(
    '/models/sync',
    {
      onRequest: start,
      bodyLimit: MOST_BODY_BYTES,
      schema: {
        tags,
        summary: 'Sync the models',
        querystring: Type.Object(
          {
            keys: Type.Optional(
              Type.Unsafe<'own' | 'backend'>({
                type: 'string',
                enum: ['own', 'backend'],
                description: 'with whose keys; default: your own if you have active ones, else the backend’s',
              }),
            ),
            failedSyncStatus,
          },
          { additionalProperties: false },
        ),
        body: SyncBody,
        response: {
          200: SyncResultSchema,
          409: StaleSchema,
          ...failureSchemas(SyncResultSchema),
        },
      },
    },
    async (request, reply) => {
      const options = { ...request.body, trigger: 'manual' as const }
      const result =
        chosenKeys(request) === 'own'
          ? await modelSync.userKeys.syncs.syncModels(requireUser(user(request)), options)
          : await modelSync.syncModels({ ...options, userId: user(request) })
      if (!result.success && !result.dryRun)
        request.log.error({ runId: result.runId, errors: result.errors }, 'Manual model sync failed')
      answerWith(reply, [result], request.query.failedSyncStatus ?? failed)
      return result
    },
  )

  fastify.delete(
    '/models/sync',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Cancel the run in progress',
        response: { 200: Type.Object({ cancelled: Type.Boolean() }), '4xx': ErrorSchema },
      },
    },
    async () => ({ cancelled: modelSync.cancelSync() }),
  )

  fastify.get(
    '/models/sync',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Last and next sync, and how things stand, for whoever asks',
        querystring: StatusQuery,
        response: { 200: StatusSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => {
      const { keys } = request.query
      const viewer = keys === 'own' ? requireUser(user(request)) : user(request)
      const status = await modelSync.runs.status.status(viewer, keys === undefined ? {} : { keys })
      const { nextSyncAt } = modelSync.triggers
      const { running, runProgress } = modelSync.sync
      // For those whom the events do not reach.
      if (viewer === null || status.keys === 'backend') return { ...status, nextSyncAt, running, progress: runProgress }
      const progress = modelSync.userKeys.syncs.runProgress(viewer)
      // The interval syncs with the backend's keys.
      return { ...status, nextSyncAt: null, running: progress !== null, progress }
    },
  )

  fastify.post(
    '/models/sync/seen',
    {
      onRequest: ownWrite,
      schema: {
        tags,
        summary: 'What is there now is not new to this user any more',
        response: { 200: Type.Object({ newModels: Type.Integer() }), '4xx': ErrorSchema },
      },
    },
    async (request) => {
      await modelSync.runs.status.markSeen(user(request))
      return { newModels: 0 }
    },
  )

  fastify.get(
    '/models/sync/stats',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'How many models there are',
        response: {
          200: Type.Object({
            totalModels: Type.Integer(),
            availableModels: Type.Integer(),
            unavailableModels: Type.Integer(),
            lastSyncAt: Nullable(Type.String()),
          }),
          '4xx': ErrorSchema,
        },
      },
    },
    async () => {
      const [{ totalModels, availableModels, unavailableModels }, lastSyncAt] = await Promise.all([
        modelSync.catalogue.stats(),
        modelSync.runs.status.lastAttemptAt(),
      ])
      return { totalModels, availableModels, unavailableModels, lastSyncAt }
    },
  )

  fastify.get(
    '/models/sync/history',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Runs, newest first: the backend’s, and those with your own keys',
        querystring: HistoryQuery,
        response: {
          200: Type.Object({ runs: Type.Array(RunSchema), nextCursor: NextCursorSchema }),
          '4xx': ErrorSchema,
        },
      },
    },
    async (request) => modelSync.runs.list({ ...request.query, viewer: user(request) }),
  )

  fastify.get(
    '/models/sync/history/:runId',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'One run',
        params: Type.Object({ runId: Type.String() }),
        response: { 200: RunSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => modelSync.runs.get(request.params.runId, user(request)),
  )

  fastify.post(
    '/models/sync/history/:runId/undo',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Take back what a run changed',
        params: Type.Object({ runId: Type.String() }),
        querystring: Type.Object({ failedSyncStatus }, { additionalProperties: false }),
        body: UndoBody,
        response: {
          200: SyncResultSchema,
          409: StaleSchema,
          ...failureSchemas(SyncResultSchema),
        },
      },
    },
    async (request, reply) => {
      const result = await modelSync.sync.undo(request.params.runId, { ...request.body, userId: user(request) })
      answerWith(reply, [result], request.query.failedSyncStatus ?? failed)
      return result
    },
  )
}
