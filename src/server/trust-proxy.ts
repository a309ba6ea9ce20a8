/** trustProxy: Fastify's option of that name, from MODEL_SYNC_TRUST_PROXY. */
import type { FastifyServerOptions } from 'fastify'

/** @param proxies how many stand in front, or a list of their addresses and ranges; `undefined`: there are none */
export function trustProxy(proxies: string | undefined): Pick<FastifyServerOptions, 'trustProxy'> {
  if (proxies === undefined) return {}
  if (!/^\d+$/.test(proxies)) return { trustProxy: proxies }
  const count = Number(proxies)
  return { trustProxy: (_address, hop) => hop < count }
}
