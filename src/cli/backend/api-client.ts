/** Requests to the API of a running server, and what its errors mean. */
import type { Dispatcher } from 'undici'
import { request } from 'undici'
import { USER_AGENT } from '../../version.js'
import { ApiError } from './api-error.js'

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'DELETE'
  /** Below the server's address: `/models`. */
  path: string
  query?: object
  body?: object
  signal?: AbortSignal
  /** Whether a 500 came with an answer rather than an error. */
  accepts?(answer: object): boolean
}

// A sync of many providers answers when it is done, which takes as long as it takes.
const NO_TIMEOUT = { headersTimeout: 0, bodyTimeout: 0 }

export class ApiClient {
  /** @param url without a slash at the end, with the prefix of the routes */
  constructor(private readonly options: { url: string; token: string | null; dispatcher: Dispatcher }) {}

  get url(): string {
    return this.options.url
  }

  /** @throws ApiError when there is no answer, none of ours, or an error; the signal's reason */
  async ask<Answer>({ accepts = () => false, ...asked }: ApiRequest): Promise<Answer> {
    const { url, token } = this.options
    const { status, text } = await this.send(asked)
    const read = readJson(text)
    if (read !== null && (status === 200 || (status === 500 && accepts(read)))) return read as Answer
    throw ApiError.of({ url, path: asked.path, status, answer: read, hasToken: token !== null })
  }

  /** An answer that is a file. @throws as {@link ask} */
  async text(path: string): Promise<string> {
    const { url, token } = this.options
    const { status, text } = await this.send({ path })
    if (status === 200) return text
    throw ApiError.of({ url, path, status, answer: readJson(text), hasToken: token !== null })
  }

  private async send({ method = 'GET', path, query = {}, body, signal }: Omit<ApiRequest, 'accepts'>) {
    const { url, token, dispatcher } = this.options
    const address = `${url}${path}${queryOf(query)}`
    return request(address, {
      method,
      dispatcher,
      ...NO_TIMEOUT,
      signal,
      headers: {
        accept: 'application/json, application/yaml',
        'user-agent': USER_AGENT,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    }).then(
      async ({ statusCode, body: stream }) => ({ status: statusCode, text: await stream.text() }),
      (error: Error & { code?: string }) => {
        signal?.throwIfAborted()
        throw ApiError.unreachable(url, error)
      },
    )
  }
}

function queryOf(query: object): string {
  const given = Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

function readJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
