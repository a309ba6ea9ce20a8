/** Headers of all our answers: they depend on who asks, so no cache keeps them, and no browser guesses what they are. */
import type { FastifyInstance, FastifyReply } from 'fastify'

/** For all routes of a scope; those with an ETag say `private, no-cache` later, and pages and their files what suits them. */
export function keepAnswersPrivate(fastify: FastifyInstance): void {
  // Not earlier: what a hook of the host's sends is left as it is.
  fastify.addHook('preParsing', ({ routeOptions }, reply, _payload, done) => {
    const isPage = (routeOptions.schema as { hide?: boolean } | undefined)?.hide === true
    if (isPage) void reply.header('x-content-type-options', 'nosniff')
    else forbidCaching(reply)
    done()
  })
}

/** Also of an error, which is not what the ETag stands for. */
export function forbidCaching(reply: FastifyReply): void {
  void reply.removeHeader('etag')
  void reply.header('cache-control', 'private, no-store').header('x-content-type-options', 'nosniff')
}
