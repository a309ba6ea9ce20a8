/** The 0700 directory in which the sockets of one data directory lie. */
import { chmod, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseError } from '../errors.js'
import { makeFolder } from '../file-locks/make-folder.js'

/** The name by which PostgreSQL's clients find a socket when given its directory; 5432 is the port, part of the name only. */
export const DATABASE_SOCKET = '.s.PGSQL.5432'

// Node 20 cuts a longer path silently, at 108 bytes on Linux and 104 on macOS, and listens somewhere else.
const LONGEST_PATH_BYTES = 100
const TEMPORARY_PREFIX = 'fastify-model-sync-'

/**
 * Makes the directory: `<dataDir>/run`, or a fresh one under the temporary directory when a socket's path there would exceed 100 bytes.
 * @throws DatabaseError when that one is too long as well
 */
export async function makeSocketDirectory(dataDir: string): Promise<string> {
  const inside = path.join(dataDir, 'run')
  if (fits(inside)) {
    await makeFolder(inside, 0o700)
    await chmod(inside, 0o700)
    return inside
  }
  const temporary = await mkdtemp(path.join(tmpdir(), TEMPORARY_PREFIX))
  if (fits(temporary)) return temporary
  await rm(temporary, { recursive: true })
  throw new DatabaseError(
    `The embedded database's socket needs a path of at most ${LONGEST_PATH_BYTES} bytes; ${inside} and ${temporary} are longer. ` +
      'Choose a shorter data directory (MODEL_SYNC_DATA_DIR) or temporary directory (TMPDIR).',
  )
}

/** Removes the directory if it is a temporary one. The one in the data directory stays: the next process may be using it already. */
export async function removeSocketDirectory(directory: string): Promise<void> {
  if (isTemporary(directory)) await rm(directory, { recursive: true, force: true })
}

/**
 * Removes what a killed process has left: its sockets, its temporary directory.
 * @param abandoned its directory, from its own record; only one that bears our name and belongs to this user is touched
 * @param kept the new directory and the sockets in it that are in use
 */
export async function clearAbandonedSockets(
  abandoned: string | null,
  kept: { directory: string; socket: string },
): Promise<void> {
  if (abandoned !== null && abandoned !== kept.directory && isTemporary(abandoned)) {
    const found = await lstat(abandoned).catch(() => null)
    if (found?.isDirectory() && found.uid === process.getuid?.()) await removeSocketDirectory(abandoned)
  }
  for (const name of await readdir(kept.directory)) {
    const file = path.join(kept.directory, name)
    if (file !== kept.socket) await rm(file, { force: true })
  }
}

function fits(directory: string): boolean {
  return Buffer.byteLength(path.join(directory, DATABASE_SOCKET)) <= LONGEST_PATH_BYTES
}

function isTemporary(directory: string): boolean {
  return path.basename(directory).startsWith(TEMPORARY_PREFIX)
}
