/** Which hosts the reference backend answers for: on loopback only names of this machine, elsewhere those that it was given. */
import { isIP } from 'node:net'
import type { onRequestHookHandler } from 'fastify'
import { requireHost, withHostOf } from '../plugins/known-hosts.js'
import { isLoopbackHost } from '../upstream/loopback-address.js'

/** @returns `null`: the server listens for others too, and nobody has said by which names */
export function knownHostsOnly(
  host: string,
  { publicUrl, allowedHosts }: { publicUrl?: string | undefined; allowedHosts?: readonly string[] | undefined },
): onRequestHookHandler | null {
  if (!isForThisMachine(host) && allowedHosts === undefined) return null
  return requireHost(withHostOf(publicUrl, [host, ...(allowedHosts ?? [])]))
}

/** Whether nobody but this machine reaches it. */
export function isForThisMachine(host: string): boolean {
  return isLoopbackHost(isIP(host) === 6 ? `[${host}]` : host)
}
