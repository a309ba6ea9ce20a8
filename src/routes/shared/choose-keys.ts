/** With whose keys POST /models/sync syncs, and so who has to let the caller through. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Keys } from '../../core/records/run-record.js'
import { DatabaseError } from '../../errors.js'
import { isThenable } from './admits.js'
import { requireUser, type RouteHooks } from './hooks.js'

interface Guards {
  authorize: readonly onRequestHookHandler[]
  /** `null`: as `authorize`. */
  authorizeUser: readonly onRequestHookHandler[] | null
  user: RouteHooks['user']
}

const chosen = new WeakMap<FastifyRequest, Keys>()

/** What {@link chooseKeys} has settled; nothing later may change it, since only these keys have been guarded. */
export function chosenKeys(request: FastifyRequest): Keys {
  return chosen.get(request) ?? 'backend'
}

/**
 * A user with active keys syncs with these, everybody else with the backend's; `?keys=` says it outright. Own keys need `authorizeUser`, the
 * backend's need `authorize`: whoever is let through by the first alone can never start the other.
 */
export function chooseKeys(
  fastify: FastifyInstance,
  { authorize, authorizeUser, user }: Guards,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { syncs: userSyncs } = fastify.modelSync.userKeys
  const passes = async (
    hooks: readonly onRequestHookHandler[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<boolean> => {
    for (const hook of hooks) {
      await call(fastify, hook, request, reply)
      if (reply.sent) return false
    }
    return true
  }
  // Among the host's hooks only what says of itself that it is ours is answered by us.
  const hasKeys = (userId: string): Promise<boolean> =>
    userSyncs.hasKeys(userId).catch((cause: Error) => {
      throw new DatabaseError('the database does not say whose keys to use; try again in a few seconds', { cause })
    })
  const choose = async (request: FastifyRequest, wanted: unknown): Promise<Keys> => {
    if (wanted === 'own') requireUser(user(request))
    const userId = user(request)
    const own = wanted === 'own' || (wanted !== 'backend' && userId !== null && (await hasKeys(userId)))
    return own ? 'own' : 'backend'
  }
  return async (request, reply) => {
    const { keys: wanted } = request.query as { keys?: unknown }
    if (authorizeUser === null || wanted === 'backend') {
      if (!(await passes(authorize, request, reply))) return
      chosen.set(request, wanted === 'backend' ? 'backend' : await choose(request, wanted))
      return
    }
    try {
      if (!(await passes(authorizeUser, request, reply))) return
      if ((await choose(request, wanted)) === 'own') return void chosen.set(request, 'own')
    } catch (error) {
      // Perhaps an administrator who is no user of the host's.
      if (wanted === 'own') throw error
    }
    if (await passes(authorize, request, reply)) chosen.set(request, 'backend')
  }
}

/** A hook of the host's, in either of Fastify's two styles. One that answers by itself need not call back. */
function call(
  fastify: FastifyInstance,
  hook: onRequestHookHandler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // As to Fastify, whatever is said is a refusal: not every host throws errors that are an Error.
    const done = (error?: Error): void => (error ? reject(error) : resolve())
    const returned: unknown = hook.call(fastify, request, reply, done)
    if (isThenable(returned)) returned.then(() => resolve(), reject)
    else if (reply.sent) resolve()
  })
}
