/** UserKeyService: the keys of users, whether we keep them or the host does. A key itself leaves only towards a sync. */
import type { UserKeyRecord } from '../../core/records/user-key-record.js'
import { describeUnknownProvider } from '../../core/input/unknown-provider.js'
import { UserKeyError, HostUserKeysError, NotFoundError } from '../../errors.js'
import {
  deleteUserKey,
  putUserKey,
  readActiveProviders,
  readUserKeys,
  resealKey,
  switchUserKey,
  type UserKeyRow,
} from '../../store/user-keys/user-keys.js'
import type { Database, PooledDatabase } from '../../store/database.js'
import type { KeyVault } from './key-vault.js'
import type { SyncLog } from '../log.js'

/** A user's key for a provider. */
export interface UserKey {
  userId: string
  /** Slug. */
  provider: string
  apiKey: string
  /** ISO 8601: when it was saved or switched on. Unset: the host keeps it. */
  since?: string
}

/** Keys that the host keeps: something that can be iterated again and again, or a function that gives one for a user (`null`: all users). */
export type HostUserKeys =
  AsyncIterable<UserKey> | Iterable<UserKey> | ((userId: string | null) => AsyncIterable<UserKey> | Iterable<UserKey>)

// Of a shorter key four characters are too good a part.
const SHORTEST_SHOWN = 12
const LONGEST_KEY = 4096

export interface UserKeyServiceOptions {
  database: PooledDatabase
  vault: KeyVault
  /** Slugs that have a source. */
  providers: readonly string[]
  /** `null`: we keep the keys. */
  host: HostUserKeys | null
  log: SyncLog
  now(): number
}

export class UserKeyService {
  private readonly database: Database

  constructor(private readonly options: UserKeyServiceOptions) {
    this.database = options.database
  }

  /** One's own, by provider. */
  async list(userId: string): Promise<UserKeyRecord[]> {
    return (await readUserKeys(this.database, { userId })).map((row) => this.view(row))
  }

  /** @throws NotFoundError */
  async get(userId: string, provider: string): Promise<UserKeyRecord> {
    const [row] = await readUserKeys(this.database, { userId, provider })
    if (row === undefined) throw none(provider)
    return this.view(row)
  }

  /** Keeps the key, sealed; one that is there already is replaced. @throws NotFoundError; UserKeyError; EncryptionKeyError; HostUserKeysError */
  async put(userId: string, provider: string, apiKey: string): Promise<UserKeyRecord> {
    this.refuseIfHosts()
    if (!this.options.providers.includes(provider))
      throw new NotFoundError(describeUnknownProvider(provider, this.options.providers))
    const key = apiKey.trim()
    if (key === '' || key.length > LONGEST_KEY || !/^[\x21-\x7e]+$/.test(key))
      throw new UserKeyError(
        `apiKey has ${key.length} characters; expected 1 to ${LONGEST_KEY} printable ASCII characters without spaces, as an HTTP header can carry them`,
      )
    const sealed = this.options.vault.seal(key, { userId, provider })
    const lastFour = key.length < SHORTEST_SHOWN ? null : key.slice(-4)
    await putUserKey(this.database, { userId, provider, sealed, lastFour, at: this.at() })
    return this.get(userId, provider)
  }

  /** @throws NotFoundError; HostUserKeysError */
  async setActive(userId: string, provider: string, active: boolean): Promise<UserKeyRecord> {
    this.refuseIfHosts()
    if (!(await switchUserKey(this.database, { userId, provider, active, at: this.at() }))) throw none(provider)
    return this.get(userId, provider)
  }

  /** What only this key could see is unavailable from then on. @throws NotFoundError; HostUserKeysError */
  async delete(userId: string, provider: string): Promise<void> {
    this.refuseIfHosts()
    if (!(await deleteUserKey(this.options.database, { userId, provider, at: this.at() }))) throw none(provider)
  }

  /** Active keys for a sync, of one user or of all (`null`); one that cannot be opened is left out and logged. @throws what the host's iterable throws */
  async activeKeys(userId: string | null): Promise<UserKey[]> {
    return this.options.host === null ? this.ownKeys(userId) : this.hostKeys(this.options.host, userId)
  }

  /** Slugs for which the user has an active key that can be opened; none of ours is opened for it. @throws what the host's iterable throws */
  async activeProviders(userId: string): Promise<string[]> {
    const { host, vault } = this.options
    if (host === null) return readActiveProviders(this.database, { userId, prefixes: vault.openPrefixes })
    return (await this.hostKeys(host, userId)).map(({ provider }) => provider)
  }

  private async ownKeys(userId: string | null): Promise<UserKey[]> {
    const { vault, log } = this.options
    const keys: UserKey[] = []
    for (const { sealed, ...row } of await readUserKeys(this.database, { userId, onlyActive: true })) {
      const owner = { userId: row.userId, provider: row.provider }
      const apiKey = vault.open(sealed, owner)
      if (apiKey === null) {
        log.warn(owner, 'A key of a user cannot be decrypted: the encryption key that it was sealed with is missing')
        continue
      }
      // The old encryption key can go once each key has been used.
      if (vault.isOutdated(sealed))
        await resealKey(this.database, { ...owner, before: sealed, sealed: vault.seal(apiKey, owner) })
      keys.push({ ...owner, apiKey, since: row.updatedAt })
    }
    return keys
  }

  private async hostKeys(host: HostUserKeys, userId: string | null): Promise<UserKey[]> {
    const keys: UserKey[] = []
    for await (const key of typeof host === 'function' ? host(userId) : host) {
      if (userId !== null && key.userId !== userId) continue
      if (this.options.providers.includes(key.provider) && key.apiKey !== '')
        keys.push({ userId: key.userId, provider: key.provider, apiKey: key.apiKey })
      else
        this.options.log.warn(
          { userId: key.userId, provider: key.provider },
          'A key of the host is left out: it is empty, or its provider has no source',
        )
    }
    return keys
  }

  private view({ sealed, ...row }: UserKeyRow): UserKeyRecord {
    const { provider, lastFour, active, createdAt, updatedAt, lastAttemptAt, lastSuccessAt, lastError } = row
    const shown = { provider, lastFour, active, createdAt, updatedAt, lastUsedAt: lastAttemptAt }
    if (this.options.vault.open(sealed, row) === null)
      return {
        ...shown,
        status: 'unreadable',
        reason: 'it cannot be decrypted: the encryption key that it was sealed with is missing',
        nextStep: `save the key again with PUT /models/credentials/${provider}`,
      }
    if (row.refusedReason !== null)
      return {
        ...shown,
        status: 'invalid',
        reason: row.refusedReason,
        nextStep: `it is not tried again: make a new key at the provider, or give this one the right to list models, and save it with PUT /models/credentials/${provider}`,
      }
    return {
      ...shown,
      status: lastSuccessAt === null ? 'untested' : 'valid',
      reason: lastError,
      nextStep: lastError === null ? null : 'the next sync tries again',
    }
  }

  private refuseIfHosts(): void {
    if (this.options.host !== null)
      throw new HostUserKeysError('the host keeps the keys of its users: change them where it lets you')
  }

  private at(): string {
    return new Date(this.options.now()).toISOString()
  }
}

function none(provider: string): Error {
  return new NotFoundError(
    `you have no key for "${provider}"; GET /models/credentials lists yours, PUT /models/credentials/<provider> saves one`,
  )
}
