/** Files that this user alone writes and reads: made whole and once, and believed only where they are ours. */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, open, unlink, writeFile, type FileHandle } from 'node:fs/promises'

/** Written aside, then linked, so that nobody reads half of it and of several that start together one wins. @returns `false`: there is one @throws the file system's error */
export async function makeOwnFile(file: string, text: string): Promise<boolean> {
  if (await lstat(file).catch(() => null)) return false
  const aside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(aside, text, { mode: 0o600, flag: 'wx' })
    await link(aside, file).catch((error: NodeJS.ErrnoException) => {
      // Some file systems have no links.
      if (error.code === 'EEXIST') throw error
      return writeFile(file, text, { mode: 0o600, flag: 'wx' })
    })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(aside).catch(() => undefined)
  }
}

/**
 * As ssh reads a key: the file itself, ours or root's, and for nobody else to read or write.
 * @param closes takes the rights of others away instead of refusing: in a folder that is ours they come from whoever mounts it (Kubernetes' fsGroup)
 * @throws with the reason, `it …`
 */
export async function readOwnFile(file: string, { closes = false } = {}): Promise<string> {
  // Without waiting, where somebody has put a pipe.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' ? new Error('it is a symbolic link') : error
  })
  try {
    await checkOwn(handle, file, closes)
    return (await handle.readFile('utf8')).trim()
  } finally {
    await handle.close()
  }
}

async function checkOwn(handle: FileHandle, file: string, closes: boolean): Promise<void> {
  const found = await handle.stat()
  if (!found.isFile()) throw new Error('it is no file')
  // Windows has neither owners nor modes.
  const uid = process.getuid?.()
  if (uid === undefined) return
  if (found.uid !== uid && found.uid !== 0) throw new Error(`it belongs to user ${found.uid}`)
  if ((found.mode & 0o077) === 0) return
  if (!closes)
    throw new Error(`other users may read or write it (mode ${(found.mode & 0o777).toString(8)}); chmod 600 ${file}`)
  await handle.chmod(0o600).catch(() => undefined)
}
