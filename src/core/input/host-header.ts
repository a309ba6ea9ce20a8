/** The Host header of a request, which whoever sends it can fill with anything. */

/**
 * The header as an address without path, of the scheme that is given; `null` where it is more than a host with perhaps a port. A URL would take
 * `localhost/path`, `user@localhost` and `localhost?query` as well, and what is built on such a host leads elsewhere. Throws nothing.
 * @param protocol with its colon, as URLs have it
 */
export function addressOfHost(host: string, protocol: 'http:' | 'https:'): URL | null {
  return /^[^/?#@\\\s]+$/.test(host) && URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`) : null
}
