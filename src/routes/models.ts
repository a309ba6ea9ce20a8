/** /models: the list, one model, the counts. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './shared/errors.js'
import { NotModified, notModified } from './shared/etag.js'
import { requireUser, type RouteHooks } from './shared/hooks.js'
import { DiscrepanciesPageSchema } from '../core/prices/discrepancy.js'
import { ModelDetailSchema } from '../core/records/model-detail.js'
import { ModelsPageSchema, ModelsQuerySchema, ModelStatsSchema } from '../core/model/model-record.js'
import { PageSchema } from '../core/schema/page.js'

const tags = ['models']

export default async function catalogueRoutes(instance: FastifyInstance, { read, user }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { catalogue } = instance.modelSync

  fastify.get(
    '/models',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'List the models, a page at a time',
        querystring: ModelsQuerySchema,
        response: {
          200: ModelsPageSchema,
          304: NotModified,
          '4xx': ErrorSchema,
        },
      },
    },
    async (request, reply) => {
      const viewer = request.query.visibleTo === undefined ? user(request) : requireUser(user(request))
      if (await notModified(request, reply, catalogue, viewer)) return reply
      return catalogue.models({ ...request.query, viewer })
    },
  )

  fastify.get(
    '/models/discrepancies',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'List where price books disagree with a provider',
        description:
          'Prices over 1 % apart, another limit, another end date of the same seller, each with the likely cause.',
        querystring: Type.Object(
          {
            limit: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 500, description: 'default: as many as 4 MiB hold' }),
            ),
            cursor: PageSchema.cursor,
          },
          { additionalProperties: false },
        ),
        response: {
          200: DiscrepanciesPageSchema,
          '4xx': ErrorSchema,
        },
      },
    },
    async (request) => catalogue.discrepancies(request.query),
  )

  fastify.get(
    '/models/stats',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Count the models by provider and by mode',
        response: { 200: ModelStatsSchema, '4xx': ErrorSchema },
      },
    },
    async () => catalogue.stats(),
  )

  fastify.get(
    '/models/*',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Show one model',
        description: 'With its upstream entry and its last 20 changes.',
        params: Type.Object({
          '*': Type.String({ description: '<provider>/<the provider’s id>, slashes plain or %2F' }),
        }),
        response: { 200: ModelDetailSchema, 304: NotModified, '4xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      // The revision before the model: a sync between the two must not put an old body under a new ETag.
      const viewer = user(request)
      const unchanged = await notModified(request, reply, catalogue, viewer)
      return unchanged ? reply : catalogue.model(request.params['*'], viewer)
    },
  )
}
