/**
 * createModelDirectory: one resolver in memory over one place that models come from.
 *
 * Callers share one load. While there are models nobody waits: at expiry the old ones answer until the new ones are there, and when a load fails they
 * go on answering, with more and more time between the attempts.
 */
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import { ResolveError } from '../../core/names/resolve-error.js'
import type { RefusedName } from '../../core/names/resolve-all.js'
import {
  ModelResolver,
  type DefaultModels,
  type ResolverInput,
  type Resolution,
  type ResolvedModel,
  type ResolveOptions,
} from '../../core/names/model-resolver.js'
import { inSlices } from '../slices.js'
import type { DirectoryStats } from './directory-stats.js'
import { NameLookup } from './name-lookup.js'
import type { OwnModels } from './user-key-models.js'
import type { LoadedModels, ModelLoader, WarmModels } from './model-loader.js'

export interface ModelDirectoryOptions extends ModelLoader, Pick<ResolverInput, 'respell'> {
  /** How long models are good for, ms. */
  ttlMs: number
  defaults: DefaultModels
  /** @see ResolverInput.providerOrder; default: by slug */
  providerOrder?: readonly string[]
  /** @see ResolverInput.providers; until a load gives them. Default: none */
  providers?: readonly string[]
  /** An empty answer is believed; else it is an error, and never takes the place of models. Default false. */
  emptyIsAnAnswer?: boolean
  /** The longest pause after failures, ms; default `ttlMs`. It begins with a second and doubles. */
  maxPauseMs?: number
  /** Monotonic, ms: a wall clock that is set would make models expire at once, or never. Default `performance.now`. */
  clock?(): number
  /** Wall clock, ms since 1970; for showing only. */
  now?(): number
  /** What further names mean to one user; default: nothing. Asked by those who can wait. */
  own?: Pick<OwnModels, 'open'>
  /** Told of a name that nobody has. */
  missed?(name: string): void
  /** Told of each load that failed. */
  failed?(error: Error): void
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

interface Held {
  models: readonly ResolvableModel[]
  resolver: ModelResolver
  rejected: number
  /** By the monotonic clock: when it was last known to be what upstream has; `null`: nobody knows. */
  confirmedAt: number | null
}

const FIRST_PAUSE_MS = 1000

export function createModelDirectory(options: ModelDirectoryOptions): ModelDirectory {
  const { ttlMs, maxPauseMs = ttlMs, clock = () => performance.now(), now = Date.now } = options
  const closing = new AbortController()
  const counters = { hits: 0, misses: 0, loads: 0, notModified: 0, errors: 0 }
  let held: Held | null = null
  let providerOrder = options.providerOrder ?? []
  let providers = options.providers ?? []
  let validators: { etag: string | null; hash: string | null } = { etag: null, hash: null }
  let lastError: Error | null = null
  let failures = 0
  /** By the monotonic clock: before that no load is begun unasked. */
  let nextLoadAt = -Infinity
  let flight: Promise<void> | null = null
  let following: Promise<void> | null = null
  let warming: Promise<void> | null = null

  function hold(
    { models, rejected, withheld = [] }: Pick<WarmModels, 'models' | 'rejected' | 'withheld'>,
    at: number | null,
  ): void {
    const resolver = new ModelResolver({
      models,
      withheld,
      defaults: options.defaults,
      providerOrder,
      providers,
      respell: options.respell,
    })
    held = { models, rejected, confirmedAt: at, resolver }
    // Once for a load: the first caller who misspells a name would pay for it with several times what a search costs.
    void inSlices(resolver.prepareSuggestions())
  }

  function take(loaded: LoadedModels): void {
    if (loaded.models?.length === 0 && options.emptyIsAnAnswer !== true)
      throw new Error('the answer has no models; those that were there before stay')
    if (loaded.models === null && held === null) throw new Error('the models are as before, and there were none')
    validators = { etag: loaded.etag ?? null, hash: loaded.hash ?? validators.hash }
    providerOrder = loaded.providerOrder ?? providerOrder
    providers = loaded.providers ?? providers
    if (loaded.models !== null) hold({ ...loaded, models: loaded.models }, clock())
    else if (held !== null) {
      counters.notModified += 1
      held = { ...held, confirmedAt: clock() }
    }
  }

  async function run(): Promise<void> {
    counters.loads += 1
    try {
      take(await options.load(closing.signal))
      lastError = null
      failures = 0
      nextLoadAt = clock() + ttlMs
    } catch (error) {
      lastError = error as Error
      failures += 1
      counters.errors += 1
      nextLoadAt = clock() + Math.min(maxPauseMs, FIRST_PAUSE_MS * 2 ** (failures - 1))
      if (!closing.signal.aborted) options.failed?.(lastError)
    }
  }

  function start(): Promise<void> {
    flight ??= run().finally(() => (flight = null))
    return flight
  }

  function warmUp(): Promise<void> {
    warming ??= (async () => {
      const found: WarmModels | null = (await options.warm?.()) ?? null
      if (held !== null || found === null || found.models.length === 0) return
      hold(found, found.ageMs === null ? null : clock() - found.ageMs)
    })()
    return warming
  }

  /** Begins a load when it is time for one. */
  function revalidate(): void {
    if (flight === null && clock() >= nextLoadAt && !closing.signal.aborted) void start()
  }

  function refusal(): ResolveError {
    const left = flight === null && Number.isFinite(nextLoadAt) ? nextLoadAt - clock() : 0
    const retryAfter = Math.max(1, Math.ceil(left / 1000))
    return new ResolveError(
      'FST_MODEL_SYNC_NO_MODELS',
      `no models have been loaded yet${lastError === null ? '' : `: ${lastError.message}`}; try again in ${retryAfter} s`,
      { retryAfter, ...(lastError === null ? {} : { cause: lastError }) },
    )
  }

  async function wait(): Promise<Held> {
    counters.misses += 1
    revalidate()
    const loading = flight
    await warmUp()
    if (held === null) await loading
    if (held === null) throw refusal()
    return held
  }

  /** The models in memory, for so many names; `null`: there are none. */
  function inMemory(names: number): Held | null {
    if (held === null) return null
    counters.hits += names
    revalidate()
    return held
  }

  function lookupIn(shared: Held | null, how: ResolveOptions | undefined, own: ModelResolver | null): NameLookup {
    const nothing = (): ModelResolver => new ModelResolver({ models: [], defaults: options.defaults, providerOrder })
    return new NameLookup({ shared: shared?.resolver ?? null, own, nothing, refusal, missed: options.missed }, how)
  }

  /** For the names of one request; waits only while there are no models at all. */
  async function lookup(names: readonly Name[], how: ResolveOptions | undefined): Promise<NameLookup> {
    const viewer = how?.viewer ?? null
    const present = inMemory(names.length)
    if (options.own === undefined || viewer === null) return lookupIn(present ?? (await wait()), how, null)
    // A user may have models before anybody has.
    const shared = present ?? (await wait().catch(() => null))
    const own = await options.own.open(viewer, names, {
      resolver: shared?.resolver ?? null,
      providerOrder,
      providers,
    })
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
      const present = inMemory(1)
      if (present !== null) return lookupIn(present, how, null).resolve(name).answer
      counters.misses += 1
      revalidate()
      void warmUp()
      throw refusal()
    },
    models: async () => {
      if (held === null) return (await wait()).models
      revalidate()
      return held.models
    },
    refresh: () => {
      if (closing.signal.aborted) return Promise.resolve()
      if (flight === null) return start()
      following ??= flight.then(() => {
        following = null
        return start()
      })
      return following
    },
    stats: () => {
      const left = held === null ? 0 : Math.max(0, nextLoadAt - clock())
      const age = held?.confirmedAt ?? null
      return {
        cached_models: held?.models.length ?? 0,
        cache_expiry: held === null ? null : new Date(now() + left).toISOString(),
        seconds_until_expiry: round(left),
        last_hash: validators.hash,
        last_etag: validators.etag,
        cache_duration: round(ttlMs),
        ...counters,
        lastError: lastError?.message ?? null,
        age: age === null ? null : round(clock() - age),
        stale: held === null || lastError !== null || nextLoadAt === -Infinity,
        rejected: held?.rejected ?? 0,
      }
    },
    close: async () => {
      closing.abort(new Error('the directory was closed'))
      await following
      await flight
    },
  }
}

/** Seconds, to the millisecond. */
function round(ms: number): number {
  return Math.round(ms) / 1000
}
