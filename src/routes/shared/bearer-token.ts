/** Lets through who sends a secret as `Authorization: Bearer <secret>`, and tells nothing of it by the time that takes. */
import { hash, timingSafeEqual } from 'node:crypto'
import type { onRequestHookHandler } from 'fastify'
import { UnauthorizedError } from '../../errors.js'

/** @param name what the secret is called, for the error: `admin token` */
export function requireBearer(secret: string, name: string): onRequestHookHandler {
  const expected = digest(secret)
  return (request, reply, done) => {
    // All that follows: a secret may be a sentence.
    const given = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const isBearer = given !== undefined
    // Of digests, so that neither the time nor the length of the comparison tells anything; and also when there is nothing to compare.
    const fits = timingSafeEqual(digest(isBearer ? given : ''), expected)
    if (isBearer && fits) return done()
    void reply.header('www-authenticate', 'Bearer')
    done(
      new UnauthorizedError(
        `${isBearer ? `the ${name} is wrong` : `there is no ${name}`}; send it as "Authorization: Bearer <${name}>"`,
      ),
    )
  }
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
