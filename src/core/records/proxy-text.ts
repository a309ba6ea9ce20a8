/** describeProxyFailure: what went wrong between us and a forward proxy; it names the proxy, and not its password. Pure. */
import type { ProxyFailure } from './problem.js'

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

export function describeProxyFailure(failure: ProxyFailure): string {
  const { proxy } = failure
  if ('errno' in failure) {
    const what = CONNECTION[failure.errno] ?? 'the connection to it failed'
    return `the proxy ${proxy} failed: ${what} (${failure.errno}); check MODEL_SYNC_PROXY, HTTPS_PROXY and HTTP_PROXY`
  }
  const { status, target } = failure
  const advice = ADVICE[status] ?? (status >= 500 ? 'it cannot reach this target' : 'expected 200')
  return `the proxy ${proxy} answered ${status} when asked to connect to ${target}: ${advice}`
}
