/** openRoomContext: what every room of the services is made from, over the caller's pool. */
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { isMainThread, threadId } from 'node:worker_threads'
import { ToadScheduler } from 'toad-scheduler'
import { autoSyncInterval, newsSubscriptions, syncsOnStartup, tickInterval, type SyncSettings } from '../options.js'
import type { DatabaseClock } from '../services/database-clock.js'
import { Hints } from '../services/hints.js'
import { KnownProviders } from '../services/known-providers.js'
import type { ProviderSetups } from '../services/providers/provider-setup.js'
import type { RoomContext } from '../services/room.js'
import { openDatabase } from '../store/database.js'
import { createHttpClient } from '../upstream/http-client.js'
import { readProxyRules } from '../upstream/proxy-rules.js'
import { USER_AGENT, VERSION } from '../version.js'
import { openLanes, type LanesInput } from './lanes.js'
import { readAuthorities } from './provider-gateway.js'

export interface RoomContextInput extends Omit<LanesInput, 'settings'>, Pick<RoomContext, 'log' | 'digests'> {
  settings: SyncSettings
  providers: ProviderSetups
  /** Measured already. */
  clock: DatabaseClock
  /** Default: one of its own. */
  scheduler?: RoomContext['scheduler']
}

export interface OpenRoomContext {
  context: RoomContext
  /**
   * Cuts off what still waits for the database after 2 seconds.
   * @returns to be called when every room has ended: closes what goes out to HTTP, and waits until nobody uses the database
   */
  close(): () => Promise<void>
}

// Runs that were ended put that on record; nobody should wait longer for a server that closes.
const CLOSE_GRACE_MS = 2000

export function openRoomContext(input: RoomContextInput): OpenRoomContext {
  const {
    pool,
    connections,
    embedded,
    settings,
    log,
    providers,
    clock,
    digests,
    scheduler = new ToadScheduler(),
  } = input
  const { schema, timeoutMs } = settings
  const { close: closeLanes, ...lanes } = openLanes({ pool, connections, embedded, settings })
  const reads = openDatabase(lanes.reads, schema)
  const slugs = providers.setups.map(({ source }) => source.slug)
  const http = {
    timeoutMs,
    proxy: readProxyRules(settings, (problem) => log.warn(problem)),
    ca: readAuthorities(settings.tls, (line) => log.warn(line)),
  }
  const client = createHttpClient(http)
  const hints = new Hints({ database: reads, log, alone: embedded === true })
  const context: RoomContext = {
    ...{ database: openDatabase(lanes.pool, schema), reads, edits: openDatabase(lanes.edits, schema) },
    ...{ settings, log, digests, providers, slugs, http, scheduler, hints },
    now: clock.now,
    alone: embedded === true,
    known: new KnownProviders({ database: reads, slugs }),
    fetching: {
      client,
      userAgent: USER_AGENT,
      wait: async (ms, signal) => void (await delay(ms, undefined, { signal, ref: false })),
      random: Math.random,
    },
    origin: { appVersion: VERSION, replica: settings.replica ?? thisProcess() },
    schedule: {
      intervalMinutes: tickInterval(settings),
      untilLearned: settings.adaptive ? autoSyncInterval(settings) : null,
    },
    syncsOnStartup: syncsOnStartup(settings),
    subscriptions: newsSubscriptions(settings),
  }
  return {
    context,
    close: () => {
      const finish = closeLanes(CLOSE_GRACE_MS)
      return async () => {
        await hints.close()
        await client.close()
        await finish()
      }
    },
  }
}

/** Worker threads share their process's id. */
function thisProcess(): string {
  return `${hostname()}:${process.pid}${isMainThread ? '' : `:${threadId}`}`
}
