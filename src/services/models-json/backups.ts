/** Backups of a models.json: `<file>.<timestamp>.bak`, of which the last five are kept. */
import { constants } from 'node:fs'
import { copyFile, link, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { readModelsJson, type ModelsJsonDocument } from './file.js'

const KEPT = 5
/** Ours alone: what somebody has saved under a name of his own is not pruned. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/
// File systems without hard links say one of these.
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']

/** As part of a file's name: `2026-11-24T16-40-14-123Z`. @param now ms since 1970 */
export function timestampOf(now: number): string {
  return new Date(now).toISOString().replace(/[:.]/g, '-')
}

/**
 * Keeps the file as it is now. A hard link, so that the backup is whole from its first moment, and what an editor still writes into the old file
 * ends up in it.
 * @param now ms since 1970
 * @throws the file system's error
 */
export async function backUp(file: string, now: number): Promise<void> {
  for (let at = now; ; at++) {
    const backup = `${file}.${timestampOf(at)}.bak`
    try {
      return await link(file, backup)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') continue
      if (!NO_LINKS.includes(code ?? '')) throw error
      const draft = `${backup}.draft`
      await copyFile(file, draft, constants.COPYFILE_FICLONE)
      return rename(draft, backup)
    }
  }
}

/** Removes all but the newest five. @throws the file system's error */
export async function pruneBackups(file: string): Promise<void> {
  for (const backup of (await backupsOf(file)).slice(KEPT)) await rm(backup, { force: true })
}

/** The newest one that can be read; `null`: none. @throws the file system's error */
export async function newestBackup(file: string): Promise<{ file: string; document: ModelsJsonDocument } | null> {
  for (const backup of await backupsOf(file)) {
    const found = await readModelsJson(backup).catch(() => null)
    if (found !== null) return { file: backup, document: found.document }
  }
  return null
}

/** The newest first. */
async function backupsOf(file: string): Promise<string[]> {
  const folder = path.dirname(file)
  const prefix = `${path.basename(file)}.`
  const names = (await readdir(folder)).filter(
    (name) =>
      name.startsWith(prefix) && name.endsWith('.bak') && TIMESTAMP.test(name.slice(prefix.length, -'.bak'.length)),
  )
  return names
    .sort()
    .reverse()
    .map((name) => path.join(folder, name))
}
