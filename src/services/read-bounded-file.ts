/** readBoundedFile: a whole file, unless it is larger than any list of models. */
import { readFile, stat } from 'node:fs/promises'

/** Bytes; what it is parsed into takes several times as much. */
const MOST_FILE_BYTES = 256 * 1024 ** 2

/** @throws Error when it is larger; the file system's error */
export async function readBoundedFile(path: string): Promise<Buffer> {
  const { size } = await stat(path)
  if (size > MOST_FILE_BYTES)
    throw new Error(
      `${path} has ${size} bytes, at most ${MOST_FILE_BYTES} are read; a list of models is smaller, so look whether it is the right file`,
    )
  return readFile(path)
}
