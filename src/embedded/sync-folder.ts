/** Writes files through to the disk, which PGlite never does. */
import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/**
 * Flushes each file below the folder that has changed since then, and the folders themselves.
 * @param since ms since 1970
 * @throws the file system's error
 */
export async function syncFolder(folder: string, since: number): Promise<void> {
  for (const name of ['', ...(await readdir(folder, { recursive: true }))]) {
    const file = path.join(folder, name)
    const found = await stat(file)
    // Windows cannot open a folder.
    if (found.mtimeMs < since || (found.isDirectory() && process.platform === 'win32')) continue
    const handle = await open(file, found.isDirectory() ? 'r' : 'r+')
    await handle.sync().finally(() => handle.close())
  }
}
