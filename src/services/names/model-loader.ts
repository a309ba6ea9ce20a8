/** Where a model directory gets its models from. */
import type { ResolvableModel } from '../../core/names/resolvable-model.js'
import type { WithheldModel } from '../../core/names/withheld-model.js'

export interface LoadedModels {
  /** All of them; `null`: they are what the last load or the warm start gave. */
  models: readonly ResolvableModel[] | null
  /** Malformed entries that were left out. */
  rejected: number
  /** Models that the place knows and does not offer. */
  withheld?: readonly WithheldModel[]
  /** Slugs; of several providers that offer a name, the first wins. Default: the directory's own order. */
  providerOrder?: readonly string[]
  /** Slugs of the providers that are synced or disabled here. @see ResolverInput.providers; default: the directory's own */
  providers?: readonly string[]
  /** Upstream's validator of the newest answer; `null`: it gave none. */
  etag?: string | null
  /** SHA-256 of the body, hex. */
  hash?: string | null
}

export interface WarmModels {
  models: readonly ResolvableModel[]
  rejected: number
  withheld?: readonly WithheldModel[]
  /** Ms since they were read from where they come from; `null`: nobody knows. */
  ageMs: number | null
}

export interface ModelLoader {
  /** @throws when the models cannot be had; what was loaded before stays */
  load(signal: AbortSignal): Promise<LoadedModels>
  /** Models that are at hand at once and answer until the first load has succeeded; `null`: there are none. Throws nothing. */
  warm?(): Promise<WarmModels | null>
}
