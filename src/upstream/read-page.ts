/** Reads one address of a source: its headers, redirects within the origin, further attempts, and what each failure is called. */
import type { ProblemFacts } from '../core/records/problem.js'
import type { Listing, Source } from '../sources/kit/source.js'
import type { HttpAnswer, HttpClient } from './http-client.js'
import type { Gateway } from './gateway.js'
import { sameOrigin } from './addresses.js'
import { createAuthorizer } from './authorization.js'
import { problemOfRequest } from './failed-request.js'
import { FetchProblem, labelOf, throwIfCancelled } from './fetch-problem.js'
import { problemOfStatus } from './refusal.js'
import { withRetries, type RetryPace } from './retry.js'

const MAX_REDIRECTS = 3
/** ms for a listing that the others are complete without: a slow one must not hold up every sync. */
const OPTIONAL_TIMEOUT_MS = 5_000
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

export interface PageReaderOptions extends RetryPace {
  apiKey: string | null
  settings: Readonly<Record<string, string>>
  client: HttpClient
  timeoutMs: number
  maxBodyBytes: number
  userAgent: string
  gateway: Gateway
}

export class PageReader {
  /** Sent so far, redirects and further attempts included. */
  requests = 0
  /** Body bytes received so far, after decompression. */
  bytes = 0
  private readonly authorize: ReturnType<typeof createAuthorizer>

  constructor(
    private readonly source: Source,
    private readonly options: PageReaderOptions,
    private readonly redact: (text: string) => string,
  ) {
    this.authorize = createAuthorizer(source, options)
  }

  /**
   * The answer to a POST of JSON: 200, asked for once.
   * @throws FetchProblem for everything else, CancelledError
   */
  async post(url: URL, body: string, maxBodyBytes: number): Promise<HttpAnswer> {
    const timeoutMs = Math.min(this.options.timeoutMs, OPTIONAL_TIMEOUT_MS)
    const headers = this.headersOf({ 'content-type': 'application/json' })
    const answer = await this.ask(url, headers, { timeoutMs, maxBodyBytes, body })
    if (answer.status !== 200) throw await problemOfStatus(answer, labelOf(url, 'POST'), this.redact)
    return answer
  }

  /**
   * The answer at `url`: 200, or 304 when an `etag` was given.
   * @throws FetchProblem for everything else, CancelledError
   */
  async read(listing: Listing, url: URL, etag: string | null): Promise<HttpAnswer> {
    const { options } = this
    const headers = {
      ...this.headersOf(listing.headers ?? {}),
      ...(etag === null ? {} : { 'if-none-match': etag }),
    }
    try {
      // One with pages is long, and worth another attempt.
      const once = listing.optional !== undefined && listing.next === undefined
      const timeoutMs = once ? Math.min(options.timeoutMs, OPTIONAL_TIMEOUT_MS) : options.timeoutMs
      return await withRetries(() => this.follow(url, headers, timeoutMs), once ? { ...options, retries: 0 } : options)
    } catch (error) {
      // Also what an interrupted `wait` threw.
      throwIfCancelled(options.signal, this.source.slug)
      throw error
    }
  }

  private async ask(
    url: URL,
    given: Record<string, string>,
    {
      timeoutMs,
      maxBodyBytes = this.options.maxBodyBytes,
      body,
    }: { timeoutMs: number; maxBodyBytes?: number; body?: string },
  ): Promise<HttpAnswer> {
    const { client, signal, gateway } = this.options
    const headers = { ...given, ...lowerCased(await this.authorize(url, given)) }
    this.requests++
    try {
      const sent = { url, headers, timeoutMs, maxBodyBytes, signal, tls: gateway.tls }
      const answer = await client.request(body === undefined ? sent : { ...sent, body })
      this.bytes += answer.body.bytes
      return answer
    } catch (error) {
      throwIfCancelled(signal, this.source.slug)
      throw problemOfRequest(error, url, timeoutMs, body === undefined ? 'GET' : 'POST')
    }
  }

  /** Redirects keep within the origin, so that the key's headers may go along. */
  private async follow(start: URL, headers: Record<string, string>, timeoutMs: number): Promise<HttpAnswer> {
    let url = start
    for (let redirects = 0; ; redirects++) {
      const answer = await this.ask(url, headers, { timeoutMs })
      if (answer.status === 200 || (answer.status === 304 && 'if-none-match' in headers)) return answer
      if (!REDIRECTS.includes(answer.status)) throw await problemOfStatus(answer, labelOf(url), this.redact)
      if (redirects === MAX_REDIRECTS)
        throw nowhere({ request: labelOf(start), anotherOrigin: false, how: 'too-often', most: MAX_REDIRECTS })
      url = redirected(url, answer)
    }
  }

  /** The key over the gateway's headers: a user's own key must never give way to what the operator has set. */
  private headersOf(own: Readonly<Record<string, string>>): Record<string, string> {
    const { apiKey, userAgent, gateway } = this.options
    const { authorize, key } = this.source
    return {
      accept: 'application/json',
      'user-agent': userAgent,
      ...lowerCased(own),
      ...gateway.headers,
      ...(apiKey === null || authorize !== undefined ? {} : lowerCased(key.headers(apiKey))),
    }
  }
}

function redirected(from: URL, { status, headers, proxy: through }: HttpAnswer): URL {
  const request = labelOf(from)
  const { location } = headers
  if (location === undefined || !URL.canParse(location, from.href))
    throw nowhere({ request, anotherOrigin: false, how: 'no-location', status, through })
  const to = sameOrigin(from, location)
  if (to !== null) return to
  const { protocol, origin } = new URL(location, from)
  // Of another scheme the origin is "null".
  if (!/^https?:$/.test(protocol)) throw nowhere({ request, anotherOrigin: false, how: 'scheme', to: protocol })
  throw nowhere({ request, anotherOrigin: true, how: 'origin', to: origin })
}

function nowhere(facts: ProblemFacts['upstream-redirect']): FetchProblem {
  return new FetchProblem({ code: 'upstream-redirect', facts })
}

/** One spelling each, so that a header of the listing replaces ours. */
export function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
