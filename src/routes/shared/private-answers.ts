/** Headers of all our answers: they depend on who asks, so no cache keeps them, and no browser guesses what they are. */
import type { FastifyInstance, FastifyReply, preValidationHookHandler } from 'fastify'

const PRIVATE = 'private, no-store'

/** For all routes of a scope; those with an ETag say `private, no-cache` later, and pages and their files what suits them. */
export function keepAnswersPrivate(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const isPage = (route.schema as { hide?: boolean } | undefined)?.hide === true
    // Not earlier: what a hook of the host's sends is left as it is. Errors say so for themselves.
    route.preValidation = [isPage ? forbidGuessing : keepPrivate, ...[route.preValidation ?? []].flat()]
  })
}

const forbidGuessing: preValidationHookHandler = (_request, reply, done) => {
  void reply.header('x-content-type-options', 'nosniff')
  done()
}

const keepPrivate: preValidationHookHandler = (_request, reply, done) => {
  void reply.header('cache-control', PRIVATE).header('x-content-type-options', 'nosniff')
  done()
}

/** Also of an error, which is not what the ETag stands for. */
export function forbidCaching(reply: FastifyReply): void {
  void reply.removeHeader('etag')
  void reply.header('cache-control', PRIVATE).header('x-content-type-options', 'nosniff')
}
