/** /models: the list, one model, the counts. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { CAPABILITIES, MODES } from '../core/model/model.js'
import { SORT_KEYS } from '../core/model/sort-keys.js'
import { ErrorSchema } from './shared/errors.js'
import { NotModified, notModified } from './shared/etag.js'
import { requireUser, type RouteHooks } from './shared/hooks.js'
import { DiscrepancySchema, ModelDetailSchema, ModelSchema, NextCursorSchema, PageSchema } from './shared/schemas.js'

function oneOf(values: readonly string[]): ReturnType<typeof Type.Unsafe<string>> {
  return Type.Unsafe<string>({ type: 'string', enum: values })
}

/** Tokens, as many as the column holds. */
const Context = Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'tokens' })
const Cost = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,30})?$', description: 'USD per token, decimal' })

const ModelQuery = Type.Object(
  {
    search: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'words that must all be in the id, the name or the owner, ten at most',
      }),
    ),
    id: Type.Optional(Type.String({ description: 'one id, for ids that no path can hold' })),
    provider: Type.Optional(Type.String()),
    mode: Type.Optional(oneOf(MODES)),
    availability: Type.Optional(oneOf(['available', 'unavailable'])),
    ownedBy: Type.Optional(Type.String()),
    canonicalName: Type.Optional(
      Type.String({ description: 'all offers of one model, the cheapest first unless a sort is given' }),
    ),
    capability: Type.Optional(oneOf(CAPABILITIES)),
    hidden: Type.Optional(Type.Boolean()),
    minContext: Type.Optional(Context),
    maxContext: Type.Optional(Context),
    minInputCost: Type.Optional(Cost),
    maxInputCost: Type.Optional(Cost),
    minOutputCost: Type.Optional(Cost),
    maxOutputCost: Type.Optional(Cost),
    visibleTo: Type.Optional(
      Type.Unsafe<'me'>({ type: 'string', enum: ['me'], description: 'only what your own keys can see' }),
    ),
    sort: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        enum: SORT_KEYS.flatMap((key) => [key, `-${key}`]),
        description: 'a field, behind "-" for descending, models of which it is not known last either way; default: id',
      }),
    ),
    ...PageSchema,
  },
  { additionalProperties: false },
)

const StatsSchema = Type.Object({
  totalModels: Type.Integer(),
  availableModels: Type.Integer(),
  unavailableModels: Type.Integer(),
  byProvider: Type.Record(Type.String(), Type.Integer(), { additionalProperties: false }),
  byMode: Type.Record(Type.String(), Type.Integer(), { additionalProperties: false }),
})

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
        summary: 'The catalogue, a page at a time',
        querystring: ModelQuery,
        response: {
          200: Type.Object({ models: Type.Array(ModelSchema), nextCursor: NextCursorSchema, total: Type.Integer() }),
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
        summary: 'Where upstream and the price book are more than 1 % apart',
        querystring: Type.Object(
          {
            limit: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 500, description: 'default: as many as 8 MiB hold' }),
            ),
            cursor: PageSchema.cursor,
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ discrepancies: Type.Array(DiscrepancySchema), nextCursor: NextCursorSchema }),
          '4xx': ErrorSchema,
        },
      },
    },
    async (request) => catalogue.discrepancies(request.query),
  )

  fastify.get(
    '/models/stats',
    { onRequest: read, schema: { tags, summary: 'Counts', response: { 200: StatsSchema, '4xx': ErrorSchema } } },
    async () => catalogue.stats(),
  )

  fastify.get(
    '/models/*',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'One model, by its id',
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
