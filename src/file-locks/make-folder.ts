/** Makes a folder with those above it. Node's own recursive mkdir never returns where a file system refuses with ENOENT, as /proc does. */
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** @param mode of each folder that is made; one that is there keeps its own. @throws the file system's error */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  const target = path.resolve(folder)
  if (await isMade(target, mode)) return
  await makeFolder(path.dirname(target), mode)
  // The folder above is there now, so that this ENOENT is the file system's last word.
  if (!(await isMade(target, mode)))
    throw Object.assign(new Error(`ENOENT: no folder can be made in ${path.dirname(target)}`), { code: 'ENOENT' })
}

/** Makes it where it is missing. `false`: the folder above is missing too. */
async function isMade(folder: string, mode: number): Promise<boolean> {
  try {
    await mkdir(folder, { mode })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && path.dirname(folder) !== folder) return false
    // Some file systems say EROFS or EACCES of a folder that is there.
    const found = await stat(folder).catch(() => null)
    if (found?.isDirectory() === true) return true
    if (code === 'EEXIST' && found !== null)
      throw Object.assign(new Error(`ENOTDIR: ${folder} is a file`), { code: 'ENOTDIR' })
    throw error
  }
}
