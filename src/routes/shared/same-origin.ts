/** Writes from another site's page are refused: a browser would send a host's session cookie along. */
import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { addressOfHost } from '../../core/input/host-header.js'
import { ForeignOriginError } from '../../errors.js'

/** @param allowed origins beside the server's own */
export function guardOrigin(allowed: readonly string[]): onRequestHookHandler {
  return (request, _reply, done) => {
    const { origin } = request.headers
    const site = request.headers['sec-fetch-site']
    if (origin !== undefined && allowed.includes(origin)) done()
    else if (
      site === 'cross-site' ||
      (site === 'same-site' && origin === undefined) ||
      (origin !== undefined && !isOwn(origin, request))
    ) {
      const from = origin === undefined ? 'another site' : JSON.stringify(origin)
      done(
        new ForeignOriginError(`a page of ${from} may not write here; add its origin to allowedOrigins if it should`),
      )
    } else done()
  }
}

// The scheme is the origin's: behind a proxy that ends TLS the server does not know it. A Host may name the default port, an origin never does.
function isOwn(origin: string, request: FastifyRequest): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  return addressOfHost(request.host, protocol === 'https:' ? 'https:' : 'http:')?.host === host
}
