/** Why an address gave no usable answer, in words that may be stored and shown. */
import { CancelledError, MalformedAnswerError, UpstreamError } from '../errors.js'
import { HttpLimitError } from './http-client.js'

/**
 * What kind of failure: an HTTP status of 400 and above; the network, a timeout, a status that is no answer; a body that is not what the
 * documentation says; a limit of ours, which fails the whole provider.
 */
export type FetchProblemKind = 'refused' | 'failed' | 'malformed' | 'limit'

export interface FetchProblemFacts {
  /** Only of a refusal. */
  status?: number
  /** Another attempt may go well. */
  transient?: boolean
  /** The header, verbatim. */
  retryAfter?: string | null
}

/** Carries a failure from where it is found to where it is judged; what leaves `fetchSource` is an error of errors.ts. */
export class FetchProblem extends Error {
  readonly status: number | null
  readonly transient: boolean
  readonly retryAfter: string | null

  constructor(
    readonly kind: FetchProblemKind,
    message: string,
    facts: FetchProblemFacts = {},
  ) {
    super(message)
    this.status = facts.status ?? null
    this.transient = facts.transient ?? false
    this.retryAfter = facts.retryAfter ?? null
  }

  /** The error for the caller. Without a cause: errors of TLS carry certificates, errors of JSON.parse pieces of the body. */
  toError(): Error {
    if (this.kind === 'malformed') return new MalformedAnswerError(this.message)
    return Object.assign(new UpstreamError(this.message), this.status === null ? {} : { upstreamStatus: this.status })
  }
}

/** @throws CancelledError when the signal is aborted */
export function throwIfCancelled(signal: AbortSignal, slug: string): void {
  if (signal.aborted) throw new CancelledError(`reading ${slug} was cancelled`)
}

/** `GET /model/info`: never the query, which may carry anything, nor the host, which may carry a user. At most 200 characters. */
export function labelOf(url: URL, method: 'GET' | 'POST' = 'GET'): string {
  const path = url.pathname
  return `${method} ${path.length > 200 ? `${path.slice(0, 199)}…` : path}`
}

/** What a request that gave no answer failed of. `timeoutMs` is the one that was asked for. */
export function describeFailure(
  error: unknown,
  url: URL,
  timeoutMs: number,
  method: 'GET' | 'POST' = 'GET',
): FetchProblem {
  const label = labelOf(url, method)
  const host = hostOf(url)
  if (error instanceof HttpLimitError) return describeLimit(error, label)
  const code = codeOf(error)
  const failed = (text: string, transient = true): FetchProblem => new FetchProblem('failed', text, { transient })
  if (code === 'ECONNREFUSED')
    return failed(
      `nothing listens at ${host} (${label}, connection refused); check that it runs and that the address is right`,
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failed(`the host name ${url.hostname} cannot be resolved (${label}, ${code}); check the address and the DNS`)
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return failed(`no connection to ${host} in time (${label}, connect timeout); check the address and the network`)
  // A server that took too long once is not made to do the same work again.
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return failed(`${label} got no answer from ${host} within ${timeoutMs} ms (header timeout)`, false)
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return failed(`the body of ${label} stalled for ${timeoutMs} ms (body timeout)`, false)
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code))
    return failed(
      `TLS with ${host} failed (${label}, ${code}); check the certificate and that the address should be https`,
      false,
    )
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR'))
    return new FetchProblem('malformed', `the body of ${label} is not validly compressed (${code})`)
  if (code === 'UND_ERR_INVALID_ARG')
    return failed(
      `${label} cannot be sent: the API key or a header holds a character that no HTTP header may carry`,
      false,
    )
  if (code.startsWith('HPE_') || code === 'HTTPParserError')
    return failed(`${host} does not speak HTTP (${label}, ${code}); check the address`, false)
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
    return failed(`${label} was not sent: the HTTP client is closed`, false)
  return failed(`the connection to ${host} broke off before the answer was complete (${label}, ${code})`)
}

function describeLimit({ code, detail }: HttpLimitError, label: string): FetchProblem {
  if (code === 'BODY_TOO_LARGE')
    return new FetchProblem('limit', `the body of ${label} is over ${bytes(Number(detail))}, the most that is read`)
  if (code === 'DEADLINE') return new FetchProblem('failed', `${label} was not complete after ${detail} ms`)
  const known = 'gzip, br and deflate are known'
  return new FetchProblem(
    'malformed',
    `${label} answered in the content-encoding ${JSON.stringify(String(detail).slice(0, 40))}; ${known}`,
  )
}

function bytes(count: number): string {
  const mebibytes = count / 1024 / 1024
  return Number.isInteger(mebibytes) ? `${mebibytes} MiB` : `${count} bytes`
}

/** With its port, said or not. */
function hostOf(url: URL): string {
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`
}

/**
 * `localhost` with two addresses fails with an AggregateError, whose own code is that of the first; an HTTPParserError may have none, so that
 * the name stands in.
 */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no code'
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : error.name
}
