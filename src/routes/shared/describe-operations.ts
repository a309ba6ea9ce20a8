/** What OpenAPI says of all routes alike: a name for each operation, and the answers that each may give. */
import type { FastifyInstance } from 'fastify'
import { ErrorSchema } from './errors.js'

/** For all routes of a scope. The names are of method and address, so that two catalogues in one host have different ones. */
export function describeOperations(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const [method = ''] = [route.method].flat()
    const response = route.schema?.response as Record<string, object> | undefined
    if (response === undefined) return
    route.schema = {
      ...route.schema,
      operationId: operationId(method, route.url),
      // A database that is away, and what nobody has thought of.
      response: { ...response, '5xx': response['5xx'] ?? ErrorSchema },
    } as object
  })
}

/** `GET /models/sync/history/:runId` is `getModelsSyncHistoryByRunId`. */
export function operationId(method: string, url: string): string {
  const words = url
    .replaceAll('*', ':id')
    .split('/')
    .flatMap((part) => (part.startsWith(':') ? ['by', part.slice(1)] : part.split(/[^A-Za-z0-9]+/)))
  const capitals = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return `${method.toLowerCase()}${capitals.join('')}`
}
