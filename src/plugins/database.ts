/** The database plugin: pool, migrations, one ModelSyncService, the startup sync and the auto-sync integration service. */
import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { Resolution, ResolveOptions } from '../catalog/resolver.js'
import type { Trigger } from '../catalog/run.js'
import { syncsOnStartup, tickInterval, type SyncSettings } from '../options.js'
import type { CatalogueService } from '../services/catalogue-service.js'
import type { ChangelogService } from '../services/changelog-service.js'
import type { DeprecationService } from '../services/deprecation-service.js'
import type { DailyStats } from '../services/daily-stats.js'
import type { DirectoryStats } from '../services/directory-stats.js'
import { LiteLLMIntegrationService } from '../services/litellm-integration-service.js'
import type { StaleOptions } from '../services/login-sync.js'
import type { ModelDirectory } from '../services/model-directory.js'
import type { ModelEditor } from '../services/model-editor.js'
import type { ModelSyncService } from '../services/model-sync-service.js'
import type { NewsService } from '../services/news-service.js'
import type { Cost, CostQuery, PricesAt, PriceService, Time } from '../services/price-service.js'
import type { ProbeOptions, ProbeRecord, ProbeService } from '../services/probe-service.js'
import type { ProviderService } from '../services/provider-service.js'
import type { RunHistory } from '../services/run-history.js'
import { PublicModelList } from '../services/public-model-list.js'
import { RevisionWatch } from '../services/revision-watch.js'
import type { HostHooks } from '../services/sync-context.js'
import type { ModelSyncEvents } from '../services/sync-events.js'
import type { RunProgress } from '../services/sync-progress.js'
import type { SyncOptions } from '../services/sync-request.js'
import type { SyncResult, UserSyncResult } from '../services/sync-result.js'
import type { SyncStatusService } from '../services/sync-status-service.js'
import type { UndoOptions } from '../services/undo-service.js'
import type { UserCredentials, HostCredentials } from '../services/user-credentials.js'
import type { UserSyncs } from '../services/user-syncs.js'
import type { Source } from '../sources/source.js'
import type { WebhookSyncs } from '../services/webhook-syncs.js'
import { migrate } from '../store/migrate.js'
import { openPool } from './pool.js'
import { providerSetups } from './provider-setups.js'
import { createResolveRequest, type ResolveRequestOptions } from './resolve-request.js'
import { openScheduler } from './scheduler.js'
import { createServices } from './services.js'

/** What the plugin decorates Fastify with. */
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
  /** @see UndoService.undo */
  undo(runId: string, options?: UndoOptions): Promise<SyncResult>
  /**
   * Which model a name means: an id, a name, an alias; blank is the type's default. In memory; a sync by this process is seen at once, another's
   * within a second.
   * @throws ResolveError; 503 while there are no models at all
   */
  resolve(name: string | null | undefined, options?: ResolveOptions): Promise<Resolution>
  /** The same without waiting, for code that cannot: also throws, and begins to load, before anything was loaded. */
  resolveCached(name: string | null | undefined, options?: ResolveOptions): Resolution
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

export interface DatabaseOptions extends SyncSettings {
  hooks: HostHooks
  /** The host's own. */
  sources: readonly Source[]
  /** Who asks; `null`: nobody in particular. */
  user(request: FastifyRequest): string | null
  /** `null`: keys of users are kept in our table. */
  hostCredentials: HostCredentials | null
}

// Two pages, on one replica or on two, show the same within two seconds.
const REVISION_INTERVAL_MS = 1000

/** Awaits the database, so that a host whose database is away fails its registration with a clear error. */
async function databasePlugin(fastify: FastifyInstance, settings: DatabaseOptions): Promise<void> {
  const { pool, where, embedded } = await openPool(fastify, settings)
  await migrate(pool, { schema: settings.schema, log: fastify.log })
  fastify.log.info({ schema: settings.schema }, `The model catalogue is in ${where}`)
  const servedAt = async (url: string): Promise<void> => embedded?.describe({ url })
  fastify.addHook('onListen', () => servedAt(fastify.listeningOrigin))

  const services = createServices({
    pool,
    settings,
    log: fastify.log,
    hooks: settings.hooks,
    hostCredentials: settings.hostCredentials,
    providers: providerSetups(settings, fastify.log),
  })
  const {
    modelSync,
    catalogue,
    changelog,
    runs,
    status,
    days,
    prices,
    editor,
    providers,
    probes,
    webhookSyncs,
    allProviders,
    undo,
    directory,
    credentials,
    userSyncs,
  } = services
  const revisions = new RevisionWatch({ read: () => catalogue.revision(), intervalMs: REVISION_INTERVAL_MS })
  const list = new PublicModelList(catalogue)
  let unwatch: (() => void) | null = null
  // From the first use on, since many hosts resolve nothing.
  const resolver = (): ModelDirectory => {
    unwatch ??= revisions.watch(() => void directory.refresh())
    return directory
  }
  let unwatchList: (() => void) | null = null
  const publicList = {
    get: () => {
      unwatchList ??= revisions.watch((revision) => list.changed(revision))
      return list.get()
    },
  }
  const refreshResolver = async (): Promise<void> => {
    list.changed(null)
    if (unwatch !== null) await directory.refresh()
  }
  const interval = tickInterval(settings)
  const integration =
    interval === null
      ? null
      : new LiteLLMIntegrationService({
          modelSync,
          scheduler: await openScheduler(fastify),
          log: fastify.log,
          intervalMinutes: interval,
          now: Date.now,
        })
  const syncModels = async (options?: SyncOptions): Promise<SyncResult> => {
    const result = await modelSync.syncModels(options)
    // Who has asked for the sync resolves by what it brought.
    if (!result.dryRun) await refreshResolver()
    return result
  }
  fastify.decorateRequest('modelResolution', null)
  fastify.decorate('modelSync', {
    syncModels,
    syncForAll: async ({ trigger }) => [
      { userId: null, ...(await syncModels({ trigger })) },
      ...(await userSyncs.syncAll({ trigger })),
    ],
    credentials,
    userSyncs,
    cancelSync: () => modelSync.cancel(),
    get running() {
      return modelSync.running
    },
    get runProgress() {
      return modelSync.runProgress
    },
    get nextSyncAt() {
      return integration?.nextSyncAt ?? null
    },
    catalogue,
    changelog,
    runs,
    status,
    days,
    prices,
    priceAt: (model, time) => prices.at(model, time),
    cost: (query) => prices.cost(query),
    syncIfStale: (options) => services.login.syncIfStale(options),
    editor,
    deprecations: services.deprecations,
    news: services.news,
    providers,
    probes,
    webhookSyncs,
    probe: (id, options) => probes.probe(id, options),
    allProviders,
    undo: async (runId, options) => {
      const result = await undo.undo(runId, options)
      await refreshResolver()
      return result
    },
    resolve: (name, options) => resolver().resolve(name, options),
    resolveCached: (name, options) => resolver().resolveCached(name, options),
    resolveRequest: createResolveRequest((name, options) => resolver().find(name, options), settings.user),
    publicList,
    resolverStats: () => resolver().stats(),
    refreshResolver,
    servedAt,
    watchRevision: (listener) => revisions.watch(listener),
    on: (event, listener) => void modelSync.events.on(event, listener as never),
    off: (event, listener) => void modelSync.events.off(event, listener as never),
  })

  await services.news.register()
  for (const event of ['change', 'finished'] as const) modelSync.events.on(event, () => services.news.wake())

  let startup: Promise<void> | null = null
  fastify.addHook('onReady', async () => {
    services.news.start()
    // Started, never awaited: a slow upstream must not keep the server from booting.
    if (syncsOnStartup(settings)) startup = syncOnStartup(fastify, modelSync, settings)
    if (integration === null) return
    fastify.log.info('Starting automatic model synchronization service')
    if (settings.modelsJsonPath !== undefined && interval !== null)
      fastify.log.info(`Starting background model sync (every ${Math.round((interval / 60) * 100) / 100} hours)`)
    integration.startAutoSync({ immediately: startup === null })
  })
  // Hooks run last-registered first: every run has ended before the pool closes.
  fastify.addHook('onClose', async () => {
    if (integration !== null) {
      fastify.log.info('Stopping automatic model synchronization service')
      await integration.stopAutoSync()
    }
    unwatch?.()
    unwatchList?.()
    await services.close()
    await startup
  })
}

/** Throws nothing: the server goes on with the catalogue it has. */
async function syncOnStartup(
  fastify: FastifyInstance,
  modelSync: ModelSyncService,
  settings: SyncSettings,
): Promise<void> {
  try {
    const result = await modelSync.syncModels({ trigger: 'startup' })
    const { totalModels, newModels, updatedModels, unavailableModels, errors, warnings, runId } = result
    const facts = { runId, totalModels, newModels, updatedModels, unavailableModels, warnings }
    if (!result.success) return fastify.log.error({ ...facts, errors }, 'Failed to sync models on startup')
    fastify.log.info(facts, 'Initial model sync completed')
    if (settings.modelsJsonPath !== undefined) fastify.log.info('Model sync completed successfully during startup')
  } catch (error) {
    fastify.log.error({ err: error }, 'Failed to sync models on startup')
  }
}

export default fp(databasePlugin, { name: 'fastify-model-sync-database', fastify: '5.x' })
