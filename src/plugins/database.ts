/** The database plugin: pool, migrations, one ModelSyncService, the startup sync and the auto-sync integration service. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { DatabaseError } from '../errors.js'
import type { SyncSettings } from '../options.js'
import { DatabaseClock } from '../services/database-clock.js'
import { openSecretDigests } from '../services/secret-digests.js'
import type { HostHooks } from '../services/sync/sync-context.js'
import type { TeamsOf } from '../routes/shared/hooks.js'
import type { HostUserKeys } from '../services/user-keys/user-keys.js'
import type { Source } from '../sources/kit/source.js'
import { cancelsSent } from '../store/connection/cancel-statement.js'
import { boundPool } from '../store/connection/database-pool.js'
import { openDatabase, type DatabasePool } from '../store/database.js'
import { migrate } from '../store/migrate.js'
import { BOOT_SIGNAL } from './boot-signal.js'
import { createServices } from './create-services.js'
import { createModelSync } from './model-sync-decorator.js'
import { openPool } from './open-pool.js'
import { checkAddresses, providerSetups } from './provider-setups.js'
import { openScheduler } from './open-scheduler.js'

interface DatabaseOptions extends SyncSettings {
  hooks: HostHooks
  /** The host's own. */
  sources: readonly Source[]
  /** Who asks; `null`: nobody in particular. */
  user(request: FastifyRequest): string | null
  teams: TeamsOf
  /** `null`: keys of users are kept in our table. */
  hostUserKeys: HostUserKeys | null
}

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

  const clock = new DatabaseClock(openDatabase(pool, settings.schema))
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
    hostUserKeys: settings.hostUserKeys,
    providers: setups,
    scheduler: await openScheduler(fastify),
  })
  // A catalogue of an outer scope may have it.
  if (!fastify.hasRequestDecorator('modelResolution')) fastify.decorateRequest('modelResolution', null)
  fastify.decorate(
    'modelSync',
    createModelSync(services.rooms, { user: settings.user, teams: settings.teams, servedAt }),
  )
  await services.prepare()
  fastify.addHook('onReady', async () => services.start())
  let closed: Promise<void> | null = null
  const close = (): Promise<void> => {
    if (closed !== null) return closed
    closed = services.close()
    closed.catch(() => undefined)
    return closed
  }
  // Before onClose, for which the server waits until its requests are answered: they may wait for a run, or for the database.
  fastify.addHook('preClose', async () => void close())
  // Hooks run last-registered first: every run has ended before the pool closes.
  fastify.addHook('onClose', close)
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

export default fp(databasePlugin, { name: 'fastify-model-sync-database', fastify: '5.x' })
