/** What the options add to the requests of a provider: headers, a user and password, certificates. */
import type { SyncSettings } from '../options.js'
import { headersVariable } from '../sources/fetch-advice.js'
import { readHeaders, type Gateway } from '../sources/http-gateway.js'
import { readTlsFiles } from '../sources/http-tls-files.js'
import type { ClientTls } from '../sources/http-client-tls.js'

const FOR_ALL = {
  cert: 'MODEL_SYNC_TLS_CERT (tls.cert)',
  key: 'MODEL_SYNC_TLS_KEY (tls.key)',
  ca: 'MODEL_SYNC_TLS_CA (tls.ca)',
}

/** PEM: the authorities of every connection. @throws OptionsError */
export function readAuthorities(files: SyncSettings['tls']): string | undefined {
  return readTlsFiles(files?.ca === undefined ? undefined : { ca: files.ca }, FOR_ALL)?.ca
}

/** The certificate for every provider without one of its own. @throws OptionsError */
export function readCertificate(files: SyncSettings['tls']): ClientTls | null {
  const { cert, key } = files ?? {}
  return readTlsFiles({ cert, key }, FOR_ALL)
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
  { basic, certificate }: { basic: Readonly<Record<string, string>>; certificate: ClientTls | null },
): { gateway: Gateway; problem: string | null } {
  const read = readHeaders(own.headers ?? {})
  const option = (name: string): string => `providerOptions.${slug}.tls.${name}`
  const tls = readTlsFiles(own.tls, { cert: option('cert'), key: option('key'), ca: option('ca') }) ?? certificate
  if ('problem' in read)
    return {
      gateway: { headers: {}, tls },
      problem: `${headersVariable(slug)} (providerOptions.${slug}.headers) is ${read.problem}`,
    }
  return { gateway: { headers: { ...basic, ...read.headers }, tls }, problem: null }
}
