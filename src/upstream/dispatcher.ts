/** The dispatcher that every request leaves through: straight out, or through the forward proxy that the rules name for its address. */
import { Agent, buildConnector, Dispatcher } from 'undici'
import { tlsOptions, type ClientTls } from './client-tls.js'
import { connectPublicly } from './public-addresses.js'
import { openProxy, proxyLabel } from './proxy-agent.js'
import { proxyFor, type ProxyRules } from './proxy-rules.js'

/** To one origin at a time; more wait in undici's queue. */
const CONNECTIONS = 8

export interface HttpDispatcherOptions {
  /** Connect and TLS handshake, ms. */
  timeoutMs: number
  /** To addresses of the public internet only, whatever a host's name leads to, with a proxy too. */
  publicOnly: boolean
  proxy: ProxyRules | null
  /** PEM: authorities for every connection, those with a proxy too. */
  ca: string | undefined
  /** For connections with the target. */
  tls: ClientTls
}

export class HttpDispatcher extends Dispatcher {
  readonly #options: HttpDispatcherOptions
  readonly #tls: ReturnType<typeof tlsOptions>
  readonly #direct: Agent
  /** By host. */
  readonly #alerts = new Map<string, Error>()
  readonly #proxies = new Map<string, Dispatcher>()

  constructor(options: HttpDispatcherOptions) {
    super()
    this.#options = options
    const { timeoutMs, publicOnly, ca, tls } = options
    this.#tls = tlsOptions({ ...tls, ca: [ca, tls.ca].filter((pem) => pem !== undefined).join('\n') || undefined })
    const connecting = { timeout: timeoutMs, ...this.#tls }
    const connect = publicOnly ? connectPublicly(connecting) : buildConnector(connecting)
    this.#direct = new Agent({ connections: CONNECTIONS, pipelining: 1, connect: this.#hearing(connect) })
  }

  /** The proxy of requests to `url`, without its user and password; `null`: none. */
  proxyOf(url: URL): string | null {
    const address = proxyFor(this.#options.proxy, url)
    return address === null ? null : proxyLabel(address)
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const address = proxyFor(this.#options.proxy, new URL(String(options.origin)))
    return (address === null ? this.#direct : this.#through(address)).dispatch(options, handler)
  }

  /** Why TLS with this host ended last; once. */
  alertOf({ hostname }: URL): Error | null {
    const alert = this.#alerts.get(hostname) ?? null
    this.#alerts.delete(hostname)
    return alert
  }

  /** TLS 1.3 says that a certificate is missing when the handshake is over, and perhaps before undici listens. */
  #hearing(connect: buildConnector.connector): buildConnector.connector {
    return (target, callback) =>
      connect(target, (...[error, socket]: Parameters<buildConnector.Callback>) => {
        if (error !== null) return callback(error, null)
        socket.on('error', (alert: NodeJS.ErrnoException) => {
          if (alert.code?.startsWith('ERR_SSL') === true) this.#alerts.set(target.hostname, alert)
        })
        callback(null, socket)
      })
  }

  /** Ends when the last of its requests has. */
  async retire(): Promise<void> {
    await Promise.all([this.#direct, ...this.#proxies.values()].map((each) => each.close()))
  }

  // Not close(): that waits for a body which the other side may never end.
  async end(): Promise<void> {
    await Promise.all([this.#direct, ...this.#proxies.values()].map((each) => each.destroy()))
  }

  #through(address: string): Dispatcher {
    const { timeoutMs, publicOnly, ca } = this.#options
    const hearing = (connect: buildConnector.connector): buildConnector.connector => this.#hearing(connect)
    const tls = { tls: this.#tls, proxyTls: tlsOptions({ ca }) }
    const options = { connections: CONNECTIONS, timeoutMs, publicOnly, hearing, ...tls }
    const proxy = this.#proxies.get(address) ?? openProxy(address, options)
    this.#proxies.set(address, proxy)
    return proxy
  }
}
