/** /admin/model-sync: list, sync one or all, status, in the words of an older catalogue system whose clients stay as they are. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isInStep } from '../core/records/run-words.js'
import { NotFoundError, UnknownProviderError } from '../errors.js'
import type { SyncOptions } from '../services/sync/sync-request.js'
import { type ProviderResult, type SyncResult, SyncResultSchema } from '../core/records/sync-result.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { answerWith, failedSyncStatus, failureSchemas, type FailedSyncOptions } from './shared/result-status.js'

const Counts = Type.Record(Type.String(), Type.Integer(), { additionalProperties: false })
const Failure = Type.Object({ provider: Type.String(), error: Type.String() })

const OneSchema = Type.Object({
  success: Type.Boolean(),
  message: Type.String(),
  details: Type.Object({
    provider: Type.String(),
    provider_id: Type.Unsafe({
      type: ['integer', 'null'],
      description: 'null: it has no row yet, since it was never synced',
    }),
    models_fetched: Type.Integer(),
    models_transformed: Type.Integer(),
    models_skipped: Type.Integer(),
    models_synced: Type.Integer(),
    errors: Type.Array(Failure),
  }),
  result: SyncResultSchema,
})

const AllSchema = Type.Object({
  success: Type.Boolean(),
  message: Type.String(),
  details: Type.Object({
    providers_processed: Type.Integer(),
    total_models_fetched: Type.Integer(),
    total_models_transformed: Type.Integer(),
    total_models_skipped: Type.Integer(),
    total_models_synced: Type.Integer(),
    errors: Type.Array(Failure),
  }),
  result: SyncResultSchema,
})

const StatusSchema = Type.Object({
  providers: Type.Object({
    in_database: Type.Integer(),
    with_fetch_functions: Type.Integer(),
    fetchable_in_db: Type.Integer(),
    fetchable_not_in_db: Type.Integer(),
    stats: Type.Object({ total: Type.Integer(), active: Type.Integer(), healthy: Type.Integer() }),
  }),
  models: Type.Object({ stats: Type.Object({ total: Type.Integer(), active: Type.Integer(), by_modality: Counts }) }),
})

const DryRun = Type.Optional(Type.Boolean({ default: false, description: 'plan, but write nothing' }))
const tags = ['admin']

export default async function adminRoutes(
  instance: FastifyInstance,
  { write, user, failedSyncStatus: failed }: RouteHooks & FailedSyncOptions,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { modelSync } = instance

  const sync = async (options: SyncOptions): Promise<SyncResult> => {
    try {
      return await modelSync.syncModels(options)
    } catch (error) {
      throw error instanceof UnknownProviderError ? new NotFoundError(error.message, { cause: error }) : error
    }
  }

  fastify.get(
    '/admin/model-sync/providers',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'List the providers that can be synced',
        response: {
          200: Type.Object({ providers: Type.Array(Type.String()), count: Type.Integer() }),
          '4xx': ErrorSchema,
        },
      },
    },
    async () => {
      const { withSources } = await modelSync.providers.stats()
      return { providers: withSources, count: withSources.length }
    },
  )

  fastify.post(
    '/admin/model-sync/provider/:slug',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Sync one provider',
        params: Type.Object({ slug: Type.String() }),
        querystring: Type.Object({ dry_run: DryRun, failedSyncStatus }, { additionalProperties: false }),
        response: { 200: OneSchema, ...failureSchemas(OneSchema) },
      },
    },
    async (request, reply) => {
      const { slug } = request.params
      const { dry_run: dryRun = false } = request.query
      const result = await sync({ providers: [slug], dryRun, userId: user(request) })
      const { id } = await modelSync.providers.get(slug)
      const [counts] = result.providers.map((provider) => countsOf(provider, result.dryRun))
      const sums = counts ?? NOTHING
      answerWith(reply, [result], request.query.failedSyncStatus ?? failed)
      return {
        success: result.providers.some(isInStep),
        message: `Synced ${sums.synced} models from ${slug}. Fetched: ${sums.fetched}, Transformed: ${sums.transformed}, Skipped: ${sums.skipped}`,
        details: {
          provider: slug,
          provider_id: id,
          models_fetched: sums.fetched,
          models_transformed: sums.transformed,
          models_skipped: sums.skipped,
          models_synced: sums.synced,
          errors: failuresOf(result, true),
        },
        result,
      }
    },
  )

  fastify.post(
    '/admin/model-sync/all',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Sync all providers, or some',
        description: '`details.errors` names those that have no key, too.',
        querystring: Type.Object(
          {
            dry_run: DryRun,
            failedSyncStatus,
            providers: Type.Optional(
              Type.Array(Type.String(), {
                description: 'slugs; by default MODEL_SYNC_PROVIDERS, else all that can be synced',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: AllSchema, ...failureSchemas(AllSchema) },
      },
    },
    async (request, reply) => {
      const { providers, dry_run: dryRun = false } = request.query
      const result = await sync({ providers: providers ?? modelSync.providers.all, dryRun, userId: user(request) })
      const sums = result.providers.map((provider) => countsOf(provider, result.dryRun)).reduce(add, NOTHING)
      // Nobody named them, so they are in no run; clients expect to be told of them here.
      const keyless = providers === undefined ? modelSync.providers.keyless : []
      const errors = [
        ...failuresOf(result, providers !== undefined),
        ...keyless.map((provider) => ({ provider, error: NO_KEY })),
      ]
      const processed = result.providers.length + keyless.length
      const successes = result.providers.filter(isInStep).length
      answerWith(reply, [result], request.query.failedSyncStatus ?? failed)
      return {
        success: result.providers.some(isInStep),
        message: `Processed ${processed} providers. Success: ${successes}, Errors: ${errors.length}. Total synced: ${sums.synced} models`,
        details: {
          providers_processed: processed,
          total_models_fetched: sums.fetched,
          total_models_transformed: sums.transformed,
          total_models_skipped: sums.skipped,
          total_models_synced: sums.synced,
          errors,
        },
        result,
      }
    },
  )

  fastify.get(
    '/admin/model-sync/status',
    {
      onRequest: write,
      schema: { tags, summary: 'Count providers and models', response: { 200: StatusSchema, '4xx': ErrorSchema } },
    },
    async () => {
      const [{ total, active, healthy, inDatabase, withSources }, models] = await Promise.all([
        modelSync.providers.stats(),
        modelSync.providers.modelStats(),
      ])
      const fetchable = withSources.filter((slug) => inDatabase.includes(slug)).length
      return {
        providers: {
          in_database: total,
          with_fetch_functions: withSources.length,
          fetchable_in_db: fetchable,
          fetchable_not_in_db: withSources.length - fetchable,
          stats: { total, active, healthy },
        },
        models: {
          stats: { total: models.totalModels, active: models.availableModels, by_modality: models.byModality },
        },
      }
    },
  )
}

interface Sums {
  fetched: number
  transformed: number
  skipped: number
  synced: number
}

const NOTHING: Sums = { fetched: 0, transformed: 0, skipped: 0, synced: 0 }

/** Fetched are models and what was left out; synced are those that now agree with the catalogue, so none in a dry run. */
function countsOf(provider: ProviderResult, dryRun: boolean): Sums {
  const { totalModels, rejectedModels, filteredModels } = provider
  const skipped = rejectedModels + filteredModels
  return {
    fetched: totalModels + skipped,
    transformed: totalModels,
    skipped,
    synced: dryRun ? 0 : agreeing(provider),
  }
}

/** A model of which a change is held does not agree; a held removal is of a model that was not fetched. */
function agreeing(provider: ProviderResult): number {
  const { status, totalModels, heldModels = 0 } = provider
  if (isInStep(provider)) return totalModels
  return status === 'held' ? totalModels - heldModels : 0
}

function add(a: Sums, b: Sums): Sums {
  return {
    fetched: a.fetched + b.fetched,
    transformed: a.transformed + b.transformed,
    skipped: a.skipped + b.skipped,
    synced: a.synced + b.synced,
  }
}

const NO_KEY = 'API key not configured'

/** @param named whether the request named its providers: who asks for one that is switched off must hear why nothing came of it */
function failuresOf({ providers }: SyncResult, named: boolean): { provider: string; error: string }[] {
  return providers.flatMap(({ provider, status, reason, error, warnings }) => {
    if (error !== undefined) return [{ provider, error }]
    if (status === 'skipped') return [{ provider, error: reason === 'no-key' ? NO_KEY : (warnings[0] ?? 'skipped') }]
    return status === 'disabled' && named
      ? [{ provider, error: `it is disabled; PATCH /providers/${provider} with {"enabled": true} enables it` }]
      : []
  })
}
