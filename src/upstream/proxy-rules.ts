/** Which forward proxy a request goes through, decided as curl and undici's EnvHttpProxyAgent do: the callers must know the answer, and that keeps it. */
import { BlockList, isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { isLoopbackHost } from './loopback-address.js'
import { isPublicAddress } from './is-public-address.js'

export interface ProxySettings {
  /** For every request instead of the next two; `none`: no proxy at all. */
  proxy?: string | undefined
  /** `HTTP_PROXY`: for http addresses, and for https ones where `httpsProxy` is unset. */
  httpProxy?: string | undefined
  /** `HTTPS_PROXY`. */
  httpsProxy?: string | undefined
  /** `NO_PROXY`: hosts with their subdomains, perhaps with a port, IP addresses, networks as `10.0.0.0/8`; `*`: all. */
  noProxy?: string | undefined
  /** Loopback and literal private addresses go through the proxy too. Default false. */
  proxyPrivate?: boolean | undefined
}

/** The proxies with their scheme, perhaps with user and password; `null`: none. */
export interface ProxyRules {
  http: string | null
  https: string | null
  noProxy: string
  privateToo: boolean
}

/**
 * `null`: every request goes straight out.
 * @param unusable is called for an address that no HTTP proxy can have, which then counts as unset: the variables belong to other programs too
 */
export function readProxyRules(settings: ProxySettings, unusable: (problem: string) => void): ProxyRules | null {
  const { proxy, httpProxy, httpsProxy, noProxy = '', proxyPrivate = false } = settings
  if (proxy?.toLowerCase() === 'none') return null
  const read = (variable: string, text: string | undefined): string | null => {
    if (text === undefined || text === '') return null
    const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
    if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) && !/["']/.test(new URL(address).host))
      return address
    // Without the address, which may hold a password.
    unusable(
      `${variable} is no address of an HTTP proxy, so it is not used; expected http://host:port (MODEL_SYNC_PROXY=none turns proxies off)`,
    )
    return null
  }
  const all = read('MODEL_SYNC_PROXY', proxy)
  const http = all ?? read('HTTP_PROXY', httpProxy)
  const https = all ?? read('HTTPS_PROXY', httpsProxy) ?? http
  return http === null && https === null ? null : { http, https, noProxy, privateToo: proxyPrivate }
}

/** The proxy of a request to `url`; `null`: it goes straight out. */
export function proxyFor(rules: ProxyRules | null, url: URL): string | null {
  const proxy = url.protocol === 'https:' ? rules?.https : rules?.http
  if (rules === null || proxy === undefined || proxy === null) return null
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '')
  if (!rules.privateToo && isNear(host)) return null
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return rules.noProxy.split(/[\s,;|"']+/).some((entry) => exempts(entry, host, port)) ? null : proxy
}

function isNear(host: string): boolean {
  return isLoopbackHost(host) || (isIP(host) !== 0 && !isPublicAddress(host))
}

/** A host, a network or a pattern, perhaps with a port; IPv6 in brackets where there is one. */
const ENTRY = /^(?:https?:\/\/)?(\[[^\]]*\](?:\/\d+)?|[^:]+?|[^[]*?)(?::0*(\d+))?\/?$/i

function exempts(entry: string, host: string, port: string): boolean {
  const [, name = '', ofPort = port] = ENTRY.exec(entry) ?? []
  if (name === '' || ofPort !== port) return false
  const [, address = '', prefix] = /^\[?([\da-f.:]+)\]?(?:\/(\d+))?$/i.exec(name) ?? []
  if (isIP(address) !== 0) return isIP(host) !== 0 && holds(address, prefix, host)
  const bare = name.replace(/^\*?\.|\.$/g, '')
  if (bare.includes('*')) return matches(bare, host)
  const ascii = domainToASCII(bare)
  return ascii !== '' && (host === ascii || host.endsWith(`.${ascii}`))
}

// By parts, since a pattern with many stars would take a RegExp for ever.
function matches(pattern: string, host: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const last = rest.pop() ?? ''
  if (!host.startsWith(first) || host.length < first.length + last.length || !host.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = host.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= host.length - last.length
}

function holds(address: string, prefix: string | undefined, host: string): boolean {
  const family = (ip: string): 'ipv4' | 'ipv6' => (isIP(ip) === 6 ? 'ipv6' : 'ipv4')
  const list = new BlockList()
  const bits = isIP(address) === 6 ? 128 : 32
  list.addSubnet(address, Math.min(Number(prefix ?? bits), bits), family(address))
  return list.check(host, family(host))
}
