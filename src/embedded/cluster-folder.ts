/** The folder of the embedded PostgreSQL cluster: whether it may be opened, and what is left of a first start that did not end. */
import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseError } from '../errors.js'
import { makeFolder } from '../file-locks/make-folder.js'

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
 * @throws DatabaseError for a folder with files that is no cluster: PGlite would write a new one over it
 */
export async function prepareClusterFolder(dataDir: string): Promise<ClusterFolder> {
  const folder = path.join(dataDir, 'pglite')
  const marker = path.join(dataDir, MARKER)
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
