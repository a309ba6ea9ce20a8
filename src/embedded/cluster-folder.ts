/** The folder of the embedded PostgreSQL cluster: whether it may be opened, and what is left of a first start that did not end. */
import { lstat, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseError, DataDirectoryInUseError } from '../errors.js'
import { isListening } from '../file-locks/lock-socket.js'
import { makeFolder } from '../file-locks/make-folder.js'
import { readServerFile } from './server-info.js'

const CLUSTER = 'pglite'
const MARKER = 'pglite-first-start'

/** What to do about a folder that does not open. */
export const CLUSTER_ADVICE =
  'Put back a copy of the folder, or start the version of this package that wrote it; or move it away to start with an empty catalogue: ' +
  'the next sync fills it again, but pins, local models and the history are lost.'

export interface ClusterFolder {
  path: string
  /** There was none, or an unfinished one: the first start makes it. */
  isNew: boolean
  /** To be called when the database has started: from then on the folder is never removed. */
  finished(): Promise<void>
}

/**
 * Makes `<dataDir>/pglite` (0700) ready to be opened. A first start that was killed while it copied the new cluster leaves a folder that
 * PostgreSQL may refuse or, worse, accept; a marker beside it tells it from one that holds data, and it is made anew.
 * @param shared the folder above, where others may write it: a cluster of ours that lies there is moved in
 * @throws DataDirectoryInUseError while a process holds that one; DatabaseError for a folder with files that is no cluster: PGlite would write a new one over it
 */
export async function prepareClusterFolder(dataDir: string, shared: string | null = null): Promise<ClusterFolder> {
  const folder = path.join(dataDir, CLUSTER)
  const marker = path.join(dataDir, MARKER)
  if (shared !== null) await moveIn(shared, dataDir)
  if ((await readdir(dataDir)).includes(MARKER)) await rm(folder, { recursive: true, force: true })
  await makeFolder(folder, 0o700)
  const names = await readdir(folder)
  if (names.length > 0 && !names.includes('PG_VERSION')) {
    throw new DatabaseError(
      `${folder} holds files, but no PostgreSQL cluster (PG_VERSION is missing). ${CLUSTER_ADVICE}`,
    )
  }
  const isNew = names.length === 0
  if (isNew) await writeFile(marker, '', { mode: 0o600 })
  return { path: folder, isNew, finished: () => rm(marker, { force: true }) }
}

/** From before others could write the folder; what is not ours stays where it is. */
async function moveIn(shared: string, dataDir: string): Promise<void> {
  const names = await readdir(dataDir)
  const found = await lstat(path.join(shared, CLUSTER)).catch(() => null)
  if (found === null || !found.isDirectory() || found.uid !== process.getuid?.() || names.includes(CLUSTER)) return
  const holder = await readServerFile(shared)
  if (holder !== null && (await isListening(holder.lockSocket)))
    throw new DataDirectoryInUseError(
      `The embedded database in ${shared} is in use by process ${holder.pid} on ${holder.host}; stop it first`,
    )
  for (const name of [MARKER, CLUSTER])
    await rename(path.join(shared, name), path.join(dataDir, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
}
