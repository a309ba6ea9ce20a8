/** Why an address gave no usable answer, in words that may be stored and shown. */
import { maxHeaderSize } from 'node:http'
import { because, type Cause, type ProblemCode, type ProblemFacts } from '../core/records/problem.js'
import { CancelledError, MalformedAnswerError, UpstreamError } from '../errors.js'
import { KNOWN_ENCODINGS } from './content-encoding.js'
import { HttpLimitError } from './limit-error.js'
import { MIN_BYTES_PER_SECOND } from './body-pace.js'
import { ProxyError } from './proxy-error.js'

/**
 * What kind of failure: an HTTP status of 400 and above; the network, a timeout, a status that is no answer; a body that is not what the
 * documentation says; a limit of ours, which fails the whole provider.
 */
type FetchProblemKind = 'refused' | 'failed' | 'malformed' | 'limit'

const LIMITS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'body-too-large',
  'too-many-values',
  'too-many-entries',
  'entry-too-large',
  'listing-too-large',
  'repeated-page',
  'too-many-pages',
])

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
}

/** Carries a failure from where it is found to where it is judged; what leaves `fetchSource` is an error of errors.ts. */
export class FetchProblem extends Error {
  readonly status: number | null
  readonly transient: boolean
  readonly retryAfter: string | null
  readonly remedy: Remedy | null
  readonly kind: FetchProblemKind

  /** @param reason what it is called, for whatever decides by it */
  constructor(
    readonly reason: Cause,
    message: string,
    facts: FetchProblemFacts = {},
  ) {
    super(message)
    this.status = facts.status ?? null
    this.transient = facts.transient ?? false
    this.retryAfter = facts.retryAfter ?? null
    this.remedy = facts.remedy ?? null
    this.kind = this.status === null ? kindOf(reason) : 'refused'
  }

  /** The same with other words. */
  reworded(message: string): FetchProblem {
    return new FetchProblem(this.reason, message, {
      transient: this.transient,
      retryAfter: this.retryAfter,
      remedy: this.remedy,
      ...(this.status === null ? {} : { status: this.status }),
    })
  }

  /** The error for the caller. Without a cause: errors of TLS carry certificates, errors of JSON.parse pieces of the body. */
  toError(): Error {
    const error = this.kind === 'malformed' ? new MalformedAnswerError(this.message) : new UpstreamError(this.message)
    return because(error, this.reason)
  }
}

function kindOf({ code }: Cause): FetchProblemKind {
  if (code === 'malformed-answer') return 'malformed'
  return LIMITS.has(code) ? 'limit' : 'failed'
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
    return new FetchProblem({ code: 'upstream-proxy', facts: {} }, `${label}: ${error.message}`, {
      transient: error.transient,
    })
  const code = codeOf(error)
  return describeConnection(code, url, label) ?? describeExchange(code, hostOf(url), label, timeoutMs)
}

/** `null`: there was a connection. */
function describeConnection(code: string, url: URL, label: string): FetchProblem | null {
  const host = hostOf(url)
  const unreachable = (missing: 'host' | 'connection' | 'network', text: string, remedy: Remedy): FetchProblem =>
    new FetchProblem({ code: 'upstream-unreachable', facts: { missing } }, text, { transient: true, remedy })
  const tls = (wants: 'ours' | 'theirs', text: string, remedy: Remedy): FetchProblem =>
    new FetchProblem({ code: 'upstream-tls', facts: { wants } }, text, { remedy })
  if (code === 'ECONNREFUSED')
    return unreachable('connection', `nothing listens at ${host} (${label}, connection refused)`, 'running')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unreachable('host', `the host name ${url.hostname} cannot be resolved (${label}, ${code})`, 'name')
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return unreachable('network', `no connection to ${host} in time (${label}, connect timeout)`, 'network')
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return unreachable('network', `no way leads to ${host} (${label}, ${code})`, 'network')
  const alert = clientCertificateAlert(code)
  if (alert !== null) return tls('ours', `TLS with ${host} failed: ${alert} (${label}, ${code})`, 'certificate')
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code))
    return tls('theirs', `TLS with ${host} failed (${label}, ${code})`, 'scheme')
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
  const failed = (reason: Cause, text: string, facts: FetchProblemFacts = {}): FetchProblem =>
    new FetchProblem(reason, text, facts)
  const timeout: Cause = { code: 'upstream-timeout', facts: {} }
  const protocol = (answered: boolean): Cause => ({ code: 'upstream-protocol', facts: { answered } })
  // A server that took too long once is not made to do the same work again.
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    const text = `${label} got no answer from ${host} within ${timeoutMs} ms (header timeout)`
    return failed(timeout, text, { remedy: 'patience' })
  }
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return failed(timeout, `the body of ${label} stalled for ${timeoutMs} ms (body timeout)`, { remedy: 'patience' })
  if (/^(?:Z_|ZSTD_|ERR_BROTLI|ERR__ERROR)/.test(code))
    return failed(malformed('other'), `the body of ${label} is not validly compressed (${code})`)
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    const most = `${bytes(maxHeaderSize)}, the most that is read`
    return failed(protocol(true), `the headers of the answer to ${label} are over ${most}`)
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    const why = 'the API key or a header holds a character that no HTTP header may carry'
    return failed(protocol(false), `${label} cannot be sent: ${why}`)
  }
  if (code.startsWith('HPE_') || code === 'HTTPParserError')
    return failed(protocol(true), `${host} does not speak HTTP (${label}, ${code})`, { remedy: 'address' })
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
    return failed({ code: 'upstream-failed', facts: {} }, `${label} was not sent: the HTTP client is closed`)
  const text = `the connection to ${host} broke off before the answer was complete (${label}, ${code})`
  return failed({ code: 'upstream-broken-off', facts: {} }, text, { transient: true })
}

/** The body is not what it should be. */
export function malformed(found: ProblemFacts['malformed-answer']['found']): Cause {
  return { code: 'malformed-answer', facts: { found } }
}

function describeLimit({ code, detail }: HttpLimitError, label: string): FetchProblem {
  const timeout: Cause = { code: 'upstream-timeout', facts: {} }
  if (code === 'BODY_TOO_LARGE') {
    const text = `the body of ${label} is over ${bytes(Number(detail))}, the most that is read`
    return new FetchProblem({ code: 'body-too-large', facts: {} }, text, { remedy: 'size' })
  }
  if (code === 'DEADLINE')
    return new FetchProblem(timeout, `${label} was not complete after ${detail} ms`, { remedy: 'patience' })
  if (code === 'TOO_SLOW') {
    const pace = `less than ${bytes(MIN_BYTES_PER_SECOND)} a second for ${detail} ms`
    return new FetchProblem(timeout, `the body of ${label} trickles: ${pace}`)
  }
  return new FetchProblem(
    malformed('other'),
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
