/** An HTTP server that answers from the first moment: 503 with Retry-After until the application is there. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { explainListenError } from './listen-error.js'
import { waitingPage, WAITING_POLICY } from './waiting-page.js'

const RETRY_AFTER_SECONDS = 5
// Longer than requests wait for the database of a server that closes.
const CLOSE_CONNECTIONS_AFTER_MS = 3000

export interface WaitingRoom {
  server: Server
  /** `http://127.0.0.1:8081` */
  url: string
  /** Why there is no application yet, for whoever asks: a sentence. */
  explain(reason: string): void
  /** From now on requests go to the application, and `/readyz` is what `ready` says, which throws nothing. */
  open(application: RequestListener, ready: () => Promise<boolean>): void
  close(): Promise<void>
}

/** @throws what listening throws (EADDRINUSE), with the variable to set */
export async function openWaitingRoom({ host, port }: { host: string; port: number }): Promise<WaitingRoom> {
  let application: RequestListener | null = null
  let ready = async (): Promise<boolean> => false
  let reason = 'The server is starting.'
  const server = createServer((request, response) => {
    // Here, before any route: what nobody routes (a malformed path, a foreign host, no such page) has them too. A route may say otherwise.
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('cache-control', 'private, no-store')
    // Before the application, whose hooks refuse hosts, count requests and log them: an orchestrator asks every few seconds, by address.
    if (request.url === '/livez') return answerProbe(response, true)
    if (request.url === '/readyz') return void ready().then((is) => answerProbe(response, is))
    if (application !== null) return application(request, response)
    const wantsPage = request.headers.accept?.includes('text/html') === true
    response.writeHead(503, {
      'retry-after': String(RETRY_AFTER_SECONDS),
      'content-type': wantsPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
      ...(wantsPage ? { 'content-security-policy': WAITING_POLICY, 'referrer-policy': 'no-referrer' } : {}),
    })
    response.end(
      wantsPage
        ? waitingPage(reason)
        : JSON.stringify({
            statusCode: 503,
            code: 'FST_MODEL_SYNC_STARTING',
            error: 'Service Unavailable',
            message: `${reason.replace(/\.$/, '')}; try again in a few seconds`,
            reason,
          }),
    )
    // A large body would keep the connection busy for nothing.
    request.resume()
  })
  server.on('clientError', refuseUnreadable)
  server.listen(port, host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw explainListenError(error, { host, port })
  })
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    server,
    url: `http://${name}:${address.port}`,
    explain: (text) => void (reason = text),
    open: (listener, isReady) => {
      application = listener
      ready = isReady
    },
    close: () => {
      ready = async () => false
      return closeServer(server)
    },
  }
}

function answerProbe(response: ServerResponse, is: boolean): void {
  response.writeHead(is ? 200 : 503, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify({ ok: is }))
}

const UNREADABLE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** As Node answers what is no HTTP, with our headers. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const status = UNREADABLE[error.code ?? ''] ?? '400 Bad Request'
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nX-Content-Type-Options: nosniff\r\nCache-Control: private, no-store\r\n\r\n`,
  )
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // What still runs has had its answer by now; a connection that stays open would keep the process alive.
  setTimeout(() => server.closeAllConnections(), CLOSE_CONNECTIONS_AFTER_MS).unref()
  await closed
}
