/** Http: JSON in and out, relative to where the plugin is mounted; every failure is an ApiError. */
import { ApiError, errorOf } from './api-error.js'

export interface ClientOptions {
  /** Where the plugin is mounted, with its prefix: `https://host/api/v1`, or relative to the page in a browser. */
  baseUrl: string
  /** The bearer token, or what gives it, asked before each request; `null`: none. Default none. */
  token?: (string | (() => string | null | Promise<string | null>)) | undefined
  /** Further headers of each request. */
  headers?: Readonly<Record<string, string>> | undefined
  /** Whether cookies are sent: a host's own session. Default the browser's, `same-origin`. */
  credentials?: 'omit' | 'same-origin' | 'include' | undefined
  /** Default the built-in one. */
  fetch?: typeof fetch | undefined
  /** Ms after which a read is given up; a sync is waited for. Default 10,000. */
  timeoutMs?: number | undefined
}

const OPTIONS: Readonly<Record<keyof ClientOptions, true>> = {
  baseUrl: true,
  token: true,
  headers: true,
  credentials: true,
  fetch: true,
  timeoutMs: true,
}
const READ_TIMEOUT_MS = 10_000

export interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Members that are undefined are left out. */
  query?: object
  body?: unknown
  signal?: AbortSignal | undefined
}

export class Http {
  private readonly base: URL

  /** @throws TypeError when `baseUrl` is no address, and for an option that there is none of */
  constructor(private readonly options: ClientOptions) {
    const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name))
    if (unknown !== undefined)
      throw new TypeError(`the client has no option "${unknown}"; it takes ${Object.keys(OPTIONS).join(', ')}`)
    const document = (globalThis as { document?: { baseURI: string } }).document
    const base = options.baseUrl === '' ? '.' : options.baseUrl
    // With a slash at its end, so that paths are appended.
    this.base = new URL(base.endsWith('/') ? base : `${base}/`, document?.baseURI)
  }

  /** A read, given up after the time-out. @throws ApiError; the signal's reason */
  async get<T>(path: string, query: object = {}, signal?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? READ_TIMEOUT_MS)
    return this.json<T>(path, { query, signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) })
  }

  /** @throws ApiError; the signal's reason */
  async json<T>(path: string, call: Call): Promise<T> {
    const response = await this.send(path, call, 'application/json')
    const text = await response.text().catch((error: unknown) => this.fail(error, call.signal))
    const body = parse(text)
    if (!response.ok) throw errorOf(response, body)
    if (body === undefined && text !== '')
      throw new ApiError(`${path} answered something other than JSON; is a proxy in between?`, response.status)
    return body as T
  }

  /** @throws ApiError when there is no answer; the signal's reason. A refusing answer is returned. */
  async send(path: string, { method = 'GET', query = {}, body, signal }: Call, accept: string): Promise<Response> {
    const { token, headers, credentials, fetch: send = fetch } = this.options
    const url = new URL(path, this.base)
    for (const [name, value] of Object.entries(query) as [string, unknown][])
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value))
    const bearer = typeof token === 'function' ? await token() : (token ?? null)
    const init = {
      method,
      headers: {
        accept,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      // The browser asks with If-None-Match, and takes the body from its own cache on a 304.
      cache: 'no-cache' as const,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials,
      signal,
    }
    try {
      return await send(url, init)
    } catch (error) {
      return this.fail(error, signal)
    }
  }

  /** @throws the caller's own reason, or that there is no answer */
  private fail(error: unknown, signal: AbortSignal | undefined): never {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
    if (signal?.aborted === true && !timedOut) throw error
    throw new ApiError(`${this.base.host} does not answer`, 0, null, null, null, { cause: error })
  }
}

/** `undefined`: it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
