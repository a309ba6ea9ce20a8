/** /models/prices and /models/cost: prices over time, and what a request costs. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { CostSchema, PricesSchema } from '../core/prices/price-records.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'

const model = Type.String({ minLength: 1, description: 'id of a model, or an id that it had before' })
const at = Type.Optional(Type.String({ description: 'a time in ISO 8601; by default now' }))
const tokens = (description: string): ReturnType<typeof Type.Integer> =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0, description })

const tags = ['prices']

export default async function priceRoutes(instance: FastifyInstance, { read, user }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { prices } = instance.modelSync

  fastify.get(
    '/models/prices',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Show a model’s prices, now or at a time, and its earlier ones',
        querystring: Type.Object({ model, at }, { additionalProperties: false }),
        response: { 200: PricesSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => {
      const { model: id, at: time } = request.query
      const viewer = user(request)
      const [held, history] = await Promise.all([prices.at(id, time, viewer), prices.history(id, viewer)])
      return { ...held, history }
    },
  )

  fastify.get(
    '/models/cost',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Calculate what a request costs',
        description: 'A price that is needed and unknown is a 422, never 0.',
        querystring: Type.Object(
          {
            model,
            inputTokens: Type.Optional(tokens('of the whole prompt, those read from the cache included')),
            outputTokens: Type.Optional(tokens('of the answer')),
            cacheReadTokens: Type.Optional(tokens('of the prompt, those that were read from the cache')),
            at,
          },
          { additionalProperties: false },
        ),
        response: { 200: CostSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => prices.cost({ ...request.query, viewer: user(request) }),
  )
}
