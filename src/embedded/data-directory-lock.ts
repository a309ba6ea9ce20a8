/** The lock on a data directory: one process at a time, released by the kernel when that process ends, however it ends. */
import { randomBytes } from 'node:crypto'
import { access, constants, realpath } from 'node:fs/promises'
import type { Server } from 'node:net'
import { hostname } from 'node:os'
import path from 'node:path'
import { DatabaseError, DataDirectoryInUseError } from '../errors.js'
import { closeLockServer, isListening, kernelLockName, listenAt } from '../file-locks/lock-socket.js'
import { openOwnFolder, type OwnFolder } from '../file-locks/own-folder.js'
import type { EmbeddedLog } from './embedded-log.js'
import {
  createServerFile,
  readServerFile,
  readServerInfo,
  removeServerFile,
  replaceServerFile,
  type ServerInfo,
} from './server-info.js'
import {
  clearAbandonedSockets,
  DATABASE_SOCKET,
  makeSocketDirectory,
  removeSocketDirectory,
} from './socket-directory.js'

// As long as the database's own name, so that both fit or neither does: `lock-` and eight hex digits.
const LOCK_SOCKET_BYTES = 4
// Each round means that another process came or went at that very moment.
const ROUNDS = 10

export interface DataDirectoryLock {
  /** The real path of the data directory, or of our folder in it where others may write it. */
  dataDir: string
  /** The data directory, where our folder is inside it; `null`: it is the folder itself. */
  shared: string | null
  /** Where the database's unix socket goes; `null` on Windows (a loopback port). */
  socketPath: string | null
  /** Adds to what `readServerInfo` tells of this process. @throws the file system's error */
  describe(details: { url: string }): Promise<void>
  /** Idempotent. Throws nothing. */
  release(): Promise<void>
}

/**
 * Locks the data directory for this process, and makes it (0700) where it is missing.
 * @param log told where others may write it, so that our files lie in a folder of our own inside it
 *
 * Two locks, since neither reaches everywhere, and neither trusts a process id: a name that the kernel frees (an abstract unix socket on Linux,
 * a named pipe on Windows), and a socket in the file system recorded in `server.json`, for other platforms and for containers, which share
 * a volume and no abstract sockets. Both are gone at once after SIGKILL.
 * @throws DataDirectoryInUseError when another process holds it, or this one already does
 * @throws DatabaseError when the directory cannot be made or written, or holds no socket
 */
export async function lockDataDirectory(
  directory: string,
  log: Pick<EmbeddedLog, 'warn'> = { warn: () => undefined },
): Promise<DataDirectoryLock> {
  const { path: dataDir, shared } = await makeDataDirectory(directory, log)
  const kernelName = await kernelLockName(dataDir)
  const kernelLock = kernelName === null ? null : await listen(kernelName)
  if (kernelName !== null && kernelLock === null) throw inUse(dataDir, await readServerInfo(dataDir))
  try {
    const held = await holdServerFile(dataDir, process.platform === 'win32' ? kernelName : null)
    return lockOf(dataDir, shared, { ...held, kernelLock })
  } catch (error) {
    await closeLockServer(kernelLock)
    throw error
  }
}

interface Held {
  info: ServerInfo
  socketDirectory: string | null
  lockServer: Server | null
}

/** @param pipe the kernel lock's own name where it serves as lock socket too (Windows) */
async function holdServerFile(dataDir: string, pipe: string | null): Promise<Held> {
  const socketDirectory = pipe === null ? await makeSocketDirectory(dataDir) : null
  const lockSocket = pipe ?? path.join(socketDirectory ?? '', `lock-${randomBytes(LOCK_SOCKET_BYTES).toString('hex')}`)
  const info: ServerInfo = {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date().toISOString(),
    lockSocket,
    socketPath: socketDirectory === null ? null : path.join(socketDirectory, DATABASE_SOCKET),
    url: null,
  }
  const lockServer = pipe === null ? await listen(lockSocket) : null
  try {
    const abandoned = await takeServerFile(dataDir, info)
    if (socketDirectory !== null) {
      const left = abandoned === null ? null : path.dirname(abandoned.lockSocket)
      await clearAbandonedSockets(left, { directory: socketDirectory, socket: lockSocket })
    }
    return { info, socketDirectory, lockServer }
  } catch (error) {
    await closeLockServer(lockServer)
    if (socketDirectory !== null) await removeSocketDirectory(socketDirectory)
    throw error
  }
}

/** @returns what a process that has ended without closing had written; `null` if nothing */
async function takeServerFile(dataDir: string, info: ServerInfo): Promise<ServerInfo | null> {
  let abandoned: ServerInfo | null = null
  for (let round = 0; round < ROUNDS; round++) {
    if (await createServerFile(dataDir, info)) return abandoned
    const found = await readServerFile(dataDir)
    // The same name is our own kernel lock, so its former holder has ended.
    if (found !== null && found.lockSocket !== info.lockSocket && (await isListening(found.lockSocket)))
      throw inUse(dataDir, found)
    abandoned = found ?? abandoned
    await removeServerFile(dataDir, found)
  }
  throw inUse(dataDir, null)
}

function lockOf(
  dataDir: string,
  shared: string | null,
  { info, socketDirectory, lockServer, kernelLock }: Held & { kernelLock: Server | null },
): DataDirectoryLock {
  let released: Promise<void> | null = null
  const release = async () => {
    // The file first: as long as our socket answers, nobody else puts a file there.
    await removeServerFile(dataDir, info).catch(() => undefined)
    await closeLockServer(lockServer)
    if (socketDirectory !== null) await removeSocketDirectory(socketDirectory).catch(() => undefined)
    await closeLockServer(kernelLock)
  }
  return {
    dataDir,
    shared,
    socketPath: info.socketPath,
    describe: async ({ url }) => {
      if (released === null) await replaceServerFile(dataDir, Object.assign(info, { url }))
    },
    release: () => (released ??= release()),
  }
}

/** @throws DatabaseError */
async function listen(name: string): Promise<Server | null> {
  try {
    return await listenAt(name)
  } catch (cause) {
    const message = `No socket can be opened for the data directory (${(cause as Error).message}). Choose one on a local disk (MODEL_SYNC_DATA_DIR).`
    throw Object.assign(new DatabaseError(message), { cause })
  }
}

async function makeDataDirectory(directory: string, log: Pick<EmbeddedLog, 'warn'>): Promise<OwnFolder> {
  try {
    const folder = await openOwnFolder(directory, (facts, message) => log.warn(facts, message))
    await access(folder.path, constants.W_OK | constants.X_OK)
    return { ...folder, path: await realpath(folder.path) }
  } catch (cause) {
    const message =
      `The data directory ${path.resolve(directory)} cannot be used (${(cause as Error).message}). ` +
      'Give this user write access to it, or choose another one (MODEL_SYNC_DATA_DIR).'
    throw Object.assign(new DatabaseError(message), { cause })
  }
}

function inUse(dataDir: string, holder: ServerInfo | null): Error {
  const who =
    holder === null
      ? 'another process'
      : `process ${holder.pid} on ${holder.host}, since ${holder.startedAt}` +
        (holder.url === null ? '' : `, which serves ${holder.url}`)
  return new DataDirectoryInUseError(
    `The data directory ${dataDir} is in use by ${who}. Only one process at a time can open its database: stop that process, ` +
      'choose another directory (MODEL_SYNC_DATA_DIR), or let both use a PostgreSQL (DATABASE_URL).',
  )
}
