/** KeyVault: seals users' keys with AES-256-GCM, so that a copy of the database is worth nothing without the encryption key. */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'
import { EncryptionKeyError } from '../../errors.js'

/** Whose key it is: authenticated with it, so that a sealed key that was moved to another row does not open. */
export interface KeyOwner {
  userId: string
  provider: string
}

const ALGORITHM = 'aes-256-gcm'
// Layout: version, id of the encryption key, nonce, tag, ciphertext.
const VERSION = 1
const KEY_ID_BYTES = 4
// What NIST SP 800-38D recommends for GCM.
const NONCE_BYTES = 12
const TAG_BYTES = 16
const NONCE_AT = 1 + KEY_ID_BYTES
const TAG_AT = NONCE_AT + NONCE_BYTES
const TEXT_AT = TAG_AT + TAG_BYTES

interface EncryptionKey {
  id: Buffer
  secret: Buffer
}

export class KeyVault {
  private readonly keys: readonly EncryptionKey[]

  /** @param encryptionKey base64 of 32 bytes, or several with commas: the first seals, all open; `null`: there is none */
  constructor(encryptionKey: string | null) {
    this.keys = (encryptionKey?.split(',') ?? []).map((text) => {
      const secret = Buffer.from(text, 'base64')
      return { id: hash('sha256', secret, 'buffer').subarray(0, KEY_ID_BYTES), secret }
    })
  }

  /** @throws EncryptionKeyError when there is none */
  seal(apiKey: string, owner: KeyOwner): Buffer {
    const [key] = this.keys
    if (key === undefined)
      throw new EncryptionKeyError(
        'keys of users are kept encrypted, and there is no encryption key: set MODEL_SYNC_ENCRYPTION_KEY (encryptionKey) to base64 of 32 bytes, as `openssl rand -base64 32` makes them',
      )
    // Random: 2^32 seals with one key are safe, which is more than there will ever be.
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, key.secret, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(associated(owner))
    const text = Buffer.concat([cipher.update(apiKey, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.of(VERSION), key.id, nonce, cipher.getAuthTag(), text])
  }

  /** `null`: none of the encryption keys opens it, or it belongs to somebody else. Throws nothing. */
  open(sealed: Buffer, owner: KeyOwner): string | null {
    const key = this.keys.find(({ id }) => sealed[0] === VERSION && id.equals(sealed.subarray(1, NONCE_AT)))
    if (key === undefined || sealed.length < TEXT_AT) return null
    try {
      const nonce = sealed.subarray(NONCE_AT, TAG_AT)
      const decipher = createDecipheriv(ALGORITHM, key.secret, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(associated(owner))
      decipher.setAuthTag(sealed.subarray(TAG_AT, TEXT_AT))
      return Buffer.concat([decipher.update(sealed.subarray(TEXT_AT)), decipher.final()]).toString('utf8')
    } catch {
      return null
    }
  }

  /** What everything that is sealed now begins with; `null`: there is no encryption key. */
  get sealPrefix(): Buffer | null {
    return this.openPrefixes[0] ?? null
  }

  /** What everything that can be opened begins with. */
  get openPrefixes(): Buffer[] {
    return this.keys.map(({ id }) => Buffer.concat([Buffer.of(VERSION), id]))
  }

  get hasOlderKeys(): boolean {
    return this.keys.length > 1
  }

  /** Whether it was sealed with another key than the one that seals now. */
  isOutdated(sealed: Buffer): boolean {
    const [key] = this.keys
    return key !== undefined && !key.id.equals(sealed.subarray(1, NONCE_AT))
  }
}

function associated({ userId, provider }: KeyOwner): Buffer {
  return Buffer.from(JSON.stringify(['fastify-model-sync', userId, provider]))
}
