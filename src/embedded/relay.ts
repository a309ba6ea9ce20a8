/** Accepts the embedded database's connections in the host's thread, and passes their bytes to its worker. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { MessageChannel, type Worker } from 'node:worker_threads'
import { askPassword } from './loopback-password.js'

export interface RelayOptions {
  /** `null` = a loopback port. */
  socketPath: string | null
  /** The loopback port; 0 = a free one. */
  port: number
  /** Every connection must send it first; `null` where only this user can reach the socket. */
  password: string | null
  /** One more is cut off. */
  maxConnections: number
}

export interface Relay {
  /** The loopback port; `null` when it listens on a unix socket. */
  port: number | null
  /** Removes the socket; connections stay until the worker ends them. Idempotent. */
  stopListening(): void
  /** Ends what connections there are. */
  destroy(): void
}

/**
 * A worker that listens itself cannot be terminated safely: before Node 20.19.4, a connection that reaches a thread that is ending aborts the
 * whole process (v8::ToLocalChecked).
 * @throws the socket's error (EADDRINUSE, EACCES, …)
 */
export async function startRelay(worker: Worker, options: RelayOptions): Promise<Relay> {
  const { socketPath, port, password, maxConnections } = options
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // `close` follows.
    socket.on('error', () => undefined)
    if (password === null) connect(worker, socket, null)
    else askPassword(socket, password, (first) => connect(worker, socket, first))
  })
  server.maxConnections = maxConnections
  await listen(server, socketPath === null ? { host: '127.0.0.1', port } : { path: socketPath })
  server.on('error', () => undefined)
  return {
    port: socketPath === null ? (server.address() as AddressInfo).port : null,
    stopListening: () => void server.close(),
    destroy: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** @param first what has come already */
function connect(worker: Worker, socket: Socket, first: Buffer | null): void {
  const { port1: here, port2: there } = new MessageChannel()
  worker.postMessage(there, [there])
  here.on('message', (data: Uint8Array) => socket.write(data))
  here.once('close', () => socket.destroySoon())
  socket.setNoDelay(true)
  const pass = (data: Uint8Array): void => {
    // A copy, since a message would take along all of the buffer of which this is a part.
    const copy = Uint8Array.from(data)
    here.postMessage(copy, [copy.buffer])
  }
  if (first !== null) pass(first)
  socket.on('data', pass)
  socket.once('close', () => here.close())
}

async function listen(server: Server, where: { path: string } | { host: string; port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
