/** Reads the certificates that the options name, and reads them again when their files change, as cert-manager and mounted secrets do it. */
import { readFileSync, statSync } from 'node:fs'
import { shownOption } from '../core/input/shown-option.js'
import { OptionsError } from '../errors.js'
import { tlsOptions, type ClientTls } from './client-tls.js'

/** Paths of PEM files, and the passphrase of the key. */
export interface TlsFiles {
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
  keyPassphrase?: string | undefined
}

export type TlsNames = Record<keyof TlsFiles, string>

/** The certificates of some files as they are now. */
export interface CurrentTls {
  /** The same object until a file changes; `null`: no file is named. Throws nothing. */
  readonly current: ClientTls | null
}

const PATHS = ['ca', 'cert', 'key'] as const

/**
 * @param names how the options are called, for messages
 * @param warn told once of each change that cannot be used; the certificates before it stay
 * @throws OptionsError when a file cannot be read or is no PEM, when key and certificate do not fit, or the passphrase does not open the key
 */
export function openTlsFiles(
  files: TlsFiles | undefined,
  names: TlsNames,
  warn: (line: string) => void = () => undefined,
): CurrentTls {
  const given = files ?? {}
  if (PATHS.every((name) => given[name] === undefined)) return { current: null }
  const id = Symbol('files')
  let stamp = stampOf(given)
  let tls: ClientTls = { ...readTlsFiles(given, names), files: id }
  return {
    get current() {
      const found = stampOf(given)
      if (found === stamp) return tls
      stamp = found
      try {
        tls = { ...readTlsFiles(given, names), files: id }
      } catch (error) {
        // Perhaps one of two files is written already: the other changes the stamp once more.
        warn(`${(error as Error).message}; the certificates that were read before stay in use`)
      }
      return tls
    },
  }
}

/** Differs when a file was written or another one took its place, behind a symbolic link too. */
function stampOf(files: TlsFiles): string {
  const stamps = PATHS.map((name) => {
    const found = files[name] === undefined ? undefined : statSync(files[name], { bigint: true, throwIfNoEntry: false })
    return found === undefined ? '' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`
  })
  return stamps.join(' ')
}

function readTlsFiles({ ca, cert, key, keyPassphrase }: TlsFiles, names: TlsNames): ClientTls {
  if (cert === undefined && key !== undefined)
    throw new OptionsError(`${names.key} is set and ${names.cert} is not: a key is of no use without its certificate`)
  const read = (name: (typeof PATHS)[number], path: string | undefined): string | undefined => {
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw new OptionsError(
        `${names[name]} names ${shownOption(names[name], path)}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      )
    }
  }
  const tls: ClientTls = { ca: read('ca', ca), cert: read('cert', cert), key: read('key', key), keyPassphrase }
  try {
    tlsOptions(tls)
  } catch (error) {
    const used = PATHS.filter((name) => tls[name] !== undefined).map((name) => names[name])
    throw new OptionsError(`${used.join(', ')}: ${problemOf(tls, error as Error, names)}`)
  }
  return tls
}

// OpenSSL says "interrupted or cancelled" of a passphrase that it has not got, and "bad decrypt" of a wrong one.
function problemOf({ cert, key = cert, keyPassphrase }: ClientTls, { message }: Error, names: TlsNames): string {
  const isEncrypted = key !== undefined && /-----BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(key)
  if (isEncrypted && keyPassphrase === undefined)
    return `the key is encrypted; set ${names.keyPassphrase} to its passphrase`
  if (isEncrypted && /decrypt|pkcs12|wrong|pad/i.test(message)) return `${names.keyPassphrase} does not open the key`
  return `${message}; expected PEM files, and a key that fits the certificate`
}
