/** models.json as a file: `{"models": […]}`, read without damage to a digit of it. */
import { readFile, stat } from 'node:fs/promises'
import { parse, stringify } from 'lossless-json'
import { ModelsJsonError } from '../../errors.js'

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
 * @throws the file system's error
 */
export async function readModelsJson(file: string): Promise<ModelsJsonFile | null> {
  try {
    // Before the bytes: a write in between makes the version one that no longer is.
    const version = await versionOf(file)
    return { document: parseModelsJson(decode(await readFile(file), file), file), version }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** @param name of the file, for the message @throws ModelsJsonError */
function parseModelsJson(text: string, name: string): ModelsJsonDocument {
  let document: unknown
  try {
    document = parse(text)
  } catch (cause) {
    throw new ModelsJsonError(`${name} is not JSON (${reasonOf(cause)}); expected {"models": […]}`, { cause })
  }
  if (isDocument(document)) return document
  throw new ModelsJsonError(`${name} is JSON, but without a list at "models"; expected {"models": […]}`)
}

/** The text of a whole file, with every number as it was read. */
export function printModelsJson(document: ModelsJsonDocument): string {
  return `${stringify(document, undefined, 2) ?? ''}\n`
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

// The parser's own words quote what it found, which may be anything; where it is will do.
function reasonOf(cause: unknown): string {
  const position = /at position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
  return position === undefined ? 'it is cut off or empty' : `at character ${position}`
}
