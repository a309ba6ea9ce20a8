/** Where to listen: HOST, unless it is plainly another program's. */
import { hostname } from 'node:os'
import { isIP } from 'node:net'
import { shownText } from '../core/input/shown-option.js'
import type { Logger } from 'pino'

const FALLBACK = '127.0.0.1'
// Conda sets HOST to the triple that compilers are configured for: x86_64-conda-linux-gnu, arm64-apple-darwin20.0.0.
const TRIPLE = /^[a-z0-9_]+-[a-z0-9_]+-(linux|darwin|windows|freebsd|mingw|msvc|gnu)[a-z0-9._-]*$/i

/** conda sets HOST to a platform, csh to this machine's name; neither means that everybody else should get in. */
export function usableHost(given: string, log: Pick<Logger, 'warn'>): string {
  // Brackets are how an address of IPv6 stands in a URL.
  const host = /^\[(.+)\]$/.exec(given)?.[1] ?? given
  if (isIP(host) !== 0 || !(TRIPLE.test(host) || isOwnName(host))) return host
  log.warn(
    { host: shownText(host) },
    `HOST is ${shownText(host)}, which is no address: conda and csh set it for themselves. Listening at ${FALLBACK}; set HOST to an IP address to listen elsewhere`,
  )
  return FALLBACK
}

function isOwnName(host: string): boolean {
  const own = hostname().toLowerCase()
  return host !== 'localhost' && [own, own.split('.')[0]].includes(host.toLowerCase())
}
