/** Builds the services over a pool: what the plugin and the command line have in common. Knows nothing of Fastify. */
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { autoSyncInterval, newsSubscriptions, tickInterval, type SyncSettings } from '../options.js'
import { CatalogueService } from '../services/catalogue/catalogue-service.js'
import { ChangelogService } from '../services/catalogue/changelog-service.js'
import { DeprecationService } from '../services/catalogue/deprecation-service.js'
import { CredentialRotation } from '../services/user-keys/key-rotation.js'
import { CredentialVault } from '../services/user-keys/key-vault.js'
import type { ModelDirectory } from '../services/names/model-directory.js'
import type { DatabaseClock } from '../services/database-clock.js'
import { DailyStats } from '../services/catalogue/daily-stats.js'
import { DeadRuns } from '../services/runs/dead-runs.js'
import { DryRuns } from '../services/sync/dry-runs.js'
import { KnownProviders } from '../services/known-providers.js'
import { LoginSync } from '../services/triggers/login-sync.js'
import { ModelEditor } from '../services/catalogue/model-editor.js'
import { ModelFiller } from '../services/catalogue/fill-models.js'
import { ModelSyncService } from '../services/sync/model-sync-service.js'
import { MODELS_JSON_PROVIDER } from '../services/models-json/upstream-list.js'
import { ModelsJsonService } from '../services/models-json/models-json-service.js'
import { NewsService } from '../services/news/news-service.js'
import { ProbeService } from '../services/probes/probe-service.js'
import { PriceService } from '../services/prices/price-service.js'
import { ProviderService } from '../services/providers/provider-service.js'
import { RunHistory } from '../services/runs/run-history.js'
import { RunRetention } from '../services/runs/run-retention.js'
import type { SecretDigests } from '../services/secret-digests.js'
import type { HostHooks } from '../services/sync/sync-context.js'
import type { AppliedChange } from '../services/applied-changes.js'
import type { SyncLog } from '../services/log.js'
import { missingOf } from '../services/sync/skipped-providers.js'
import type { SyncResult } from '../services/sync/sync-result.js'
import { SyncStatusService } from '../services/runs/sync-status-service.js'
import { UndoService } from '../services/sync/undo-service.js'
import { UserCredentials, type HostCredentials } from '../services/user-keys/user-keys.js'
import { UserSyncs } from '../services/user-keys/user-syncs.js'
import { WebhookSyncs } from '../services/triggers/webhook-syncs.js'
import { WithheldActors } from '../services/names/withheld-actors.js'
import { createHttpClient } from '../upstream/http-client.js'
import { readProxyRules } from '../upstream/proxy-rules.js'
import { openDatabase } from '../store/database.js'
import { USER_AGENT, VERSION } from '../version.js'
import { openLanes, type LanesInput } from './lanes.js'
import { openModelDirectory } from './open-model-directory.js'
import { openPriceBook } from './open-price-book.js'
import { readAuthorities } from './provider-gateway.js'
import type { ProviderSetups } from './provider-setups.js'

export interface ServicesInput extends Omit<LanesInput, 'settings'> {
  settings: SyncSettings
  log: SyncLog
  hooks: HostHooks
  /** Default: keys of users are kept in our table. */
  hostCredentials?: HostCredentials | null
  providers: ProviderSetups
  /** Measured already. */
  clock: DatabaseClock
  digests: SecretDigests
}

export interface Services {
  modelSync: ModelSyncService
  credentials: UserCredentials
  rotation: CredentialRotation
  userSyncs: UserSyncs
  catalogue: CatalogueService
  changelog: ChangelogService
  runs: RunHistory
  status: SyncStatusService
  days: DailyStats
  prices: PriceService
  login: LoginSync
  editor: ModelEditor
  deprecations: DeprecationService
  news: NewsService
  providers: ProviderService
  probes: ProbeService
  webhookSyncs: WebhookSyncs
  /** Slugs that a sync of "all" takes: MODEL_SYNC_PROVIDERS when it is set, else every provider that can be asked. */
  allProviders: readonly string[]
  /** Slugs that such a sync leaves out for want of a key. */
  keylessProviders: readonly string[]
  undo: UndoService
  /** The models in memory, for resolving names. */
  directory: ModelDirectory
  withheldActors: WithheldActors
  deadRuns: DeadRuns
  /**
   * Ends every run early, waits for them, and closes what goes out to HTTP; what then still waits for the database is cut off after 2 seconds.
   * The pool is the caller's.
   */
  close(): Promise<void>
}

// Runs that were ended put that on record; nobody should wait longer for a server that closes.
const CLOSE_GRACE_MS = 2000

export function createServices({
  pool: shared,
  connections,
  embedded,
  settings,
  log,
  hooks,
  hostCredentials = null,
  providers,
  clock,
  digests,
}: ServicesInput): Services {
  const { schema } = settings
  const lanes = openLanes({ pool: shared, connections, embedded, settings })
  const { pool, reads, edits } = lanes
  const { now } = clock
  const intervalMinutes = tickInterval(settings)
  const untilLearned = settings.adaptive ? autoSyncInterval(settings) : null
  const { timeoutMs } = settings
  const proxy = readProxyRules(settings, (problem) => log.warn(problem))
  const ca = readAuthorities(settings.tls, (line) => log.warn(line))
  const client = createHttpClient({ timeoutMs, proxy, ca })
  const fetching = {
    client,
    userAgent: USER_AGENT,
    wait: async (ms: number, signal: AbortSignal) => void (await delay(ms, undefined, { signal, ref: false })),
    random: Math.random,
  }
  const maxRunMs = settings.maxRunMinutes * 60_000
  const dryRuns = new DryRuns<SyncResult>(maxRunMs)
  const common = {
    pool,
    schema,
    log,
    now,
    digests,
    providers: providers.setups,
    concurrency: settings.concurrency,
    maxRunMs,
    dryRuns,
    intervalMinutes,
    origin: { appVersion: VERSION, replica: settings.replica ?? `${hostname()}:${process.pid}` },
    fetching,
  }
  const modelSync = new ModelSyncService({
    ...common,
    untilLearned,
    defaultProviders: providers.defaults,
    allProviders: providers.all,
    modelsJson: openModelsJson({ pool, settings, log, providers, clock }),
    hooks,
  })
  const retention = new RunRetention({ pool, schema, days: settings.historyDays, log, now })
  const deadRuns = new DeadRuns({ pool, schema, log, now, replica: common.origin.replica })
  modelSync.events.on('started', () => deadRuns.endSometimes())
  modelSync.events.on('finished', () => retention.pruneSometimes())
  const slugs = providers.setups.map(({ source }) => source.slug)
  const known = new KnownProviders({ pool: reads, schema, slugs })
  const { staleDays } = settings
  const subscriptions = newsSubscriptions(settings)
  const directory = openModelDirectory({ pool: reads, settings, log, providers, modelSync })
  const vault = new CredentialVault(settings.encryptionKey ?? null)
  const rotation = new CredentialRotation({ pool, schema, vault, log })
  const credentials = new UserCredentials({
    pool: reads,
    schema,
    vault,
    providers: providers.setups.map(({ source }) => source.slug),
    host: hostCredentials,
    log,
    now,
  })
  const finished = (): void => {
    deadRuns.endSometimes()
    retention.pruneSometimes()
  }
  const userSyncs = new UserSyncs({ ...common, credentials, finished })
  const status = new SyncStatusService({
    pool: reads,
    schema,
    staleDays,
    providers: slugs,
    news: subscriptions.map(({ name }) => name),
    expected: {
      intervalMinutes,
      untilLearned,
      providers: providers.setups
        .filter((setup) => providers.defaults.includes(setup.source.slug) && missingOf(setup) === null)
        .map(({ source }) => source.slug),
      since: now(),
    },
    refusal: () => modelSync.recorder.refusal,
    ownProviders: (userId) => userSyncs.ownProviders(userId),
    now,
  })
  const allowed = settings.enabled !== false
  const login = new LoginSync({ modelSync, userSyncs, status, staleDays, allowed, log, now })
  const closed = new AbortController()
  const priceBook = settings.priceBook ? openPriceBook(settings, { log, now, client, signal: closed.signal }) : null
  const catalogue = new CatalogueService({
    filler: new ModelFiller({ database: openDatabase(reads, schema), priceBook }),
    pool: reads,
    schema,
    providers: [...new Set([...providers.defaults, ...slugs])],
    known,
    now,
  })
  const probes = new ProbeService({
    pool: reads,
    schema,
    log,
    now,
    enabled: settings.probe,
    budget: settings.probeBudget,
    providers: providers.setups,
    fetching,
    findModel: (id) => catalogue.model(id),
  })
  const webhookSyncs = new WebhookSyncs({ pool: reads, schema, log, now, modelSync })
  if (settings.probe && settings.probeNew) probeAddedModels(modelSync, probes)
  const committed = (provider: string, changes: readonly AppliedChange[]): void =>
    modelSync.events.tellChanges(provider, null, changes)
  const newsClient = settings.newsAllowPrivateTargets
    ? client
    : createHttpClient({ timeoutMs, proxy, ca, publicOnly: true })
  const news = new NewsService({
    pool: edits,
    schema,
    log,
    now,
    digests,
    subscriptions,
    client: newsClient,
    userAgent: USER_AGENT,
    timeoutMs,
    random: Math.random,
  })
  return {
    modelSync,
    catalogue,
    probes,
    webhookSyncs,
    credentials,
    rotation,
    userSyncs,
    changelog: new ChangelogService({ pool: reads, schema, known }),
    runs: new RunHistory({ pool: reads, schema, known }),
    status,
    days: new DailyStats({ pool: reads, schema, now }),
    prices: new PriceService({ pool: reads, schema, now }),
    login,
    editor: new ModelEditor({ pool: edits, schema, now, committed }),
    deprecations: new DeprecationService({ pool: reads, schema, known, now }),
    news,
    providers: new ProviderService({
      pool: reads,
      edits,
      schema,
      providers: providers.setups,
      intervalMinutes,
      untilLearned,
      now,
      committed,
    }),
    allProviders: settings.providers === undefined ? providers.all : providers.defaults,
    keylessProviders: providers.keyless,
    undo: new UndoService({ pool, schema, now, modelSync, dryRuns }),
    directory,
    deadRuns,
    withheldActors: new WithheldActors({ pool: reads, schema }),
    close: async () => {
      const finish = lanes.close(CLOSE_GRACE_MS)
      await directory.close()
      await webhookSyncs.close()
      // First, so that it starts no sync behind those that are ended now.
      const loggedIn = login.close()
      await Promise.all([modelSync.close(), userSyncs.close()])
      await probes.close()
      await loggedIn
      await Promise.all([retention.close(), rotation.close(), deadRuns.close()])
      closed.abort()
      await priceBook?.settled()
      await news.close()
      for (const each of new Set([client, newsClient])) await each.close()
      await finish()
    },
  }
}

/** After a run, not while it lasts: what a model answers must not delay the result. */
function probeAddedModels({ events }: ModelSyncService, probes: ProbeService): void {
  const added: string[] = []
  events.on('applied', ({ changes }) => {
    for (const { kind, modelId } of changes) if (kind === 'added') added.push(modelId)
  })
  events.on('finished', () => probes.probeAdded(added.splice(0)))
}

function openModelsJson({
  pool,
  settings: { schema, modelsJsonPath: file },
  log,
  providers,
  clock,
}: Omit<ServicesInput, 'hooks' | 'digests'>): ModelsJsonService | null {
  const setup = providers.setups.find(({ source }) => source.slug === MODELS_JSON_PROVIDER)
  if (file === undefined || setup === undefined) return null
  return new ModelsJsonService({ pool, schema, file, setup, log, now: clock.now })
}
