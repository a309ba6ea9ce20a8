/** What a caller needs for a route: each route states it with its hooks, for OpenAPI and for whoever checks that none was forgotten. */
import type { onRequestAsyncHookHandler, onRequestHookHandler, RouteOptions } from 'fastify'

/**
 * `read`, `write`: authorizeRead, authorize; `own-read`, `own-write`: authorizeUser; `start`: that of whose keys are used; `page`: nothing, since
 * its files say nothing about the catalogue.
 */
export type Right =
  'read' | 'write' | 'own-read' | 'own-write' | 'start' | 'cron-secret' | 'sync-webhook-signature' | 'page'

type Hook = onRequestHookHandler | onRequestAsyncHookHandler

// Functions, since the host's own onRoute hooks make new lists of a route's hooks and leave the hooks as they are.
const stated = new WeakMap<object, Right>()

/** The hooks of a route, which ask for that right, behind one that only says so. */
export function hooksFor<One extends Hook>(right: Right, hooks: readonly One[]): (One | onRequestHookHandler)[] {
  const mark: onRequestHookHandler = (_request, _reply, done) => done()
  stated.set(mark, right)
  return [mark, ...hooks]
}

/** `undefined`: no route of ours, or one that states none. */
export function rightOf({ schema, onRequest }: RouteOptions): Right | undefined {
  for (const hook of [onRequest ?? []].flat()) {
    const right = stated.get(hook)
    if (right !== undefined) return right
  }
  const isPage = (schema as { hide?: boolean } | undefined)?.hide === true
  return isPage ? 'page' : undefined
}
