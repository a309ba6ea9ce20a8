/** /models/credentials: a user's own keys for providers; what is answered never holds a key. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { UserKeySchema } from '../core/records/user-key-record.js'
import { ErrorSchema } from './shared/errors.js'
import { requireUser, type RouteHooks } from './shared/hooks.js'

const Provider = Type.Object({ provider: Type.String({ description: 'slug' }) })
const tags = ['credentials']
const errors = { '4xx': ErrorSchema, '5xx': ErrorSchema }
const one = { 200: UserKeySchema, ...errors }

export default async function userKeyRoutes(
  instance: FastifyInstance,
  { ownRead, ownWrite, user }: RouteHooks,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { userKeys } = instance.modelSync

  fastify.get(
    '/models/credentials',
    {
      onRequest: ownRead,
      schema: {
        tags,
        summary: 'List your keys, without the keys themselves',
        response: { 200: Type.Object({ credentials: Type.Array(UserKeySchema) }), ...errors },
      },
    },
    async (request) => ({ credentials: await userKeys.list(requireUser(user(request))) }),
  )

  fastify.get(
    '/models/credentials/:provider',
    {
      onRequest: ownRead,
      schema: { tags, summary: 'Show one of your keys, without the key itself', params: Provider, response: one },
    },
    async (request) => userKeys.get(requireUser(user(request)), request.params.provider),
  )

  fastify.put(
    '/models/credentials/:provider',
    {
      onRequest: ownWrite,
      schema: {
        tags,
        summary: 'Save your key for a provider',
        description: 'It is stored encrypted.',
        params: Provider,
        body: Type.Object(
          { apiKey: Type.String({ minLength: 1, maxLength: 5000, writeOnly: true }) },
          { additionalProperties: false },
        ),
        response: one,
      },
    },
    async (request) => userKeys.put(requireUser(user(request)), request.params.provider, request.body.apiKey),
  )

  fastify.patch(
    '/models/credentials/:provider',
    {
      onRequest: ownWrite,
      schema: {
        tags,
        summary: 'Switch your key on or off',
        params: Provider,
        body: Type.Object({ active: Type.Boolean() }, { additionalProperties: false }),
        response: one,
      },
    },
    async (request) => userKeys.setActive(requireUser(user(request)), request.params.provider, request.body.active),
  )

  fastify.delete(
    '/models/credentials/:provider',
    {
      onRequest: ownWrite,
      schema: { tags, summary: 'Delete your key', params: Provider, response: { 204: Type.Null(), ...errors } },
    },
    async (request, reply) => {
      await userKeys.delete(requireUser(user(request)), request.params.provider)
      void reply.code(204)
      return null
    },
  )
}
