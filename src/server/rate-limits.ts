/** limitRates: how often one address may write, resolve names and export in the reference backend. */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, onRequestAsyncHookHandler, RouteOptions } from 'fastify'
import { TooManyRequestsError } from '../errors.js'
import type { ServerSettings } from '../options.js'
import { clientAddress } from '../routes/shared/client-address.js'

type Limits = Pick<ServerSettings, 'rateLimitWrites' | 'rateLimitResolve' | 'rateLimitExports'>

const WINDOW_MS = 60_000
/** Answers that go through all models, or a large part of them. */
const WHOLE = /^\/(v1\/models|models\/(changes\.atom|discrepancies|validate))$/
const PAGED = /^\/models(\/(changes|deprecations|sync\/history))?$/
/** A longer page is one of an export. */
const USUAL_PAGE = 100

/** Call it before the routes are registered; a limit of 0 is none. */
export async function limitRates(app: FastifyInstance, limits: Limits, prefix: string): Promise<void> {
  await app.register(rateLimit, { global: false, keyGenerator: clientAddress })
  const writes = limiter(app, limits.rateLimitWrites, 'writes')
  const resolve = limiter(app, limits.rateLimitResolve, 'requests to resolve names')
  const exports = limiter(app, limits.rateLimitExports, 'exports')
  app.addHook('onRoute', (route) => {
    const path = route.url.startsWith(prefix) ? route.url.slice(prefix.length) : route.url
    const reads = methodsOf(route).every((method) => ['GET', 'HEAD', 'OPTIONS'].includes(method))
    if (path === '/models/resolve') add(route, resolve)
    else if (!reads) add(route, writes)
    else if (WHOLE.test(path)) add(route, exports)
    else if (PAGED.test(path))
      add(route, async function (request, reply) {
        if (Number((request.query as { limit?: unknown }).limit) > USUAL_PAGE) await exports.call(this, request, reply)
      })
  })
}

function limiter(app: FastifyInstance, max: number, what: string): onRequestAsyncHookHandler {
  if (max === 0) return async () => undefined
  const count = app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator: clientAddress })
  return async (request) => {
    const limit = await count(request)
    if (limit.isAllowed || !limit.isExceeded) return
    throw Object.assign(
      new TooManyRequestsError(
        `more than ${max} ${what} have come from your address within a minute; try again in ${limit.ttlInSeconds} s`,
      ),
      { retryAfter: limit.ttlInSeconds },
    )
  }
}

function methodsOf({ method }: Pick<RouteOptions, 'method'>): string[] {
  return Array.isArray(method) ? method : [method]
}

/** Behind the hooks that let a caller in: whoever may not write has no writes to count. */
function add(route: RouteOptions, hook: onRequestAsyncHookHandler): void {
  route.onRequest = [...[route.onRequest ?? []].flat(), hook] as NonNullable<RouteOptions['onRequest']>
}
