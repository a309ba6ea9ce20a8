/** What an operator adds to each request of one provider, for what stands in front of its API: headers, and a client certificate. */
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { ClientTls } from './client-tls.js'

export interface Gateway {
  /** By name in lower case; a user and password of the address among them, as `authorization`. Secret, all of them. */
  headers: Readonly<Record<string, string>>
  /** The same object for every request, until a file changes. */
  readonly tls: ClientTls | null
}

export const NO_GATEWAY: Gateway = { headers: {}, tls: null }

/** Ours, or of the connection. */
const RESERVED: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * @param given by name, or a text: a JSON object, or a line `Name: value` for each
 * @returns the problem without a value, which is secret
 */
export function readHeaders(
  given: Readonly<Record<string, string>> | string,
): { headers: Record<string, string> } | { problem: string } {
  const pairs = typeof given === 'string' ? readText(given) : Object.entries(given)
  if (pairs === null)
    return { problem: 'not readable; expected a JSON object of texts, or a line "Name: value" for each' }
  const headers: Record<string, string> = {}
  for (const [name, value] of pairs) {
    const problem = problemOf(name, value)
    if (problem !== null) return { problem }
    if (Object.hasOwn(headers, name.toLowerCase()))
      return { problem: `not usable: the header ${name.toLowerCase()} is given twice` }
    headers[name.toLowerCase()] = value
  }
  return { headers }
}

function readText(given: string): [string, string][] | null {
  // `docker run --env-file` leaves the quotes that a shell would take.
  const text = given.trim().replace(/^(['"])([^]*)\1$/, '$2')
  if (text.startsWith('{')) {
    try {
      const entries = Object.entries(JSON.parse(text) as object) as [string, unknown][]
      return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string') ? entries : null
    } catch {
      return null
    }
  }
  // `\n` as two characters is what a .env file without quotes makes of a line end.
  const lines = text.split(/\r?\n|(?:\\r)?\\n/).filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => /^\s*([^\s:'"]+)\s*:\s*(.*?)\s*$/.exec(line))
  return pairs.every((pair) => pair !== null) ? pairs.map(([, name = '', value = '']) => [name, value]) : null
}

function problemOf(name: string, value: string): string | null {
  try {
    validateHeaderName(name)
  } catch {
    return 'not readable; a name holds a character that no header name may have'
  }
  if (RESERVED.has(name.toLowerCase()))
    return `not usable: the header ${name.toLowerCase()} is set by the HTTP client itself`
  try {
    validateHeaderValue(name, value)
  } catch {
    return `not usable: the value of ${name} holds a character that no header may carry`
  }
  return null
}

/** An address apart from its user and password, which become a header; an address that is none stays as it is. */
export function withoutUser(address: string): { address: string; headers: Record<string, string> } {
  if (!/^https?:\/\/[^/?#]*@/i.test(address) || !URL.canParse(address)) return { address, headers: {} }
  const url = new URL(address)
  const user = [url.username, url.password].map(decoded).join(':')
  const [, scheme = '', rest = ''] = /^(https?:\/\/)[^/?#]*@(.*)$/is.exec(address) ?? []
  const basic = `Basic ${Buffer.from(user).toString('base64')}`
  return { address: scheme + rest, headers: user === ':' ? {} : { authorization: basic } }
}

// A lone `%` is no escape, and a password may have one.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
