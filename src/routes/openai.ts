/** /v1/models: the available models in OpenAI's shape, so that its clients can list them. @see https://platform.openai.com/docs/api-reference/models (read 2026-11) */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { NotFoundError } from '../errors.js'
import { ErrorSchema } from './errors.js'
import { isKnown } from './etag.js'
import type { RouteHooks } from './hooks.js'

const Entry = Type.Object({
  id: Type.String(),
  object: Type.Unsafe<string>({ type: 'string', const: 'model' }),
  created: Type.Integer({ description: 'seconds since 1970' }),
  owned_by: Type.String(),
})

const tags = ['openai']

export default async function openaiRoutes(instance: FastifyInstance, { read, user }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { catalogue, publicList } = instance.modelSync

  fastify.get(
    '/v1/models',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'The available models',
        response: { 200: Type.Object({ object: Type.String(), data: Type.Array(Entry) }), '4xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      const viewer = user(request)
      const [{ revision, body }, own] = await Promise.all([publicList.get(), catalogue.ownVersion(viewer)])
      if (isKnown(request, reply, own === null ? revision : `${revision}-${own}`)) return reply
      if (own !== null) return { object: 'list', data: (await catalogue.publicIds({ viewer })).map(toEntry) }
      // Written already, and of the shape above: a serializer would only read it once more.
      void reply.type('application/json; charset=utf-8')
      return body as never
    },
  )

  fastify.get(
    '/v1/models/*',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'One available model',
        params: Type.Object({ '*': Type.String() }),
        response: { 200: Entry, '4xx': ErrorSchema },
      },
    },
    async (request) => {
      const id = request.params['*']
      const [found] = await catalogue.publicIds({ id, viewer: user(request) })
      if (found === undefined) throw new NotFoundError(`there is no available model "${id}"; GET /v1/models lists them`)
      return toEntry(found)
    },
  )
}

function toEntry({ id, created, ownedBy }: { id: string; created: number; ownedBy: string }): Static<typeof Entry> {
  return { id, object: 'model', created, owned_by: ownedBy }
}
