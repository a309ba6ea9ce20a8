/** accessOf: who may do what in the reference backend, out of its tokens. */
import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { ReadOnlyTokenError } from '../errors.js'
import type { ServerSettings } from '../options.js'
import { bearerFinder, requireBearer } from '../routes/shared/bearer-token.js'
import { TokenGuesses } from '../routes/shared/token-guesses.js'

interface Access {
  authorize: onRequestHookHandler
  /** Empty: reads are open. */
  authorizeRead: onRequestHookHandler[]
  /** The name of the token's holder; `null`: there is no right token. */
  user(request: FastifyRequest): string | null
}

/** Whose token has no name. */
const ADMIN = 'admin'

/** @param adminToken the one without a name; `null`: there are only those with names */
export function accessOf(
  { adminTokens = [], readTokens = [] }: Pick<ServerSettings, 'adminTokens' | 'readTokens'>,
  adminToken: string | null,
): Access {
  const guesses = new TokenGuesses()
  const admins = [...(adminToken === null ? [] : [{ name: ADMIN, token: adminToken }]), ...adminTokens.map(named)]
  const all = [...admins, ...readTokens.map(named)]
  const secrets = (holders: typeof all): string[] => holders.map(({ token }) => token)
  const find = bearerFinder(secrets(all))
  const requireAdmin = requireBearer({ secrets: secrets(admins), name: 'admin token', guesses })
  return {
    authorize(request, reply, done) {
      // Known, so no guess; and its holder is told what it is for.
      if ((find(request) ?? -1) >= admins.length)
        return done(new ReadOnlyTokenError('this token may only read; send an admin token to change something'))
      return requireAdmin.call(this, request, reply, done)
    },
    authorizeRead: readTokens.length === 0 ? [] : [requireBearer({ secrets: secrets(all), name: 'token', guesses })],
    user: (request) => {
      const holder = find(request)
      return holder === null ? null : all[holder]!.name
    },
  }
}

/** `alice:her-token` */
function named(text: string): { name: string; token: string } {
  const colon = text.indexOf(':')
  return { name: text.slice(0, colon), token: text.slice(colon + 1) }
}
