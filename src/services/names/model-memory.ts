/**
 * ModelMemory: the models of one loader, kept in memory and loaded anew.
 *
 * Callers share one load. While there are models nobody waits: at expiry the old ones answer until the new ones are there, and when a load fails they
 * go on answering, with more and more time between the attempts.
 */
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import { ModelResolver, type DefaultModels, type ResolverInput } from '../../core/names/model-resolver.js'
import { ResolveError } from '../../core/names/resolve-error.js'
import { SingleFlight } from '../single-flight.js'
import { inSlices } from '../slices.js'
import type { DirectoryStats } from '../../core/names/directory-stats.js'
import type { LoadedModels, ModelLoader, WarmModels } from './model-loader.js'

export interface ModelMemoryOptions extends ModelLoader, Pick<ResolverInput, 'respell'> {
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
  /** Told of each load that failed. */
  failed?(error: Error): void
}

export interface HeldModels {
  models: readonly ResolvableModel[]
  resolver: ModelResolver
  rejected: number
  /** By the monotonic clock: when it was last known to be what upstream has; `null`: nobody knows. */
  confirmedAt: number | null
}

const FIRST_PAUSE_MS = 1000

export class ModelMemory {
  providerOrder: readonly string[]
  providers: readonly string[]
  private held: HeldModels | null = null
  private readonly closing = new AbortController()
  private readonly counters = { hits: 0, misses: 0, loads: 0, notModified: 0, errors: 0 }
  private readonly flight = new SingleFlight(() => this.load())
  private following: Promise<void> | null = null
  private warming: Promise<void> | null = null
  private validators: { etag: string | null; hash: string | null } = { etag: null, hash: null }
  private lastError: Error | null = null
  private failures = 0
  /** By the monotonic clock: before that no load is begun unasked. */
  private nextLoadAt = -Infinity
  private readonly clock: () => number

  constructor(private readonly options: ModelMemoryOptions) {
    this.providerOrder = options.providerOrder ?? []
    this.providers = options.providers ?? []
    this.clock = options.clock ?? (() => performance.now())
  }

  /** Counts so many names that are looked up in memory, and begins a load when it is time for one; `null`: there are no models. */
  present(names: number): HeldModels | null {
    if (this.held === null) return null
    this.counters.hits += names
    this.revalidate()
    return this.held
  }

  /** Counts a name that finds no models, and sees to it that there will be some. */
  missing(): void {
    this.counters.misses += 1
    this.revalidate()
    void this.warmUp()
  }

  /** Waits while there are no models. @throws ResolveError when there are none then either */
  async wait(): Promise<HeldModels> {
    this.counters.misses += 1
    this.revalidate()
    const loading = this.flight.running
    await this.warmUp()
    if (this.held === null) await loading
    if (this.held === null) throw this.refusal()
    return this.held
  }

  /** Loads anew, also before expiry; what a load that is under way finds may be older. Throws nothing. */
  refresh(): Promise<void> {
    if (this.closing.signal.aborted) return Promise.resolve()
    const { running } = this.flight
    if (running === null) return this.flight.run()
    this.following ??= running.then(() => {
      this.following = null
      return this.flight.run()
    })
    return this.following
  }

  refusal(): ResolveError {
    const { lastError, nextLoadAt } = this
    const left = this.flight.running === null && Number.isFinite(nextLoadAt) ? nextLoadAt - this.clock() : 0
    const retryAfter = Math.max(1, Math.ceil(left / 1000))
    return new ResolveError(
      'FST_MODEL_SYNC_NO_MODELS',
      `no models have been loaded yet${lastError === null ? '' : `: ${lastError.message}`}; try again in ${retryAfter} s`,
      { retryAfter, cause: lastError ?? undefined },
    )
  }

  stats(): DirectoryStats {
    const { held, lastError, nextLoadAt } = this
    const { ttlMs, now = Date.now } = this.options
    const left = held === null ? 0 : Math.max(0, nextLoadAt - this.clock())
    const age = held?.confirmedAt ?? null
    return {
      cached_models: held?.models.length ?? 0,
      cache_expiry: held === null ? null : new Date(now() + left).toISOString(),
      seconds_until_expiry: round(left),
      last_hash: this.validators.hash,
      last_etag: this.validators.etag,
      cache_duration: round(ttlMs),
      ...this.counters,
      lastError: lastError?.message ?? null,
      age: age === null ? null : round(this.clock() - age),
      stale: held === null || lastError !== null || nextLoadAt === -Infinity,
      rejected: held?.rejected ?? 0,
    }
  }

  /** Ends a load that is under way. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the directory was closed'))
    await this.following
    await this.flight.running
  }

  /** Begins a load when it is time for one. */
  private revalidate(): void {
    if (this.flight.running === null && this.clock() >= this.nextLoadAt && !this.closing.signal.aborted)
      void this.flight.run()
  }

  private async load(): Promise<void> {
    const { ttlMs, maxPauseMs = ttlMs } = this.options
    this.counters.loads += 1
    try {
      this.take(await this.options.load(this.closing.signal))
      this.lastError = null
      this.failures = 0
      this.nextLoadAt = this.clock() + ttlMs
    } catch (error) {
      this.lastError = error as Error
      this.failures += 1
      this.counters.errors += 1
      this.nextLoadAt = this.clock() + Math.min(maxPauseMs, FIRST_PAUSE_MS * 2 ** (this.failures - 1))
      if (!this.closing.signal.aborted) this.options.failed?.(this.lastError)
    }
  }

  private take(loaded: LoadedModels): void {
    if (loaded.models?.length === 0 && this.options.emptyIsAnAnswer !== true)
      throw new Error('the answer has no models; those that were there before stay')
    if (loaded.models === null && this.held === null) throw new Error('the models are as before, and there were none')
    this.validators = { etag: loaded.etag ?? null, hash: loaded.hash ?? this.validators.hash }
    this.providerOrder = loaded.providerOrder ?? this.providerOrder
    this.providers = loaded.providers ?? this.providers
    if (loaded.models !== null) this.hold({ ...loaded, models: loaded.models }, this.clock())
    else if (this.held !== null) {
      this.counters.notModified += 1
      this.held = { ...this.held, confirmedAt: this.clock() }
    }
  }

  private hold(
    { models, rejected, withheld = [] }: Pick<WarmModels, 'models' | 'rejected' | 'withheld'>,
    at: number | null,
  ): void {
    const { defaults, respell } = this.options
    const { providerOrder, providers } = this
    const resolver = new ModelResolver({ models, withheld, defaults, providerOrder, providers, respell })
    this.held = { models, rejected, confirmedAt: at, resolver }
    // Once for a load: the first caller who misspells a name would pay for it with several times what a search costs.
    void inSlices(resolver.prepareSuggestions())
  }

  private warmUp(): Promise<void> {
    this.warming ??= (async () => {
      const found: WarmModels | null = (await this.options.warm?.()) ?? null
      if (this.held !== null || found === null || found.models.length === 0) return
      this.hold(found, found.ageMs === null ? null : this.clock() - found.ageMs)
    })()
    return this.warming
  }
}

/** Seconds, to the millisecond. */
function round(ms: number): number {
  return Math.round(ms) / 1000
}
