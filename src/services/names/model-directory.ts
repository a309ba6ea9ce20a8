/** createModelDirectory: one resolver in memory over one place that models come from. */
import type { ResolveError } from '../../core/names/resolve-error.js'
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import { ModelResolver, type ResolvedModel, type ResolveOptions } from '../../core/names/model-resolver.js'
import type { Resolution, RefusedName } from '../../core/names/resolution.js'
import type { DirectoryStats } from '../../core/names/directory-stats.js'
import { NameLookup } from './name-lookup.js'
import type { OwnModels } from './user-key-models.js'
import { ModelMemory, type HeldModels, type ModelMemoryOptions } from './model-memory.js'

export interface ModelDirectoryOptions extends ModelMemoryOptions {
  /** What further names mean to one user; default: nothing. Asked by those who can wait. */
  own?: Pick<OwnModels, 'open'>
  /** Told of a name that nobody has. */
  missed?(name: string): void
  /** What has to be waited for until what is in memory counts as of now; `null`: nothing. Throws nothing. Default: nothing. */
  current?(): Promise<void> | null
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

  /** For the names of one request, at once; `null`: it must be waited for. */
  function lookupNow(names: number, how: ResolveOptions | undefined): NameLookup | null {
    if (options.own !== undefined && how?.viewer != null) return null
    const present = memory.present(names)
    return present === null ? null : lookupIn(present, how, null)
  }

  /** Waits only while there are no models at all, and for what a user's own keys have shown. */
  async function lookupLater(names: readonly Name[], how: ResolveOptions | undefined): Promise<NameLookup> {
    const viewer = how?.viewer ?? null
    if (options.own === undefined || viewer === null) return lookupIn(await memory.wait(), how, null)
    // A user may have models before anybody has.
    const shared = memory.present(names.length) ?? (await memory.wait().catch(() => null))
    const { providerOrder, providers } = memory
    const order = { resolver: shared?.resolver ?? null, providerOrder, providers }
    const own = await options.own.open({ viewer, teams: how?.teams }, names, order)
    return lookupIn(shared, how, own)
  }

  // No promise where none is needed: each costs as much as finding the model.
  function lookup(names: readonly Name[], how: ResolveOptions | undefined): NameLookup | Promise<NameLookup> {
    const waiting = options.current?.() ?? null
    const open = (): NameLookup | Promise<NameLookup> => lookupNow(names.length, how) ?? lookupLater(names, how)
    return waiting === null ? open() : waiting.then(open)
  }

  function find(name: Name, how?: ResolveOptions): ResolvedModel | Promise<ResolvedModel> {
    const opened = lookup([name], how)
    return opened instanceof Promise ? opened.then((opened) => opened.find(name)) : opened.find(name)
  }

  return {
    find: async (name, how) => find(name, how),
    resolve: async (name, how) => {
      const found = find(name, how)
      return (found instanceof Promise ? await found : found).answer
    },
    resolveAll: async (names, how) => (await lookup(names, how)).findAll(names),
    resolveCached: (name, how) => {
      void options.current?.()
      const present = memory.present(1)
      if (present !== null) return lookupIn(present, how, null).resolve(name).answer
      memory.missing()
      throw memory.refusal()
    },
    models: async () => {
      await options.current?.()
      return (memory.present(0) ?? (await memory.wait())).models
    },
    refresh: () => memory.refresh(),
    stats: () => memory.stats(),
    close: () => memory.close(),
  }
}
