/** /clients: the available models as the files that other programs read, so that they need no list of their own. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { CLIENT_NAMES, type ClientName } from '../core/clients/all-clients.js'
import { OneOf } from '../core/schema/one-of.js'
import { ErrorSchema } from './shared/errors.js'
import { isKnown, NotModified } from './shared/etag.js'
import type { RouteHooks } from './shared/hooks.js'

const tags = ['clients']
const description = 'Models that the client cannot use are left out, and so is what is unknown of a model.'
const File = {
  description: 'the file, in the client’s own shape',
  content: {
    'application/json': { schema: Type.Object({}, { additionalProperties: true }) },
    // Of OpenAPI's readers some take it for a text, others for what the text says.
    'application/yaml': { schema: Type.Unsafe<string>({}) },
  },
}
const response = { 200: File, 304: NotModified, '4xx': ErrorSchema }

export default async function clientFileRoutes(
  instance: FastifyInstance,
  { read, user, teams }: RouteHooks,
): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { clientFiles } = instance.modelSync.catalogue

  const send = async (request: FastifyRequest, reply: FastifyReply, name: ClientName) => {
    const { version, body, mediaType, file } = await clientFiles.get(name, user(request), await teams(request))
    void reply.header('content-disposition', `inline; filename="${file}"`)
    if (isKnown(request, reply, version)) return reply
    void reply.type(mediaType)
    return body as never
  }

  fastify.get(
    '/clients/:name',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'The available models as the file of a client',
        description,
        params: Type.Object({ name: OneOf(CLIENT_NAMES) }),
        response,
      },
    },
    (request, reply) => send(request, reply, request.params.name),
  )

  // Programs that can be told to ask another models.dev put this behind its address.
  fastify.get(
    '/clients/models.dev/api.json',
    { onRequest: read, schema: { tags, summary: 'The same as /clients/models.dev', description, response } },
    (request, reply) => send(request, reply, 'models.dev'),
  )
}
