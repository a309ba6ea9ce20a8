/** What TLS connections bring along: further authorities, and a client certificate. */
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import * as tls from 'node:tls'

/** PEM texts, and the passphrase of the key. */
export interface ClientTls {
  /** Authorities that are trusted beside the usual ones. */
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
  keyPassphrase?: string | undefined
  /** Identifies the files that it was read from; the same each time they are read. */
  files?: symbol
}

/** For `tls.connect`; made once, since each connection would read all authorities anew. @throws what node:tls says of a wrong PEM text or a key that does not fit */
export function tlsOptions({ ca, cert, key, keyPassphrase: passphrase }: ClientTls): { secureContext?: SecureContext } {
  if (ca === undefined && cert === undefined) return {}
  return {
    secureContext: createSecureContext({
      ...(ca === undefined ? {} : { ca: [...usualAuthorities(), ca] }),
      ...(cert === undefined ? {} : { cert, key: key ?? cert }),
      ...(passphrase === undefined ? {} : { passphrase }),
    }),
  }
}

// With `ca` Node forgets the usual ones; since 22.15 it says which these are, NODE_EXTRA_CA_CERTS among them.
function usualAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] }
  return getCACertificates?.('default') ?? rootCertificates
}
