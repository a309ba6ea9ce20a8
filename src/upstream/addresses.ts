/** Where to ask: a listing's address, and the addresses that upstream points to, never of another origin. */
import type { NextPage } from '../sources/kit/source.js'

/** `path` below `address`, the queries of both kept; a user and password in it are dropped. @throws TypeError when the address is no URL */
export function listingAddress(address: string, path: string): URL {
  const url = new URL(address)
  const [pathname = '', ...query] = path.split('?')
  if (pathname !== '') url.pathname = url.pathname.replace(/\/+$/, '') + pathname
  url.search = [url.search.slice(1), query.join('?')].filter((part) => part !== '').join('&')
  return bare(url)
}

/** Where `to` leads from `from`; `null` when that is another origin. @throws TypeError when it is no URL */
export function sameOrigin(from: URL, to: string): URL | null {
  const url = new URL(to, from)
  return url.origin === from.origin ? bare(url) : null
}

/** The next page of the listing at `first`, from the page at `current`; `null` when it is at another origin. @throws TypeError when it is no URL */
export function nextAddress(first: URL, current: URL, next: NextPage): URL | null {
  if ('url' in next) return sameOrigin(current, next.url)
  const url = new URL(first)
  for (const [name, value] of Object.entries(next.query)) url.searchParams.set(name, value)
  return url
}

function bare(url: URL): URL {
  url.username = ''
  url.password = ''
  url.hash = ''
  return url
}
