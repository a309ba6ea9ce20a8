/** A lock on one file between processes, gone with its holder, however that ends. */
import { randomBytes } from 'node:crypto'
import { link, lstat, rename, unlink } from 'node:fs/promises'
import type { Server } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { FileLockedError } from '../errors.js'
import { closeLockServer, isListening, kernelLockName, listenAt } from './lock-socket.js'

// Between two attempts, ms; drawn anew each time, so that several who wait do not march in step.
const SHORTEST_PAUSE_MS = 3
const LONGEST_PAUSE_MS = 25
// Node cuts the path of a socket silently, at 108 bytes on Linux and 104 on macOS.
const LONGEST_PATH_BYTES = 100
const ASIDE_BYTES = 4
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS'])

export interface FileLock {
  /** Throws nothing. */
  release(): Promise<void>
}

/**
 * Waits for the lock on `file`, which need not exist; its folder must.
 *
 * The lock file `<file>.lock` is a socket, and that somebody listens there is the lock: what a killed process leaves is told at once from what a
 * slow one holds, without process ids and without waiting. On Linux and Windows a name that the kernel frees comes first; it keeps the taking over
 * of an abandoned socket to one process, and does alone where the file system has no sockets or the path is too long for one.
 * @param file absolute, symbolic links resolved
 * @throws FileLockedError when another process still holds it after `waitMs`
 * @throws the file system's error
 */
export async function lockFile(file: string, { waitMs }: { waitMs: number }): Promise<FileLock> {
  const deadline = performance.now() + waitMs
  for (;;) {
    const servers = await tryLock(file)
    if (servers !== null) return { release: () => close(servers) }
    if (performance.now() >= deadline)
      throw new FileLockedError(
        `another process has held the lock on ${file} for ${waitMs} ms; if it hangs, end it: its lock goes with it`,
      )
    await delay(SHORTEST_PAUSE_MS + Math.random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS))
  }
}

/** What holds it, the last taken first; `null`: somebody else. */
async function tryLock(file: string): Promise<Server[] | null> {
  const kernelName = await kernelLockName(path.dirname(file), path.basename(file))
  const kernelLock = kernelName === null ? null : await listenAt(kernelName)
  if (kernelName !== null && kernelLock === null) return null
  if (process.platform === 'win32' && kernelLock !== null) return [kernelLock]
  try {
    const socket = await takeSocket(`${file}.lock`)
    if (socket !== null) return kernelLock === null ? [socket] : [socket, kernelLock]
    await closeLockServer(kernelLock)
    return null
  } catch (error) {
    // In a folder without sockets, or that may not be written: then writing the file will say so.
    if (kernelLock !== null && !(error instanceof FileLockedError)) return [kernelLock]
    if (UNWRITABLE.has((error as NodeJS.ErrnoException).code ?? '')) return []
    await closeLockServer(kernelLock)
    throw error
  }
}

async function takeSocket(socket: string): Promise<Server | null> {
  if (Buffer.byteLength(socket) + 2 * ASIDE_BYTES + 1 > LONGEST_PATH_BYTES)
    throw Object.assign(new Error(`the path ${socket} is too long for a socket`), { code: 'ENAMETOOLONG' })
  const server = await listenAt(socket)
  if (server !== null || (await isListening(socket))) return server
  await removeAbandoned(socket)
  return listenAt(socket)
}

/** Taken aside first: between looking and removing, another process may have put its own there. */
async function removeAbandoned(socket: string): Promise<void> {
  const found = await lstat(socket).catch(() => null)
  if (found === null) return
  if (!found.isSocket())
    throw new FileLockedError(`${socket} is no lock but somebody's file; move it away, so that the lock can be there`)
  const aside = `${socket}.${randomBytes(ASIDE_BYTES).toString('hex')}`
  const taken = await rename(socket, aside).then(
    () => true,
    () => false,
  )
  if (!taken) return
  if (await isListening(aside)) await link(aside, socket).catch(() => undefined)
  await unlink(aside).catch(() => undefined)
}

async function close(servers: readonly Server[]): Promise<void> {
  for (const server of servers) await closeLockServer(server)
}
