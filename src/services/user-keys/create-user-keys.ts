/** createUserKeys: keys of users, and syncs with them. */
import type { Room, RoomContext } from '../room.js'
import type { CommonSyncOptions } from '../sync/create-sync.js'
import { CredentialRotation } from './key-rotation.js'
import { CredentialVault } from './key-vault.js'
import { UserCredentials, type HostCredentials } from './user-keys.js'
import { UserSyncs } from './user-syncs.js'

/** Keys of users, and: */
export interface UserKeys extends UserCredentials {
  /** Syncs with a user's own keys. */
  readonly syncs: UserSyncs
}

export interface UserKeysNeeds {
  /** `null`: keys of users are kept in our table. */
  hostCredentials: HostCredentials | null
  common: CommonSyncOptions
  /** Called after each run. Throws nothing. */
  finished(): void
}

export function createUserKeys(
  { database, reads, schema, log, now, settings, slugs }: RoomContext,
  { hostCredentials: host, common, finished }: UserKeysNeeds,
): Room<UserKeys> {
  const vault = new CredentialVault(settings.encryptionKey ?? null)
  const rotation = new CredentialRotation({ database, vault, log })
  const credentials = new UserCredentials({ pool: reads.pool, schema, vault, providers: slugs, host, log, now })
  const syncs = new UserSyncs({ ...common, credentials, finished })
  return {
    service: Object.assign(credentials, { syncs }),
    start: () => {
      if (host === null) rotation.start()
    },
    stop: () => Promise.all([syncs.close(), rotation.close()]),
  }
}
