/** /models/health: 503 only when the database does not answer; an upstream that fails makes it degraded, and no orchestrator should restart a host for that. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './errors.js'
import type { RouteHooks } from './hooks.js'
import { Nullable } from './schemas.js'

const HealthSchema = Type.Object({
  status: Type.Unsafe<string>({ type: 'string', enum: ['ok', 'degraded'] }),
  revision: Type.Integer(),
  disabledNews: Type.Array(Type.String({ description: 'a subscription to which nothing is sent any more' })),
  providers: Type.Array(
    Type.Object({
      provider: Type.String(),
      healthy: Type.Boolean(),
      lastSuccessAt: Nullable(Type.String()),
      lastError: Nullable(Type.String()),
      consecutiveFailures: Type.Integer(),
    }),
  ),
})

export default async function healthRoutes(fastify: FastifyInstance, { read }: RouteHooks): Promise<void> {
  fastify.get(
    '/models/health',
    {
      onRequest: read,
      schema: {
        tags: ['health'],
        summary: 'Whether the catalogue can be read and is in step',
        response: { 200: HealthSchema, 503: ErrorSchema, '4xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      try {
        return await fastify.modelSync.status.health()
      } catch (error) {
        request.log.error({ err: error }, 'The database does not answer')
        return reply.code(503).header('retry-after', '5').send({
          statusCode: 503,
          code: 'FST_MODEL_SYNC_DATABASE',
          error: 'Service Unavailable',
          message: 'the database does not answer; check that it runs and can be reached',
        })
      }
    },
  )
}
