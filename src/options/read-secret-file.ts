/** The text of a file that holds a secret, as Docker and Kubernetes mount them: links are followed, and others may read it. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { shownText } from '../core/input/shown-option.js'
import { OptionsError } from '../errors.js'

// Room for JSON with credentials, and an end for /dev/zero.
const MOST_BYTES = 256 * 1024

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
}

/**
 * Without the line break at its end; a pipe is read until it ends.
 * @param name the variable or flag that names the file
 * @throws OptionsError that names the file, and shows nothing of what is in it
 */
export function readSecretFile(name: string, file: string): string {
  const bytes = readBytes(file, (reason) => unusable(name, file, reason))
  if (bytes.length > MOST_BYTES) throw unusable(name, file, `it has more than ${MOST_BYTES} bytes`)
  const text = decode(bytes)
  if (text === null || text.includes('\0')) throw unusable(name, file, 'it is no UTF-8 text')
  const secret = text.replace(/(\r?\n)+$/, '')
  if (secret.trim() === '') throw unusable(name, file, 'it is empty')
  return secret
}

function readBytes(file: string, unusable: (reason: string) => Error): Buffer {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(MOST_BYTES + 1)
      let end = 0
      for (let read = 1; read > 0 && end < bytes.length; end += read)
        read = readSync(descriptor, bytes, end, bytes.length - end, null)
      return bytes.subarray(0, end)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const { code = 'it cannot be read' } = error as NodeJS.ErrnoException
    throw unusable(REASONS[code] ?? code)
  }
}

/** A byte order mark left out; `null`: no UTF-8. */
function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function unusable(name: string, file: string, reason: string): Error {
  // Somebody may have put the secret itself in the place of the file's name.
  const folder = path.dirname(file)
  const isPath = path.isAbsolute(file) && folder !== path.parse(file).root && existsSync(folder)
  return new OptionsError(
    `${name} is ${isPath ? JSON.stringify(file) : shownText(file)}, which cannot be used: ${reason}; expected the path of a file with the secret alone in it`,
  )
}
