/** /models/probe: whether a model answers. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ProbeSchema } from '../core/records/probe-record.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'

const tags = ['models']
const Query = Type.Object(
  { model: Type.String({ minLength: 1, description: 'public id' }) },
  { additionalProperties: false },
)

export default async function probeRoutes(instance: FastifyInstance, { read, write, user }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { probes } = instance.modelSync

  fastify.post(
    '/models/probe',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Send the smallest chat request to a model',
        description: 'A model that does not answer is not an error: `ok` is false. Needs `MODEL_SYNC_PROBE=true`.',
        querystring: Query,
        response: { 200: ProbeSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => probes.probe(request.query.model, { userId: user(request) }),
  )

  fastify.get(
    '/models/probe',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'List the last 20 probes of a model, newest first',
        querystring: Query,
        response: { 200: Type.Object({ probes: Type.Array(ProbeSchema) }), '4xx': ErrorSchema },
      },
    },
    async (request) => ({ probes: await probes.list(request.query.model) }),
  )
}
