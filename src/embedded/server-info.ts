/** `server.json` in the data directory: which process holds it, and where it serves. */
import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isListening } from '../file-locks/lock-socket.js'
import { findOwnFolder } from '../file-locks/own-folder.js'

const FILE = 'server.json'

/** What a process that holds a data directory says of itself. */
export interface ServerInfo {
  /** Only good inside `host`; never proof that the process lives, since ids are used again (1, in containers). */
  pid: number
  host: string
  /** ISO 8601, UTC. */
  startedAt: string
  /** Accepts connections as long as the process lives: the proof. A unix socket, a named pipe on Windows. */
  lockSocket: string
  /** Of the database; `null` on Windows (a loopback port). */
  socketPath: string | null
  /** Where the process serves HTTP; `null` = nothing, or not yet. */
  url: string | null
}

/**
 * Who holds the data directory, and its URL.
 * @param dataDir path, absolute or relative to the working directory
 * @returns `null` when no living process does, also when a killed one has left its file. Throws nothing.
 */
export async function readServerInfo(dataDir: string): Promise<ServerInfo | null> {
  const info = await readServerFile((await findOwnFolder(dataDir)).path)
  return info !== null && (await isListening(info.lockSocket)) ? info : null
}

/** What the file says, whether or not its process lives; `null` when it is missing or not ours. Throws nothing. */
export async function readServerFile(dataDir: string): Promise<ServerInfo | null> {
  try {
    const info = JSON.parse(await readFile(path.join(dataDir, FILE), 'utf8')) as ServerInfo | null
    return typeof info?.lockSocket === 'string' ? info : null
  } catch {
    return null
  }
}

/**
 * Writes the file if there is none, whole or not at all, with mode 0600.
 * @returns false when another process was faster
 * @throws the file system's error
 */
export async function createServerFile(dataDir: string, info: ServerInfo): Promise<boolean> {
  const draft = await writeDraft(dataDir, info)
  try {
    // A rename would replace the file of a process that starts at the same moment; a link never does.
    await link(draft, path.join(dataDir, FILE))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Replaces the file of this process, whole, with mode 0600. @throws the file system's error */
export async function replaceServerFile(dataDir: string, info: ServerInfo): Promise<void> {
  await rename(await writeDraft(dataDir, info), path.join(dataDir, FILE))
}

/**
 * Removes the file if it is still the one that was read, or if none could be read in it (`null`).
 * Taken aside first: between reading and removing, another process may have put its own there.
 */
export async function removeServerFile(dataDir: string, read: ServerInfo | null): Promise<void> {
  const file = path.join(dataDir, FILE)
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch {
    return
  }
  try {
    const taken = JSON.parse(await readFile(aside, 'utf8')) as ServerInfo | null
    if (typeof taken?.lockSocket === 'string' && taken.lockSocket !== read?.lockSocket) await link(aside, file)
  } catch {
    // Not readable, so nobody's; or a third process was faster, and its file stands.
  }
  await unlink(aside)
}

async function writeDraft(dataDir: string, info: ServerInfo): Promise<string> {
  const draft = path.join(dataDir, `${FILE}.${randomUUID()}`)
  await writeFile(draft, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return draft
}
