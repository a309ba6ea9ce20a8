/**
 * The answers of our routes become texts here, out of reach of the host's serializers and serialization hooks; what a host's own hook sends on our
 * routes is serialized as on a route of the host's.
 */
import fastJson, { type Schema } from 'fast-json-stringify'
import type { FastifyInstance, FastifyReply } from 'fastify'

type Serializer = (payload: unknown) => string
type ResponseSchemas = Record<string, object>

/** By the schema's text: one for the process, as the validators. */
const serializers = new Map<string, Serializer>()

/** Routes with schemas of their responses return what they answer; routes without send it themselves. */
export function serializeOwnAnswers(fastify: FastifyInstance): void {
  // The schemas stay on the routes for OpenAPI, and describe our answers only.
  fastify.setSerializerCompiler(() => serializeForHost)
  fastify.addHook('onRoute', (route) => {
    const schemas = route.schema?.response as ResponseSchemas | undefined
    if (schemas === undefined) return
    const { handler } = route
    const known = new Map<number, Serializer>()
    route.handler = async function (request, reply) {
      const payload: unknown = await handler.call(this, request, reply)
      if (payload === undefined || Buffer.isBuffer(payload)) return payload
      if (payload === null) return reply.send()
      const { statusCode } = reply
      let serializer = known.get(statusCode)
      if (serializer === undefined) known.set(statusCode, (serializer = serializerOf(schemas, statusCode)))
      return toText(reply, payload, serializer)
    }
  })
}

/** An answer that no route's schema describes, such as an error. */
export function toText(reply: FastifyReply, payload: unknown, serialize: Serializer = JSON.stringify): string {
  if (typeof payload !== 'string' || !reply.hasHeader('content-type'))
    void reply.type('application/json; charset=utf-8')
  // Instead of one that a hook of the host's may have set for this reply. A text leaves with its head in one piece, bytes do not.
  void reply.serializer(asItIs)
  return typeof payload === 'string' ? payload : serialize(payload)
}

function asItIs(text: string): string {
  return text
}

function serializerOf(schemas: ResponseSchemas, status: number): Serializer {
  const schema = schemas[status] ?? schemas[`${String(status)[0]}xx`]
  if (schema === undefined) return JSON.stringify
  const key = JSON.stringify(schema)
  let serializer = serializers.get(key)
  if (serializer === undefined) serializers.set(key, (serializer = fastJson(schema as Schema)))
  return serializer
}

/** As Fastify does without a schema; an error comes here when no error handler of the host's has answered it. */
function serializeForHost(payload: unknown): string {
  if (!(payload instanceof Error)) return JSON.stringify(payload)
  const { statusCode, code, error, message } = payload as Error & Record<string, unknown>
  return JSON.stringify({ statusCode, code, error, message })
}
