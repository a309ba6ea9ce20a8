/** Lets through who sends a secret as `Authorization: Bearer <secret>`, and tells nothing of it by the time that takes. */
import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { UnauthorizedError } from '../../errors.js'
import type { TokenGuesses } from './token-guesses.js'

export interface BearerOptions {
  /** Each lets its sender in. */
  secrets: readonly string[]
  /** What a secret is called, for the error: `admin token`. */
  name: string
  guesses: TokenGuesses
}

export function requireBearer({ secrets, name, guesses }: BearerOptions): onRequestHookHandler {
  const find = bearerFinder(secrets)
  return (request, reply, done) => {
    if (find(request) !== null) return done()
    void reply.header('www-authenticate', 'Bearer')
    const isBearer = bearerOf(request) !== null
    const refusal = isBearer ? guesses.count(request) : null
    done(
      refusal ??
        new UnauthorizedError(
          `${isBearer ? `the ${name} is wrong` : `there is no ${name}`}; send it as "Authorization: Bearer <${name}>"`,
        ),
    )
  }
}

/** @returns finds which of the secrets a request has, by its index; `null`: none */
export function bearerFinder(secrets: readonly string[]): (request: Pick<FastifyRequest, 'headers'>) => number | null {
  const digests = secrets.map(digest)
  return (request) => {
    const given = bearerOf(request)
    // Of digests, so that neither the time nor the length of the comparison tells anything; all of them, and also when there is nothing to compare.
    const found = digest(given ?? '')
    const fits = digests.map((expected) => timingSafeEqual(found, expected))
    return given === null || !fits.includes(true) ? null : fits.indexOf(true)
  }
}

/** All that follows: a secret may be a sentence. */
function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  return /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1] ?? null
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
