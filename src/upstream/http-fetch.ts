/** A `fetch` that leaves through our HTTP client, for libraries that want one. */
import { fetch as undiciFetch } from 'undici'
import type { HttpClient } from './http-client.js'

// undici's own types and those of the platform differ in the spelling of streams only.
export function fetchThrough({ dispatcher }: Pick<HttpClient, 'dispatcher'>): typeof fetch {
  return ((input: Parameters<typeof undiciFetch>[0], init: Parameters<typeof undiciFetch>[1]) =>
    undiciFetch(input, { ...init, dispatcher })) as unknown as typeof fetch
}
