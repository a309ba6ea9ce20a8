/** /models/news: who is told of changes, and whether it arrives. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { SubscriptionSchema } from '../core/news/news-record.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'

const tags = ['news']
const Name = Type.Object({ name: Type.String() })

export default async function newsRoutes(instance: FastifyInstance, { write }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { news } = instance.modelSync

  fastify.get(
    '/models/news',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'List the subscriptions to news, and whether messages arrive',
        response: { 200: Type.Object({ subscriptions: Type.Array(SubscriptionSchema) }), '4xx': ErrorSchema },
      },
    },
    async () => ({ subscriptions: await news.list() }),
  )

  fastify.patch(
    '/models/news/:name',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Switch a subscription off or on',
        description: 'Switched on again, it gets everything that happened meanwhile.',
        params: Name,
        body: Type.Object({ enabled: Type.Boolean() }, { additionalProperties: false }),
        response: { 200: SubscriptionSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => news.change(request.params.name, request.body),
  )

  fastify.post(
    '/models/news/:name/test',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Send a test message',
        params: Name,
        response: { 202: SubscriptionSchema, '4xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      void reply.code(202)
      return news.test(request.params.name)
    },
  )
}
