/** /models/prices and /models/cost: prices over time, and what a request costs. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { OtherPriceSchema } from '../core/model/model-fields.js'
import { Nullable } from '../core/schema/nullable.js'

const Price = Nullable(Type.String({ description: 'USD per token, decimal; null: unknown' }))
const model = Type.String({ minLength: 1, description: 'a model’s id, also one that it had before' })
const at = Type.Optional(Type.String({ description: 'ISO 8601; default: now' }))
const tokens = (description: string): ReturnType<typeof Type.Integer> =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0, description })

const PricesSchema = Type.Object({
  model: Type.String(),
  at: Type.String(),
  inputCostPerToken: Price,
  outputCostPerToken: Price,
  cacheReadCostPerToken: Price,
  cacheWriteCostPerToken: Price,
  otherPrices: Type.Array(OtherPriceSchema),
  history: Type.Array(
    Type.Object({
      ...OtherPriceSchema.properties,
      validFrom: Type.String(),
      validTo: Nullable(Type.String({ description: 'null: still' })),
    }),
    { description: 'each price that the model ever had, the newest first' },
  ),
})

const CostSchema = Type.Object({
  model: Type.String(),
  at: Type.String(),
  currency: Type.String(),
  total: Type.String({ description: 'USD, decimal' }),
  parts: Type.Array(
    Type.Object({
      kind: Type.String({ description: 'input, cache_read, output' }),
      tokens: Type.Integer(),
      price: Type.String({ description: 'USD per token, decimal' }),
      tier: Nullable(Type.String({ description: 'which of the other prices it is; null: the model’s own' })),
      cost: Type.String({ description: 'USD, decimal' }),
    }),
  ),
})

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
        summary: 'A model’s prices at a time, and all that it had',
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
        summary: 'What a request costs',
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
