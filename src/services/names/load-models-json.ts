/** The file loader: the models of a models.json, read again when it has changed. It never writes. */
import { stat } from 'node:fs/promises'
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import { readBoundedFile } from '../read-bounded-file.js'
import { readActiveModels } from './read-active-models.js'

interface LocalModels {
  models: readonly ResolvableModel[]
  /** Malformed rows. */
  rejected: number
  /** Since the last read. */
  changed: boolean
}

export interface FileLoader {
  /** Throws nothing: a file that is not there has no models, and of one that cannot be read the last good ones stay. */
  read(): Promise<LocalModels>
}

export function createFileLoader({
  path,
  failed,
}: {
  path: string
  /** Told once of each state of the file that cannot be read. */
  failed(error: Error): void
}): FileLoader {
  let version = ''
  let models: readonly ResolvableModel[] = []
  let rejected = 0
  return {
    read: async () => {
      const found = await versionOf(path)
      if (found === version) return { models, rejected, changed: false }
      version = found
      try {
        const local =
          found === ''
            ? { models: [], rejected: 0 }
            : await readActiveModels(JSON.parse((await readBoundedFile(path)).toString('utf8')))
        models = local.models
        rejected = local.rejected
        return { models, rejected, changed: true }
      } catch (error) {
        failed(new Error(`${path} cannot be read as {"models": […]}: ${(error as Error).message}`, { cause: error }))
        return { models, rejected, changed: false }
      }
    },
  }
}

/** Changes with the file; empty: there is none. Written by renaming, so that the inode says it also within one tick of the clock. */
async function versionOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return ''
  }
}
