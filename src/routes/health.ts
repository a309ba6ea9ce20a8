/** /models/health: 503 only when the database does not answer; an upstream that fails makes it degraded, and no orchestrator should restart a host for that. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { DatabaseError } from '../errors.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { Nullable } from './shared/schemas.js'

const HealthSchema = Type.Object({
  status: Type.Unsafe<string>({ type: 'string', enum: ['ok', 'degraded'] }),
  revision: Type.Integer(),
  disabledNews: Type.Array(Type.String({ description: 'a subscription to which nothing is sent any more' })),
  problems: Type.Array(Type.String({ description: 'why it is degraded, a sentence each' })),
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
    async () => {
      try {
        return await fastify.modelSync.runs.status.health()
      } catch (error) {
        throw new DatabaseError('the database does not answer; check that it runs and can be reached', { cause: error })
      }
    },
  )
}
