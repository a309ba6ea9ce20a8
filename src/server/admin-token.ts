/** The admin token of the reference backend: from ADMIN_TOKEN, else generated on the first start and kept in the data directory. */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, open, unlink, writeFile } from 'node:fs/promises'
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
  const made = await makeToken(file)
  if (made !== null) return { token: made, file, generated: true }
  const token = await readOwn(file).catch((error: Error) => {
    throw unusable(file, error.message)
  })
  if (token.length < 16) throw unusable(file, 'it holds no token of at least 16 characters')
  return { token, file, generated: false }
}

/** Created whole: written aside, then linked, so that nobody reads half of it and two that start together share one. @returns `null`: there is one */
async function makeToken(file: string): Promise<string | null> {
  if (await lstat(file).catch(() => null)) return null
  const token = randomBytes(32).toString('base64url')
  const aside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(aside, `${token}\n`, { mode: 0o600, flag: 'wx' })
    await link(aside, file).catch((error: NodeJS.ErrnoException) => {
      // Some file systems have no links.
      if (error.code === 'EEXIST') throw error
      return writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
    })
    return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw unusable(file, (error as Error).message)
  } finally {
    await unlink(aside).catch(() => undefined)
  }
}

/** As ssh reads a key: the file itself, ours or root's, and for nobody else to read or write. @throws otherwise */
async function readOwn(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ELOOP' ? new Error('it is a symbolic link') : error
    },
  )
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw new Error('it is no file')
    const uid = process.getuid?.()
    if (uid !== undefined && found.uid !== uid && found.uid !== 0) throw new Error(`it belongs to user ${found.uid}`)
    if (uid !== undefined && (found.mode & 0o077) !== 0)
      throw new Error(`other users may read or write it (mode ${(found.mode & 0o777).toString(8)}); chmod 600 ${file}`)
    return (await handle.readFile('utf8')).trim()
  } finally {
    await handle.close()
  }
}

function unusable(file: string, reason: string): Error {
  return new OptionsError(
    `the admin token in ${file} cannot be used: ${reason}. Set ADMIN_TOKEN, or remove the file to have a new token generated`,
  )
}
