/** ReactiveSync: looks again upstream for a model that was asked for and that nobody has. */
import type { SyncLog } from '../log.js'
import type { SyncOptions } from '../sync/sync-request.js'
import type { SyncResult } from '../../core/records/sync-result.js'

export interface ReactiveSyncOptions {
  /** @see ModelSyncService.syncModels */
  sync(options: SyncOptions): Promise<SyncResult>
  /** Slugs of the providers that are synced when nothing else is said. */
  providers: readonly string[]
  log: SyncLog
  /** Monotonic, ms. Default `performance.now`. */
  clock?(): number
}

// Names come from callers: whoever sends wrong ones must not have us ask upstream all the time.
const PAUSE_MS = 5 * 60 * 1000
const HEX = /^0x[0-9a-f]{40,}$/i
const LOGGED_LENGTH = 200

export class ReactiveSync {
  private lastAt = -Infinity

  constructor(private readonly options: ReactiveSyncOptions) {}

  /** Starts a sync, unless one was started in the last five minutes for whatever name; waits for nothing and throws nothing. */
  missed(name: string): void {
    const { clock = () => performance.now(), log } = this.options
    const providers = ownersOf(name, this.options.providers)
    if (providers.length === 0 || clock() - this.lastAt < PAUSE_MS) return
    this.lastAt = clock()
    log.info({ model: name.slice(0, LOGGED_LENGTH), providers }, 'A model is unknown; looking for it upstream')
    this.options
      .sync({ trigger: 'reactive', providers })
      .then(({ success, errors }) => {
        if (!success) log.warn({ errors }, 'The sync for an unknown model failed')
      })
      .catch((error: unknown) => log.warn({ err: error }, 'The sync for an unknown model failed'))
  }
}

/** The provider that the name begins with; that of hexadecimal ids; else each could have it. */
function ownersOf(name: string, providers: readonly string[]): readonly string[] {
  const named = providers.filter((slug) => name.startsWith(`${slug}/`))
  if (named.length > 0) return named
  return HEX.test(name) ? providers.filter((slug) => slug === 'morpheus') : providers
}
