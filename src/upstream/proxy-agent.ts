/** Opens the way through one forward proxy: https in a tunnel, http by asking the proxy itself, as most of them want it. */
import { Pool, ProxyAgent, type buildConnector, type Dispatcher } from 'undici'
import { publicTarget } from './public-addresses.js'
import { withoutUser } from './gateway.js'
import { ProxyError } from './proxy-error.js'

export interface ProxyAgentOptions {
  /** To one origin at a time. */
  connections: number
  /** Connect to the proxy, TLS handshakes, and the answer to CONNECT, ms. */
  timeoutMs: number
  /**
   * Only to public addresses: the name is resolved and checked here, and the proxy asked for the address that was checked. By name it would resolve
   * again, perhaps to something else.
   */
  publicOnly: boolean
  /** Wraps each connection with a target, to hear why its TLS ended. */
  hearing(connect: buildConnector.connector): buildConnector.connector
  /** For TLS with the target. */
  tls: buildConnector.BuildOptions
  /** For TLS with the proxy. */
  proxyTls: buildConnector.BuildOptions
}

type Connect = buildConnector.connector
interface Tunnel {
  path: string
  headers: Record<string, string>
}

/** @param address with scheme, perhaps with user and password */
export function openProxy(address: string, options: ProxyAgentOptions): Dispatcher {
  const { connections, timeoutMs, publicOnly, tls, proxyTls, hearing } = options
  const proxy = withoutUser(address)
  const uri = new URL(proxy.address).href
  const token = proxy.headers['authorization']
  const label = proxyLabel(address)
  const toProxy = (given: object): Pool.Options => ({
    ...given,
    connections,
    headersTimeout: timeoutMs,
    connect: told(label, (given as { connect: Connect }).connect),
  })
  const toTarget = (given: object): Pool.Options => ({
    ...given,
    connections,
    connect: hearing((given as { connect: Connect }).connect),
  })
  return new ProxyAgent({
    uri,
    // A header of our own, since undici leaves out a user without a password.
    token,
    connections,
    pipelining: 1,
    // A plain http target in a tunnel is what many proxies refuse; but only a tunnel can lead to an address instead of a name.
    proxyTunnel: publicOnly,
    proxyTls: { timeout: timeoutMs, ...proxyTls },
    requestTls: { timeout: timeoutMs, ...tls },
    clientFactory: (origin, given) => tunnelling(new Pool(origin, toProxy(given)), label, publicOnly),
    factory: (origin, given) => new Pool(origin, String(origin) === uri ? toProxy(given) : toTarget(given)),
  })
}

/** `http://proxy:3128`, never its user and password. */
export function proxyLabel(address: string): string {
  const { protocol, host } = new URL(address)
  return `${protocol}//${host}`
}

/** An own error for each failure: with UND_ERR_SOCKET undici would try again for ever, and `ECONNREFUSED` would be taken for the target's. */
function tunnelling(pool: Pool, label: string, publicOnly: boolean): Dispatcher {
  const connect = pool.connect.bind(pool) as (options: Tunnel) => Promise<Dispatcher.ConnectData>
  const tunnel = async (options: Tunnel): Promise<Dispatcher.ConnectData> => {
    const { path: target } = options
    const path = publicOnly ? await publicTarget(target) : target
    const answer = await connect({ ...options, path, headers: { ...options.headers, host: path } }).catch((error) => {
      throw asProxyError(label, error as Error)
    })
    if (answer.statusCode === 200) return answer
    answer.socket.on('error', () => {}).destroy()
    throw new ProxyError({ proxy: label, status: answer.statusCode, target })
  }
  return Object.assign(pool, { connect: tunnel }) as unknown as Dispatcher
}

function told(label: string, connect: Connect): Connect {
  return (options, callback) =>
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) =>
      error === null ? callback(null, socket!) : callback(asProxyError(label, error), null),
    )
}

function asProxyError(label: string, error: Error & { code?: string }): ProxyError {
  return error instanceof ProxyError ? error : new ProxyError({ proxy: label, errno: error.code ?? error.name })
}
