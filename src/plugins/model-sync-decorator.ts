/** What the plugin decorates Fastify with: the whole of it for hosts and for the routes. */
import type { preHandlerAsyncHookHandler } from 'fastify'
import type { RefusedName } from '../core/names/resolve-all.js'
import type { Resolution, ResolveOptions } from '../core/names/model-resolver.js'
import type { Trigger } from '../core/records/run-words.js'
import type { CatalogueService } from '../services/catalogue/catalogue-service.js'
import type { ChangelogService } from '../services/catalogue/changelog-service.js'
import type { DeprecationService } from '../services/catalogue/deprecation-service.js'
import type { DailyStats } from '../services/catalogue/daily-stats.js'
import type { DirectoryStats } from '../services/names/directory-stats.js'
import type { StaleOptions } from '../services/triggers/login-sync.js'
import type { ModelEditor } from '../services/catalogue/model-editor.js'
import type { NewsService } from '../services/news/news-service.js'
import type { Cost, CostQuery, PricesAt, PriceService, Time } from '../services/prices/price-service.js'
import type { ProbeOptions, ProbeRecord, ProbeService } from '../services/probes/probe-service.js'
import type { ProviderService } from '../services/providers/provider-service.js'
import type { RunHistory } from '../services/runs/run-history.js'
import type { PublicModelList } from '../services/catalogue/openai-model-list.js'
import type { ModelSyncEvents } from '../services/sync/sync-events.js'
import type { RunProgress } from '../services/sync/run-progress.js'
import type { SyncOptions } from '../services/sync/sync-request.js'
import type { SyncResult, UserSyncResult } from '../services/sync/sync-result.js'
import type { SyncStatusService } from '../services/runs/sync-status-service.js'
import type { UndoOptions } from '../services/sync/undo-service.js'
import type { UserCredentials } from '../services/user-keys/user-keys.js'
import type { UserSyncs } from '../services/user-keys/user-syncs.js'
import type { WebhookSyncs } from '../services/triggers/webhook-syncs.js'
import type { WithheldActors } from '../services/names/withheld-actors.js'
import type { ResolveRequestOptions } from './resolve-request-hook.js'

/** `fastify.modelSync` */
export interface ModelSync {
  /** @see ModelSyncService.syncModels */
  syncModels(options?: SyncOptions): Promise<SyncResult>
  /** Syncs with the backend's own keys, then with those of each user who has active ones; the results in that order. @see ModelSyncService.syncModels */
  syncForAll(options: { trigger: Trigger }): Promise<UserSyncResult[]>
  /** Keys of users. */
  readonly credentials: UserCredentials
  /** Syncs with a user's own keys. */
  readonly userSyncs: UserSyncs
  /** Ends the run in progress: what is not yet applied is not applied. False when there is none. */
  cancelSync(): boolean
  /** Whether a run is in progress in this process. */
  readonly running: boolean
  /** How far the run in progress is; `null`: there is none in this process. */
  readonly runProgress: RunProgress | null
  /** When the next automatic sync starts, ISO 8601; `null`: auto-sync is off. */
  readonly nextSyncAt: string | null
  /** Every read of the catalogue. */
  readonly catalogue: CatalogueService
  /** What changed. */
  readonly changelog: ChangelogService
  /** The runs that there were. */
  readonly runs: RunHistory
  /** The last runs, whether a sync is due, which providers are well. */
  readonly status: SyncStatusService
  /** Models and changes by day, for charts. */
  readonly days: DailyStats
  /** Prices over time. */
  readonly prices: PriceService
  /** @see PriceService.at */
  priceAt(model: string, time?: Time): Promise<PricesAt>
  /** @see PriceService.cost */
  cost(query: CostQuery): Promise<Cost>
  /** @see LoginSync.syncIfStale */
  syncIfStale(options?: StaleOptions): void
  /** Pins, local models, visibility. */
  readonly editor: ModelEditor
  /** Which models end soon. */
  readonly deprecations: DeprecationService
  /** Who is told of changes. */
  readonly news: NewsService
  /** Providers as an operator sees and sets them. */
  readonly providers: ProviderService
  /** The smallest requests to models, and what they came to. */
  readonly probes: ProbeService
  /** Syncs that signed messages start. */
  readonly webhookSyncs: WebhookSyncs
  /** @see ProbeService.probe */
  probe(id: string, options?: ProbeOptions): Promise<ProbeRecord>
  /** Slugs that a sync of "all" takes: MODEL_SYNC_PROVIDERS when it is set, else every provider that can be asked. */
  readonly allProviders: readonly string[]
  /** Slugs that such a sync leaves out for want of a key; none where MODEL_SYNC_PROVIDERS names its providers one by one. */
  readonly keylessProviders: readonly string[]
  /** @see UndoService.undo */
  undo(runId: string, options?: UndoOptions): Promise<SyncResult>
  /**
   * Which model a name means: an id, a name, an alias; blank is the type's default. In memory; a sync by this process is seen at once, another's
   * within a second.
   * @throws ResolveError; 503 while there are no models at all
   */
  resolve(name: string | null | undefined, options?: ResolveOptions): Promise<Resolution>
  /** Up to some thousands of names by the same models, in slices of a few milliseconds; each is answered or refused by itself. @throws ResolveError 503 */
  resolveAll(names: readonly string[], options?: ResolveOptions): Promise<(Resolution | RefusedName)[]>
  /** The same without waiting and without suggestions, for code that cannot wait: also throws, and begins to load, before anything was loaded. */
  resolveCached(name: string | null | undefined, options?: ResolveOptions): Resolution
  /** Who made a model unavailable that a name leads to. @see WithheldActors */
  readonly withheldActors: WithheldActors
  /** A `preHandler` hook that replaces the model's name in the body by the resolved model's `providerModelId`. @see ResolveRequestOptions */
  resolveRequest(options?: ResolveRequestOptions): preHandlerAsyncHookHandler
  /** The available models in OpenAI's shape, as bytes. @see PublicModelList */
  readonly publicList: Pick<PublicModelList, 'get'>
  /** The state of what is in memory. */
  resolverStats(): DirectoryStats
  /** After a change by hand: what is in memory is up to date when this ends. Throws nothing. */
  refreshResolver(): Promise<void>
  /**
   * Tells other processes that want the embedded database where this one serves HTTP, prefix included: for a host that lets somebody else
   * listen; what `listen()` opens is told by itself. With a PostgreSQL there is nothing to tell. @throws the file system's error
   */
  servedAt(url: string): Promise<void>
  /**
   * Tells the catalogue's revision now and after each change, of this process or another, within a second.
   * @returns ends it
   */
  watchRevision(listener: (revision: number) => void): () => void
  /** @see ModelSyncEvents */
  on<Name extends keyof ModelSyncEvents>(event: Name, listener: (...args: ModelSyncEvents[Name]) => void): void
  off<Name extends keyof ModelSyncEvents>(event: Name, listener: (...args: ModelSyncEvents[Name]) => void): void
}

declare module 'fastify' {
  interface FastifyInstance {
    modelSync: ModelSync
  }
}
