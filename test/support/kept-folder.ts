/** Folders that one run of the tests makes and the next ones copy, in `.cache/kept`: for what takes seconds and is the same each time. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from './root.js'

const KEPT = fileURLToPath(new URL('.cache/kept', ROOT))

/**
 * @param name what it is; one of each name is kept
 * @param key everything that decides what is in it
 * @param make fills the new folder; when that fails, nothing is kept
 * @returns the folder, which nobody may change
 */
export async function keptFolder(
  name: string,
  key: readonly string[],
  make: (folder: string) => Promise<unknown>,
  parent = KEPT,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16)
  const folder = path.join(parent, `${name}-${hash}`)
  if (existsSync(folder)) return folder
  await mkdir(parent, { recursive: true })
  const made = await mkdtemp(path.join(parent, `making-${name}-`))
  try {
    await make(made)
    // Somebody else may have been as quick; then theirs is as good.
    await rename(made, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(made, { recursive: true, force: true })
  }
  const others = (await readdir(parent)).filter(
    (other) => other.startsWith(`${name}-`) && other !== path.basename(folder),
  )
  for (const other of others) await rm(path.join(parent, other), { recursive: true, force: true })
  return folder
}
