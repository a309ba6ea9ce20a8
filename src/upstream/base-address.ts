/** The base of a provider's addresses, out of what clients of its API are given: `https://api.openai.com/v1` is `https://api.openai.com`. */
import type { Source } from '../sources/kit/source.js'

/**
 * Vendors disagree on whether a base address ends in the version, so an end that our own paths begin with, or that leads to another API of the
 * same provider, is dropped; the rest of the path stays in front of ours (a gateway's).
 * @param address an http(s) address
 * @returns without a slash at the end
 */
export function baseAddress(
  address: string,
  { listings, chat, clientPaths = [] }: Pick<Source, 'listings' | 'chat' | 'clientPaths'>,
): string {
  const url = new URL(address)
  const given = segmentsOf(url.pathname)
  const own = [...listings.map(({ path }) => path), chat?.path ?? ''].map((path) =>
    segmentsOf(path.split('?')[0] ?? ''),
  )
  const dropped = Math.max(
    0,
    ...own.map((path) => longestOverlap(given, path)),
    ...clientPaths.map(segmentsOf).map((path) => (endsWith(given, path) ? path.length : 0)),
  )
  // Without listings of its own paths (a whole address) nothing overlaps, and the address stands as it was given.
  if (dropped === 0) return address
  url.pathname = given.slice(0, given.length - dropped).join('/')
  return url.href.replace(/\/(?=$|\?)/, '')
}

/** How many segments at the end of `given` are those that `path` begins with. */
function longestOverlap(given: readonly string[], path: readonly string[]): number {
  for (let length = Math.min(given.length, path.length); length > 0; length--)
    if (endsWith(given, path.slice(0, length))) return length
  return 0
}

function endsWith(given: readonly string[], end: readonly string[]): boolean {
  return (
    end.length <= given.length && end.every((segment, index) => segment === given[given.length - end.length + index])
  )
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}
