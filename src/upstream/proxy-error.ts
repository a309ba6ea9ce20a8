/** What went wrong between us and a forward proxy, in words that name the proxy and not its password. */

/** What to do about a status that a proxy answers a CONNECT with. */
const ADVICE: Readonly<Record<number, string>> = {
  403: 'it does not allow this target; ask who runs it, or exempt the host by NO_PROXY',
  405: 'it cannot tunnel; it must allow CONNECT to this port',
  407: 'it wants a user and password; write them into its address (http://user:password@host:port)',
}

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved',
  UND_ERR_CONNECT_TIMEOUT: 'it does not take the connection in time',
  ETIMEDOUT: 'it does not take the connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer',
  UND_ERR_SOCKET: 'it broke the connection off',
  ECONNRESET: 'it broke the connection off',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of its answer are too long',
}

export class ProxyError extends Error {
  readonly code = 'PROXY'

  private constructor(
    message: string,
    /** Another attempt may go well. */
    readonly transient: boolean,
  ) {
    super(message)
  }

  /** @param proxy scheme, host and port, without user and password */
  static connection(proxy: string, code: string): ProxyError {
    const what = CONNECTION[code] ?? 'the connection to it failed'
    return new ProxyError(
      `the proxy ${proxy} failed: ${what} (${code}); check MODEL_SYNC_PROXY, HTTPS_PROXY and HTTP_PROXY`,
      true,
    )
  }

  /** @param target `host:port` */
  static status(proxy: string, status: number, target: string): ProxyError {
    const advice = ADVICE[status] ?? (status >= 500 ? 'it cannot reach this target' : 'expected 200')
    return new ProxyError(
      `the proxy ${proxy} answered ${status} when asked to connect to ${target}: ${advice}`,
      status >= 500 && status !== 501,
    )
  }
}
