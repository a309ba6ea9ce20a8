/** What the options add to the requests of a provider: headers, a user and password, certificates. */
import type { SyncSettings } from '../options.js'
import { headersVariable } from '../sources/kit/source.js'
import { readHeaders, type Gateway } from '../upstream/gateway.js'
import { openTlsFiles, type CurrentTls } from '../upstream/tls-files.js'

const FOR_ALL = {
  cert: 'MODEL_SYNC_TLS_CERT (tls.cert)',
  key: 'MODEL_SYNC_TLS_KEY (tls.key)',
  ca: 'MODEL_SYNC_TLS_CA (tls.ca)',
  keyPassphrase: 'MODEL_SYNC_TLS_KEY_PASSPHRASE (tls.keyPassphrase)',
}

type Warn = (line: string) => void

/** PEM: the authorities of every connection, as their file is now. @throws OptionsError */
export function readAuthorities(files: SyncSettings['tls'], warn?: Warn): () => string | undefined {
  const authorities = openTlsFiles({ ca: files?.ca }, FOR_ALL, warn)
  return () => authorities.current?.ca
}

/** The certificate for every provider without one of its own. @throws OptionsError */
export function readCertificate(files: SyncSettings['tls'], warn?: Warn): CurrentTls {
  const { cert, key, keyPassphrase } = files ?? {}
  return openTlsFiles({ cert, key, keyPassphrase }, FOR_ALL, warn)
}

/**
 * @param basic the header of the address's user and password
 * @param certificate for every provider
 * @returns `problem` names the variable of headers that cannot be read
 * @throws OptionsError when its certificate cannot be read
 */
export function readGateway(
  slug: string,
  own: Pick<NonNullable<SyncSettings['providerOptions']>[string], 'headers' | 'tls'>,
  { basic, certificate, warn }: { basic: Readonly<Record<string, string>>; certificate: CurrentTls; warn: Warn },
): { gateway: Gateway; problem: string | null } {
  const read = readHeaders(own.headers ?? {})
  const option = (name: string): string => `providerOptions.${slug}.tls.${name}`
  const names = { cert: option('cert'), key: option('key'), ca: option('ca'), keyPassphrase: option('keyPassphrase') }
  const files = own.tls === undefined ? certificate : openTlsFiles(own.tls, names, warn)
  if ('problem' in read)
    return {
      gateway: gatewayOf({}, files),
      problem: `${headersVariable(slug)} (providerOptions.${slug}.headers) is ${read.problem}`,
    }
  return { gateway: gatewayOf({ ...basic, ...read.headers }, files), problem: null }
}

function gatewayOf(headers: Record<string, string>, files: CurrentTls): Gateway {
  return {
    headers,
    get tls() {
      return files.current
    },
  }
}
