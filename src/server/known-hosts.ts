/** Who may be meant by a request: on loopback only names of this machine, since any site can let its own name lead there (DNS rebinding). */
import { isIP } from 'node:net'
import type { onRequestHookHandler } from 'fastify'
import { UnknownHostError } from '../errors.js'
import { isLoopbackHost } from '../upstream/loopback-address.js'

/** @returns `null`: the server listens for others too, whose names for it nobody here knows */
export function knownHostsOnly(host: string, publicUrl: string | undefined): onRequestHookHandler | null {
  if (!isLoopbackHost(bracketed(host))) return null
  const names = new Set([host.toLowerCase(), ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])])
  return (request, _reply, done) => {
    const { host: given } = request.headers
    const url = `http://${given ?? ''}`
    const name = URL.canParse(url) ? new URL(url).hostname : null
    if (name !== null && (isLoopbackHost(name) || names.has(name))) done()
    else
      done(
        new UnknownHostError(
          'the request is meant for a host that this server does not know; use localhost, or set MODEL_SYNC_PUBLIC_URL (publicUrl) to the address under which people reach it',
        ),
      )
  }
}

/** Whether nobody but this machine reaches it. */
export function isForThisMachine(host: string): boolean {
  return isLoopbackHost(bracketed(host))
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}
