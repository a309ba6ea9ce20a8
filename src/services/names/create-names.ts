/** createNames: which model a name means, from memory. */
import type { ResolveOptions } from '../../core/names/model-resolver.js'
import type { Resolution, RefusedName } from '../../core/names/resolution.js'
import { encodingOf } from '../../store/connection/text-encoding.js'
import { readOwnResolvable } from '../../store/models/read-resolvable.js'
import type { Room, RoomContext } from '../room.js'
import type { DirectoryStats } from '../../core/names/directory-stats.js'
import { createCatalogueLoader } from './load-from-catalogue.js'
import { createFileLoader } from './load-models-json.js'
import { createModelDirectory, type ModelDirectory, type ModelDirectoryOptions } from './model-directory.js'
import { OwnModels } from './user-key-models.js'
import { withLocalModels } from './with-models-json.js'
import { WithheldActors } from './withheld-actors.js'

/** More than one name, and names without waiting; one name is `fastify.modelSync.resolve`. */
export interface Names {
  /** Up to some thousands of names by the same models, in slices of a few milliseconds; each is answered or refused by itself. @throws ResolveError 503 */
  resolveAll(names: readonly string[], options?: ResolveOptions): Promise<(Resolution | RefusedName)[]>
  /** The same as `resolve` without waiting and without suggestions, for code that cannot wait: also throws, and begins to load, before anything was loaded. */
  resolveCached(name: string | null | undefined, options?: ResolveOptions): Resolution
  /** Who made a model unavailable that a name leads to. @see WithheldActors */
  readonly withheldActors: WithheldActors
  /** The state of what is in memory. */
  stats(): DirectoryStats
}

export interface NamesRoom extends Room<Names> {
  directory: ModelDirectory
  /** The directory, which from then on follows the catalogue. */
  resolver(): ModelDirectory
  /** After a change: what is in memory is up to date when this ends. Throws nothing. */
  refresh(): Promise<void>
}

/** Knows whether what is in memory is of now. */
interface Follower extends Required<Pick<ModelDirectoryOptions, 'current'>> {
  end(): void
}

export interface NamesNeeds {
  /** Calls the listener after each change of the catalogue. */
  follow(listener: () => unknown): Follower
  /** Called with a name that nobody has; unset: it is not looked for. */
  missed?: ((name: string) => void) | undefined
}

// A change is told by the watch on the revision; this is for a database that comes back, and how soon one that is away is noticed.
const TTL_MS = 5000
const MAX_PAUSE_MS = 10_000

export function createNames(context: RoomContext, { follow, missed }: NamesNeeds): NamesRoom {
  let follower: Follower | null = null
  const directory = openDirectory(context, { missed, current: () => follower?.current() ?? null })
  // From the first use on, since many hosts resolve nothing.
  const resolver = (): ModelDirectory => {
    follower ??= follow(() => directory.refresh())
    return directory
  }
  return {
    directory,
    resolver,
    service: {
      resolveAll: (names, options) => resolver().resolveAll(names, options),
      resolveCached: (name, options) => resolver().resolveCached(name, options),
      withheldActors: new WithheldActors(context.reads),
      stats: () => resolver().stats(),
    },
    refresh: async () => {
      if (follower !== null) await directory.refresh()
    },
    stop: () => {
      follower?.end()
      return directory.close()
    },
  }
}

/** Over the catalogue, with the models.json beside it. */
function openDirectory(
  { reads: database, settings, log, providers, slugs }: RoomContext,
  { missed, current }: Pick<NamesNeeds, 'missed'> & Pick<ModelDirectoryOptions, 'current'>,
): ModelDirectory {
  const failed = (error: Error): void => log.warn({ err: error }, 'The models for resolving names could not be read')
  const defaults = {
    chat: settings.fallbackModel,
    embedding: settings.fallbackEmbeddingsModel,
    speech: settings.fallbackTtsModel,
    transcription: settings.fallbackSttModel,
  }
  const catalogue = createCatalogueLoader({
    database,
    providerOrder: [...new Set([...providers.defaults, ...slugs])],
    synced: providers.defaults,
  })
  const file = settings.modelsJsonPath
  const respell = encodingOf(database.pool)?.fit
  return createModelDirectory({
    ...(file === undefined ? catalogue : withLocalModels(catalogue, createFileLoader({ path: file, failed }))),
    ttlMs: TTL_MS,
    maxPauseMs: MAX_PAUSE_MS,
    // An empty list from the database is true: an operator may have switched every provider off.
    emptyIsAnAnswer: true,
    defaults,
    providers: providers.defaults,
    respell,
    own: new OwnModels({ defaults, failed, respell, read: (viewer) => readOwnResolvable(database, viewer) }),
    missed: (name) => missed?.(name),
    current,
    failed: (error) => log.debug({ err: error }, 'The models for resolving names could not be read'),
  })
}
