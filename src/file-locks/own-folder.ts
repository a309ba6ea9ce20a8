/** Where our files lie: in the data directory, or in a folder of our own (0700) inside it where others may write there. */
import { chmod, lstat, mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { makeFolder } from './make-folder.js'

export interface OwnFolder {
  path: string
  /** The data directory, where others may write; `null`: it is the folder itself. */
  shared: string | null
}

type Warn = (facts: object, message: string) => void

const NAME = 'model-sync'
// One line in a process, however often the folder is opened.
const warned = new Set<string>()

/** Without making anything. Throws nothing. */
export async function findOwnFolder(dataDir: string): Promise<OwnFolder> {
  const found = await stat(dataDir).catch(() => null)
  // Kubernetes' emptyDir is 0777, and its fsGroup may write any volume. Windows has no modes.
  const isShared = found !== null && process.getuid !== undefined && (found.mode & 0o022) !== 0
  return isShared ? { path: path.join(dataDir, NAME), shared: dataDir } : { path: dataDir, shared: null }
}

/** Makes it where it is missing. @throws the file system's error; when somebody else's folder lies in its place */
export async function openOwnFolder(dataDir: string, warn: Warn = () => undefined): Promise<OwnFolder> {
  await makeFolder(dataDir, 0o700)
  const folder = await findOwnFolder(dataDir)
  if (folder.shared === null) return folder
  await makeOwnFolder(folder.path)
  if (!warned.has(folder.path)) {
    warned.add(folder.path)
    warn(
      { dataDir, folder: folder.path },
      'Other users may write the data directory; our files lie in a folder of our own inside it',
    )
  }
  return folder
}

/** Closed to all others (0700); the folder above is there. @throws the file system's error; when somebody else's folder lies in its place */
export async function makeOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(folder)
  if (!found.isDirectory()) throw new Error(`${folder} is no folder, but expected to be ours; remove it`)
  // Windows has neither owners nor modes.
  const uid = process.getuid?.()
  if (uid === undefined) return
  if (found.uid !== uid)
    throw new Error(
      `other users may write there, and ${folder} belongs to user ${found.uid}, not to ${uid}: run this as that user, or remove it`,
    )
  // Whoever mounts a volume may have opened it again.
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700).catch(() => undefined)
}
