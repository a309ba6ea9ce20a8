/** The hooks that a group of routes gets. */
import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { NoUserError } from '../../errors.js'

/** Upstream's ids of teams and names of access groups, of whoever sends the request. */
export type TeamsOf = (request: FastifyRequest) => readonly string[] | Promise<readonly string[]>

/** For `onRequest`, so that a stranger is told so before body and query are looked at. */
export interface RouteHooks {
  read: onRequestHookHandler[]
  write: onRequestHookHandler[]
  /** For what is a user's own. */
  ownRead: onRequestHookHandler[]
  ownWrite: onRequestHookHandler[]
  /** Who asks; `null`: nobody in particular. */
  user(request: FastifyRequest): string | null
  /** Teams and access groups of who asks. */
  teams: TeamsOf
}

/** @throws NoUserError */
export function requireUser(user: string | null): string {
  if (user !== null && user !== '') return user
  throw new NoUserError(
    'this belongs to a user, and the request comes from nobody in particular: sign in, or give the plugin the option user(request)',
  )
}
