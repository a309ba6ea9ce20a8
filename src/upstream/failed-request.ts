/** problemOfRequest: what a request that got no answer failed of, by the codes of Node and undici. */
import { maxHeaderSize } from 'node:http'
import type { Cause } from '../core/records/problem.js'
import { KNOWN_ENCODINGS } from './content-encoding.js'
import { FetchProblem, labelOf } from './fetch-problem.js'
import { HttpLimitError } from './limit-error.js'
import { MIN_BYTES_PER_SECOND } from './body-pace.js'
import { ProxyError } from './proxy-error.js'

const NETWORK: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])

/** @param timeoutMs the one that was asked for */
export function problemOfRequest(
  error: unknown,
  url: URL,
  timeoutMs: number,
  method: 'GET' | 'POST' = 'GET',
): FetchProblem {
  const request = labelOf(url, method)
  if (error instanceof HttpLimitError) return new FetchProblem(overLimit(error, request))
  if (error instanceof ProxyError)
    return new FetchProblem({ code: 'upstream-proxy', facts: { request, failure: error.failure } })
  const errno = codeOf(error)
  return new FetchProblem(
    withoutConnection(errno, url, request) ?? inExchange(errno, { request, host: hostOf(url), timeoutMs }),
  )
}

/** `null`: there was a connection. */
function withoutConnection(errno: string, url: URL, request: string): Cause | null {
  const host = hostOf(url)
  const unreachable = (missing: 'host' | 'connection' | 'network', where = host): Cause => ({
    code: 'upstream-unreachable',
    facts: { missing, request, host: where, errno },
  })
  if (errno === 'ECONNREFUSED') return unreachable('connection')
  if (errno === 'ENOTFOUND' || errno === 'EAI_AGAIN') return unreachable('host', url.hostname)
  if (NETWORK.has(errno)) return unreachable('network')
  const alert = clientCertificateAlert(errno)
  if (alert !== null) return { code: 'upstream-tls', facts: { wants: 'ours', request, host, errno, alert } }
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(errno))
    return { code: 'upstream-tls', facts: { wants: 'theirs', request, host, errno, alert } }
  return null
}

/** What a server's alert says of our certificate; `null`: nothing. Before TLS 1.3 there is no alert of its own for one that is missing. */
function clientCertificateAlert(errno: string): 'wanted' | 'handshake' | 'not-taken' | null {
  if (/ALERT_CERTIFICATE_REQUIRED/.test(errno)) return 'wanted'
  if (/ALERT_HANDSHAKE_FAILURE/.test(errno)) return 'handshake'
  return /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|CERTIFICATE_\w+)/.test(errno)
    ? 'not-taken'
    : null
}

function inExchange(
  errno: string,
  { request, host, timeoutMs: ms }: { request: string; host: string; timeoutMs: number },
): Cause {
  // A server that took too long once is not made to do the same work again.
  if (errno === 'UND_ERR_HEADERS_TIMEOUT')
    return { code: 'upstream-timeout', facts: { request, waitedFor: 'headers', ms, host } }
  if (errno === 'UND_ERR_BODY_TIMEOUT') return { code: 'upstream-timeout', facts: { request, waitedFor: 'body', ms } }
  if (/^(?:Z_|ZSTD_|ERR_BROTLI|ERR__ERROR)/.test(errno))
    return { code: 'malformed-answer', facts: { request, found: 'other', decoding: errno } }
  if (errno === 'UND_ERR_HEADERS_OVERFLOW')
    return {
      code: 'upstream-protocol',
      facts: { request, answered: true, found: 'long-headers', maxBytes: maxHeaderSize },
    }
  if (errno === 'UND_ERR_INVALID_ARG') return { code: 'upstream-protocol', facts: { request, answered: false } }
  if (errno.startsWith('HPE_') || errno === 'HTTPParserError')
    return { code: 'upstream-protocol', facts: { request, answered: true, found: 'no-http', host, errno } }
  if (errno === 'UND_ERR_DESTROYED' || errno === 'UND_ERR_CLOSED')
    return { code: 'upstream-failed', facts: { request } }
  return { code: 'upstream-broken-off', facts: { request, host, errno } }
}

function overLimit({ code, detail }: HttpLimitError, request: string): Cause {
  const limit = Number(detail)
  if (code === 'BODY_TOO_LARGE') return { code: 'body-too-large', facts: { request, maxBytes: limit } }
  if (code === 'DEADLINE') return { code: 'upstream-timeout', facts: { request, waitedFor: 'whole', ms: limit } }
  if (code === 'TOO_SLOW') {
    const bytesPerSecond = MIN_BYTES_PER_SECOND
    return { code: 'upstream-timeout', facts: { request, waitedFor: 'pace', ms: limit, bytesPerSecond } }
  }
  const encoding = String(detail).slice(0, 40)
  return { code: 'malformed-answer', facts: { request, found: 'other', encoding, known: KNOWN_ENCODINGS } }
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
