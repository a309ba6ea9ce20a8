/** The one HTTP client: a request with time limits, a cap on the body, decompression and a hash, straight out or through a forward proxy. */
import type { IncomingHttpHeaders } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { ClientTls } from './http-client-tls.js'
import { HttpBody } from './http-body.js'
import { ProxyError } from './http-proxy-error.js'
import type { ProxyRules } from './http-proxy-rules.js'
import { HttpDispatcher } from './http-dispatcher.js'

/** Read of an answer other than 200, of which at most a message is wanted. */
const ERROR_BODY_BYTES = 64 * 1024
/** A whole request may take so many times its `timeoutMs`: what trickles never stalls, and would hold the run for ever. */
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
  /** PEM: authorities that are trusted beside the usual ones. */
  ca?: string | undefined
}

export interface HttpRequest {
  url: URL
  headers: Record<string, string>
  /** Makes it a POST. */
  body?: string
  /** For the headers, and for each pause of the body, ms. */
  timeoutMs: number
  /** After decompression. */
  maxBodyBytes: number
  signal: AbortSignal
  /** What this request alone brings along in TLS; the same object each time, since connections are kept for it. */
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

/** A limit of ours; what the network and the other side do wrong comes as the error of undici or Node. */
export class HttpLimitError extends Error {
  constructor(
    readonly code: 'BODY_TOO_LARGE' | 'DEADLINE' | 'CONTENT_ENCODING',
    /** The limit in bytes or ms, or the encoding that was found. */
    readonly detail: string | number,
  ) {
    super(`${code}: ${detail}`)
  }
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
  const ways = new Map<ClientTls | null, HttpDispatcher>()
  const wayFor = (tls: ClientTls | null): HttpDispatcher => {
    const known = ways.get(tls)
    const way = known ?? new HttpDispatcher({ timeoutMs, publicOnly, proxy, ca, tls: tls ?? {} })
    ways.set(tls, way)
    return way
  }
  return {
    dispatcher: wayFor(null),
    request: (request) => send(wayFor(request.tls ?? null), request),
    close: async () => void (await Promise.all([...ways.values()].map((way) => way.end()))),
  }
}

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
      headers: { ...request.headers, 'accept-encoding': 'gzip, br, deflate' },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: ended.signal,
    })
    const body = new HttpBody()
    // A body that is left early reports its own end as an error, to nobody.
    answer.body.on('error', () => {})
    if (answer.statusCode === 200) await readAll(answer, body, request.maxBodyBytes)
    else await readSome(answer, body, ended.signal)
    return { status: answer.statusCode, headers: answer.headers, body, sha256: body.digest(), proxy }
  } catch (error) {
    throw proxy === null || url.protocol === 'https:' ? error : withoutTunnel(error as Error, proxy, url)
  } finally {
    clearTimeout(deadline)
    signal.removeEventListener('abort', cancel)
  }
}

/** In a tunnel the proxy's faults are told apart where it is opened; a plain http request has its only connection with the proxy. */
function withoutTunnel(error: Error & { code?: string }, proxy: string, url: URL): Error {
  // undici's words for a proxy that wants a password.
  if (error.message.includes('Proxy Authentication Required (407)')) return ProxyError.status(proxy, 407, url.host)
  const { code = '' } = error
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' ? ProxyError.connection(proxy, code) : error
}

async function readAll(answer: Dispatcher.ResponseData, body: HttpBody, maxBodyBytes: number): Promise<void> {
  const tooLarge = new HttpLimitError('BODY_TOO_LARGE', maxBodyBytes)
  try {
    if (Number(answer.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge
    for await (const chunk of inflated(answer) as AsyncIterable<Buffer>) {
      if (body.bytes + chunk.length > maxBodyBytes) throw tooLarge
      body.append(chunk)
    }
  } catch (error) {
    answer.body.destroy()
    throw error
  }
}

async function readSome(answer: Dispatcher.ResponseData, body: HttpBody, signal: AbortSignal): Promise<void> {
  try {
    for await (const chunk of inflated(answer) as AsyncIterable<Buffer>) {
      body.append(chunk.subarray(0, ERROR_BODY_BYTES - body.bytes))
      if (body.bytes === ERROR_BODY_BYTES) break
    }
  } catch {
    // The status is what counts; its message is lost.
  }
  answer.body.destroy()
  signal.throwIfAborted()
}

/** Not undici's interceptor: in 7.30 it is experimental, says so on stderr, and leaves the bodies of errors compressed. */
function inflated(answer: Dispatcher.ResponseData): Readable {
  const encoding = String(answer.headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase()
  if (encoding === 'identity' || answer.statusCode === 204 || answer.statusCode === 304) return answer.body
  const inflate = decompressor(encoding)
  if (inflate === null) throw new HttpLimitError('CONTENT_ENCODING', encoding)
  // An error of either stream comes out of the loop that reads the last one.
  return pipeline(answer.body, inflate, () => {})
}

function decompressor(encoding: string): ReturnType<typeof createGunzip> | null {
  const options = { chunkSize: 64 * 1024 }
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip(options)
  if (encoding === 'br') return createBrotliDecompress(options)
  if (encoding === 'deflate') return createInflate(options)
  return null
}
