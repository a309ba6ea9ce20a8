/** What is wrong with an answer of a server's API, and what to do. */
import { ProxyError } from '../../upstream/proxy-error.js'

interface Refused {
  url: string
  path: string
  status: number
  /** `null`: no JSON. */
  answer: object | null
  hasToken: boolean
}

/** undici calls what a proxy answers to plain http an invalid argument. */
function codeOf({ code, message }: Error & { code?: string }): string {
  return code === undefined || code === 'UND_ERR_INVALID_ARG' ? message : code
}

export class ApiError extends Error {
  private constructor(
    message: string,
    /** `FST_MODEL_SYNC_…` where the server says it. */
    readonly code: string | null,
    /** The whole answer: of a stale plan, the new one. */
    readonly answer: object = {},
  ) {
    super(message)
  }

  static unreachable(url: string, error: Error & { code?: string }): ApiError {
    if (error instanceof ProxyError) return new ApiError(`The server at ${url} was not reached: ${error.message}`, null)
    const reason = error.code === 'ECONNREFUSED' ? 'nothing listens there' : codeOf(error)
    return new ApiError(`The server at ${url} does not answer (${reason}): check --url, and that the server runs`, null)
  }

  static of({ url, path, status, answer, hasToken }: Refused): ApiError {
    const { code, message } = (answer ?? {}) as { code?: unknown; message?: unknown }
    const said = typeof message === 'string' ? message : null
    const ours = typeof code === 'string' && code.startsWith('FST_MODEL_SYNC_') ? code : null
    if (status === 401 || status === 403) {
      const token = hasToken ? 'the token is not the right one' : 'there is no token'
      return new ApiError(
        `The server at ${url} refuses (${status}): ${token}. Set ADMIN_TOKEN, or pass --token-file${said === null ? '' : `; it says: ${said}`}`,
        ours,
      )
    }
    if (ours !== null && said !== null) return new ApiError(said, ours, answer ?? {})
    if (status === 404) {
      return new ApiError(
        `The server at ${url} has no ${path}: expected the address of a model-sync server, with the prefix of its routes (MODEL_SYNC_PREFIX)`,
        null,
      )
    }
    const detail = answer === null ? 'and no JSON' : (said ?? 'without a message')
    return new ApiError(
      `The server at ${url} answers ${path} with ${status}, ${detail}: expected a model-sync server; its log says more`,
      ours,
    )
  }
}
