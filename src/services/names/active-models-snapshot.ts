/** The last good list of active models on the disk. */
import { constants, type Stats } from 'node:fs'
import { lstat, open } from 'node:fs/promises'

export interface DirectSnapshot {
  /** Where the list came from: that of another network must not answer here. */
  url: string
  etag: string | null
  /** Ms since 1970. */
  savedAt: number
  /** The list, to the letter. */
  body: string
}

/** @returns `null`: there is none of this address. @throws when it is there and cannot be read, or others may have written it */
export async function readSnapshot(path: string, url: string): Promise<DirectSnapshot | null> {
  const text = await readOwn(path)
  if (text === null) return null
  const snapshot = JSON.parse(text) as Partial<DirectSnapshot>
  if (typeof snapshot.body !== 'string' || typeof snapshot.savedAt !== 'number')
    throw new Error('expected {url, etag, savedAt, body}')
  return snapshot.url === url ? (snapshot as DirectSnapshot) : null
}

/** Whole or not at all, and for this user alone. @throws the file system's error; when the file that is there is not ours */
export async function writeSnapshot(path: string, snapshot: DirectSnapshot): Promise<void> {
  // A link would be written through: write-file-atomic replaces what it leads to.
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found !== null) checkOwn(found)
  // Loaded when there is something to write: a cold start pays for what it uses.
  const { default: writeFileAtomic } = await import('write-file-atomic')
  await writeFileAtomic(path, JSON.stringify(snapshot), { mode: 0o600 })
}

async function readOwn(path: string): Promise<string | null> {
  try {
    const found = await lstat(path)
    checkOwn(found)
    // What was looked at is what is read: nobody can put a link there in between.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      checkOwn(await file.stat())
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** @throws when it is a link or no file, belongs to another user, or others may write it */
function checkOwn(found: Stats): void {
  const advice = 'remove it, or choose a folder of your own for the snapshot'
  if (!found.isFile()) throw new Error(`it is ${found.isSymbolicLink() ? 'a symbolic link' : 'no file'}; ${advice}`)
  // Windows has neither.
  const uid = process.getuid?.()
  if (uid === undefined) return
  if (found.uid !== uid) throw new Error(`it belongs to user ${found.uid}, expected ${uid}; ${advice}`)
  if ((found.mode & 0o022) !== 0) throw new Error(`others may write it; ${advice}`)
}
