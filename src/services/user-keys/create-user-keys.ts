/** createUserKeys: keys of users, and syncs with them. */
import type { Room, RoomContext } from '../room.js'
import type { CommonSyncOptions } from '../sync/create-sync.js'
import type { WorkService } from '../work/work-service.js'
import { KeyRotation } from './key-rotation.js'
import { KeyVault } from './key-vault.js'
import { UserKeyService, type HostUserKeys } from './user-keys.js'
import { UserSyncs } from './user-syncs.js'

/** Keys of users, and: */
export interface UserKeys extends UserKeyService {
  /** Syncs with a user's own keys. */
  readonly syncs: UserSyncs
}

export interface UserKeysNeeds {
  /** `null`: keys of users are kept in our table. */
  hostUserKeys: HostUserKeys | null
  common: CommonSyncOptions
  work: WorkService
  /** Called after each run. Throws nothing. */
  finished(): void
}

export function createUserKeys(
  { database, reads, log, now, settings, slugs }: RoomContext,
  { hostUserKeys: host, common, work, finished }: UserKeysNeeds,
): Room<UserKeys> {
  const vault = new KeyVault(settings.encryptionKey ?? null)
  const rotation = new KeyRotation({ database, vault, log })
  const keys = new UserKeyService({ database: reads, vault, providers: slugs, host, log, now })
  const syncs = new UserSyncs({ ...common, keys, finished })
  return {
    service: Object.assign(keys, { syncs }),
    start: () => {
      if (host === null)
        rotation
          .start(work)
          .catch((error: unknown) =>
            log.warn({ err: error }, 'Keys of users are not encrypted anew before the next start'),
          )
    },
    stop: () => Promise.all([syncs.close(), rotation.close()]),
  }
}
