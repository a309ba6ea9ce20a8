/** /models/sync: start, cancel, status, counts, history. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, onRequestAsyncHookHandler, onRequestHookHandler } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './shared/errors.js'
import { chosenKeys } from './shared/choose-keys.js'
import { KEYS, RunSchema, RunsPageSchema, RunsQuerySchema } from '../core/records/run-record.js'
import { ReplicaSchema } from '../core/records/replica-record.js'
import { SyncOptionsSchema, UndoOptionsSchema } from '../core/records/sync-options.js'
import { StatusQuerySchema, SyncStatusSchema } from '../core/records/sync-status.js'
import { answerWith, failedSyncStatus, failureSchemas, type FailedSyncOptions } from './shared/result-status.js'
import { requireUser, type RouteHooks } from './shared/hooks.js'
import { PlanSchema } from '../core/plan/plan-document.js'
import { SyncResultSchema } from '../core/records/sync-result.js'
import { OneOf } from '../core/schema/one-of.js'
import { Nullable } from '../core/schema/nullable.js'

// `only` may name each model that a plan shows, and an answer has 4 MiB at most; whatever the host's own limit is.
const MOST_BODY_BYTES = 8 * 1024 * 1024

// A type in place of `null`: a body is optional, and `null` is how some clients spell that.
const SyncBody = Nullable(SyncOptionsSchema)
const UndoBody = Nullable(UndoOptionsSchema)

const DryRunSchema = Type.Object({ ...SyncResultSchema.properties, plan: Type.Optional(PlanSchema) })

/** A 409 carries the new plan with the error. */
const StaleSchema = Type.Object(
  { ...ErrorSchema.properties },
  { additionalProperties: true, description: 'the error, with the new plan and planHash' },
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
        summary: 'Sync the providers',
        description:
          'Returns the result of the sync, whether it succeeded or not. While a sync is in progress, a caller who asks for the same gets its result; a caller who asks for something else waits, behind at most 20 others.',
        querystring: Type.Object(
          {
            keys: Type.Optional(
              OneOf(KEYS, {
                description: 'whose keys to sync with; by default your own if you have active ones, else the backend’s',
              }),
            ),
            failedSyncStatus,
          },
          { additionalProperties: false },
        ),
        body: SyncBody,
        response: {
          200: DryRunSchema,
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
        summary: 'Cancel the sync in progress',
        description: 'What it has not applied yet is not applied.',
        response: { 200: Type.Object({ cancelled: Type.Boolean() }), '4xx': ErrorSchema },
      },
    },
    async () => ({ cancelled: await modelSync.cancelSync() }),
  )

  fastify.get(
    '/models/sync',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Show the last and the next sync, and how things stand',
        description:
          'For a user with keys of their own it is about the syncs with these keys, else about the backend’s.',
        querystring: StatusQuerySchema,
        response: { 200: SyncStatusSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => {
      const { keys } = request.query
      const viewer = keys === 'own' ? requireUser(user(request)) : user(request)
      const status = await modelSync.runs.status.status(viewer, keys === undefined ? {} : { keys })
      // For those whom the events do not reach.
      if (viewer === null || status.keys === 'backend') {
        const [nextSyncAt, run] = await Promise.all([modelSync.triggers.readNextSyncAt(), modelSync.sync.inProgress()])
        return { ...status, nextSyncAt, ...run }
      }
      const progress = modelSync.userKeys.syncs.runProgress(viewer)
      // The interval syncs with the backend's keys.
      return { ...status, nextSyncAt: null, running: progress !== null, progress }
    },
  )

  fastify.get(
    '/models/sync/replicas',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'The processes that share this catalogue, the oldest first',
        response: { 200: Type.Object({ replicas: Type.Array(ReplicaSchema) }), '4xx': ErrorSchema },
      },
    },
    async () => ({ replicas: await modelSync.work.replicas() }),
  )

  fastify.post(
    '/models/sync/seen',
    {
      onRequest: ownWrite,
      schema: {
        tags,
        summary: 'Mark the catalogue as seen by this user',
        description: 'After it, `newModels` counts only models that came later.',
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
        summary: 'Count the models',
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
        summary: 'List the runs, newest first',
        description: 'The backend’s runs, and those with your own keys.',
        querystring: RunsQuerySchema,
        response: {
          200: RunsPageSchema,
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
        summary: 'Show one run',
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
        summary: 'Undo what a run changed',
        description:
          'The undo is a run of its own. Fields that have changed again since are left alone and listed in `warnings`.',
        params: Type.Object({ runId: Type.String() }),
        querystring: Type.Object({ failedSyncStatus }, { additionalProperties: false }),
        body: UndoBody,
        response: {
          200: DryRunSchema,
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
