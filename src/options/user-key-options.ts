/** What keys of users need. */
import { Type } from 'typebox'
import { option } from './define-option.js'

export const userKeyOptions = {
  encryptionKey: option(
    'MODEL_SYNC_ENCRYPTION_KEY',
    Type.String({
      pattern: '^[A-Za-z0-9+/]{43}=(,[A-Za-z0-9+/]{43}=)*$',
      // The sample of .env.example, and 32 bytes that are all alike.
      not: { pattern: '(^|,)(MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=|A{43}=|/{42}8=)' },
      expected: 'base64 of 32 random bytes (openssl rand -base64 32), or several with commas',
      description:
        'base64 of 32 bytes, for the keys of users; several with commas: the first encrypts, all decrypt; unset: none can be saved',
    }),
  ),
}
