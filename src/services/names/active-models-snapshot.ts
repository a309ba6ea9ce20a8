/** The last good list of active models on the disk. */
import { readFile } from 'node:fs/promises'

export interface DirectSnapshot {
  /** Where the list came from: that of another network must not answer here. */
  url: string
  etag: string | null
  /** Ms since 1970. */
  savedAt: number
  /** The list, to the letter. */
  body: string
}

/** @returns `null`: there is none of this address. @throws when it is there and cannot be read */
export async function readSnapshot(path: string, url: string): Promise<DirectSnapshot | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const snapshot = JSON.parse(text) as Partial<DirectSnapshot>
  if (typeof snapshot.body !== 'string' || typeof snapshot.savedAt !== 'number')
    throw new Error('expected {url, etag, savedAt, body}')
  return snapshot.url === url ? (snapshot as DirectSnapshot) : null
}

/** Whole or not at all. @throws the file system's error */
export async function writeSnapshot(path: string, snapshot: DirectSnapshot): Promise<void> {
  // Loaded when there is something to write: a cold start pays for what it uses.
  const { default: writeFileAtomic } = await import('write-file-atomic')
  await writeFileAtomic(path, JSON.stringify(snapshot))
}
