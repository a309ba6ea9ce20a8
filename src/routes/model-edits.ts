/** /models by hand: add a local model, pin and unpin, delete; and what is inconsistent. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { FIELDS, FIELD_NAMES } from '../core/model/model.js'
import { ModelEditSchema, NewModelSchema } from '../core/model/model-edit.js'
import { InconsistenciesSchema } from '../core/records/inconsistency.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { ModelDetailSchema } from '../core/records/model-detail.js'
import { readNumbersInBody } from './shared/whole-numbers.js'

const INTEGERS = FIELD_NAMES.filter((field) => FIELDS[field] === 'integer')

const tags = ['models']
const IdParams = Type.Object({ '*': Type.String({ description: 'the model’s id' }) })
// For the changelog, where the host does not say who asks.
const NOBODY = 'operator'

export default async function editRoutes(instance: FastifyInstance, { read, write, user }: RouteHooks): Promise<void> {
  const fastify = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { catalogue } = instance.modelSync
  const { editor } = catalogue

  fastify.post(
    '/models',
    {
      onRequest: write,
      preValidation: readNumbersInBody(INTEGERS),
      schema: {
        tags,
        summary: 'Add a local model',
        body: NewModelSchema,
        response: { 201: ModelDetailSchema, '4xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      const id = await editor.add(request.body, user(request) ?? NOBODY)
      void reply.code(201)
      return catalogue.model(id)
    },
  )

  fastify.patch(
    '/models/*',
    {
      onRequest: write,
      preValidation: readNumbersInBody(INTEGERS),
      schema: {
        tags,
        summary: 'Pin and unpin fields of a model',
        description:
          'Send a field to pin it, `unpin` to follow the provider again, `hidden` or `availability` to take the model out.',
        params: IdParams,
        body: ModelEditSchema,
        response: { 200: ModelDetailSchema, '4xx': ErrorSchema },
      },
    },
    async (request) => {
      const id = request.params['*']
      await editor.edit(id, request.body, user(request) ?? NOBODY)
      return catalogue.model(id)
    },
  )

  fastify.delete(
    '/models/*',
    {
      onRequest: write,
      schema: {
        tags,
        summary: 'Delete a local model',
        params: IdParams,
        response: { 204: Type.Null(), '4xx': ErrorSchema },
      },
    },
    async (request, reply) => {
      await editor.delete(request.params['*'], user(request) ?? NOBODY)
      void reply.code(204)
      return null
    },
  )

  fastify.get(
    '/models/validate',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'List inconsistencies in the catalogue',
        description: 'Each with what to do about it.',
        response: { 200: InconsistenciesSchema, '4xx': ErrorSchema },
      },
    },
    async () => ({ inconsistencies: await catalogue.validate() }),
  )
}
