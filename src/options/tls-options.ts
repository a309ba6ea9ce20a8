/** Certificates for TLS connections. */
import { Type } from 'typebox'
import { option } from './define-option.js'

const CERT = 'PEM file of a client certificate, for providers that ask for one'
const KEY = 'PEM file of its key; if unset, the certificate’s file holds it'
const CA = 'PEM file of certificate authorities to trust beside the usual ones'
const PASSPHRASE = 'passphrase of the key, if it is encrypted'
const path = (description: string) => Type.String({ minLength: 1, description })
const secret = (description: string) => Type.String({ minLength: 1, writeOnly: true, description })

export const tlsOptions = {
  tls: Type.Optional(
    Type.Object(
      {
        cert: option('MODEL_SYNC_TLS_CERT', path(CERT)),
        key: option('MODEL_SYNC_TLS_KEY', path(KEY)),
        ca: option('MODEL_SYNC_TLS_CA', path(CA)),
        keyPassphrase: option('MODEL_SYNC_TLS_KEY_PASSPHRASE', secret(PASSPHRASE)),
      },
      { additionalProperties: false, description: 'certificates for TLS connections' },
    ),
  ),
}

/** Certificates of one provider, in place of those for all. */
export const ownTls = Type.Object(
  {
    cert: Type.Optional(path(CERT)),
    key: Type.Optional(path(KEY)),
    ca: Type.Optional(path(CA)),
    keyPassphrase: Type.Optional(secret(PASSPHRASE)),
  },
  { additionalProperties: false, description: 'certificates for its connections, in place of those for all' },
)
