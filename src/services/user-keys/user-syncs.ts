/** UserSyncs: syncs with users' own keys. The same service as the backend's, one for each user while it runs, over that user's shelf. */
import { hash } from 'node:crypto'
import pLimit from 'p-limit'
import { checkMembers } from '../../core/input/known-members.js'
import { isDue, nextAttemptAt } from '../../core/providers/due.js'
import { UserKeyError, TooManyRunsError } from '../../errors.js'
import { isReadOnTheWay } from '../../upstream/loopback-address.js'
import type { Database } from '../../store/database.js'
import { readUserProviders, type UserProviderRow } from '../../store/user-keys/user-providers.js'
import { credentialOf } from '../sync/fingerprint.js'
import { ModelSyncService, type ModelSyncServiceOptions } from '../sync/model-sync-service.js'
import type { ProviderSetup } from '../providers/provider-setup.js'
import type { RunProgress } from '../../core/records/run-progress.js'
import { SYNC_OPTIONS, type SyncOptions } from '../sync/sync-request.js'
import type { UserSyncResult } from '../sync/sync-result.js'
import type { SyncResult } from '../../core/records/sync-result.js'
import type { UserKeyService, UserKey } from './user-keys.js'
import { UserShelf } from './user-sync-target.js'

export interface UserSyncsOptions extends Omit<
  ModelSyncServiceOptions,
  'defaultProviders' | 'allProviders' | 'shelf' | 'runsTable' | 'hooks' | 'modelsJson'
> {
  keys: UserKeyService
  /** After each run. */
  finished(): void
}

// Each user's sync asks a few providers already, and holds what they list.
const USERS_AT_ONCE = 4
const MOST_WAITING = 20
const RETRY_AFTER_SECONDS = 30
// Where no interval is set, the pauses after failures are counted in hours.
const BASE_MINUTES = 60

interface Entry {
  userId: string
  service: ModelSyncService
  callers: number
  /** Until it is the turn of this user's runs that write; `null`: none was asked for. */
  turn: Promise<void> | null
  /** Gives the turn back. */
  leave: () => void
}

export class UserSyncs {
  private readonly database: Database
  /** By user and keys: equal callers share a run, and a key that was changed meanwhile is not mistaken for the one before. */
  private readonly services = new Map<string, Entry>()
  private readonly places = pLimit(USERS_AT_ONCE)
  private readonly warned = new Set<string>()

  constructor(private readonly options: UserSyncsOptions) {
    this.database = options.database
  }

  /** Whether a sync by this user would use keys of the user's own. */
  async hasKeys(userId: string): Promise<boolean> {
    return (await this.ownProviders(userId)).length > 0
  }

  /** Slugs of the providers that such a sync would ask. */
  async ownProviders(userId: string): Promise<string[]> {
    return this.options.keys.activeProviders(userId)
  }

  /** How far the user's run in progress in this process is; `null`: there is none. */
  runProgress(userId: string): RunProgress | null {
    const running = [...this.services.values()].find((entry) => entry.userId === userId && entry.service.running)
    return running?.service.runProgress ?? null
  }

  /** @see ModelSyncService.syncModels. @throws UserKeyError when the user has no active key */
  async syncModels(userId: string, options: SyncOptions = {}): Promise<SyncResult> {
    checkMembers('userSyncs.syncModels', options, SYNC_OPTIONS)
    const keys = await this.options.keys.activeKeys(userId)
    if (keys.length === 0)
      throw new UserKeyError(
        'you have no active key: save one with PUT /models/credentials/<provider>, or let an administrator sync with the keys of the backend',
      )
    return this.run(userId, keys, options)
  }

  /** Each user with active keys, some at once. What only a user's key has shown is not told: neither plan nor warnings. Throws nothing for one user. */
  async syncAll(options: Pick<SyncOptions, 'trigger'>): Promise<UserSyncResult[]> {
    const byUser = new Map<string, UserKey[]>()
    for (const key of await this.options.keys.activeKeys(null))
      byUser.set(key.userId, [...(byUser.get(key.userId) ?? []), key])
    const limit = pLimit(USERS_AT_ONCE)
    return Promise.all(
      [...byUser].map(([userId, keys]) =>
        limit(async () => ({ userId, ...withoutDetails(await this.run(userId, keys, options)) })),
      ),
    )
  }

  async close(): Promise<void> {
    await Promise.all([...this.services.values()].map(({ service }) => service.close()))
  }

  private async run(userId: string, keys: readonly UserKey[], options: SyncOptions): Promise<SyncResult> {
    const automatic = options.trigger !== undefined && options.trigger !== 'manual'
    const rows = await readUserProviders(this.database, userId)
    const states = new Map(rows.map((row): [string, UserProviderRow] => [row.slug, row]))
    const setups = this.options.providers.map((setup) => {
      const key = keys.find(({ provider }) => provider === setup.source.slug)
      return this.setUp(setup, { userId, apiKey: key?.apiKey ?? null, automatic }, states.get(setup.source.slug))
    })
    const id = JSON.stringify([
      userId,
      hash('sha256', JSON.stringify([keys, setups.map(({ unusable }) => unusable)]), 'hex'),
    ])
    const entry = this.services.get(id) ?? {
      userId,
      service: this.serviceOf(userId, keys, setups),
      callers: 0,
      turn: null,
      leave: () => undefined,
    }
    // Dry runs have a limit of their own.
    if (options.dryRun !== true) entry.turn ??= this.takeTurn(entry, automatic)
    this.services.set(id, entry)
    entry.callers += 1
    try {
      if (options.dryRun !== true) await entry.turn
      return await entry.service.syncModels({ ...options, userId })
    } finally {
      entry.callers -= 1
      if (entry.callers === 0) {
        this.services.delete(id)
        entry.leave()
      }
      this.options.finished()
    }
  }

  /** Waits behind the users before. @throws TooManyRunsError */
  private takeTurn(entry: Entry, automatic: boolean): Promise<void> {
    const { pendingCount } = this.places
    if (!automatic && pendingCount >= MOST_WAITING) {
      const message = `syncs of ${pendingCount} users wait for their turn, which is the most; try again when some have ended`
      throw Object.assign(new TooManyRunsError(message), { retryAfter: RETRY_AFTER_SECONDS })
    }
    const left = new Promise<void>((resolve) => (entry.leave = resolve))
    return new Promise((come) => {
      void this.places(() => {
        come()
        return left
      })
    })
  }

  private serviceOf(userId: string, keys: readonly UserKey[], providers: readonly ProviderSetup[]): ModelSyncService {
    const { keys: _, finished: __, ...options } = this.options
    return new ModelSyncService({
      ...options,
      providers,
      defaultProviders: keys.map(({ provider }) => provider),
      allProviders: keys.map(({ provider }) => provider),
      intervalMinutes: null,
      hooks: {},
      shelf: (context) =>
        new UserShelf(context, userId, new Map(keys.map(({ provider, since = null }) => [provider, since]))),
      runsTable: 'user_runs',
    })
  }

  /** Once for each provider. */
  private warnOfPlainHttp(slug: string, address: string | null): void {
    if (address === null || this.warned.has(slug) || !isReadOnTheWay(address)) return
    this.warned.add(slug)
    const facts = { provider: slug, host: new URL(address).host }
    this.options.log.warn(facts, 'Keys of users are sent over plain http to another host; use https')
  }

  /** A provider as the user reaches it. */
  private setUp(
    setup: ProviderSetup,
    { userId, apiKey, automatic }: { userId: string; apiKey: string | null; automatic: boolean },
    state: UserProviderRow | undefined,
  ): ProviderSetup {
    const { slug, key } = setup.source
    // The operator's variables are no advice for a user.
    const source = { ...setup.source, key: { ...key, variables: [] } }
    const own = { ...setup, source, apiKey, keySettings: {} }
    const save = `PUT /models/credentials/${slug}`
    if (apiKey === null) return { ...own, unusable: `you have no active key for it: save one with ${save}` }
    if ((key.settings ?? []).length > 0)
      return { ...own, unusable: 'its credential is more than one key, which cannot be kept for a user' }
    // It may read files and settings of this machine, which a user could name in place of a key.
    if (source.authorize !== undefined)
      return { ...own, unusable: 'its requests are authorized by more than a key, which cannot be done for a user' }
    this.warnOfPlainHttp(slug, setup.address)
    const digests = this.options.digests.row('user_providers', userId, slug)
    const refused = state?.refusedCredential ?? null
    if (state !== undefined && refused !== null && digests.matches(refused, 'credential', credentialOf(apiKey)))
      return { ...own, unusable: `it has refused the key (${state.refusedReason ?? ''}); save another with ${save}` }
    const minutes = this.options.intervalMinutes ?? BASE_MINUTES
    if (automatic && state !== undefined && !isDue(state, minutes, this.options.now()))
      return {
        ...own,
        unusable: `it is not due before ${nextAttemptAt(state, minutes)} (${state.consecutiveFailures} failures in a row)`,
      }
    return own
  }
}

function withoutDetails({ plan: _, planHash: __, ...result }: SyncResult): SyncResult {
  const providers = result.providers.map((provider) => ({ ...provider, warnings: [] }))
  return { ...result, warnings: [], providers }
}
