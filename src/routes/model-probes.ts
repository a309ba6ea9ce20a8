/** /models/probe: whether a model answers. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { Nullable } from '../core/schema/nullable.js'

const ProbeSchema = Type.Object({
  model: Type.String({ description: 'public id' }),
  cause: Type.Unsafe<string>({ type: 'string', enum: ['manual', 'added'] }),
  actor: Nullable(Type.String()),
  ok: Type.Boolean(),
  reason: Nullable(Type.String({ description: 'why it did not answer' })),
  status: Nullable(Type.Integer({ description: 'HTTP; null: no answer' })),
  latencyMs: Nullable(Type.Integer({ description: 'milliseconds; null: no answer' })),
  at: Type.String({ description: 'ISO 8601, UTC' }),
})

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
        summary: 'The last probes of a model, newest first',
        querystring: Query,
        response: { 200: Type.Object({ probes: Type.Array(ProbeSchema) }), '4xx': ErrorSchema },
      },
    },
    async (request) => ({ probes: await probes.list(request.query.model) }),
  )
}
