/** The admin token of the reference backend: from ADMIN_TOKEN, else generated on the first start and kept in the data directory. */
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { OptionsError } from '../errors.js'
import { makeFolder } from '../file-locks/make-folder.js'

export interface AdminToken {
  /** `null`: there are only administrators with names, and tokens of their own. */
  token: string | null
  /** `null`: it was given, and lies nowhere. */
  file: string | null
  generated: boolean
}

/** @throws OptionsError when the file is there and holds no token, or it or its folder cannot be read or written */
export async function readAdminToken({
  adminToken,
  adminTokens = [],
  dataDir,
}: {
  adminToken?: string
  adminTokens?: readonly string[]
  dataDir: string
}): Promise<AdminToken> {
  if (adminToken === undefined && adminTokens.length > 0) return { token: null, file: null, generated: false }
  if (adminToken !== undefined) return { token: adminToken, file: null, generated: false }
  const file = path.resolve(dataDir, 'admin-token')
  await makeFolder(path.dirname(file), 0o700).catch((error: Error) => {
    throw new OptionsError(
      `the data directory ${path.dirname(file)} cannot be used (${error.message}). Give this user write access to it, or choose another one (MODEL_SYNC_DATA_DIR)`,
    )
  })
  try {
    const token = randomBytes(32).toString('base64url')
    // wx: two processes that start together must not end up with two tokens.
    await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
    return { token, file, generated: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, (error as Error).message)
  }
  const token = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    (error: Error) => {
      throw unusable(file, error.message)
    },
  )
  if (token.length < 16) throw unusable(file, 'it holds no token of at least 16 characters')
  return { token, file, generated: false }
}

function unusable(file: string, reason: string): Error {
  return new OptionsError(
    `the admin token in ${file} cannot be used: ${reason}. Set ADMIN_TOKEN, or remove the file to have a new token generated`,
  )
}
