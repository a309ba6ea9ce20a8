/** The file loader: the models of a models.json, read again when it has changed. It never writes. */
import { stat } from 'node:fs/promises'
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import { pauses } from '../../pauses.js'
import { DEFAULT_LIMITS, MAX_RAW_ENTRY_BYTES } from '../../upstream/answer-limits.js'
import { JsonShape } from '../../upstream/json-shape.js'
import { readBoundedFile } from '../read-bounded-file.js'
import { readActiveModels } from './read-active-models.js'

/** Looked at in one go. */
const SLICE_BYTES = 1024 * 1024

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
        const local = found === '' ? { models: [], rejected: 0 } : await readActiveModels(await readDocument(path))
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

/** @throws Error when it would take more time and memory than an answer may */
async function readDocument(path: string): Promise<unknown> {
  const bytes = await readBoundedFile(path)
  const { maxValues: most } = DEFAULT_LIMITS
  const shape = new JsonShape()
  const rest = pauses()
  for (let from = 0; from < bytes.length && shape.values <= most; from += SLICE_BYTES) {
    shape.add(bytes.subarray(from, from + SLICE_BYTES))
    await rest()
  }
  if (shape.values > most)
    throw new Error(`it has more than ${most} objects, lists and commas; look whether it is the right file`)
  if (shape.longest > MAX_RAW_ENTRY_BYTES)
    throw new Error(`it has an entry or a text over ${MAX_RAW_ENTRY_BYTES} bytes; look whether it is the right file`)
  return JSON.parse(bytes.toString('utf8'))
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
