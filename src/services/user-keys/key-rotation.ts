/** KeyRotation: encrypts keys of users anew that were encrypted with another than the first encryption key, so that the older ones can go. */
import type { Database } from '../../store/database.js'
import { readKeysSealedOtherwise, resealKey, type KeyPosition } from '../../store/user-keys/user-keys.js'
import type { KeyVault } from './key-vault.js'
import type { Conclusion } from '../work/held-claims.js'
import type { WorkService } from '../work/work-service.js'
import type { SyncLog } from '../log.js'

// Small, so that a server that closes hardly waits.
const BATCH = 100

export class KeyRotation {
  private round: Promise<void> | null = null
  private closed = false

  constructor(private readonly options: { database: Database; vault: KeyVault; log: SyncLog }) {}

  /** One of the replicas that have this key does so, once for all that start together. @throws what the database throws */
  async start(work: Pick<WorkService, 'register' | 'ask'>): Promise<void> {
    const { sealPrefix } = this.options.vault
    if (sealPrefix === null) return
    // Those with another key in front leave it to others.
    const kind = `rotation ${sealPrefix.toString('hex')}`
    work.register(kind, { most: 1, carryOut: () => this.carryOut() })
    await work.ask({ kind, key: 'keys', asked: null })
  }

  /** Waits for the batch under way, and begins no other. */
  async close(): Promise<void> {
    this.closed = true
    await this.round
  }

  private async carryOut(): Promise<Conclusion> {
    this.round = this.rotate().catch((error: Error) =>
      this.options.log.warn({ err: error }, 'Keys of users could not be encrypted anew; the next start tries again'),
    )
    await this.round
    return {}
  }

  private async rotate(): Promise<void> {
    const { vault, log } = this.options
    const { sealPrefix } = vault
    if (sealPrefix === null) return
    let resealed = 0
    let unreadable = 0
    let after: KeyPosition | null = null
    for (let more = true; more && !this.closed;) {
      const rows = await readKeysSealedOtherwise(this.options.database, {
        prefix: sealPrefix,
        after,
        limit: BATCH,
      })
      for (const { userId, provider, sealed } of rows) {
        const owner = { userId, provider }
        const apiKey = vault.open(sealed, owner)
        if (apiKey === null) unreadable += 1
        else {
          await resealKey(this.options.database, { ...owner, before: sealed, sealed: vault.seal(apiKey, owner) })
          resealed += 1
        }
      }
      after = rows.at(-1) ?? null
      more = rows.length === BATCH
    }
    if (this.closed) return
    if (unreadable > 0)
      log.warn(
        { resealed, unreadable },
        'Keys of users can be decrypted with none of the encryption keys: their owners have to save them again',
      )
    if (resealed > 0 || vault.hasOlderKeys)
      log.info(
        { resealed, unreadable },
        'No key of a user needs an older encryption key any more: the first one is enough',
      )
  }
}
