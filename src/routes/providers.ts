/** /providers: providers as rows. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { CauseSchema, Nullable } from './shared/schemas.js'

const Text = Nullable(Type.String())

const ProviderSchema = Type.Object({
  id: Nullable(Type.Integer()),
  slug: Type.String(),
  name: Type.String(),
  description: Text,
  homepage: Text,
  baseUrl: Text,
  addressVariable: Text,
  keyVariable: Text,
  keyRequired: Type.Boolean(),
  keyPresent: Type.Boolean(),
  syncable: Type.Boolean(),
  enabled: Type.Boolean(),
  priority: Type.Integer(),
  interval: Nullable(Type.Integer({ description: 'minutes; null: the backend’s own' })),
  effectiveInterval: Nullable(
    Type.Number({ description: 'minutes between two automatic syncs, by whatever rule; null: auto-sync is off' }),
  ),
  intervalReason: Nullable(Type.String({ description: 'why, where it was learned from how often the models change' })),
  nextAttemptAt: Text,
  backOff: Text,
  lastAttemptAt: Text,
  lastSuccessAt: Text,
  lastError: Text,
  lastProblem: Nullable(CauseSchema),
  consecutiveFailures: Type.Integer(),
  staleSince: Text,
  healthy: Type.Boolean(),
  heldChanges: Type.Integer(),
  totalModels: Type.Integer(),
  availableModels: Type.Integer(),
  unavailableModels: Type.Integer(),
  capabilities: Type.Array(Type.String()),
})

const ChangeBody = Type.Unsafe<{ enabled?: boolean; priority?: number; interval?: number | null }>({
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    enabled: { type: 'boolean' },
    priority: { type: 'integer', minimum: 0, maximum: 1_000_000, description: 'lower comes first' },
    interval: {
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 43_200,
      description: 'minutes between two automatic syncs, not below the backend’s own',
    },
  },
})

const StatsSchema = Type.Object({
  total: Type.Integer(),
  active: Type.Integer(),
  healthy: Type.Integer(),
  inDatabase: Type.Array(Type.String()),
  withSources: Type.Array(Type.String()),
})

const tags = ['providers']
const Slug = Type.Object({ slug: Type.String() })

export default async function providerRoutes(
  instance: FastifyInstance,
  { read, write, user }: RouteHooks,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { providers } = instance.modelSync

  fastify.get(
    '/providers',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'All providers',
        response: { 200: Type.Object({ providers: Type.Array(ProviderSchema) }), '4xx': ErrorSchema },
      },
    },
    async () => ({ providers: await providers.list() }),
  )

  fastify.get(
    '/providers/stats',
    {
      onRequest: read,
      schema: { tags, summary: 'How many providers there are', response: { 200: StatsSchema, '4xx': ErrorSchema } },
    },
    async () => providers.stats(),
  )

  fastify.get(
    '/providers/:slug',
    {
      onRequest: read,
      schema: { tags, summary: 'One provider', params: Slug, response: { 200: ProviderSchema, '4xx': ErrorSchema } },
    },
    async (request) => providers.get(request.params.slug),
  )

  fastify.patch(
    '/providers/:slug',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Switch a provider, set its priority and interval',
        params: Slug,
        body: ChangeBody,
        response: { 200: ProviderSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => providers.change(request.params.slug, request.body, user(request) ?? 'operator'),
  )
}
