/** Asks the server to end what a connection does: a statement that waits for a lock outlives its connection, and would hold a backend for as long. */
import { createConnection } from 'node:net'
import path from 'node:path'
import type { PoolClient } from 'pg'

const CANCEL_REQUEST_CODE = 80_877_102
// A server that is silent hears nothing, and whoever closes waits for this.
const GIVE_UP_MS = 500

const underWay = new Set<Promise<void>>()

/** Waits until the server has heard each request, or will not: a process that ends sooner leaves statements behind that nobody wants. */
export async function cancelsSent(): Promise<void> {
  await Promise.all(underWay)
}

/**
 * Sends PostgreSQL's CancelRequest on a connection of its own: a courtesy, which the server may not hear.
 * @returns when it has, or will not. Throws nothing
 * @see https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS (read 2026-11)
 */
export async function cancelStatement(client: PoolClient): Promise<void> {
  const { host, port, processID, secretKey } = client as PoolClient & {
    processID?: number | null
    secretKey?: number | null
  }
  // PGlite has no second process, and says so by a key of zero.
  if (!processID || !secretKey) return
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(CANCEL_REQUEST_CODE, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  const socket = host.startsWith('/')
    ? createConnection(path.join(host, `.s.PGSQL.${port}`))
    : createConnection(port, host)
  socket.unref()
  socket.on('error', () => undefined)
  const sent = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  underWay.add(sent)
  socket.setTimeout(GIVE_UP_MS, () => socket.destroy())
  // Not ended: a pooler takes a request that is followed by an end for one that nobody waits for.
  socket.write(request)
  socket.resume()
  await sent
  underWay.delete(sent)
}
