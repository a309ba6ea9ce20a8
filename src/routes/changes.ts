/** What changed: the changelog as JSON and as an Atom feed, and the days as numbers. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { addressOfHost } from '../core/input/host-header.js'
import { ChangeFilterSchema, ChangesPageSchema, ChangesQuerySchema } from '../core/records/change-record.js'
import { ValidationError } from '../errors.js'
import { DaySchema } from '../core/records/day-stats.js'
import { ErrorSchema } from './shared/errors.js'
import { NotModified, notModified } from './shared/etag.js'
import type { RouteHooks } from './shared/hooks.js'
import { PageSchema } from '../core/schema/page.js'

const tags = ['changes']

export interface ChangeRouteOptions extends RouteHooks {
  /** Where the routes are mounted, absolute; `null`: where the request came in. */
  publicUrl: string | null
}

export default async function changeRoutes(
  instance: FastifyInstance,
  { read, publicUrl }: ChangeRouteOptions,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { catalogue } = instance.modelSync
  const { changelog, daily } = catalogue

  fastify.get(
    '/models/changes',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'List the changes, newest first',
        querystring: ChangesQuerySchema,
        response: {
          200: ChangesPageSchema,
          '4xx': ErrorSchema,
        },
      },
    },
    async (request) => changelog.changes(request.query),
  )

  fastify.get(
    '/models/changes.atom',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Read the changes as an Atom feed',
        querystring: Type.Object({ ...ChangeFilterSchema, limit: PageSchema.limit }, { additionalProperties: false }),
        response: {
          200: { description: 'the feed', content: { 'application/atom+xml': { schema: Type.String() } } },
          304: NotModified,
          '4xx': ErrorSchema,
        },
      },
    },
    async (request, reply) => {
      if (await notModified(request, reply, catalogue, null)) return reply
      const origin = addressOfHost(request.host, request.protocol === 'https' ? 'https:' : 'http:')?.origin
      const baseUrl = publicUrl?.replace(/\/+$/, '') ?? (origin === undefined ? null : origin + instance.prefix)
      if (baseUrl === null)
        throw new ValidationError(
          'the Host header is no address, and the feed needs one; send another, or set MODEL_SYNC_PUBLIC_URL',
        )
      const selfUrl = `${baseUrl}/models/changes.atom${queryOf(request)}`
      void reply.type('application/atom+xml; charset=utf-8')
      return changelog.feed(request.query, { baseUrl, selfUrl })
    },
  )

  fastify.get(
    '/models/stats/daily',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Count models and changes by day, oldest first',
        querystring: Type.Object(
          {
            days: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 366, default: 30, description: 'how many, today included' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ days: Type.Array(DaySchema) }), '4xx': ErrorSchema },
      },
    },
    async (request) => ({ days: await daily.days(request.query.days ?? 30) }),
  )
}

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf('?')
  return start === -1 ? '' : url.slice(start)
}
