/** Reads the certificates that the options name. */
import { readFileSync } from 'node:fs'
import { shownOption } from '../catalog/shown-option.js'
import { OptionsError } from '../errors.js'
import { tlsOptions, type ClientTls } from './http-client-tls.js'

/** Paths of PEM files. */
export interface TlsFiles {
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
}

/**
 * `null`: none is named.
 * @param names how the options are called, for messages
 * @throws OptionsError when a file cannot be read or is no PEM, and when key and certificate do not fit
 */
export function readTlsFiles(files: TlsFiles | undefined, names: Record<keyof TlsFiles, string>): ClientTls | null {
  const { ca, cert, key } = files ?? {}
  if (ca === undefined && cert === undefined && key === undefined) return null
  if (cert === undefined && key !== undefined)
    throw new OptionsError(`${names.key} is set and ${names.cert} is not: a key is of no use without its certificate`)
  const read = (name: keyof TlsFiles, path: string | undefined): string | undefined => {
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw new OptionsError(
        `${names[name]} names ${shownOption(names[name], path)}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      )
    }
  }
  const tls: ClientTls = { ca: read('ca', ca), cert: read('cert', cert), key: read('key', key) }
  try {
    tlsOptions(tls)
  } catch (error) {
    const used = (['ca', 'cert', 'key'] as const).filter((name) => tls[name] !== undefined).map((name) => names[name])
    throw new OptionsError(
      `${used.join(', ')}: ${(error as Error).message}; expected PEM files, and a key without a passphrase that fits the certificate`,
    )
  }
  return tls
}
