/** /providers: providers as rows. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { ProviderEditSchema, ProviderSchema, ProviderStatsSchema } from '../core/records/provider-record.js'

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
        summary: 'List the providers',
        description: 'Each with its address, state and counts, and whether a key is set.',
        response: { 200: Type.Object({ providers: Type.Array(ProviderSchema) }), '4xx': ErrorSchema },
      },
    },
    async () => ({ providers: await providers.list() }),
  )

  fastify.get(
    '/providers/stats',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Count the providers',
        response: { 200: ProviderStatsSchema, '4xx': ErrorSchema },
      },
    },
    async () => providers.stats(),
  )

  fastify.get(
    '/providers/:slug',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Show one provider',
        description:
          '`unread` lists members of its entries that no source reads, `vanished` those that nearly all entries had before.',
        params: Slug,
        response: { 200: ProviderSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => providers.get(request.params.slug),
  )

  fastify.patch(
    '/providers/:slug',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Switch a provider on or off, set its priority and interval',
        description: 'Switching it off makes its models unavailable (`provider-disabled`).',
        params: Slug,
        body: ProviderEditSchema,
        response: { 200: ProviderSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => providers.change(request.params.slug, request.body, user(request) ?? 'operator'),
  )
}
