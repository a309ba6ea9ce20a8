/** /models/health: 503 only when the database does not answer; an upstream that fails makes it degraded, and no orchestrator should restart a host for that. */
import type { FastifyInstance } from 'fastify'
import { DatabaseError } from '../errors.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { HealthSchema } from '../core/records/sync-status.js'

export default async function healthRoutes(fastify: FastifyInstance, { read }: RouteHooks): Promise<void> {
  fastify.get(
    '/models/health',
    {
      onRequest: read,
      schema: {
        tags: ['health'],
        summary: 'Check the health',
        description: '`ok` or `degraded`; `problems` says why. 503 only if the database does not answer.',
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
