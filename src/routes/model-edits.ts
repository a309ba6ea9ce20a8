/** /models by hand: add a local model, pin and unpin, delete; and what is inconsistent. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { CAPABILITIES, FIELDS, FIELD_NAMES, MODES, type DesiredFields, type FieldType } from '../core/model/model.js'
import { ErrorSchema } from './shared/errors.js'
import type { RouteHooks } from './shared/hooks.js'
import { ModelDetailSchema } from './shared/schemas.js'
import { readNumbersInBody } from './shared/whole-numbers.js'

const SHAPES: Record<FieldType, object> = {
  text: { type: ['string', 'null'] },
  mode: { enum: [...MODES, null] },
  integer: { type: ['integer', 'null'], minimum: 0 },
  decimal: { type: ['string', 'null'], description: 'USD per token, decimal' },
  set: { type: 'array', items: { type: 'string' } },
  capabilities: {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(CAPABILITIES.map((capability) => [capability, { type: 'boolean' }])),
  },
  prices: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'unit', 'currency', 'price'],
      properties: Object.fromEntries(
        ['kind', 'unit', 'currency', 'price'].map((member) => [member, { type: 'string' }]),
      ),
    },
  },
  timestamp: { type: ['string', 'null'] },
  date: { type: ['string', 'null'] },
}

const fields = Object.fromEntries(
  Object.entries(FIELDS).map(([field, type]) => [field, field === 'name' ? { type: 'string' } : SHAPES[type]]),
)

const EditBody = Type.Unsafe<
  DesiredFields & { hidden?: boolean; availability?: 'available' | 'unavailable'; unpin?: string[] }
>({
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    ...fields,
    hidden: { type: 'boolean' },
    availability: {
      enum: ['available', 'unavailable'],
      description: 'unavailable survives every sync; available takes that back',
    },
    unpin: { type: 'array', items: { type: 'string' }, description: 'fields to give back to upstream' },
  },
})

const LocalBody = Type.Unsafe<DesiredFields & { provider: string; providerModelId: string }>({
  type: 'object',
  additionalProperties: false,
  required: ['provider', 'providerModelId'],
  properties: { provider: { type: 'string' }, providerModelId: { type: 'string' }, ...fields },
})

const Inconsistencies = Type.Object({
  inconsistencies: Type.Array(
    Type.Object({ code: Type.String(), modelId: Type.String(), detail: Type.String(), wayOut: Type.String() }),
  ),
})

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
        body: LocalBody,
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
        summary: 'Pin and unpin fields',
        params: IdParams,
        body: EditBody,
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
        summary: 'What is inconsistent, each with the way out',
        response: { 200: Inconsistencies, '4xx': ErrorSchema },
      },
    },
    async () => ({ inconsistencies: await catalogue.validate() }),
  )
}
