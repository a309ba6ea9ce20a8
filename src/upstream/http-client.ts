/** The one HTTP client: a request with time limits, a cap on the body, decompression and a hash, straight out or through a forward proxy. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { ClientTls } from './client-tls.js'
import { HttpBody } from './http-body.js'
import { HttpLimitError } from './limit-error.js'
import { inPace } from './body-pace.js'
import { ProxyError } from './proxy-error.js'
import type { ProxyRules } from './proxy-rules.js'
import { ACCEPTED_ENCODINGS, decodeBody } from './content-encoding.js'
import { HttpDispatcher } from './dispatcher.js'

/** Read of an answer other than 200, of which at most a message is wanted. */
const ERROR_BODY_BYTES = 64 * 1024
/** The headers may take so many times `timeoutMs`, the wait for a connection included. */
const DEADLINE_FACTOR = 10
/** But never less, ms: undici's own timers may be a second late, and they know better what went wrong. */
const MIN_DEADLINE_MS = 3000

export interface HttpClientOptions {
  /** Connect and TLS handshake, ms. */
  timeoutMs: number
  /** Connect to addresses of the public internet only, whatever a host's name leads to. Default false. */
  publicOnly?: boolean
  /** Default `null`: every request goes straight out. */
  proxy?: ProxyRules | null
  /** PEM: authorities that are trusted beside the usual ones; a function is asked before each request, since their file may change. */
  ca?: string | (() => string | undefined) | undefined
}

export interface HttpRequest {
  url: URL
  headers: Record<string, string>
  /** Makes it a POST. */
  body?: string
  /** For the headers, and for each pause of the body, ms; while it lasts the body must bring 1 KiB a second. */
  timeoutMs: number
  /** After decompression. */
  maxBodyBytes: number
  signal: AbortSignal
  /** What this request alone brings along in TLS; the same object until that changes, since connections are kept for it. */
  tls?: ClientTls | null
}

export interface HttpAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: HttpBody
  /** Of the body after decompression, hex; over an answer other than 200 it means nothing. */
  sha256: string
  /** The proxy that it came through, without user and password; `null`: none. */
  proxy: string | null
}

export interface HttpClient {
  /** For a request of another kind than ours. */
  readonly dispatcher: Dispatcher
  /**
   * One GET or POST of one address: follows no redirect, tries once. Of an answer other than 200 at most 64 KiB are read, whatever happens on the way.
   * @throws HttpLimitError; the signal's reason; ProxyError; errors of undici, node:net, node:tls and node:zlib, told apart by `code`
   */
  request(request: HttpRequest): Promise<HttpAnswer>
  /** Ends what still runs and each idle connection. */
  close(): Promise<void>
}

/** No proxy of the environment is used but the one in the options, and no header but the given ones is sent, `accept-encoding` apart. */
export function createHttpClient({ timeoutMs, publicOnly = false, proxy = null, ca }: HttpClientOptions): HttpClient {
  const ways = new Map<unknown, { way: HttpDispatcher; tls: ClientTls | null; authorities: string | undefined }>()
  const wayFor = (tls: ClientTls | null): HttpDispatcher => {
    const authorities = typeof ca === 'function' ? ca() : ca
    const key = tls?.files ?? tls
    const known = ways.get(key)
    if (known !== undefined && known.tls === tls && known.authorities === authorities) return known.way
    const way = new HttpDispatcher({ timeoutMs, publicOnly, proxy, ca: authorities, tls: tls ?? {} })
    ways.set(key, { way, tls, authorities })
    // A file has changed: what still runs ends as it began.
    void known?.way.retire()
    return way
  }
  return {
    dispatcher: wayFor(null),
    request: (request) => send(wayFor(request.tls ?? null), request),
    close: async () => void (await Promise.all([...ways.values()].map(({ way }) => way.end()))),
  }
}

type Answer = Dispatcher.ResponseData

async function send(dispatcher: HttpDispatcher, request: HttpRequest): Promise<HttpAnswer> {
  const { url, signal, timeoutMs } = request
  signal.throwIfAborted()
  // Not AbortSignal.any(): on Node 20 it stays reachable from a signal that lives as long as the server.
  const ended = new AbortController()
  const cancel = (): void => ended.abort(signal.reason)
  signal.addEventListener('abort', cancel, { once: true })
  const proxy = dispatcher.proxyOf(url)
  const deadlineMs = Math.max(timeoutMs * DEADLINE_FACTOR, MIN_DEADLINE_MS)
  const deadline = setTimeout(() => ended.abort(new HttpLimitError('DEADLINE', deadlineMs)), deadlineMs)
  try {
    const answer = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      ...(request.body === undefined ? { method: 'GET' } : { method: 'POST', body: request.body }),
      headers: { ...request.headers, 'accept-encoding': ACCEPTED_ENCODINGS },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: ended.signal,
    })
    // From here on its pace counts: a large body on a slow line takes what it takes.
    clearTimeout(deadline)
    const body = new HttpBody()
    // 203 is a 200 that a proxy has changed on the way.
    const status = answer.statusCode === 203 ? 200 : answer.statusCode
    const chunks = (): AsyncIterable<Buffer> => {
      const paced = inPace(answer.body, { windowMs: timeoutMs, maxBytes: request.maxBodyBytes })
      return status === 204 || status === 304 ? paced : decodeBody(paced, answer.headers['content-encoding'])
    }
    // A body that is left early reports its own end as an error, to nobody.
    answer.body.on('error', () => {})
    if (status === 200) await readAll(chunks, answer, body, request.maxBodyBytes)
    else await readSome(chunks, answer, body, ended.signal)
    return { status, headers: answer.headers, body, sha256: body.digest(), proxy }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'UND_ERR_SOCKET' && url.protocol === 'https:') throw dispatcher.alertOf(url) ?? error
    throw proxy === null || url.protocol === 'https:' ? error : withoutTunnel(error as Error, proxy, url)
  } finally {
    clearTimeout(deadline)
    signal.removeEventListener('abort', cancel)
  }
}

/** In a tunnel the proxy's faults are told apart where it is opened; a plain http request has its only connection with the proxy. */
function withoutTunnel(error: Error & { code?: string }, proxy: string, url: URL): Error {
  // undici's words for a proxy that wants a password: it has no code for that.
  if (error.message.includes('Proxy Authentication Required (407)'))
    return new ProxyError({ proxy, status: 407, target: url.host })
  const { code = '' } = error
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' ? new ProxyError({ proxy, errno: code }) : error
}

async function readAll(
  chunks: () => AsyncIterable<Buffer>,
  answer: Answer,
  body: HttpBody,
  max: number,
): Promise<void> {
  const tooLarge = new HttpLimitError('BODY_TOO_LARGE', max)
  try {
    if (Number(answer.headers['content-length'] ?? 0) > max) throw tooLarge
    for await (const chunk of chunks()) {
      if (body.bytes + chunk.length > max) throw tooLarge
      body.append(chunk)
    }
  } catch (error) {
    answer.body.destroy()
    throw error
  }
}

async function readSome(
  chunks: () => AsyncIterable<Buffer>,
  answer: Answer,
  body: HttpBody,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const chunk of chunks()) {
      body.append(chunk.subarray(0, ERROR_BODY_BYTES - body.bytes))
      if (body.bytes === ERROR_BODY_BYTES) break
    }
  } catch {
    // The status is what counts; its message is lost.
  }
  answer.body.destroy()
  signal.throwIfAborted()
}
