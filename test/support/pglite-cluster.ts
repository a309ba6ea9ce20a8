/** The cluster that each PGlite test database is a copy of: a first start takes seconds. */
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { startEmbeddedDatabase } from '../../src/embedded/embedded-database.js'
import { keptFolder } from './kept-folder.js'
import { ROOT } from './root.js'

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** @returns an empty cluster, to copy; the first run makes it, and so does the first after a change of PGlite or of how it is started */
export async function pgliteCluster(): Promise<string> {
  const folder = await keptFolder('pglite', await key(), async (dataDir) => {
    const database = await startEmbeddedDatabase({ dataDir, log: SILENT })
    await database.close()
    for (const name of await readdir(dataDir))
      if (name !== 'pglite') await rm(path.join(dataDir, name), { recursive: true })
  })
  return path.join(folder, 'pglite')
}

async function key(): Promise<string[]> {
  const embedded = new URL('src/embedded/', ROOT)
  const sources = (await readdir(embedded)).sort().map((name) => new URL(name, embedded))
  const packageFile = new URL('node_modules/@electric-sql/pglite/package.json', ROOT)
  return Promise.all([...sources, packageFile].map((file) => readFile(file, 'utf8')))
}
