/** SecretDigests: recognizes a key or an address again by an HMAC that a copy of the database cannot be asked for by guessing in advance. */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { openDatabase, type DatabasePool } from '../store/database.js'
import { ensureDigestKey, KEYED, replaceUnkeyedDigests } from '../store/digest-key.js'
import { refusalAtStart } from '../store/connection/start-refusal.js'

/** Digests of what belongs to one row, so that equal secrets of two rows do not look alike. */
export interface RowDigests {
  /** @param name which of the row's members */
  of(name: string, secret: string): string
  /** Also under a key that has been replaced since. */
  matches(stored: string, name: string, secret: string): boolean
}

const KEY_BYTES = 32

export class SecretDigests {
  /** @param keys the first one makes digests, all of them recognize */
  constructor(private readonly keys: readonly [Buffer, ...Buffer[]]) {}

  /** @param owner which row: its table, then what names it there */
  row(...owner: readonly string[]): RowDigests {
    const under = (key: Buffer, name: string, secret: string): string =>
      `${KEYED}${createHmac('sha256', key)
        .update(JSON.stringify([...owner, name, secret]))
        .digest('base64url')}`
    return {
      of: (name, secret) => under(this.keys[0], name, secret),
      matches: (stored, name, secret) => this.keys.some((key) => stored === under(key, name, secret)),
    }
  }
}

/**
 * Under the encryption keys where there are some, since they are not in the database; else under a random key of the installation.
 * @param encryptionKey base64 of 32 bytes, or several with commas; unset: there is none
 * @throws DatabaseError; DatabaseSetupError
 */
export async function openSecretDigests(
  pool: DatabasePool,
  { schema, encryptionKey }: { schema: string; encryptionKey?: string | undefined },
): Promise<SecretDigests> {
  const own = (encryptionKey?.split(',') ?? []).map((text) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(text, 'base64'), '', 'fastify-model-sync digests', KEY_BYTES)),
  )
  return openDatabase(pool, schema)
    .transaction(async (database) => {
      const stored = await ensureDigestKey(database, randomBytes(KEY_BYTES))
      const digests = new SecretDigests([own[0] ?? stored, ...own.slice(1), stored])
      await replaceUnkeyedDigests(database, (owner, name, digest) => digests.row(...owner).of(name, digest))
      return digests
    })
    .catch((error: Error) => {
      throw refusalAtStart(error, schema)
    })
}
