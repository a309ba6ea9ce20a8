/** Sockets that carry no data: that one listens there says that its process lives. */
import { createHmac } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { lockKey, userLockKey } from './lock-key.js'

// A local socket accepts or refuses at once, from the kernel, however busy its process is.
const CONNECT_LIMIT_MS = 2000

/**
 * A name for the directory, or for a file in it, that the kernel frees with its process: an abstract unix socket on Linux, a named pipe on Windows.
 * Made of the directory's device and inode, so that every path to it gives the same, and of a key, so that no other user knows it.
 * @returns `null` where the platform has no such thing, or the key is not ours
 */
export async function kernelLockName(directory: string, file?: string): Promise<string | null> {
  if (process.platform !== 'linux' && process.platform !== 'win32') return null
  const { dev, ino } = await stat(directory, { bigint: true })
  const secret = await (file === undefined ? lockKey(directory) : userLockKey())
  if (secret === null) return null
  const key = createHmac('sha256', secret)
    .update(file === undefined ? `${dev}:${ino}` : `${dev}:${ino}:${file}`)
    .digest('hex')
  return process.platform === 'linux' ? `\0fastify-model-sync:${key}` : `\\\\.\\pipe\\fastify-model-sync-${key}`
}

/**
 * Listens there without keeping the process alive.
 * @returns `null` when somebody else does
 * @throws the system's error when no socket can be made there at all
 */
export async function listenAt(name: string): Promise<Server | null> {
  const server = createServer((connection) => connection.destroy())
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      // `exclusive`: workers of node:cluster would share the socket, and each believe to hold the lock.
      server.listen({ path: name, exclusive: true }, resolve)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null
    throw error
  }
  server.on('error', () => undefined)
  server.unref()
  return server
}

/** Throws nothing. */
export async function closeLockServer(server: Server | null): Promise<void> {
  if (server !== null) await new Promise((resolve) => server.close(resolve))
}

/** Whether a process listens there. A socket without its process refuses; whatever else keeps us from connecting counts as living. */
export async function isListening(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(name)
    const settle = (living: boolean) => {
      connection.destroy()
      resolve(living)
    }
    connection.setTimeout(CONNECT_LIMIT_MS, () => settle(true))
    connection.on('connect', () => settle(true))
    connection.on('error', (error: NodeJS.ErrnoException) => {
      settle(!['ECONNREFUSED', 'ENOENT', 'ENOTDIR', 'ENOTSOCK'].includes(error.code ?? ''))
    })
  })
}
