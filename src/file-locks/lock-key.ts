/** The random part of lock names, which no other user of the machine can read and so hold in our place. */
import { randomBytes } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { makeOwnFile, readOwnFile } from './own-file.js'
import { makeOwnFolder } from './own-folder.js'

const FILE = 'lock-key'
const BYTES = 32

/** Made on first use (0600); it stays, since a new one would be another lock. @returns `null`: it cannot be made there, or is not ours */
export async function lockKey(directory: string): Promise<string | null> {
  const file = path.join(directory, FILE)
  try {
    await makeOwnFile(file, `${randomBytes(BYTES).toString('base64url')}\n`)
    const key = await readOwnFile(file, { closes: true })
    return key.length >= BYTES ? key : null
  } catch {
    return null
  }
}

/** Of this user, for locks on files in folders where nothing of ours should stay. @returns as {@link lockKey} */
export async function userLockKey(): Promise<string | null> {
  const folder = path.join(tmpdir(), `model-sync-locks-${process.getuid?.() ?? userInfo().username}`)
  try {
    await makeOwnFolder(folder)
  } catch {
    return null
  }
  return lockKey(folder)
}
