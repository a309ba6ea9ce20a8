/** The words of our own paths below /models and /providers: they would hide a provider of that name. */
import type { FastifyInstance } from 'fastify'

/** For all routes of a scope, to be called before they are registered. @param reserve told each word, with dots too */
export function reserveWords(fastify: FastifyInstance, reserve: (word: string) => void): void {
  fastify.addHook('onRoute', ({ routePath }) => {
    const [, word] = /^\/(?:models|providers)\/([^/:*]+)/.exec(routePath) ?? []
    if (word !== undefined) reserve(word)
  })
}
