/** Who may be meant by a request: any site can let its own name lead to an address here (DNS rebinding), and its pages then read as if they were ours. */
import type { onRequestHookHandler } from 'fastify'
import { addressOfHost } from '../core/input/host-header.js'
import { UnknownHostError } from '../errors.js'
import { isLoopbackHost } from '../upstream/loopback-address.js'

const WHOLE_ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i

/** @param names without port; one that begins with a dot has all names below it, loopback is always meant */
export function requireHost(names: readonly string[]): onRequestHookHandler {
  const exact = new Set(names.map((name) => name.toLowerCase()))
  const below = [...exact].filter((name) => name.startsWith('.'))
  const isKnown = (given: string): boolean => {
    const name = addressOfHost(given, 'http:')?.hostname
    return (
      name !== undefined && (isLoopbackHost(name) || exact.has(name) || below.some((parent) => name.endsWith(parent)))
    )
  }
  return ({ headers, raw }, _reply, done) => {
    // The latter in HTTP/2. Not X-Forwarded-Host, which a page may set.
    const named = headers.host ?? String(headers[':authority'] ?? '')
    // A target that is a whole address stands for the header, which others on the way may have gone by all the same.
    const target = WHOLE_ADDRESS.exec(raw.url ?? '')?.[1]
    const given = target === undefined || !isKnown(named) ? named : target
    if (isKnown(given)) return done()
    done(
      new UnknownHostError(
        `the request is meant for the host ${JSON.stringify(given.slice(0, 100))}, which this server does not know; use localhost, or set MODEL_SYNC_PUBLIC_URL (publicUrl) to the address under which people reach it, or MODEL_SYNC_ALLOWED_HOSTS (allowedHosts) to their names`,
      ),
    )
  }
}

/** The names, and that of the address under which people reach the server. */
export function withHostOf(publicUrl: string | undefined, names: readonly string[]): string[] {
  return publicUrl === undefined ? [...names] : [...names, new URL(publicUrl).hostname]
}
