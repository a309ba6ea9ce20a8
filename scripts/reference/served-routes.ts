/** servedRoutes: the plugin's routes as they register themselves, without a database behind them. */
import Fastify from 'fastify'
import fastifySwagger from '@fastify/swagger'
import routes, { type RouteOptions } from '../../src/routes/all-routes.js'
import { rightOf, type Right } from '../../src/routes/shared/rights.js'

export interface Shape {
  type?: string
  description?: string
  enum?: readonly unknown[]
  nullable?: boolean
  default?: unknown
  minimum?: number
  maximum?: number
  items?: Shape
  properties?: Record<string, Shape>
  required?: readonly string[]
  anyOf?: readonly Shape[]
}

export interface Operation {
  summary?: string
  description?: string
  tags?: readonly string[]
  parameters?: readonly { name: string; in: string; required?: boolean; description?: string; schema: Shape }[]
  requestBody?: { content: Record<string, { schema: Shape }> }
  responses: Record<string, { content?: Record<string, { schema: Shape }> }>
}

export interface ServedRoute {
  method: string
  /** As OpenAPI writes it: `/models/{id}`. */
  path: string
  right: Right | undefined
  operation: Operation
}

const ALL_ON: RouteOptions = {
  authorize: [],
  authorizeRead: [],
  authorizeUser: null,
  allowedOrigins: [],
  knownHosts: null,
  securityScheme: null,
  openaiIds: 'public',
  settingsPage: null,
  assetsDir: undefined,
  cronSecret: 'only-so-that-the-route-is-there',
  webhookSecret: `whsec_${'bm8gc2VjcmV0'.repeat(4)}`,
  failedSyncStatus: 200,
  livenessPath: null,
  readinessPath: null,
  publicUrl: null,
  user: () => null,
  teams: () => [],
}

export async function servedRoutes(): Promise<ServedRoute[]> {
  const app = Fastify()
  await app.register(fastifySwagger, { openapi: {} })
  app.decorate('modelSync', nobody() as never)
  const rights = new Map<string, Right | undefined>()
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      for (const method of [route.method].flat()) rights.set(`${method} ${route.url}`, rightOf(route))
    })
    await scope.register(routes, ALL_ON)
  })
  await app.ready()
  const paths = app.swagger().paths as unknown as Record<string, Record<string, Operation>>
  await app.close()
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
      const key = `${method.toUpperCase()} ${url}`
      return {
        method: method.toUpperCase(),
        path,
        right: rights.get(key) ?? rights.get(key.replace(/:id$/, '*')),
        operation,
      }
    }),
  )
}

/** Stands where the services would: routes only ask them once a request comes, and none does. */
function nobody(): unknown {
  const none: unknown = new Proxy(() => none, { get: (_target, name) => (name === 'then' ? undefined : none) })
  return none
}
