/** models.json as a file: `{"models": […]}`, read without damage to a digit of it. */
import { stat } from 'node:fs/promises'
import { parse, stringify } from 'lossless-json'
import { ModelsJsonError } from '../../errors.js'
import { pauses } from '../../pauses.js'
import { parseLosslessly } from '../lossless-list.js'
import { readBoundedFile } from '../read-bounded-file.js'

/** Characters in which the place of a mistake is looked for, in one go. */
const MOST_SEARCHED = 1024 * 1024

/** What the file holds. Numbers are `LosslessNumber`s; members beside `models` are somebody's, and kept. */
export interface ModelsJsonDocument {
  models: unknown[]
  [member: string]: unknown
}

/** A file that was read. */
export interface ModelsJsonFile {
  document: ModelsJsonDocument
  /** Differs when the file is another one, or was written meanwhile. */
  version: string
}

/**
 * Reads and parses the file.
 * @returns `null` when there is none
 * @throws ModelsJsonError when it is not JSON, not UTF-8, or has no list at `models`; the message holds nothing of its content
 * @throws Error when it is too large; the file system's error
 */
export async function readModelsJson(file: string): Promise<ModelsJsonFile | null> {
  try {
    // Before the bytes: a write in between makes the version one that no longer is.
    const version = await versionOf(file)
    return { document: await parseModelsJson(decode(await readBoundedFile(file), file), file), version }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** @param name of the file, for the message @throws ModelsJsonError */
async function parseModelsJson(text: string, name: string): Promise<ModelsJsonDocument> {
  let document: unknown
  try {
    document = await parseLosslessly(text)
  } catch (cause) {
    throw new ModelsJsonError(`${name} is not JSON (${reasonOf(text)}); expected {"models": […]}`, { cause })
  }
  if (isDocument(document)) return document
  throw new ModelsJsonError(`${name} is JSON, but without a list at "models"; expected {"models": […]}`)
}

/** The text of a whole file, with every number as it was read. */
export async function printModelsJson(document: ModelsJsonDocument): Promise<string> {
  const members: string[] = []
  for (const [name, value] of Object.entries(document)) {
    const text = name === 'models' ? await printModels(document.models) : print(value, '  ')
    members.push(`  ${JSON.stringify(name)}: ${text}`)
  }
  return `{\n${members.join(',\n')}\n}\n`
}

async function printModels(models: readonly unknown[]): Promise<string> {
  if (models.length === 0) return '[]'
  const entries: string[] = []
  const rest = pauses()
  for (const model of models) {
    const pause = rest()
    if (pause !== undefined) await pause
    entries.push(`    ${print(model, '    ')}`)
  }
  return `[\n${entries.join(',\n')}\n  ]`
}

/** @param indent of the line that it begins in */
function print(value: unknown, indent: string): string {
  return (stringify(value, undefined, 2) ?? 'null').replaceAll('\n', `\n${indent}`)
}

/** @throws the file system's error */
export async function versionOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true })
  return `${dev}:${ino}:${size}:${mtimeNs}`
}

function decode(bytes: Buffer, name: string): string {
  try {
    // Takes a byte order mark away; what is not UTF-8 would be written back as something else.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ModelsJsonError(`${name} is not UTF-8; expected {"models": […]} as UTF-8`, { cause })
  }
}

function isDocument(value: unknown): value is ModelsJsonDocument {
  return typeof value === 'object' && value !== null && Array.isArray((value as { models?: unknown }).models)
}

// A parser's own words quote what it found, which may be anything; where it is will do, and is in those words alone.
function reasonOf(text: string): string {
  if (text.length > MOST_SEARCHED) return `somewhere in its ${text.length} characters`
  try {
    parse(text)
    return 'it is nested too deep'
  } catch (error) {
    const position = /at position (\d+)/.exec((error as Error).message)?.[1]
    return position === undefined ? 'it is cut off, empty or nested too deep' : `at character ${position}`
  }
}
