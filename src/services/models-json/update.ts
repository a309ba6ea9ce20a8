/** Brings a models.json up to date: whole at every moment, backed up, and with everything in it that only the file knows. */
import { constants } from 'node:fs'
import { access, lstat, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import writeFileAtomic from 'write-file-atomic'
import { mergeModelsJson, type ModelsJsonEntry, type ModelsJsonMerge } from '../../core/models-json/merge.js'
import { ModelsJsonError } from '../../errors.js'
import { lockFile } from '../../file-locks/file-lock.js'
import { inSlices } from '../slices.js'
import { backUp, newestBackup, pruneBackups, timestampOf } from './backups.js'
import { printModelsJson, readModelsJson, versionOf, type ModelsJsonFile } from './file.js'

export interface ModelsJsonUpdateInput {
  /** Absolute, or relative to the working directory; a symbolic link is followed. */
  file: string
  /** In feed order, each with an Id. */
  upstream: readonly ModelsJsonEntry[]
  /** Wall clock, ms since 1970. */
  now(): number
}

export interface ModelsJsonUpdate extends Omit<ModelsJsonMerge, 'models' | 'same'> {
  /** False: it was right already, and was not touched. */
  written: boolean
  /** What an operator should know although it went well. */
  warnings: string[]
}

// Somebody else writes for some milliseconds; a sync's result should not wait for one that hangs.
const LOCK_WAIT_MS = 5000
// An editor that writes in place is done by then; only what stays broken is set aside.
const CORRUPT_PAUSES_MS = [100, 300]
// Each round means that somebody edited the file between our reading and our writing.
const ROUNDS = 5

/**
 * Compares the file with what it should hold, and replaces it when it differs or is missing. A file that is no models.json is set aside as
 * `<file>.<timestamp>.corrupt`, and what only a file can know is taken from the newest backup that can be read.
 * @throws ModelsJsonError, FileLockedError, the file system's error: the file is then as it was
 */
export async function updateModelsJson({ file, upstream, now }: ModelsJsonUpdateInput): Promise<ModelsJsonUpdate> {
  const target = await targetOf(file)
  const found = await readModelsJson(target).catch((error: Error) => {
    if (error instanceof ModelsJsonError) return null
    throw error
  })
  if (found !== null) {
    const { models: _, same, ...names } = await inSlices(mergeModelsJson(found.document.models, upstream))
    if (same) return { ...names, written: false, warnings: [] }
  }
  const lock = await lockFile(target, { waitMs: LOCK_WAIT_MS })
  try {
    return await replace(target, upstream, now)
  } finally {
    await lock.release()
  }
}

/** Where the file really is, also when a link leads to one that is not there yet. */
async function targetOf(file: string): Promise<string> {
  const absolute = path.resolve(file)
  const real = await realpath(absolute).catch(() => null)
  if (real !== null) return real
  const isLink = await lstat(absolute).then(
    (found) => found.isSymbolicLink(),
    () => false,
  )
  const target = isLink ? path.resolve(path.dirname(absolute), await readlink(absolute)) : absolute
  const folder = path.dirname(target)
  const realFolder = await realpath(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new ModelsJsonError(`the folder ${folder} of MODELS_JSON_PATH (modelsJsonPath) is not there; make it`, {
      cause,
    })
  })
  return path.join(realFolder, path.basename(target))
}

async function replace(
  target: string,
  upstream: readonly ModelsJsonEntry[],
  now: () => number,
): Promise<ModelsJsonUpdate> {
  const warnings: string[] = []
  const draft = path.join(path.dirname(target), `.${path.basename(target)}.draft`)
  await removeDrafts(draft)
  for (let round = 1; round <= ROUNDS; round++) {
    const found = await readSound(target, now, warnings)
    const { document, version } = found ?? { ...(await recovered(target, warnings)), version: null }
    const { models, same, ...names } = await inSlices(mergeModelsJson(document.models, upstream))
    if (same && found !== null) return { ...names, written: false, warnings }
    await writeDraft(draft, target, await printModelsJson({ ...document, models }))
    // From here to the rename nothing is computed: an edit in between is told, or lies in the backup.
    if ((await versionOf(target).catch(() => null)) !== version) continue
    if (version !== null) await backUp(target, now())
    await rename(draft, target)
    await pruneBackups(target)
    return { ...names, written: true, warnings }
  }
  await removeDrafts(draft)
  throw new ModelsJsonError(`${target} is being written by somebody else all the time; the next sync tries again`)
}

/** The file, once it can be read; `null`: there is none, or it was set aside. */
async function readSound(target: string, now: () => number, warnings: string[]): Promise<ModelsJsonFile | null> {
  for (const pause of [...CORRUPT_PAUSES_MS, null]) {
    try {
      return await readModelsJson(target)
    } catch (error) {
      if (!(error instanceof ModelsJsonError)) throw error
      if (pause === null) {
        const aside = `${target}.${timestampOf(now())}.corrupt`
        await rename(target, aside)
        warnings.push(`${error.message}. It was set aside as ${aside}; look there for what was added to it by hand`)
        return null
      }
      await delay(pause)
    }
  }
  return null
}

/** What the file should start from when it was set aside: the newest sound backup. A file that was simply missing starts empty. */
async function recovered(target: string, warnings: string[]): Promise<Pick<ModelsJsonFile, 'document'>> {
  const backup = warnings.length === 0 ? null : await newestBackup(target)
  if (backup === null) return { document: { models: [] } }
  warnings.push(`what only the file knew was taken from its backup ${backup.file}`)
  return { document: backup.document }
}

/** The next version beside the file, complete and on the disk, with the file's mode and owner. */
async function writeDraft(draft: string, target: string, text: string): Promise<void> {
  const before = await stat(target).catch(() => null)
  // A rename would replace it all the same.
  if (before !== null) await access(target, constants.W_OK)
  await writeFileAtomic(draft, text, {
    fsync: true,
    ...(before === null ? {} : { mode: before.mode, chown: { uid: before.uid, gid: before.gid } }),
  })
}

/** What a process that was killed has left; whoever holds the lock is the only one who writes any. */
async function removeDrafts(draft: string): Promise<void> {
  const name = path.basename(draft)
  for (const found of await readdir(path.dirname(draft)))
    if (found === name || (found.startsWith(`${name}.`) && /^\d+$/.test(found.slice(name.length + 1))))
      await rm(path.join(path.dirname(draft), found), { force: true })
}
