/** A forward proxy on 127.0.0.1: CONNECT and plain http, with names that only it can resolve, and a record of what it was asked for. */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface ForwardProxy {
  /** `http://127.0.0.1:<port>` */
  url: string
  /** `CONNECT host:port`, `GET http://host/path`, in order. */
  asked: string[]
  /** Each `proxy-authorization`, in order. */
  authorizations: (string | undefined)[]
}

export interface ForwardProxyOptions {
  /** By `host:port`: the port on 127.0.0.1 that it leads to; anything else is answered with 502. */
  routes?: Record<string, number>
  /** What every request is answered with; `reset`: nothing. */
  refuse?: number | 'reset'
  /** Demanded; anything else is answered with 407. */
  authorization?: string
}

export async function startForwardProxy(
  t: { teardown(end: () => Promise<void>): void },
  { routes = {}, refuse, authorization }: ForwardProxyOptions = {},
): Promise<ForwardProxy> {
  const asked: string[] = []
  const authorizations: (string | undefined)[] = []
  const sockets = new Set<Duplex>()

  /** A status, `reset`, or the port that the way leads to as a negative number. */
  function decide(request: IncomingMessage, target: string): number | 'reset' {
    const given = request.headers['proxy-authorization']
    authorizations.push(given)
    if (refuse !== undefined) return refuse
    if (authorization !== undefined && given !== authorization) return 407
    return -(routes[target] ?? -502)
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method} ${request.url}`)
    const url = new URL(request.url ?? '')
    const decided = decide(request, `${url.hostname}:${url.port === '' ? 80 : url.port}`)
    if (decided === 'reset') return void response.destroy()
    if (decided > 0) return void response.writeHead(decided).end('<html>the proxy')
    const { 'proxy-authorization': _, ...headers } = request.headers
    const onward = {
      port: -decided,
      host: '127.0.0.1',
      path: url.pathname + url.search,
      method: request.method,
      headers,
    }
    request.pipe(
      httpRequest(onward, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      }),
    )
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    sockets.add(socket)
    socket.on('error', () => {})
    const decided = decide(request, request.url ?? '')
    if (decided === 'reset') return void socket.destroy()
    if (decided > 0) return void socket.end(`HTTP/1.1 ${decided} No\r\n\r\n`)
    const onward = connect(-decided, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    sockets.add(onward)
    onward.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, authorizations }
}
