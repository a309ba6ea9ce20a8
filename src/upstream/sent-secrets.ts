/** Everything secret that a provider is asked with: what must not come back in what is stored, shown or logged. */
import type { Source } from '../sources/kit/source.js'
import { NO_GATEWAY, type Gateway } from './gateway.js'

export interface Sent {
  source: Pick<Source, 'key'>
  address: string
  apiKey: string | null
  /** What is set beside the key. */
  settings: Readonly<Record<string, string>>
  gateway?: Gateway | undefined
}

/** Values of a query that are shorter are page sizes and versions. */
const SHORTEST_IN_QUERY = 8

/** The key and its headers, the secret ones of its settings, headers with what they are made of, and the values of the address's query. Throws nothing. */
export function sentSecrets({ source, address, apiKey, settings, gateway = NO_GATEWAY }: Sent): string[] {
  // A region or a project that is sent along proves nothing, and stands in ids.
  const proofs = Object.entries(settings).filter(([name]) => /KEY|SECRET|TOKEN/.test(name))
  const headers = Object.values(gateway.headers).flatMap((value) => [value, ...partsOf(value)])
  const query = URL.canParse(address) ? [...new URL(address).searchParams.values()] : []
  const all = [
    // In base64 a key is another text with `Bearer ` before it than without.
    ...(apiKey === null ? [] : [apiKey, ...Object.values(source.key.headers(apiKey))]),
    ...proofs.map(([, value]) => value),
    ...headers,
    ...query.filter(({ length }) => length >= SHORTEST_IN_QUERY),
  ]
  return [...new Set(all)]
}

/** Of `Basic …` user and password, of `Bearer …` the token. */
function partsOf(header: string): string[] {
  const [, scheme = '', credential = ''] = /^(basic|bearer)\s+(\S+)$/i.exec(header) ?? []
  if (scheme.toLowerCase() !== 'basic') return credential === '' ? [] : [credential]
  const decoded = Buffer.from(credential, 'base64').toString()
  const password = decoded.slice(decoded.indexOf(':') + 1)
  return [credential, decoded, ...(password === '' ? [] : [password])]
}
