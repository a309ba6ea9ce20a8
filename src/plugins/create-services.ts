/** createServices: the list of rooms over a pool, which the plugin and the command line have in common. Knows nothing of Fastify. */
import type { AppliedChange } from '../services/applied-changes.js'
import { createCatalogue } from '../services/catalogue/create-catalogue.js'
import { createModelsJson } from '../services/models-json/create-models-json.js'
import { createNames } from '../services/names/create-names.js'
import { createNews } from '../services/news/create-news.js'
import { createPrices } from '../services/prices/create-prices.js'
import { createProbes } from '../services/probes/create-probes.js'
import { createProviders } from '../services/providers/create-providers.js'
import type { Room, RoomContext } from '../services/room.js'
import { createRuns } from '../services/runs/create-runs.js'
import { createSync } from '../services/sync/create-sync.js'
import type { HostHooks } from '../services/sync/sync-context.js'
import { createTriggers } from '../services/triggers/create-triggers.js'
import { createWork } from '../services/work/create-work.js'
import { createUserKeys } from '../services/user-keys/create-user-keys.js'
import type { HostUserKeys } from '../services/user-keys/user-keys.js'
import { openRoomContext, type RoomContextInput } from './open-room-context.js'

interface Host {
  hooks: HostHooks
  /** Default: keys of users are kept in our table. */
  hostUserKeys?: HostUserKeys | null
}

export type ServicesInput = RoomContextInput & Host

export interface Services {
  rooms: Rooms
  /** Awaited before the server is ready. @throws what keeps it from starting */
  prepare(): Promise<void>
  /** When the server is ready. Throws nothing, and waits for nothing. */
  start(): void
  /**
   * Ends every run early, waits for them, and closes what goes out to HTTP; what then still waits for the database is cut off after 2 seconds.
   * The pool is the caller's.
   */
  close(): Promise<void>
}

export function createServices({ hooks, hostUserKeys = null, ...input }: ServicesInput): Services {
  const { context, close } = openRoomContext(input)
  const rooms = createRooms(context, { hooks, hostUserKeys })
  const all: Room<unknown>[] = Object.values(rooms)
  // What begins runs ends beside them, since it waits for them; what a run that ends still calls comes after it.
  const { catalogue, names, triggers, userKeys, sync, probes, runs, work, ...others } = rooms
  const stopping: Room<unknown>[][] = [
    // A run that nobody here waits for any more since the server closes is another replica's, not cancelled.
    [sync, catalogue, names, triggers, userKeys],
    [probes],
    [runs],
    Object.values(others),
    [work],
  ]
  return {
    rooms,
    prepare: async () => {
      for (const room of all) await room.prepare?.()
    },
    start: () => {
      for (const room of all) room.start?.()
    },
    close: async () => {
      const finish = close()
      rooms.work.work.takeNoMore()
      for (const together of stopping) await Promise.all(together.map((room) => room.stop?.()))
      await finish()
    },
  }
}

/** Each room with what it needs of others; what one needs of a later one is a function, called when there are all of them. */
function createRooms(context: RoomContext, { hooks, hostUserKeys }: Required<Host>) {
  const work = createWork(context)
  const prices = createPrices(context)
  const committed = (provider: string, changes: readonly AppliedChange[]): void =>
    modelSync.events.tellChanges(provider, null, changes)
  const catalogue = createCatalogue(context, {
    priceBooks: prices.books,
    committed,
    refreshNames: () => names.refresh(),
  })
  const sync = createSync(context, {
    hooks,
    work: work.work,
    modelsJson: createModelsJson(context).service,
    opinionOn: async (provider) => (await prices.books?.opinionOn(provider)) ?? null,
    refresh: () => catalogue.service.refresh(),
  })
  const { modelSync, common, syncModels } = sync
  const runs = createRuns(context, {
    modelSync,
    work: work.work,
    ownProviders: (userId) => userKeys.service.syncs.ownProviders(userId),
  })
  const userKeys = createUserKeys(context, {
    ...{ hostUserKeys, common, work: work.work },
    finished: () => runs.tidy(),
  })
  const { status } = runs.service
  const triggers = createTriggers(context, {
    work: work.work,
    modelSync,
    syncModels,
    userSyncs: userKeys.service.syncs,
    status,
  })
  const names = createNames(context, { follow: catalogue.service.followRevision, missed: triggers.missed })
  const probes = createProbes(context, {
    modelSync,
    work: work.work,
    findModel: (id) => catalogue.service.model(id),
  })
  const news = createNews(context, { events: modelSync.events, work: work.work })
  const providers = createProviders(context, { committed })
  return {
    /** Reads and edits of the catalogue, and what changed. */
    catalogue,
    /** Which model a name means: many at once, or without waiting. */
    names,
    /** Prices over time, and what a call costs. */
    prices,
    /** Providers as an operator sees and sets them. */
    providers,
    /** The smallest requests to models, and what they came to. */
    probes,
    /** Messages about changes. */
    news,
    /** The runs that there were, and whether a sync is due. */
    runs,
    /** Keys of users, and syncs with them. */
    userKeys,
    /** The run in progress, and the way back from one that is over. */
    sync,
    /** What starts a sync. */
    triggers,
    /** The replicas, and what they share out among themselves. */
    work,
  }
}

export type Rooms = ReturnType<typeof createRooms>

/** What each room gives, under its word. */
export type RoomServices = { readonly [Name in keyof Rooms]: Rooms[Name]['service'] }
