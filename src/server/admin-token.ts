/** The admin token of the reference backend: from ADMIN_TOKEN, else generated on the first start and kept in the data directory. */
import { randomBytes } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import path from 'node:path'
import { OptionsError } from '../errors.js'
import { makeOwnFile, readOwnFile } from '../file-locks/own-file.js'
import { openOwnFolder, type OwnFolder } from '../file-locks/own-folder.js'
import { IN_A_HEADER, NO_SECRET } from '../options/define-option.js'

export interface AdminToken {
  /** `null`: there are only administrators with names, and tokens of their own. */
  token: string | null
  /** `null`: it was given, and lies nowhere. */
  file: string | null
  generated: boolean
}

const FILE = 'admin-token'
const SHORTEST = 16
const SENDABLE = new RegExp(IN_A_HEADER.pattern)
const SAMPLE = new RegExp(NO_SECRET)
const NO_TOKEN = `it holds no token of at least ${SHORTEST} ASCII characters in one line, no sample or one character again and again`

/**
 * @param warn told where others may write the data directory, and of a token there that is not believed
 * @throws OptionsError when the file is there and holds no token, or it or its folder cannot be read or written
 */
export async function readAdminToken(
  { adminToken, adminTokens = [], dataDir }: { adminToken?: string; adminTokens?: readonly string[]; dataDir: string },
  warn: (facts: object, message: string) => void = () => undefined,
): Promise<AdminToken> {
  if (adminToken === undefined && adminTokens.length > 0) return { token: null, file: null, generated: false }
  if (adminToken !== undefined) return { token: adminToken, file: null, generated: false }
  const folder = await openOwnFolder(path.resolve(dataDir), warn).catch((error: Error) => {
    throw new OptionsError(
      `the data directory ${path.resolve(dataDir)} cannot be used (${error.message}). Give this user write access to it, or choose another one (MODEL_SYNC_DATA_DIR)`,
    )
  })
  const file = path.join(folder.path, FILE)
  const made = await makeToken(file, folder, warn)
  if (made !== null) return { ...made, file }
  const token = await readOwnFile(file, { closes: folder.shared !== null }).catch((error: Error) => {
    throw unusable(file, error.message)
  })
  if (!isToken(token)) throw unusable(file, NO_TOKEN)
  return { token, file, generated: false }
}

/** @returns `null`: there is one */
async function makeToken(
  file: string,
  { shared }: OwnFolder,
  warn: (facts: object, message: string) => void,
): Promise<{ token: string; generated: boolean } | null> {
  if (await lstat(file).catch(() => null)) return null
  const found = shared === null ? null : await readShared(path.join(shared, FILE), file, warn)
  const token = found ?? randomBytes(32).toString('base64url')
  const isMade = await makeOwnFile(file, `${token}\n`).catch((error: Error) => {
    throw unusable(file, error.message)
  })
  return isMade ? { token, generated: found === null } : null
}

/** A token from before others could write the folder. @returns `null`: there is none that can be believed */
async function readShared(
  file: string,
  ours: string,
  warn: (facts: object, message: string) => void,
): Promise<string | null> {
  if ((await lstat(file).catch(() => null)) === null) return null
  try {
    const token = await readOwnFile(file)
    if (isToken(token)) return token
    throw new Error(NO_TOKEN)
  } catch (error) {
    const advice = `A new token is in ${ours}. Remove ${file}, or set ADMIN_TOKEN to go on with a token that you know`
    warn({ file }, `The admin token in ${file} is not believed: ${(error as Error).message}. ${advice}`)
    return null
  }
}

/** What ADMIN_TOKEN may be: somebody may have written the file. */
function isToken(text: string): boolean {
  return text.length >= SHORTEST && SENDABLE.test(text) && !SAMPLE.test(text)
}

function unusable(file: string, reason: string): Error {
  return new OptionsError(
    `the admin token in ${file} cannot be used: ${reason}. Set ADMIN_TOKEN, or remove the file to have a new token generated`,
  )
}
