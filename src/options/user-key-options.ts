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
        'base64 of 32 bytes, for the keys of users; several with commas: the first encrypts, all decrypt; unset: none can be saved',
    }),
  ),
}
