/** /models/deprecations: which models end soon. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { DeprecationsPageSchema, DeprecationsQuerySchema } from '../core/records/deprecation-record.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'

export default async function deprecationRoutes(instance: FastifyInstance, { read }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()

  fastify.get(
    '/models/deprecations',
    {
      onRequest: read,
      schema: {
        tags: ['models'],
        summary: 'List the available models that will end, soonest first',
        querystring: DeprecationsQuerySchema,
        response: {
          200: DeprecationsPageSchema,
          '4xx': ErrorSchema,
        },
      },
    },
    async (request) => instance.modelSync.catalogue.deprecations.list(request.query),
  )
}
