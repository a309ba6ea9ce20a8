/** The database plugin: pool, migrations, one ModelSyncService, the startup sync and the auto-sync integration service. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { checkMembers } from '../core/input/known-members.js'
import { DatabaseError } from '../errors.js'
import { syncsOnStartup, tickInterval, type SyncSettings } from '../options.js'
import { DatabaseClock } from '../services/database-clock.js'
import { LiteLLMIntegrationService } from '../services/triggers/litellm-integration-service.js'
import type { ModelDirectory } from '../services/names/model-directory.js'
import type { ModelSyncService } from '../services/sync/model-sync-service.js'
import { PublicModelList } from '../services/catalogue/openai-model-list.js'
import { RevisionWatch } from '../services/catalogue/revision-watch.js'
import { openSecretDigests } from '../services/secret-digests.js'
import type { HostHooks } from '../services/sync/sync-context.js'
import type { SyncOptions } from '../services/sync/sync-request.js'
import type { SyncResult } from '../services/sync/sync-result.js'
import type { HostCredentials } from '../services/user-keys/user-keys.js'
import type { Source } from '../sources/kit/source.js'
import { cancelsSent } from '../store/connection/cancel-statement.js'
import { boundPool } from '../store/connection/database-pool.js'
import type { DatabasePool } from '../store/database.js'
import { migrate } from '../store/migrate.js'
import { refusalAtStart } from '../store/connection/start-refusal.js'
import { BOOT_SIGNAL } from './boot-signal.js'
import { openPool } from './open-pool.js'
import { checkAddresses, providerSetups } from './provider-setups.js'
import { createResolveRequest } from './resolve-request-hook.js'
import { openScheduler } from './open-scheduler.js'
import { createServices } from './create-services.js'

interface DatabaseOptions extends SyncSettings {
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
  // Before the database: a wrong option is reported at once.
  const setups = providerSetups(settings, fastify.log)
  checkAddresses(setups, setups.defaults)
  const { pool, connections, where, embedded } = await openPool(fastify, settings)
  await migrate(untilClosed(fastify, pool), {
    schema: settings.schema,
    assetsDir: settings.assetsDir,
    log: fastify.log,
  })
  fastify.log.info({ schema: settings.schema }, `The model catalogue is in ${where}`)
  const servedAt = async (url: string): Promise<void> => embedded?.describe({ url })
  fastify.addHook('onListen', () => servedAt(fastify.listeningOrigin))

  const clock = new DatabaseClock(pool, settings.schema)
  await clock.measure()
  const digests = await openSecretDigests(pool, settings)
  const services = createServices({
    pool,
    connections,
    embedded: embedded !== null,
    clock,
    digests,
    settings,
    log: fastify.log,
    hooks: settings.hooks,
    hostCredentials: settings.hostCredentials,
    providers: setups,
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
    keylessProviders,
    undo,
    directory,
    credentials,
    userSyncs,
  } = services
  const revisions = new RevisionWatch({ read: () => catalogue.revision(), intervalMs: REVISION_INTERVAL_MS })
  const list = new PublicModelList(catalogue, settings.openaiIds)
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
          now: clock.now,
        })
  const syncModels = async (options?: SyncOptions): Promise<SyncResult> => {
    const result = await modelSync.syncModels(options)
    // Who has asked for the sync resolves by what it brought.
    if (!result.dryRun) await refreshResolver()
    return result
  }
  // A catalogue of an outer scope may have it.
  if (!fastify.hasRequestDecorator('modelResolution')) fastify.decorateRequest('modelResolution', null)
  fastify.decorate('modelSync', {
    syncModels,
    syncForAll: async (options) => {
      checkMembers('syncForAll', options, { trigger: true })
      const { trigger } = options
      return [{ userId: null, ...(await syncModels({ trigger })) }, ...(await userSyncs.syncAll({ trigger }))]
    },
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
    keylessProviders,
    undo: async (runId, options) => {
      const result = await undo.undo(runId, options)
      await refreshResolver()
      return result
    },
    resolve: (name, options) => resolver().resolve(name, options),
    resolveAll: (names, options) => resolver().resolveAll(names, options),
    resolveCached: (name, options) => resolver().resolveCached(name, options),
    resolveRequest: createResolveRequest((name, options) => resolver().find(name, options), settings.user),
    withheldActors: services.withheldActors,
    publicList,
    resolverStats: () => resolver().stats(),
    refreshResolver,
    servedAt,
    watchRevision: (listener) => revisions.watch(listener),
    on: (event, listener) => void modelSync.events.on(event, listener as never),
    off: (event, listener) => void modelSync.events.off(event, listener as never),
  })

  await services.news.register().catch((error: Error) => {
    throw refusalAtStart(error, settings.schema)
  })
  for (const event of ['change', 'finished'] as const) modelSync.events.on(event, () => services.news.wake())

  let startup: Promise<void> | null = null
  fastify.addHook('onReady', async () => {
    services.news.start()
    void services.deadRuns.endAtStart()
    if (settings.hostCredentials === null) services.rotation.start()
    // Started, never awaited: a slow upstream must not keep the server from booting.
    if (syncsOnStartup(settings)) startup = syncOnStartup(fastify, modelSync, settings)
    if (integration === null) return
    fastify.log.info('Starting automatic model synchronization service')
    if (settings.modelsJsonPath !== undefined && interval !== null)
      fastify.log.info(`Starting background model sync (every ${Math.round((interval / 60) * 100) / 100} hours)`)
    // The startup sync is the first one; who has switched it off waits for the interval.
    integration.startAutoSync({ immediately: false })
  })
  let closed: Promise<unknown> | null = null
  const close = (): Promise<unknown> => {
    if (closed !== null) return closed
    if (integration !== null) fastify.log.info('Stopping automatic model synchronization service')
    unwatch?.()
    unwatchList?.()
    // Together, since each of them waits for runs.
    closed = Promise.all([integration?.stopAutoSync(), services.close()])
    closed.catch(() => undefined)
    return closed
  }
  // Before onClose, for which the server waits until its requests are answered: they may wait for a run, or for the database.
  fastify.addHook('preClose', async () => void close())
  // Hooks run last-registered first: every run has ended before the pool closes.
  fastify.addHook('onClose', async () => {
    await close()
    await startup
  })
}

/** The same pool, for a start that may wait long for another replica's: closing ends the wait, and what PostgreSQL does for it. */
function untilClosed(fastify: FastifyInstance, pool: DatabasePool): DatabasePool {
  const closing = new AbortController()
  // Runs before the pool's own hook, which would wait for its clients; also after a start that took too long for Fastify.
  fastify.addHook('onClose', async () => {
    closing.abort(new DatabaseError('the server is closing'))
    await cancelsSent()
  })
  const signals = [closing.signal]
  if (fastify.hasDecorator(BOOT_SIGNAL)) signals.push(fastify.getDecorator<AbortSignal>(BOOT_SIGNAL))
  return boundPool(pool, { timeoutMs: null, signals })
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
