/** What proves who asks, for the sources whose APIs want more than a key in a header. */
import { FetchProblem, labelOf, throwIfCancelled } from './fetch-problem.js'
import type { HttpClient } from './http-client.js'
import { fetchThrough } from './http-fetch.js'
import { waitWithin } from '../wait-within.js'
import type { Authorize, Source } from '../sources/kit/source.js'

export interface AuthorizerOptions {
  apiKey: string | null
  /** By variable. */
  settings: Readonly<Record<string, string>>
  client: HttpClient
  /** For getting ready and for each set of headers, ms: a token may be a request of its own. */
  timeoutMs: number
  signal: AbortSignal
}

/**
 * A function that gives the headers to add to a request; none for a source without `authorize`, or without a key. The source is made ready at
 * the first request, once.
 * @throws FetchProblem 'refused' with status 401 when the credential does not do; of kind 'failed' when it takes too long. CancelledError.
 */
export function createAuthorizer(
  source: Source,
  { apiKey, settings, client, timeoutMs, signal }: AuthorizerOptions,
): (url: URL, headers: Readonly<Record<string, string>>) => Promise<Record<string, string>> {
  let ready: Promise<Authorize> | null = null

  return async (url, headers) => {
    if (source.authorize === undefined || apiKey === null) return {}
    ready ??= source.authorize({ key: apiKey, settings, fetch: fetchThrough(client) })
    const authorized = ready.then((authorize) => authorize({ url, method: 'GET', headers }))
    try {
      // The vendors' libraries take no signal, so what they do is left to itself when it takes too long.
      return await waitWithin(authorized, {
        timeoutMs,
        signals: [signal],
        overdue: () => {
          const facts = { request: labelOf(url), waitedFor: 'authorization', ms: timeoutMs } as const
          throw new FetchProblem({ code: 'upstream-timeout', facts })
        },
      })
    } catch (error) {
      throwIfCancelled(signal, source.slug)
      if (error instanceof FetchProblem) throw error
      const said = error instanceof Error ? error.message : null
      throw new FetchProblem({ code: 'upstream-authorization', facts: { provider: source.slug, said } })
    }
  }
}
