/** Why an address gave no usable answer, in words that may be stored and shown. */
import { maxHeaderSize } from 'node:http'
import { CancelledError, MalformedAnswerError, UpstreamError } from '../errors.js'
import { KNOWN_ENCODINGS } from './content-encoding.js'
import { HttpLimitError } from './limit-error.js'
import { MIN_BYTES_PER_SECOND } from './body-pace.js'
import { ProxyError } from './proxy-error.js'

/**
 * What kind of failure: an HTTP status of 400 and above; the network, a timeout, a status that is no answer; a body that is not what the
 * documentation says; a limit of ours, which fails the whole provider.
 */
export type FetchProblemKind = 'refused' | 'failed' | 'malformed' | 'limit'

/** What can help: a key, a client certificate, another address, a server that runs, the DNS, the network, https or not, the origin that was named, more time. */
export type Remedy =
  | 'key'
  | 'address'
  | 'running'
  | 'name'
  | 'network'
  | 'scheme'
  | 'origin'
  | 'patience'
  | 'certificate'
  | 'size'
  | 'pages'
  | 'values'
  | 'entries'
  | 'listing'

export interface FetchProblemFacts {
  /** Only of a refusal. */
  status?: number
  /** Another attempt may go well. */
  transient?: boolean
  /** The header, verbatim. */
  retryAfter?: string | null
  /** Default: nothing that can be set. */
  remedy?: Remedy | null
  /** Which limit of ours, of kind 'limit'. */
  limit?: AnswerLimit | null
}

/** What an answer had too much of. */
export type AnswerLimit = 'too-many-values' | 'too-many-entries' | 'entry-too-large' | 'listing-too-large'

/** Carries a failure from where it is found to where it is judged; what leaves `fetchSource` is an error of errors.ts. */
export class FetchProblem extends Error {
  readonly status: number | null
  readonly transient: boolean
  readonly retryAfter: string | null
  readonly remedy: Remedy | null
  readonly limit: AnswerLimit | null

  constructor(
    readonly kind: FetchProblemKind,
    message: string,
    facts: FetchProblemFacts = {},
  ) {
    super(message)
    this.status = facts.status ?? null
    this.transient = facts.transient ?? false
    this.retryAfter = facts.retryAfter ?? null
    this.remedy = facts.remedy ?? null
    this.limit = facts.limit ?? null
  }

  /** The error for the caller. Without a cause: errors of TLS carry certificates, errors of JSON.parse pieces of the body. */
  toError(): Error {
    if (this.kind === 'malformed') return new MalformedAnswerError(this.message)
    const facts = {
      ...(this.status === null ? {} : { upstreamStatus: this.status }),
      ...(this.limit === null ? {} : { limit: this.limit }),
    }
    return Object.assign(new UpstreamError(this.message), facts)
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
  if (error instanceof HttpLimitError) return describeLimit(error, label)
  if (error instanceof ProxyError)
    return new FetchProblem('failed', `${label}: ${error.message}`, { transient: error.transient })
  const code = codeOf(error)
  return describeConnection(code, url, label) ?? describeExchange(code, hostOf(url), label, timeoutMs)
}

/** `null`: there was a connection. */
function describeConnection(code: string, url: URL, label: string): FetchProblem | null {
  const host = hostOf(url)
  const failed = (text: string, remedy: Remedy, transient = true): FetchProblem =>
    new FetchProblem('failed', text, { transient, remedy })
  if (code === 'ECONNREFUSED') return failed(`nothing listens at ${host} (${label}, connection refused)`, 'running')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failed(`the host name ${url.hostname} cannot be resolved (${label}, ${code})`, 'name')
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return failed(`no connection to ${host} in time (${label}, connect timeout)`, 'network')
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return failed(`no way leads to ${host} (${label}, ${code})`, 'network')
  const alert = clientCertificateAlert(code)
  if (alert !== null) return failed(`TLS with ${host} failed: ${alert} (${label}, ${code})`, 'certificate', false)
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code))
    return failed(`TLS with ${host} failed (${label}, ${code})`, 'scheme', false)
  return null
}

/** What a server's alert says of our certificate; `null`: nothing. Before TLS 1.3 there is no alert of its own for one that is missing. */
function clientCertificateAlert(code: string): string | null {
  if (/ALERT_CERTIFICATE_REQUIRED/.test(code)) return 'it wants a client certificate'
  if (/ALERT_HANDSHAKE_FAILURE/.test(code))
    return 'it refuses the handshake, as a server does that wants a client certificate'
  if (/ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|CERTIFICATE_\w+)/.test(code))
    return 'it does not take our client certificate, or wants one'
  return null
}

function describeExchange(code: string, host: string, label: string, timeoutMs: number): FetchProblem {
  const failed = (text: string, remedy: Remedy | null = null, transient = false): FetchProblem =>
    new FetchProblem('failed', text, { transient, remedy })
  // A server that took too long once is not made to do the same work again.
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return failed(`${label} got no answer from ${host} within ${timeoutMs} ms (header timeout)`, 'patience')
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return failed(`the body of ${label} stalled for ${timeoutMs} ms (body timeout)`, 'patience')
  if (/^(?:Z_|ZSTD_|ERR_BROTLI|ERR__ERROR)/.test(code))
    return new FetchProblem('malformed', `the body of ${label} is not validly compressed (${code})`)
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return failed(`the headers of the answer to ${label} are over ${bytes(maxHeaderSize)}, the most that is read`)
  if (code === 'UND_ERR_INVALID_ARG')
    return failed(`${label} cannot be sent: the API key or a header holds a character that no HTTP header may carry`)
  if (code.startsWith('HPE_') || code === 'HTTPParserError')
    return failed(`${host} does not speak HTTP (${label}, ${code})`, 'address')
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
    return failed(`${label} was not sent: the HTTP client is closed`)
  return failed(`the connection to ${host} broke off before the answer was complete (${label}, ${code})`, null, true)
}

function describeLimit({ code, detail }: HttpLimitError, label: string): FetchProblem {
  if (code === 'BODY_TOO_LARGE')
    return new FetchProblem('limit', `the body of ${label} is over ${bytes(Number(detail))}, the most that is read`, {
      remedy: 'size',
    })
  if (code === 'DEADLINE')
    return new FetchProblem('failed', `${label} was not complete after ${detail} ms`, { remedy: 'patience' })
  if (code === 'TOO_SLOW') {
    const pace = `less than ${bytes(MIN_BYTES_PER_SECOND)} a second for ${detail} ms`
    return new FetchProblem('failed', `the body of ${label} trickles: ${pace}`)
  }
  return new FetchProblem(
    'malformed',
    `${label} answered in the content-encoding ${JSON.stringify(String(detail).slice(0, 40))}; ${KNOWN_ENCODINGS} are known`,
  )
}

function bytes(count: number): string {
  const kibibytes = count / 1024
  if (Number.isInteger(kibibytes / 1024)) return `${kibibytes / 1024} MiB`
  return Number.isInteger(kibibytes) ? `${kibibytes} KiB` : `${count} bytes`
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
