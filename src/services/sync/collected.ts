/** Collected: what the entries of an answer come down to. */
import type { Doubt } from '../../core/model/doubt.js'
import type { UncallableReason } from '../../core/model/model.js'
import type { Desired } from '../../core/plan/plan.js'
import type { MemberCounts } from '../../core/providers/drift.js'
import type { EntryChunk } from '../../store/models/upstream-entries.js'
import type { Listing } from '../../sources/kit/source.js'

export interface RejectedEntry {
  listing: Listing
  /** `null`: the entry has no id. */
  providerModelId: string | null
  reason: string
}

export interface Collected {
  desired: Map<string, Desired>
  /** Hex, of all entries of a model that is not the same. */
  digests: Map<string, string>
  /** Ids of models that the answer has, but only in entries that could not be read or are filtered: not missing. */
  mentioned: Set<string>
  /** Listed, and not to be called. */
  uncallable: Map<string, UncallableReason>
  rejected: RejectedEntry[]
  filtered: number
  /** Of each listing that names members. */
  members: MemberCounts[]
  warnings: string[]
  /** What price books say otherwise, by the ids of models that are not the same. */
  doubted: Map<string, readonly Doubt[]>
  /** Ids of the models that these warnings are about, or of which another entry was rejected. */
  warned: Set<string>
  /** Entries of models that are not the same, compressed while they were at hand, where they are so many; others are read again. */
  chunks: EntryChunk[]
}
