/** /models/deprecations: which models end soon. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { NextCursorSchema, PageSchema } from '../core/schema/page.js'
import { Nullable } from '../core/schema/nullable.js'

const Query = Type.Object(
  {
    within: Type.Optional(
      Type.String({ pattern: '^\\d{1,4}d$', description: 'days from today, as 30d; default: all that are known' }),
    ),
    provider: Type.Optional(Type.String()),
    ...PageSchema,
  },
  { additionalProperties: false },
)

const DeprecationSchema = Type.Object({
  modelId: Type.String(),
  provider: Type.String(),
  name: Type.String(),
  deprecationDate: Type.String({ description: 'ISO date, as upstream states it' }),
  daysLeft: Type.Integer({ description: '0: today; negative: past, and served all the same' }),
  replacedBy: Nullable(Type.String({ description: 'upstream’s id of the model to use instead' })),
})

export default async function deprecationRoutes(instance: FastifyInstance, { read }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()

  fastify.get(
    '/models/deprecations',
    {
      onRequest: read,
      schema: {
        tags: ['models'],
        summary: 'Available models whose end is known, the soonest first',
        querystring: Query,
        response: {
          200: Type.Object({ deprecations: Type.Array(DeprecationSchema), nextCursor: NextCursorSchema }),
          '4xx': ErrorSchema,
        },
      },
    },
    async (request) => instance.modelSync.catalogue.deprecations.list(request.query),
  )
}
