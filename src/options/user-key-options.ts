/** What keys of users need. */
import { Type } from 'typebox'
import { NO_KEY, option } from './define-option.js'

export const userKeyOptions = {
  encryptionKey: option(
    'MODEL_SYNC_ENCRYPTION_KEY',
    Type.String({
      pattern: '^[A-Za-z0-9+/]{43}=(,[A-Za-z0-9+/]{43}=)*$',
      not: { pattern: NO_KEY },
      'x-expected': 'base64 of 32 random bytes (openssl rand -base64 32), or several with commas',
      description:
        'encrypts the keys of users: base64 of 32 bytes; of several with commas, the first encrypts and all decrypt; if unset, no key can be saved',
    }),
  ),
}
