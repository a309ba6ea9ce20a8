/** Room: the services of one subject, with what they begin and end; `RoomContext` is what each of them is made from. */
import type { ToadScheduler } from 'toad-scheduler'
import type { NewsSubscription } from '../core/news/subscription.js'
import type { SyncSettings } from '../options/settings.js'
import type { PooledDatabase } from '../store/database.js'
import type { HttpClientOptions } from '../upstream/http-client.js'
import type { FetchOptions } from '../upstream/read-source.js'
import type { Hints } from './hints.js'
import type { KnownProviders } from './known-providers.js'
import type { SyncLog } from './log.js'
import type { ProviderSetups } from './providers/provider-setup.js'
import type { SecretDigests } from './secret-digests.js'

export interface RoomContext {
  /** For syncs, and what else happens behind requests. */
  database: PooledDatabase
  /** For requests. */
  reads: PooledDatabase
  /** For requests that may wait for a provider which is being applied. */
  edits: PooledDatabase
  settings: SyncSettings
  log: SyncLog
  /** The database's time, ms since 1970. */
  now(): number
  digests: SecretDigests
  providers: ProviderSetups
  /** One for each provider that has a source. */
  slugs: readonly string[]
  known: KnownProviders
  /** What other processes say that they have done, where the database can pass it on. */
  hints: Hints
  /** How HTTP goes out, for a client of a room's own. */
  http: HttpClientOptions
  fetching: Pick<FetchOptions, 'client' | 'userAgent' | 'wait' | 'random'>
  /** No other process can be at work on the database: it is the embedded one, whose folder is locked. */
  alone: boolean
  /** What runs say of the process that carries them out. */
  origin: { appVersion: string; replica: string }
  /** Minutes between two looks at what is due, and between two syncs until that was learned; `null`: never, not learned. */
  schedule: { intervalMinutes: number | null; untilLearned: number | null }
  syncsOnStartup: boolean
  subscriptions: readonly NewsSubscription[]
  scheduler: Pick<ToadScheduler, 'addSimpleIntervalJob' | 'addLongIntervalJob' | 'removeById'>
}

export interface Room<Service> {
  /** The room's part of `fastify.modelSync`, under the room's word. */
  readonly service: Service
  /** Awaited before the server is ready. @throws what keeps it from starting */
  prepare?(): Promise<void>
  /** When the server is ready. Throws nothing, and nobody waits for what it begins. */
  start?(): unknown
  /** Ends what was begun, and waits for it. Begins to do so before it returns. */
  stop?(): Promise<unknown>
}
