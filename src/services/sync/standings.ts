/** Standings: which models of an answer are listed and cannot be called. */
import type { UncallableReason } from '../../core/model/model.js'
import type { Listing } from '../../sources/kit/source.js'

interface Entry {
  readonly listing: Listing
}

export class Standings {
  /** Entries of a model that nobody may call. */
  private readonly blocked = new Map<string, number>()
  private readonly apart = new Set<string>()
  /** The listing that names what can be called has been read. One without any name says nothing of models. */
  private areNamed = false

  /** Takes an entry of a model, each once. Throws nothing. */
  add(providerModelId: string, listing: Listing, entry: unknown): void {
    if (listing.namesCallable === true) this.areNamed = true
    const standing = listing.standing?.(entry) ?? null
    if (standing === 'blocked') this.blocked.set(providerModelId, (this.blocked.get(providerModelId) ?? 0) + 1)
    else if (standing === 'apart') this.apart.add(providerModelId)
  }

  /**
   * @param entries all of the model
   * @param seesPart the key may not see every name
   * @returns `null`: it can be called, as far as is known. Throws nothing
   */
  of(providerModelId: string, entries: readonly Entry[], seesPart: boolean): UncallableReason | null {
    let described = 0
    let isNamed = false
    for (const { listing } of entries) {
      if (listing.standing !== undefined) described += 1
      isNamed ||= listing.namesCallable === true
    }
    if (described === 0) return null
    // As long as one of its deployments serves, the model does.
    if (this.blocked.get(providerModelId) === described) return 'blocked'
    return isNamed || !this.areNamed || seesPart || this.apart.has(providerModelId) ? null : 'not-callable'
  }
}
