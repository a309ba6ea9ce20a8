/** The catalogue in a database of this process: the services of the plugin, without a server. */
import { describeUnknownProvider } from '../../core/input/unknown-provider.js'
import { UnknownProviderError } from '../../errors.js'
import { DatabaseClock } from '../../services/database-clock.js'
import { openSecretDigests } from '../../services/secret-digests.js'
import type { SyncLog } from '../../services/log.js'
import type { ProviderSetup, ProviderSetups } from '../../services/providers/provider-setup.js'
import type { SyncSettings } from '../../options.js'
import { checkAddresses, providerSetups } from '../../plugins/provider-setups.js'
import { createServices, type Rooms } from '../../plugins/create-services.js'
import { openDatabase } from '../../store/database.js'
import { migrate } from '../../store/migrate.js'
import type { Backend, SyncObserver } from './backend.js'
import type { SyncOptions } from '../../core/records/sync-options.js'
import { observeSource } from './observed-source.js'
import { openPool } from './open-pool.js'

/**
 * Opens the database and brings its schema up to date.
 * @param named slugs that are about to be synced: a misspelled one is refused before the database
 * @throws OptionsError; UnknownProviderError; DatabaseError; MigrationError; DataDirectoryInUseError
 */
export async function openLocalBackend(
  settings: SyncSettings,
  log: SyncLog,
  named: readonly string[] = [],
): Promise<Backend> {
  // Before the database: a wrong option is told at once.
  const setups = providerSetups(settings, log)
  const withAll = (slugs: readonly string[]): string[] =>
    slugs.flatMap((slug) => (slug === 'all' ? setups.all : [slug]))
  refuseUnknown(setups, withAll(named))
  checkAddresses(setups, withAll(named))
  let observer: SyncObserver | null = null
  const observed = setups.setups.map((setup: ProviderSetup) => ({
    ...setup,
    source: observeSource(setup.source, setup.apiKey !== null, {
      read: (slug, entries) => observer?.read(slug, entries),
      finished: (slug) => observer?.finished(slug),
    }),
  }))
  const { rooms, where, applied, close } = await openServices(settings, { ...setups, setups: observed }, log)
  const { modelSync } = rooms.sync
  const catalogue = rooms.catalogue.service

  const sync = async (request: SyncOptions, told: SyncObserver, signal: AbortSignal): ReturnType<Backend['sync']> => {
    const slugs = request.planHash === undefined ? withAll(request.providers ?? setups.defaults) : []
    // Nobody is asked when one of them does not exist.
    for (const slug of slugs) modelSync.findProvider(slug)
    checkAddresses(setups, slugs)
    const { byProvider } = await catalogue.stats()
    told.started(slugs.map((slug) => ({ slug, expected: byProvider[slug] ?? 0 })))
    await rooms.runs.start()
    observer = told
    try {
      return await modelSync.syncModels({ ...request, trigger: 'cli', signal })
    } finally {
      observer = null
    }
  }

  return {
    ...reads(rooms),
    where,
    unasked: setups.unasked ? setups.all : null,
    sync,
    migrate: async () => ({ applied, where }),
    close,
  }
}

interface OpenServices {
  rooms: Rooms
  /** Without password. */
  where: string
  /** Migrations. */
  applied: string[]
  close(): Promise<void>
}

async function openServices(settings: SyncSettings, providers: ProviderSetups, log: SyncLog): Promise<OpenServices> {
  const { schema } = settings
  const { pool, connections, where, close } = await openPool(settings, log)
  try {
    let applied: string[] = []
    const onMigrated = (facts: object): void => void (applied = (facts as { migrations: string[] }).migrations)
    await migrate(pool, { schema, log: { info: onMigrated } })
    const clock = new DatabaseClock(openDatabase(pool, schema))
    await clock.measure()
    const digests = await openSecretDigests(pool, settings)
    const embedded = settings.databaseUrl === undefined
    const input = { clock, digests, pool, connections, embedded, settings, log, providers }
    const services = createServices({ ...input, hooks: {} })
    return {
      rooms: services.rooms,
      where: `${where}, schema ${schema}`,
      applied,
      close: async () => {
        await services.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function reads({ sync, catalogue: { service: catalogue }, runs, names, probes, providers, work }: Rooms) {
  return {
    models: (query) => catalogue.models(query),
    model: (id) => catalogue.model(id),
    resolve: async (asked, how) => names.service.withheldActors.tell(await names.directory.resolveAll(asked, how)),
    changes: (query) => catalogue.changelog.changes(query),
    runs: (query) => runs.service.list(query),
    run: (id) => runs.service.get(id),
    probe: (id, signal) => probes.service.probe(id, { signal }),
    clientFile: async (name) => (await catalogue.clientFiles.get(name, null)).body.toString(),
    providers: () => providers.service.list(),
    status: async () => {
      const [status, models, health, replicas] = await Promise.all([
        runs.service.status.status(),
        catalogue.stats(),
        runs.service.status.health(),
        work.service.replicas(),
      ])
      return { ...status, nextSyncAt: null, ...(await sync.service.inProgress()), models, health, replicas }
    },
  } satisfies Partial<Backend>
}

function refuseUnknown({ setups }: ProviderSetups, named: readonly string[]): void {
  const known = setups.map(({ source }) => source.slug)
  const unknown = named.find((slug) => !known.includes(slug))
  if (unknown !== undefined) throw new UnknownProviderError(describeUnknownProvider(unknown, known))
}
