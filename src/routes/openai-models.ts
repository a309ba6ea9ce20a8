/** /v1/models: the available models in OpenAI's shape, so that its clients can list them. @see https://platform.openai.com/docs/api-reference/models (read 2026-11) */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { NotFoundError } from '../errors.js'
import { findByOpenaiId, OpenaiEntrySchema, toOpenaiEntry, type OpenaiIds } from '../core/model/openai-entry.js'
import { shapeErrors } from './shared/errors.js'
import { isKnown, NotModified } from './shared/etag.js'
import type { RouteHooks } from './shared/hooks.js'
import { describeForOpenai, OpenaiErrorSchema } from './shared/openai-error.js'

const List = Type.Object({ object: Type.String(), data: Type.Array(OpenaiEntrySchema) })

const tags = ['openai']
const refusals = { '4xx': OpenaiErrorSchema, '5xx': OpenaiErrorSchema }

export interface OpenaiRouteOptions extends RouteHooks {
  ids: OpenaiIds
}

export default async function openaiRoutes(
  instance: FastifyInstance,
  { read, user, teams, ids }: OpenaiRouteOptions,
): Promise<void> {
  shapeErrors(instance, describeForOpenai)
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { catalogue } = instance.modelSync
  const { openaiList } = catalogue

  const list = async (request: FastifyRequest, reply: FastifyReply) => {
    const { version, body } = await openaiList.get(user(request), await teams(request))
    if (isKnown(request, reply, version)) return reply
    // Written already, and of the shape above: a serializer would only read it once more.
    void reply.type('application/json; charset=utf-8')
    return body as never
  }

  fastify.get(
    '/v1/models',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'List the available models in OpenAI’s shape',
        description:
          'With `context_length`, `max_output_tokens`, `mode` and `pricing` (USD per token). `MODEL_SYNC_OPENAI_IDS` chooses the ids. Errors have OpenAI’s shape.',
        response: { 200: List, 304: NotModified, ...refusals },
      },
    },
    list,
  )

  fastify.get(
    '/v1/models/*',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Show one available model in OpenAI’s shape',
        description: 'By its public id or by its provider’s. Errors have OpenAI’s shape.',
        params: Type.Object({ '*': Type.String() }),
        response: { 200: Type.Union([OpenaiEntrySchema, List]), 304: NotModified, ...refusals },
      },
    },
    async (request, reply) => {
      const id = request.params['*']
      // The list with a slash at its end, as some clients join addresses.
      if (id === '') return list(request, reply)
      const who = { viewer: user(request), teams: await teams(request) }
      const find = async (eitherId: string) =>
        findByOpenaiId(await catalogue.offered({ eitherId, ...who }), eitherId, ids)
      const found = (await find(id)) ?? (id.endsWith('/') ? await find(id.slice(0, -1)) : undefined)
      if (found === undefined) throw new NotFoundError(`there is no available model "${id}"; GET /v1/models lists them`)
      return toOpenaiEntry(found, ids)
    },
  )
}
