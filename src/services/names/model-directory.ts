/** createModelDirectory: one resolver in memory over one place that models come from. */
import type { ResolveError } from '../../core/names/resolve-error.js'
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import type { RefusedName } from '../../core/names/resolve-all.js'
import {
  ModelResolver,
  type Resolution,
  type ResolvedModel,
  type ResolveOptions,
} from '../../core/names/model-resolver.js'
import type { DirectoryStats } from './directory-stats.js'
import { NameLookup } from './name-lookup.js'
import type { OwnModels } from './user-key-models.js'
import { ModelMemory, type HeldModels, type ModelMemoryOptions } from './model-memory.js'

export interface ModelDirectoryOptions extends ModelMemoryOptions {
  /** What further names mean to one user; default: nothing. Asked by those who can wait. */
  own?: Pick<OwnModels, 'open'>
  /** Told of a name that nobody has. */
  missed?(name: string): void
}

export interface ModelDirectory {
  /**
   * What a name means now; waits only while there are no models at all.
   * @throws ResolveError
   */
  resolve(name: string | null | undefined, options?: ResolveOptions): Promise<Resolution>
  /** Many names by the same models, each answered or refused by itself. @throws ResolveError 503 while there are no models */
  resolveAll(names: readonly string[], options?: ResolveOptions): Promise<(Resolution | RefusedName)[]>
  /** {@link resolve} at once, and so without suggestions. @throws ResolveError, also while there are no models: a load is then under way */
  resolveCached(name: string | null | undefined, options?: ResolveOptions): Resolution
  /** {@link resolve} with the model, which has more than the answer. */
  find(name: string | null | undefined, options?: ResolveOptions): Promise<ResolvedModel>
  /** Every model that can be resolved to. @throws ResolveError while there are none */
  models(): Promise<readonly ResolvableModel[]>
  /** Loads anew, also before expiry; what a load that is under way finds may be older. Throws nothing: see `stats().lastError`. */
  refresh(): Promise<void>
  stats(): DirectoryStats
  /** Ends a load that is under way. */
  close(): Promise<void>
}

type Name = string | null | undefined

export function createModelDirectory(options: ModelDirectoryOptions): ModelDirectory {
  const memory = new ModelMemory(options)

  // Once, and not for each request: they stand on the way of every request to a model.
  const { missed } = options
  const refusal = (): ResolveError => memory.refusal()
  const nothing = (): ModelResolver =>
    new ModelResolver({ models: [], defaults: options.defaults, providerOrder: memory.providerOrder })

  function lookupIn(shared: HeldModels | null, how: ResolveOptions | undefined, own: ModelResolver | null): NameLookup {
    return new NameLookup({ shared: shared?.resolver ?? null, own, nothing, refusal, missed }, how)
  }

  /** For the names of one request; waits only while there are no models at all. */
  async function lookup(names: readonly Name[], how: ResolveOptions | undefined): Promise<NameLookup> {
    const viewer = how?.viewer ?? null
    const present = memory.present(names.length)
    if (options.own === undefined || viewer === null) return lookupIn(present ?? (await memory.wait()), how, null)
    // A user may have models before anybody has.
    const shared = present ?? (await memory.wait().catch(() => null))
    const { providerOrder, providers } = memory
    const own = await options.own.open(viewer, names, { resolver: shared?.resolver ?? null, providerOrder, providers })
    return lookupIn(shared, how, own)
  }

  async function find(name: Name, how?: ResolveOptions): Promise<ResolvedModel> {
    return (await lookup([name], how)).find(name)
  }

  return {
    find,
    resolve: async (name, how) => (await find(name, how)).answer,
    resolveAll: async (names, how) => (await lookup(names, how)).findAll(names),
    resolveCached: (name, how) => {
      const present = memory.present(1)
      if (present !== null) return lookupIn(present, how, null).resolve(name).answer
      memory.missing()
      throw memory.refusal()
    },
    models: async () => (memory.present(0) ?? (await memory.wait())).models,
    refresh: () => memory.refresh(),
    stats: () => memory.stats(),
    close: () => memory.close(),
  }
}
