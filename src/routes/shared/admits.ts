/** Asks the host's hooks whether they would let a caller through, without answering the request. */
import { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'

/**
 * For routes that everybody may read and that say more to an administrator.
 * @returns whether every hook lets the request through; a hook that answers or throws does not
 */
export function admits(
  fastify: FastifyInstance,
  hooks: readonly onRequestHookHandler[],
): (request: FastifyRequest, reply: FastifyReply) => Promise<boolean> {
  return async (request, reply) => {
    for (const hook of hooks) if (!(await passes(fastify, hook, request, reply))) return false
    return true
  }
}

function passes(
  fastify: FastifyInstance,
  hook: onRequestHookHandler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  return new Promise((resolve) => {
    const standIn = standInFor(request, reply, () => resolve(false))
    // As to Fastify, whatever is said is a refusal: not every host throws errors that are an Error.
    const done = (error?: unknown): void => resolve(!error)
    try {
      const returned: unknown = hook.call(fastify, request, standIn, done)
      if (isThenable(returned))
        returned.then(
          () => resolve(true),
          () => resolve(false),
        )
    } catch {
      resolve(false)
    }
  })
}

/** From any library. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
}

/** Has the host's own decorators, since it inherits from the real reply, and nothing that is said to it reaches the caller. */
function standInFor(request: FastifyRequest, reply: FastifyReply, answered: () => void): FastifyReply {
  const raw = new ServerResponse(request.raw)
  const chained = (): FastifyReply => standIn
  const answer = (): FastifyReply => {
    answered()
    return standIn
  }
  raw.end = () => {
    answered()
    return raw
  }
  const members: Record<string, unknown> = { raw }
  for (const name of ['code', 'status', 'type', 'header', 'headers', 'removeHeader', 'trailer', 'serializer'])
    members[name] = chained
  for (const name of ['send', 'redirect', 'hijack', 'callNotFound']) members[name] = answer
  const standIn = Object.create(
    reply,
    Object.fromEntries(Object.entries(members).map(([name, value]) => [name, { value, writable: true }])),
  ) as FastifyReply
  return standIn
}
