/** ProxyError: what went wrong between us and a forward proxy. */
import type { ProxyFailure } from '../core/records/problem.js'
import { describeProxyFailure } from '../core/records/proxy-text.js'

export class ProxyError extends Error {
  readonly code = 'PROXY'

  /** @param failure `proxy`: scheme, host and port, without user and password; `target`: `host:port` */
  constructor(readonly failure: ProxyFailure) {
    super(describeProxyFailure(failure))
  }
}
