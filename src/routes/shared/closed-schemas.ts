/** Closes what each route takes: a parameter or member that a route does not know is an error, since a misspelled `dryRun` would write. */
import type { FastifyInstance, RouteOptions } from 'fastify'
import { ValidationError } from '../../errors.js'

const CLOSED = { type: 'object', additionalProperties: false, properties: {} }
// A body is optional where nothing is expected of it, and `null` is how some clients spell that.
const NO_BODY = { ...CLOSED, type: ['object', 'null'] }
const WITHOUT_BODY = new Set(['GET', 'HEAD'])

interface ObjectSchema {
  type?: string | readonly string[]
  additionalProperties?: unknown
}

/** For all routes of a scope: a schema that is missing is empty and closed, one that leaves open what else may come is closed. */
export function closeSchemas(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    // Pages and their files: what else stands in their addresses is the browser's business.
    if ((route.schema as { hide?: boolean } | undefined)?.hide === true) return
    const { querystring, params, body } = route.schema ?? {}
    const takesBody = !methodsOf(route).every((method) => WITHOUT_BODY.has(method))
    route.schema = {
      ...route.schema,
      querystring: closed(querystring ?? CLOSED),
      ...(params === undefined ? {} : { params: closed(params) }),
      ...(takesBody ? { body: closed(body ?? NO_BODY) } : {}),
    }
  })
  // Fastify does not read it, and a GET whose body says dryRun would write.
  fastify.addHook('preValidation', ({ method, headers }, _reply, done) => {
    const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
    if (isEmpty || !WITHOUT_BODY.has(method)) done()
    else done(new ValidationError(`${method} takes no body; put what it says into the query`))
  })
}

function closed(schema: unknown): unknown {
  const { type, additionalProperties } = schema as ObjectSchema
  const isOpen = [type].flat().includes('object') && additionalProperties === undefined
  return isOpen ? { ...(schema as object), additionalProperties: false } : schema
}

function methodsOf({ method }: RouteOptions): string[] {
  return [method].flat()
}
